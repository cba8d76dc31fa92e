// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/publish.hpp"

#include "core/digest.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

std::string joined(const std::string& folder, const std::string& name)
{
    return folder.empty() ? name : folder + '/' + name;
}

/// Whether the file at `path`, which no row of the catalog names, has this content: then a crash came between
/// its publishing and its recording.
bool holds(const Folder& root, const std::string& path, std::uint64_t bytes, const Digest& digest)
try {
    const auto facts = root.stat(path);
    if (!facts || !S_ISREG(facts->st_mode) || static_cast<std::uint64_t>(facts->st_size) != bytes)
        return false;
    File file = root.open_file(path, O_RDONLY);
    file.sync(); // it may never have come to that
    file.drop_cache();
    Digester digester;
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t at = 0; const std::size_t n = file.read_at(buffer, at); at += n) {
        digester.update(std::span{buffer}.first(n));
    }
    return digester.digest() == digest;
} catch (const ArchiveError& e) {
    if (e.code() != ErrorCode::unreadable && e.code() != ErrorCode::read_only) throw;
    return false; // whatever it is, it isn't a good copy
}

} // namespace

Published Publisher::publish(Proven& proven)
{
    const Digest digest = proven.staged.digest();
    const Instant now = wall_now();
    Published result;
    const auto asset = archive_->catalog.find(digest);
    const auto stored = asset ? archive_->root.stat(asset->path) : std::nullopt;
    const bool intact = stored && S_ISREG(stored->st_mode) &&
                        static_cast<std::uint64_t>(stored->st_size) == asset->bytes &&
                        asset->state == AssetState::present;
    if (intact) {
        result.outcome = Outcome::known;
        result.path = asset->path;
        // Further parts join the shot that has this picture.
        if (proven.shot->path.empty() && speaks_for_shot(*asset, proven.part.role, proven.file.path))
            proven.shot->path = archive_->catalog.shot_path(asset->group);
        proven.staged.discard();
    } else {
        const std::uint64_t bytes = proven.staged.bytes();
        if (asset) proven.shot->path = archive_->catalog.shot_path(asset->group); // where its other parts are
        if (asset && put(proven, digest, asset->path)) {
            result.path = asset->path; // it had been removed behind our back: back to its place
        } else {
            result.path = place(proven, digest);
        }
        const Shot& shot = *proven.shot;
        result.events.emplace_back(Stored{.digest = digest,
                                          .path = result.path,
                                          .group = shot.path,
                                          .bytes = bytes,
                                          .name = std::string{name_of(proven.file.path)},
                                          .role = proven.part.role,
                                          .modified = proven.file.modified,
                                          .taken = shot.taken,
                                          .taken_local = shot.taken_local,
                                          .taken_source = shot.taken_source,
                                          .at = now});
    }
    result.events.emplace_back(Seen{.sha256 = digest.sha256,
                                    .place = {.source = source_,
                                              .path = proven.file.path,
                                              .bytes = proven.file.bytes,
                                              .modified = proven.file.modified,
                                              .born = proven.file.born,
                                              .seen = now}});
    return result;
}

/// Whether the shot that has this asset is also that of the file at `path`, which has the same content. A
/// picture says so. A sidecar and an empty file may be the same in shots that have nothing to do with each
/// other: they say so only where they came from this shot in the first place.
bool Publisher::speaks_for_shot(const Asset& asset, Role role, const std::string& path)
{
    if (role != Role::sidecar && role != Role::other && asset.bytes != 0) return true;
    const auto first = archive_->catalog.first_place(asset.id);
    return first && first->source == source_ && shot_key(first->path) == shot_key(path);
}

std::string Publisher::place(Proven& proven, const Digest& digest)
{
    Shot& shot = *proven.shot;
    for (const auto& [sibling, role] : shot.siblings) {
        if (!shot.path.empty()) break;
        const auto seen = archive_->catalog.seen(source_, sibling.path, sibling.bytes, sibling.modified);
        const auto asset = seen ? archive_->catalog.find(seen->asset) : std::nullopt;
        if (asset && speaks_for_shot(*asset, role, sibling.path))
            shot.path = archive_->catalog.shot_path(asset->group);
    }
    const auto at = [&](const std::string& shot_path, const std::string& stem_suffix) {
        const std::string folder = parent_of(shot_path);
        const std::string stem = std::string{name_of(shot_path)} + stem_suffix;
        return joined(joined("originals", folder),
                      part_name(stem, proven.part.qualifier, proven.part.extension));
    };
    const bool first = shot.path.empty();
    for (unsigned digits = 0; digits <= 64; digits = digits == 0 ? 8 : digits * 2) {
        if (first) {
            choose_shot(shot, digest, digits);
            if (archive_->catalog.shot_taken(shot.path)) continue;
            if (const std::string path = at(shot.path, ""); put(proven, digest, path)) return path;
        } else {
            const std::string suffix = digits == 0 ? "" : with_digest("", digest, digits);
            if (const std::string path = at(shot.path, suffix); put(proven, digest, path)) return path;
        }
    }
    if (first) shot.path.clear();
    throw ArchiveError{ErrorCode::unsafe,
                       "There is no free name left for it in the archive, even with its whole digest",
                       proven.file.path};
}

void Publisher::choose_shot(Shot& shot, const Digest& digest, unsigned digits)
{
    ShotPath path = archive_->layout.place(shot.facts);
    if (digits != 0) path.stem = with_digest(path.stem, digest, digits);
    shot.path = joined(path.folder, path.stem);
}

bool Publisher::put(Proven& proven, const Digest& digest, const std::string& path)
{
    if (const auto there = archive_->catalog.find_path(path);
        there ? there->digest != digest : archive_->catalog.path_taken(path)) {
        return false;
    }
    const std::string folder = parent_of(path);
    if (!archive_->root.make_folders(folder)) anchor(folder);
    if (!proven.staged.publish(path)) {
        if (!holds(archive_->root, path, proven.staged.bytes(), digest)) return false;
        proven.staged.discard();
    }
    folders_.insert(folder);
    return true;
}

/// A folder that was there may have been made by a process that was killed before it could make its entry
/// durable.
void Publisher::anchor(const std::string& folder)
{
    constexpr std::size_t most_remembered = 4096; // a layout may give each shot a folder of its own
    if (anchored_.size() >= most_remembered) anchored_.clear();
    for (std::string at = folder; !at.empty() && anchored_.insert(at).second; at = parent_of(at))
        folders_.insert(parent_of(at));
}

void Publisher::sync()
{
    for (const std::string& folder : folders_) archive_->root.sync(folder);
    folders_.clear();
}

} // namespace photosafe

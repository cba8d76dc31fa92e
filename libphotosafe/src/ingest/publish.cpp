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
{
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
        // Further parts join the shot that has this picture; a sidecar says nothing, different shots may have
        // equal ones.
        if (proven.shot->path.empty() && proven.part.role != Role::sidecar) {
            proven.shot->path = archive_->catalog.shot_path(asset->group);
        }
        proven.staged.discard();
    } else {
        const std::uint64_t bytes = proven.staged.bytes();
        if (asset && !stored && put(proven, digest, asset->path)) {
            result.path = asset->path; // it had been removed behind our back: back to its place
            proven.shot->path = archive_->catalog.shot_path(asset->group);
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

std::string Publisher::place(Proven& proven, const Digest& digest)
{
    Shot& shot = *proven.shot;
    if (shot.path.empty() && shot.sibling) {
        const SourceFile& sibling = *shot.sibling;
        const auto seen = archive_->catalog.seen(source_, sibling.path, sibling.bytes, sibling.modified);
        const auto asset = seen ? archive_->catalog.find(seen->asset) : std::nullopt;
        if (asset) shot.path = archive_->catalog.shot_path(asset->group);
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
    archive_->root.make_folders(folder);
    if (!proven.staged.publish(path)) {
        if (!holds(archive_->root, path, proven.staged.bytes(), digest)) return false;
        proven.staged.discard();
    }
    folders_.insert(folder);
    return true;
}

void Publisher::sync()
{
    for (const std::string& folder : folders_) archive_->root.sync(folder);
    folders_.clear();
}

} // namespace photosafe

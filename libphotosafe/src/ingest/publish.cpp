// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/publish.hpp"

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "ingest/shot.hpp"

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

/// Where the file that was called `name` on its source lies as a part of this shot.
std::string path_in(const std::string& group, const std::string& suffix, const std::string& name)
{
    const PartName part = part_name_of(name);
    const std::string file = part_name(std::string{name_of(group)} + suffix, part.qualifier, part.extension);
    return joined(joined("originals", parent_of(group)), file);
}

ArchiveError no_name_left(const Arrival& arrival)
{
    return {ErrorCode::unsafe, "There is no free name left for it in the archive, even with its whole digest",
            arrival.file.path};
}

bool is_video(const Evidence& one)
{
    if (one.facts && one.facts->kind != MediaKind::unknown) return one.facts->kind == MediaKind::video;
    return kind_of(name_of(one.seen.front().path)) == FileKind::video;
}

LayoutTime layout_time(const std::string& local)
{
    const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(local.substr(at, size)); };
    return {number(0, 4), number(5, 2), number(8, 2), number(11, 2), number(14, 2), number(17, 2)};
}

void leave_out(Arrival& arrival, std::string reason)
{
    arrival.outcome = Outcome::excluded;
    arrival.reason = std::move(reason);
    arrival.staged.discard();
}

/// Whether an error costs one file its place, and not all of them.
bool is_of_one_file(const ArchiveError& error)
{
    return error.code() == ErrorCode::unreadable || error.code() == ErrorCode::unsafe;
}

} // namespace

void Publisher::publish(std::vector<Arrival>& batch, const std::string& versions, Recorder& recorder)
{
    versions_ = versions;
    EvidenceFinder finder{archive_->catalog};
    Fresh fresh;
    std::set<std::int64_t> seen_again;
    std::set<decltype(Digest::sha256)> arriving;
    for (Arrival& arrival : batch) {
        arrival.digest = arrival.staged.digest();
        arriving.insert(arrival.digest.sha256);
    }
    std::vector<std::pair<Arrival*, RenditionMark>> renditions; // of what comes with them
    for (Arrival& arrival : batch) {
        if (const auto asset = archive_->catalog.find(arrival.digest)) {
            seen_again.insert(asset->id);
            try {
                is_intact(*asset) ? add_known(arrival, *asset, recorder) : restore(arrival, *asset, recorder);
            } catch (const ArchiveError& error) {
                if (!is_of_one_file(error)) throw;
                arrival.error = error;
            }
            continue;
        }
        const auto mark = arrival.staged.mark();
        if (arrival.staged.is_own_sidecar())
            leave_out(arrival, "a sidecar that PhotoSafe wrote, and no original");
        else if (mark && arriving.contains(mark->original))
            renditions.emplace_back(&arrival, *mark);
        else if (!mark || !left_out_as_rendition(arrival, *mark))
            expect(arrival, fresh, finder);
    }
    publish_fresh(batch, fresh, finder, recorder);
    for (const auto& [arrival, mark] : renditions)
        if (!left_out_as_rendition(*arrival, mark)) expect(*arrival, fresh, finder);
    publish_fresh(batch, fresh, finder, recorder);
    recorder.regroup(seen_again);
}

/// Leaves out a rendition of which the archive has the original, and says whether it did. One whose original
/// is not here is kept: it may be all that there is of the picture.
bool Publisher::left_out_as_rendition(Arrival& arrival, const RenditionMark& mark) const
{
    const auto original = archive_->catalog.find_sha256(mark.original);
    if (!original || original->state != AssetState::present) return false;
    leave_out(arrival,
              "a rendition that PhotoSafe made of " + printable(original->path) + ", and no original");
    return true;
}

void Publisher::expect(Arrival& arrival, Fresh& fresh, EvidenceFinder& finder) const
{
    finder.expect(evidence_of(arrival));
    fresh[arrival.digest].push_back(&arrival);
}

void Publisher::publish_fresh(const std::vector<Arrival>& batch, Fresh& fresh, EvidenceFinder& finder,
                              Recorder& recorder)
{
    for (const Arrival& arrival : batch) {
        while (fresh.contains(arrival.digest))
            publish_shots({archive_->catalog, finder.around(arrival.digest)}, fresh, finder, recorder);
    }
}

bool Publisher::is_intact(const Asset& asset) const
{
    const auto stored = archive_->root.stat(asset.path);
    return stored && S_ISREG(stored->st_mode) && static_cast<std::uint64_t>(stored->st_size) == asset.bytes &&
           asset.state == AssetState::present;
}

void Publisher::add_known(Arrival& arrival, const Asset& asset, Recorder& recorder)
{
    arrival.staged.discard();
    arrival.outcome = Outcome::known;
    arrival.path = asset.path;
    recorder.add(seen(arrival));
    // The same content may have come in just before, and be read by now: a second reading counts for nothing.
    if (archive_->catalog.metadata().is_pending(asset.id))
        recorder.keep(asset.id, arrival.reading, versions_);
}

/// An original that was removed or altered behind our back comes back to its place, or beside its shot.
void Publisher::restore(Arrival& arrival, const Asset& asset, Recorder& recorder)
{
    const std::uint64_t bytes = arrival.staged.bytes();
    const std::string group = archive_->catalog.shot_path(asset.group);
    arrival.path = put(arrival, asset.path) ? asset.path : place_beside(arrival, group);
    arrival.outcome = Outcome::stored;
    recorder.add(Stored{.digest = arrival.digest,
                        .path = arrival.path,
                        .group = group,
                        .bytes = bytes,
                        .name = std::string{name_of(arrival.file.path)},
                        .role = asset.role,
                        .reason = asset.group_reason,
                        .modified = arrival.file.modified,
                        .taken = asset.taken,
                        .taken_local = asset.taken_local,
                        .taken_source = asset.taken_source,
                        .at = wall_now()});
    recorder.add(seen(arrival));
    recorder.keep(asset.id, arrival.reading, versions_);
}

/// Publishes what is fresh of these shots. Ends early where that fails for a file: without it the shots may
/// be others.
void Publisher::publish_shots(Grouping shots, Fresh& fresh, EvidenceFinder& finder, Recorder& recorder)
{
    for (const std::size_t content : shots.order()) {
        const Digest digest = shots.contents()[content].digest;
        const auto found = fresh.find(digest);
        if (found == fresh.end()) continue;
        std::vector<Arrival*> files = std::move(found->second);
        fresh.erase(found);
        finder.forget(digest);
        Arrival& first = *files.front();
        const std::uint64_t bytes = first.staged.bytes();
        try {
            first.path = place(first, shots, content);
        } catch (const ArchiveError& error) {
            if (!is_of_one_file(error)) throw;
            first.error = error;
            files.erase(files.begin());
            for (const Arrival* other : files) finder.expect(evidence_of(*other));
            if (!files.empty()) fresh.emplace(digest, std::move(files));
            return;
        }
        add_fresh(shots, content, bytes, files, recorder);
    }
    recorder.regroup(shots);
}

void Publisher::add_fresh(const Grouping& shots, std::size_t content, std::uint64_t bytes,
                          const std::vector<Arrival*>& files, Recorder& recorder)
{
    const Arrival& first = *files.front();
    const Link& link = shots.link(content);
    const ShotTime time = shots.time(content);
    recorder.add(Stored{.digest = first.digest,
                        .path = first.path,
                        .group = shots.name(content),
                        .bytes = bytes,
                        .name = std::string{name_of(first.file.path)},
                        .role = link.role,
                        .reason = link.reason,
                        .modified = first.file.modified,
                        .taken = time.taken,
                        .taken_local = time.local,
                        .taken_source = std::string{name(time.source)},
                        .at = wall_now()});
    for (Arrival* const file : files) {
        const bool stored = file == &first;
        file->outcome = stored ? Outcome::stored : Outcome::known;
        file->path = first.path;
        if (!stored) file->staged.discard();
        recorder.add(seen(*file));
    }
    recorder.keep(archive_->catalog.find(first.digest)->id, first.reading, versions_);
}

Event Publisher::seen(const Arrival& arrival) const
{
    return Seen{.sha256 = arrival.digest.sha256,
                .place = {.source = source_.id,
                          .path = arrival.file.path,
                          .bytes = arrival.file.bytes,
                          .modified = arrival.file.modified,
                          .born = arrival.file.born,
                          .seen = wall_now()}};
}

Evidence Publisher::evidence_of(const Arrival& arrival) const
{
    Evidence one;
    one.digest = arrival.digest;
    one.bytes = arrival.staged.bytes();
    one.seen.push_back(
        {source_.id, arrival.file.path, arrival.file.modified, arrival.file.born, archive_->catalog.run()});
    if (const auto& read = arrival.reading.metadata)
        one.facts =
            FileFacts{read->kind, read->content_id, read->taken, read->make, read->model, read->screenshot};
    one.pending = !arrival.reading.tried();
    return one;
}

/// The stem of the shot's name: what it was called when it was taken, where that is known.
std::string Publisher::stem_of(const std::string& path) const
{
    const ShotKey key = shot_key(path);
    if (names_.empty()) return key.stem;
    const auto found = names_.find(std::string{key.folder} + '/' + key.stem);
    return found == names_.end() ? key.stem : found->second;
}

/// What the layout may say of the content's shot.
ShotFacts Publisher::facts_of(const Grouping& shots, std::size_t content) const
{
    const std::size_t leader = shots.link(content).leader;
    const Evidence& first =
        shots.contents()[leader].asset ? shots.contents()[content] : shots.contents()[leader];
    const std::string& path = first.seen.front().path;
    ShotFacts facts;
    facts.taken = layout_time(shots.time(content).local);
    facts.imported = layout_time(to_local(wall_now()));
    facts.name = stem_of(path) + part_name_of(path).extension;
    facts.device = source_.name;
    facts.source_kind = source_.kind;
    facts.kind = first.facts && first.facts->screenshot ? "screenshot" : is_video(first) ? "video" : "photo";
    for (const std::size_t i : shots.order()) {
        const Evidence& part = shots.contents()[i];
        if (shots.link(i).leader != leader || !part.facts || !facts.camera_model.empty()) continue;
        facts.camera_make = part.facts->make;
        facts.camera_model = part.facts->model;
    }
    return facts;
}

/// Publishes it under the name that its shot has, or gives the shot one.
std::string Publisher::place(Arrival& arrival, Grouping& shots, std::size_t content)
{
    if (!shots.name(content).empty()) return place_beside(arrival, shots.name(content));
    const ShotPath wanted = archive_->layout.place(facts_of(shots, content));
    for (unsigned digits = 0; digits <= 64; digits = digits == 0 ? 8 : digits * 2) {
        const std::string stem = digits == 0 ? wanted.stem : with_digest(wanted.stem, arrival.digest, digits);
        const std::string group = joined(wanted.folder, stem);
        if (archive_->catalog.shot_taken(group)) continue;
        std::string path = path_in(group, "", arrival.file.path);
        if (!put(arrival, path)) continue;
        shots.call(content, group);
        return path;
    }
    throw no_name_left(arrival);
}

/// Publishes it with the stem of its shot.
std::string Publisher::place_beside(Arrival& arrival, const std::string& group)
{
    for (unsigned digits = 0; digits <= 64; digits = digits == 0 ? 8 : digits * 2) {
        const std::string suffix = digits == 0 ? "" : with_digest("", arrival.digest, digits);
        std::string path = path_in(group, suffix, arrival.file.path);
        if (put(arrival, path)) return path;
    }
    throw no_name_left(arrival);
}

bool Publisher::put(Arrival& arrival, const std::string& path)
{
    if (const auto there = archive_->catalog.find_path(path);
        there ? there->digest != arrival.digest : archive_->catalog.path_taken(path)) {
        return false;
    }
    const std::string folder = parent_of(path);
    if (!archive_->root.make_folders(folder)) anchor(folder);
    if (!arrival.staged.publish(path)) {
        if (!holds(archive_->root, path, arrival.staged.bytes(), arrival.digest)) return false;
        arrival.staged.discard();
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

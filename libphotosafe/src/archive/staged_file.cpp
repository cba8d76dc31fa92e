// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/staged_file.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::string_view folder = ".photosafe/incoming";
constexpr std::string_view part_ending = ".part";
constexpr std::string_view note_ending = ".json";
constexpr std::uint64_t write_back_bytes = 8u << 20;   // early write-back makes the sync at the end short
constexpr std::uint64_t checkpoint_bytes = 256u << 20; // what a crash may cost to be read again
constexpr std::uint64_t least_kept_bytes = 1u << 20;
constexpr std::uint64_t read_back_from = 32u << 20; // from this size on a thread of its own is worth it
constexpr std::size_t read_bytes = 1u << 20;

std::string incoming(std::string_view key, std::string_view ending)
{
    return std::string{folder} + '/' + std::string{key} + std::string{ending};
}

struct Checkpoint {
    std::uint64_t bytes = 0;
    Digest digest;
};

std::optional<Checkpoint> read_checkpoint(const Folder& root, const std::string& key)
{
    const File note = root.try_open_file(incoming(key, note_ending), O_RDONLY);
    if (!note || note.stat().st_size > 4096) return std::nullopt;
    const auto json = nlohmann::json::parse(read_text(note, 4096), nullptr, false);
    const auto digits = [&](const char* name, std::span<std::byte> bytes) {
        const auto at = json.find(name);
        return at != json.end() && at->is_string() && from_hex(at->get_ref<const std::string&>(), bytes);
    };
    Checkpoint point;
    if (!json.is_object() || !json.value("bytes", nlohmann::json{}).is_number_unsigned() ||
        !digits("sha256", point.digest.sha256) || !digits("xxh128", point.digest.xxh128)) {
        return std::nullopt;
    }
    point.bytes = json.at("bytes").get<std::uint64_t>();
    return point;
}

/// Hashes the first `bytes` bytes of the file into `digester`; false if there are fewer.
bool hash_prefix(const File& file, std::uint64_t bytes, Digester& digester)
{
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(read_bytes, bytes)));
    for (std::uint64_t at = 0; at < bytes;) {
        const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), bytes - at));
        const std::size_t n = file.read_at(std::span{buffer}.first(want), at);
        if (n == 0) return false;
        digester.update(std::span{buffer}.first(n));
        at += n;
    }
    return true;
}

} // namespace

StagedFile::StagedFile(const Folder& root, std::string key, File file)
    : root_{&root}, key_{std::move(key)}, file_{std::move(file)}
{
}

StagedFile StagedFile::begin(const Folder& root, const std::string& key)
{
    const std::string part = incoming(key, part_ending);
    File file = root.try_make_file(part, O_RDWR);
    if (!file) {
        // A new file, never an old one emptied: that might have an original for its other name (see resume).
        root.remove(incoming(key, note_ending));
        root.remove(part);
        file = root.open_file(part, O_RDWR | O_CREAT | O_EXCL);
    }
    return {root, key, std::move(file)};
}

std::optional<StagedFile> StagedFile::resume(const Folder& root, const std::string& key)
{
    const auto point = read_checkpoint(root, key);
    if (!point || point->bytes == 0) return std::nullopt;
    File file = root.try_open_file(incoming(key, part_ending), O_RDWR);
    if (!file) {
        root.remove(incoming(key, note_ending));
        return std::nullopt;
    }
    // Where files are published by a link, a crash may leave the published one with this name too.
    if (const auto facts = file.stat(); facts.st_nlink != 1 || !S_ISREG(facts.st_mode)) return std::nullopt;
    file.drop_cache();
    StagedFile staged{root, key, std::move(file)};
    staged.checkpointed_ = point->bytes;
    if (!hash_prefix(staged.file_, point->bytes, staged.digester_) || staged.digest() != point->digest) {
        return std::nullopt; // and its destructor removes it
    }
    staged.file_.truncate(point->bytes);
    staged.file_.seek(point->bytes);
    staged.bytes_ = staged.started_ = point->bytes;
    return staged;
}

std::string StagedFile::part_path() const { return incoming(key_, part_ending); }
std::string StagedFile::note_path() const { return incoming(key_, note_ending); }

void StagedFile::write(std::span<const std::byte> bytes)
{
    digester_.update(bytes);
    file_.write(bytes);
    bytes_ += bytes.size();
    if (bytes_ - started_ >= write_back_bytes) {
        file_.start_writing(started_, bytes_ - started_);
        started_ = bytes_;
    }
    if (bytes_ - checkpointed_ >= checkpoint_bytes) checkpoint();
    if (!read_back_ && bytes_ >= read_back_from) read_back_ = std::make_unique<ReadBack>(file_);
    if (read_back_) read_back_->advance(bytes_);
}

void StagedFile::checkpoint()
{
    file_.sync_data();
    const Digest digest = digester_.digest();
    const nlohmann::json note{
        {"bytes", bytes_}, {"sha256", hex(digest.sha256)}, {"xxh128", hex(digest.xxh128)}};
    const std::string text = note.dump();
    const std::string fresh = note_path() + ".new";
    {
        File file = root_->open_file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(std::as_bytes(std::span{text}));
        file.sync_data();
    }
    root_->rename(fresh, note_path());
    root_->sync(std::string{folder});
    checkpointed_ = bytes_;
}

void StagedFile::seal(Instant modified)
{
    file_.set_modified(modified);
    file_.start_writing(started_, bytes_ - started_);
}

void StagedFile::sync()
{
    if (durable_) return;
    file_.sync();
    durable_ = true;
    if (read_back_) return;
    file_.drop_cache();
    file_.read_ahead();
}

void StagedFile::verify()
{
    sync();
    std::optional<Digest> back = read_back_ ? read_back_->finish(bytes_) : std::nullopt;
    if (!back) {
        if (read_back_) file_.drop_cache();
        Digester again;
        if (hash_prefix(file_, bytes_, again)) back = again.digest();
    }
    if (!back || *back != digest() || static_cast<std::uint64_t>(file_.stat().st_size) != bytes_) {
        throw FixityError{ErrorCode::mismatch,
                          "The disk gave back other bytes than were written to it. Nothing of this file was "
                          "kept; check the "
                          "disk, its cable and the memory of this computer",
                          file_.name()};
    }
}

File StagedFile::open_to_read() const { return root_->open_file(part_path(), O_RDONLY); }

bool StagedFile::publish(const std::string& path)
{
    if (!root_->rename_without_replacing(part_path(), path)) return false;
    if (checkpointed_ != 0) root_->remove(note_path());
    close();
    return true;
}

void StagedFile::keep()
{
    // Below that, the syncs of a checkpoint take longer than the bytes: a lost cable leaves dozens of them.
    if (bytes_ < least_kept_bytes) return discard();
    if (checkpointed_ != bytes_) checkpoint();
    close();
}

void StagedFile::discard()
{
    if (key_.empty()) return;
    root_->remove(part_path());
    if (checkpointed_ != 0) root_->remove(note_path());
    close();
}

void StagedFile::close() noexcept
{
    key_.clear();
    read_back_.reset();
    file_ = File{};
}

StagedFile::~StagedFile()
{
    try {
        if (file_) discard();
    } catch (const ArchiveError&) { // NOLINT(bugprone-empty-catch): litter in incoming/ is swept by the next
                                    // process
    }
}

namespace {

std::string short_hash(std::string_view text, std::size_t bytes)
{
    const Digest digest = digest_of(std::as_bytes(std::span{text}));
    return hex(std::span{digest.sha256}.first(bytes));
}

} // namespace

std::string staging_key(const std::string& source, const std::string& path, std::uint64_t bytes,
                        Instant modified)
{
    const std::string what =
        std::to_string(bytes) + ' ' + std::to_string(modified.time_since_epoch().count()) + ' ' + path;
    return short_hash(source, 8) + '-' + short_hash(what, 16);
}

void forget_transfers(const Folder& root, const std::string& source,
                      const std::function<bool(const std::string& key)>& wanted)
{
    const std::string prefix = short_hash(source, 8) + '-';
    for (const std::string& name : root.names(std::string{folder})) {
        if (name.starts_with(prefix) && !wanted(name.substr(0, name.find('.'))))
            root.remove(std::string{folder} + '/' + name);
    }
}

std::uint64_t clean_incoming(const Folder& root)
{
    std::uint64_t kept = 0;
    for (const std::string& name : root.names(std::string{folder})) {
        const bool is_part = name.ends_with(part_ending);
        const bool is_note = name.ends_with(note_ending);
        const std::string key = name.substr(0, name.size() - (is_part   ? part_ending.size()
                                                              : is_note ? note_ending.size()
                                                                        : 0));
        if ((is_part && root.stat(incoming(key, note_ending))) ||
            (is_note && root.stat(incoming(key, part_ending)))) {
            kept += is_part ? 1 : 0;
            continue;
        }
        if (const auto facts = root.stat(std::string{folder} + '/' + name); facts && S_ISDIR(facts->st_mode))
            continue; // not ours
        root.remove(std::string{folder} + '/' + name);
    }
    return kept;
}

std::uint64_t count_incoming(const Folder& root)
{
    const auto names = root.names(std::string{folder});
    return static_cast<std::uint64_t>(std::count_if(names.begin(), names.end(), [&](const std::string& name) {
        if (!name.ends_with(note_ending)) return false;
        const std::string part = name.substr(0, name.size() - note_ending.size()) + std::string{part_ending};
        return std::binary_search(names.begin(), names.end(), part);
    }));
}

} // namespace photosafe

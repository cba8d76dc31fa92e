// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/export.hpp>
#include <photosafe/metadata.hpp>
#include <photosafe/phone_record.hpp>

namespace photosafe {

/// Whether this process may change the archive. Only one process at a time may.
enum class Access { read, write };

struct CreateOptions {
    std::string layout =
        "{taken:%Y}/{taken:%Y-%m-%d}/{name}"; ///< how originals are filed; docs/guide/import.md
};

/// One import as the archive remembers it.
struct ImportRecord {
    std::string manifest; ///< its name in manifests/, without ending
    std::string source;   ///< SourceInfo::id
    std::string source_name;
    Instant started;
    std::optional<Instant> finished; ///< none when it was cut off
    std::string version;             ///< of the PhotoSafe that did it
    std::uint64_t seen = 0, stored = 0, known = 0, failed = 0, excluded = 0;
    std::uint64_t stored_bytes = 0;
};

/// An item that an import could not bring, as the last import of its source left it.
struct FailureRecord {
    std::string source;
    std::string path; ///< on the source, byte for byte
    std::uint64_t bytes = 0;
    std::string code;
    std::string reason;
};

/// What an archive holds, in figures.
struct ArchiveSummary {
    std::uint64_t originals = 0;
    std::uint64_t original_bytes = 0;
    std::uint64_t groups = 0;
    std::uint64_t places = 0;
    std::uint64_t missing = 0; ///< found missing by the last look
    std::uint64_t damaged = 0; ///< found altered by the last look
    std::uint64_t never_verified = 0;
    std::optional<Instant> oldest_verified; ///< of those verified at all
    std::optional<ImportRecord> last_import;
    std::uint64_t failures = 0;              ///< items failed in the last import of their source
    std::uint64_t unfinished = 0;            ///< partly transferred files waiting to be resumed
    std::uint64_t metadata_failed = 0;       ///< originals that can't be read for what they say of themselves
    std::uint64_t metadata_pending = 0;      ///< originals that are still to be read for it
    std::uint64_t metadata_pending_lost = 0; ///< of those: known to be missing or damaged
};

/// A photo archive on disk: the originals and the catalog of them.
///
/// Errors:    throws ArchiveError; a function that can't fail is noexcept.
/// Ownership: holds the archive's lock until destroyed. What it returns by value outlives it.
/// Threads:   one thread at a time per Archive; two Archives need no care.
class PHOTOSAFE_EXPORT Archive {
public:
    /// Makes a new archive in the empty or not yet existing folder `root`. Codes: unsafe (something else is
    /// in there), busy (an archive is there already), read_only, invalid (the layout).
    static Archive create(const std::filesystem::path& root, const CreateOptions& options = {});

    /// Opens the archive at `root`. Codes: not_found (none is there), busy (another process writes it; the
    /// message says which), newer_version, damaged (rebuild it), read_only. Opened to write, it first
    /// completes what a cut-off process left.
    static Archive open(const std::filesystem::path& root, Access access);

    const std::filesystem::path& root() const noexcept;
    /// The template by which originals are filed.
    const std::string& layout() const noexcept;
    /// What people should know about where it lies: a network file system, for one. Sentences; usually none.
    const std::vector<std::string>& warnings() const noexcept;

    /// The asset with this content. Not having one is an answer, not an error.
    std::optional<Asset> find(const Digest& content) const;
    /// Where the asset with this number lies below the root; none where there is none.
    std::optional<std::string> path_of(std::int64_t asset) const;
    /// Every asset, in the order of their paths; false from `visit` ends it.
    void for_each_asset(const std::function<bool(const Asset&)>& visit) const;
    /// All places where this asset's content was seen, the oldest first.
    std::vector<Place> places(const Asset& asset) const;

    /// What this asset's file says of itself, raw tags included, by its last reading that went well; none
    /// where there was none.
    std::optional<Metadata> metadata(const Asset& asset) const;
    /// How its last reading went, or that one is due.
    ParseRecord parse_record(const Asset& asset) const;

    // What phones' own libraries said, as imports read them.
    /// Every item ever seen, the newest first; false from `visit` ends it.
    void for_each_phone_item(const std::function<bool(const PhoneItemRecord&)>& visit) const;
    /// Every album ever seen, as each phone orders them.
    std::vector<PhoneAlbumRecord> phone_albums() const;
    /// The members of an album, in its order.
    std::vector<PhoneItemRecord> members(const PhoneAlbumRecord& album) const;
    /// The latest readings of libraries, the newest first.
    std::vector<PhoneLook> phone_looks(std::size_t limit) const;

    ArchiveSummary summary() const;
    /// The latest imports, the newest first.
    std::vector<ImportRecord> imports(std::size_t limit) const;
    std::vector<FailureRecord> failures(std::size_t limit) const;

    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive();

    struct Impl; // keeps SQLite and the lock out of callers' builds
    Impl& impl() const noexcept { return *impl_; }

private:
    explicit Archive(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

/// What `rebuild` made.
struct RebuildReport {
    std::uint64_t manifests = 0;
    std::uint64_t originals = 0;
    std::uint64_t missing = 0; ///< told by a manifest, not on disk
    std::uint64_t unrecorded =
        0; ///< on disk, told by no manifest; the next import of the same content adopts them
    std::uint64_t torn_lines = 0;    ///< cut from the end of a manifest
    std::vector<std::string> notes;  ///< each a sentence about one file
    std::filesystem::path set_aside; ///< where the old catalog went; empty where there was none
};

/// How far a rebuild is.
struct RebuildProgress {
    std::uint64_t manifests_done = 0, manifests_total = 0;
    std::uint64_t bytes_done = 0, bytes_total = 0; ///< of the manifests
};

struct RebuildOptions {
    bool dry_run = false; ///< read and report, and change nothing
    std::function<void(const RebuildProgress&)>
        on_progress{}; ///< some times a second, from the calling thread
    std::stop_token stop{};
};

/// Makes the catalog again from the originals and the manifests, every field but what the originals say of
/// themselves, which `read_metadata` reads again. The old one is set aside, not deleted. Works without, and
/// with a damaged or newer, catalog. Stopped, it throws ArchiveError `cancelled`, and all is as it was.
PHOTOSAFE_EXPORT RebuildReport rebuild(const std::filesystem::path& root, const RebuildOptions& options = {});

} // namespace photosafe

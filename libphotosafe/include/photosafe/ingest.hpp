// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/error.hpp>
#include <photosafe/read_metadata.hpp>
#include <photosafe/source.hpp>

namespace photosafe {

/// What became of one file of the source.
enum class Outcome {
    stored,   ///< new, in the archive, proven
    known,    ///< the archive holds this content already
    failed,   ///< could not be brought; the reason says why
    excluded, ///< left out on purpose; the reason says why
};
PHOTOSAFE_EXPORT std::string_view name(Outcome outcome) noexcept;

/// One file of the source and its fate.
struct IngestedFile {
    SourceFile file;
    Outcome outcome = Outcome::failed;
    std::string asset_path;       ///< below the archive's root, for those read now
    std::optional<Digest> digest; ///< of what was read now; none for a file that wasn't read again
    std::string code;             ///< of a failure: an ErrorCode's name
    std::string reason;           ///< a sentence, for failed and excluded ones
};

struct IngestProgress {
    std::uint64_t items_done = 0, items_total = 0; ///< of those to be transferred
    std::uint64_t bytes_done = 0, bytes_total = 0;
    std::string current; ///< path on the source
};

/// Which pictures and movies to take. Parts of a shot come along with it.
struct IngestFilter {
    std::optional<Instant> since{}; ///< only what was modified or born at or after it
    bool photos = true;
    bool videos = true;
    bool trashed = false;       ///< what is in Recently Deleted, as the phone's own library says
    bool hidden = true;         ///< what a person hid there
    bool shared_albums = false; ///< what others share with the person
};

/// What an ingest learned of the source's own library.
struct LibraryReport {
    bool source_has_one = false;
    bool read = false;
    std::uint64_t items = 0;
    std::uint64_t only_in_icloud = 0; ///< of them, not in the bin: their originals are not on the phone
    std::uint64_t trashed = 0;
    std::string trouble; ///< why it could not be read, a sentence
};

/// How much is asked of the source before its bytes are believed.
enum class Proof {
    once,   ///< each byte read once from the source, and once back from the disk
    reread, ///< read twice from the source, and compared
};

struct IngestOptions {
    std::function<void(const IngestedFile&)> on_file{}; ///< each file once, from the calling thread
    std::function<void(const IngestProgress&)>
        on_progress{};                                  ///< some times a second, from the calling thread
    std::function<void(std::uint64_t files)> on_scan{}; ///< while listing
    IngestFilter filter{};
    Proof proof = Proof::once;
    unsigned retries = 3;                   ///< further tries of an item that failed
    std::chrono::milliseconds backoff{500}; ///< before the first of them, doubled each time
    bool metadata = true;      ///< read what the files say of themselves, name and group them by it
    bool phone_library = true; ///< read what the phone's own library says: albums, favorites, the bin
    MediaOptions media{};      ///< with what
    std::function<void(const MetadataProgress&)>
        on_metadata{}; ///< while the archive is read for what earlier imports left unread
    std::stop_token stop{};
};

/// What an ingest would do.
struct IngestPlan {
    SourceInfo source;
    std::uint64_t seen = 0, to_copy = 0, known = 0, failed = 0,
                  excluded = 0; ///< seen is the sum of the others
    std::uint64_t bytes_to_copy = 0;
    std::uint64_t free_bytes = 0; ///< on the archive's disk
    bool fits = true;             ///< whether there is room for all of it
    LibraryReport library;
};

/// What an ingest did. seen = stored + known + failed + excluded, always; what a stop or a lost phone left
/// out is failed.
struct IngestReport {
    SourceInfo source;
    std::uint64_t seen = 0, stored = 0, known = 0, failed = 0, excluded = 0;
    std::uint64_t stored_bytes = 0; ///< of new content
    std::uint64_t read_bytes = 0;   ///< from the source, resumed and repeated reads included
    MetadataReport metadata{};
    LibraryReport library{};
    std::uint64_t count(Outcome outcome) const noexcept;
};

/// An ingest that could not go on: the phone is gone, the disk is full, a stop was asked for. `report()` has
/// what was done until then, all of it safe; its sums close, with what was not reached counted as failed.
class PHOTOSAFE_EXPORT IngestInterrupted : public Error {
public:
    IngestInterrupted(const Error& cause, IngestReport report);
    const IngestReport& report() const noexcept { return *report_; }
    /// Whether the cause was a DeviceError.
    bool at_device() const noexcept { return at_device_; }

private:
    std::shared_ptr<const IngestReport> report_;
    bool at_device_;
};

/// Lists the source and compares with the catalog; calls `on_file` with what would become of each file (to be
/// stored: Outcome::stored), changes nothing.
PHOTOSAFE_EXPORT IngestPlan plan_ingest(Source& source, const Archive& archive,
                                        const IngestOptions& options = {});

/// Copies every original the archive does not hold yet, each read back from disk and proven equal before it
/// is recorded. One bad file is a row of the report. Running it again is always safe and goes on where it
/// ended. Errors: IngestInterrupted; ArchiveError and DeviceError before the first file.
PHOTOSAFE_EXPORT IngestReport ingest(Source& source, Archive& archive, const IngestOptions& options = {});

} // namespace photosafe

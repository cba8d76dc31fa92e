// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/device.hpp>
#include <photosafe/export.hpp>

namespace photosafe {

/// A file as a source lists it. Nothing here is trusted: it is what the other side said.
struct SourceFile {
    std::string path; ///< on the source, byte for byte, `/` between parts, no leading `/`
    std::uint64_t bytes = 0;
    Instant modified;
    std::optional<Instant> born;
};

/// Something a source showed that can't be ingested, and why. It counts in the report.
struct SkippedEntry {
    std::string path;
    bool excluded = false; ///< left out on purpose (a link, a counter file); otherwise it failed
    std::string reason;    ///< a sentence for people
};

struct Listing {
    std::vector<SourceFile> files;
    std::vector<SkippedEntry> skipped;
};

/// Where originals come from.
struct SourceInfo {
    std::string id;      ///< stable: `device:UDID`, `folder:/path`
    std::string kind;    ///< device, folder
    std::string name;    ///< for people: the phone's name, the folder's path
    std::string model;   ///< iPhone16,1; empty for a folder
    std::string version; ///< of its system: 18.1; empty for a folder
};

/// The bytes of one file, from its beginning (or the offset asked for) to the end that its listing announced.
///
/// Errors:  throws DeviceError or ArchiveError. After an error the reader is of no more use.
/// Threads: one thread at a time; two readers of one source may be used by two threads.
class PHOTOSAFE_EXPORT Reader {
public:
    Reader() = default;
    virtual ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// The next bytes, valid until the next call; empty only when all announced bytes were given.
    virtual std::span<const std::byte> next() = 0;

    /// The proof, after the last byte: nothing follows, the file closed well, and its size and time are those
    /// of the listing, asked once more where the bytes came from. Throws `changed` or `mismatch` otherwise.
    virtual void finish() = 0;
};

struct ListOptions {
    std::function<void(std::uint64_t files)> on_progress{}; ///< now and then, from the calling thread
    bool shared_albums = false; ///< also what others share with the person, where a phone keeps that
    std::stop_token stop{};
};

/// Where a source keeps the database of its Photos library.
struct LibraryPlace {
    std::string database; ///< its path on the source; its log is beside it, with `-wal` added
    std::string items;    ///< what the paths of its items begin with on the source: empty on a phone
};

/// A place with originals: a connected phone, a folder. It can list and open, and nothing else.
///
/// Errors:  throws DeviceError (a phone) or ArchiveError (a folder); `cancelled` soon after a stop was asked
/// for. Threads: info, list and open from one thread at a time; readers as they say. A source outlives its
/// readers.
class PHOTOSAFE_EXPORT Source {
public:
    Source() = default;
    virtual ~Source();
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    virtual SourceInfo info() const = 0;

    /// All it has, in no particular order. One bad entry is a row of `skipped`, not an error.
    virtual Listing list(const ListOptions& options = {}) = 0;

    /// The file as it is now: one that changed while it was read is tried again as what it has become. A phone's
    /// waits no longer than DeviceOptions::stop allows. Errors: not_found.
    virtual SourceFile look(const std::string& path);

    /// Where its own library would be; it may not be there, or not be readable. None: it has no such thing.
    virtual std::optional<LibraryPlace> library() const;

    /// Begins to read `file` at `offset`. The next file may be opened while the last ones are still being
    /// read: a source uses that to keep the link busy. Holds at most a few megabytes a reader.
    virtual std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset = 0,
                                         std::stop_token stop = {}) = 0;
};

/// A folder: a card, an old export, any tree. Links are not followed.
PHOTOSAFE_EXPORT std::unique_ptr<Source> open_folder(const std::filesystem::path& folder);

/// The camera roll of a connected phone: DCIM whatever its folders are called, `PhotoData/CPLAssets`, and the
/// edited renderings in `PhotoData/Mutations`. Errors: those of `wait_for_device`.
PHOTOSAFE_EXPORT std::unique_ptr<Source> open_device(const DeviceInfo& device,
                                                     const DeviceOptions& options = {});

} // namespace photosafe

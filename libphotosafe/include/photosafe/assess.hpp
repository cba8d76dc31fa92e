// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/source.hpp>

namespace photosafe {

/// What an item of a source is, as far as the archive is concerned: exactly one of these.
enum class ItemState {
    safe,           ///< every part of its shot is proven in the archive
    changed,        ///< it was edited or replaced after the import
    not_imported,   ///< nobody has imported it yet
    only_in_icloud, ///< the archive lacks its original, or a part, and the phone has only a small copy
    failed,         ///< it could not be imported, or the archive has lost it; the reason says which
    excluded,       ///< left out on purpose; the reason says why
};
PHOTOSAFE_EXPORT std::string_view name(ItemState state) noexcept;

/// What makes an item safe.
enum class Remedy {
    none,     ///< it is safe, or nothing that an import could do: its file is not on the source
    import,   ///< another import
    include,  ///< an import that doesn't leave it out
    download, ///< to fetch it from iCloud on the phone, and another import
};
PHOTOSAFE_EXPORT std::string_view name(Remedy remedy) noexcept;

/// An item: what Photos shows as one picture or movie, with all its files.
struct AssessedItem {
    std::string path; ///< of its original on the source, byte for byte
    std::string uuid; ///< Photos' own; empty where the library doesn't name it
    std::string name; ///< what it was called when it was taken, where that is known
    ItemState state = ItemState::safe;
    std::string reason; ///< a sentence; empty for what is safe
    std::string part;   ///< the file that `reason` is about, where it isn't `path`
    Remedy remedy = Remedy::none;
    bool in_library = false;           ///< the phone's library names it
    bool on_source = false;            ///< a file of it is on the source
    bool would_be_lost = false;        ///< not safe, and gone with the source
    std::optional<std::int64_t> asset; ///< Asset::id of its original, where the archive has it
};

struct AssessOptions {
    std::function<void(const AssessedItem&)> on_item{};     ///< each item once, from the calling thread
    std::function<void(std::uint64_t files)> on_scan{};     ///< while listing
    std::function<void(const FixityProgress&)> on_reread{}; ///< while originals are re-read
    /// Re-read every stored original first; the archive must be open to write.
    bool full = false;
    MediaOptions media{}; ///< with what the phone's library is read
    std::stop_token stop{};
};

/// Whether everything on a source is safe. items = safe + changed + not_imported + only_in_icloud + failed +
/// excluded, always.
struct Assessment {
    SourceInfo source;
    std::uint64_t items = 0;
    std::uint64_t safe = 0, changed = 0, not_imported = 0, only_in_icloud = 0, failed = 0, excluded = 0;
    std::uint64_t would_be_lost = 0;  ///< of all items: those not safe that go with the source
    std::uint64_t not_on_source = 0;  ///< items that the library names, and no file of which is there
    std::uint64_t not_in_library = 0; ///< items whose files are there, and that the library doesn't name
    LibraryReport library;
    /// What can't be known, a sentence each: with any of them there is no yes.
    std::vector<std::string> unknowns;
    /// True: all is safe. False: something would be lost. None: it can't be known.
    std::optional<bool> safe_to_wipe;
    std::optional<Instant> oldest_proof; ///< when the stored original of a safe item was last read and
                                         ///< matched, of that for which it is longest ago
    std::optional<FixityReport> reread;  ///< with `full`

    PHOTOSAFE_EXPORT std::uint64_t count(ItemState state) const noexcept;
};

/// Compares what is on a source with what the archive holds, file by file and item by item, and what the
/// source's own library says. Copies nothing but that library's database, and changes nothing on the source;
/// in the archive, `full` notes what it found. Whether bytes are still right, only `full` reads; without it,
/// files of the recorded size that were proven at `oldest_proof` or later count.
///
/// Errors: DeviceError, ArchiveError. What can't be known is an unknown, never a yes.
PHOTOSAFE_EXPORT Assessment assess(Source& source, Archive& archive, const AssessOptions& options = {});

} // namespace photosafe

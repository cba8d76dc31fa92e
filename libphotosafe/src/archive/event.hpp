// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/asset.hpp>
#include <photosafe/error.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/source.hpp>

#include "archive/phone_event.hpp"

// All that ever changes a catalog. The manifests hold these, a line each, and the catalog is what they add up
// to: so `rebuild` needs no knowledge of its own, and no field can be forgotten by it.

namespace photosafe {

/// The first line of a manifest: who wrote it, from what.
struct Begun {
    std::string work;          ///< import, verify, metadata
    std::int64_t sequence = 0; ///< orders the manifests of an archive, whatever the clock said
    Instant at;
    std::string version;   ///< of PhotoSafe
    SourceInfo source;     ///< of an import
    IngestFilter filter{}; ///< of an import: what was asked for
};

/// A file that is durable in its place, with bytes that were read back and matched.
struct Stored {
    Digest digest;
    std::string path;  ///< below the archive's root
    std::string group; ///< folder and stem that the parts of its shot share, below originals/
    std::uint64_t bytes = 0;
    std::string name; ///< on the source, byte for byte
    Role role = Role::other;
    GroupReason reason = GroupReason::unknown;
    Instant modified;
    std::optional<Instant> taken;
    std::string taken_local;
    std::string taken_source;
    Instant at;
};

/// What is known now of a stored file's shot, in the place of what was known: it belongs to another shot than
/// was thought, or for another reason, or was taken at another time. Its file stays where it is.
struct Regrouped {
    std::array<std::byte, 32> sha256{};
    std::string group; ///< as in Stored
    Role role = Role::other;
    GroupReason reason = GroupReason::unknown;
    std::optional<Instant> taken;
    std::string taken_local;
    std::string taken_source;
};

/// Content of the archive was seen at a place of the import's source.
struct Seen {
    std::array<std::byte, 32> sha256{};
    Place place;
};

/// A file of the source that could not be brought.
struct Failed {
    FailureRecord failure;
};

/// The import came to its end, or was ended: its figures.
struct Ended {
    Instant at;
    ImportRecord figures; ///< only its counts are used
};

/// Stored files were re-read and hold what they should.
struct Verified {
    Instant at;
    std::vector<std::array<std::byte, 32>> sha256;
};

/// A stored file was found gone or altered.
struct FoundBad {
    Instant at;
    std::array<std::byte, 32> sha256{};
    AssetState state = AssetState::missing;
};

using Event = std::variant<Begun, Stored, Regrouped, Seen, Failed, Ended, Verified, FoundBad, LibraryFound,
                           ItemTold, ItemsGone, AlbumTold, AlbumsGone, Looked>;

/// What of a filter is otherwise than usual, as JSON, and back. Throws ArchiveError{damaged}.
std::string to_text(const IngestFilter& filter);
IngestFilter filter_from(std::string_view text);

/// One line of JSON, without its end.
std::string to_line(const Event& event);
/// The event that a line tells. Throws ArchiveError{damaged} for anything else.
Event from_line(std::string_view line);

} // namespace photosafe

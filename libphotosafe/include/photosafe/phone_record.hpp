// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/phone_library.hpp>

namespace photosafe {

/// An item of a phone's library, as an archive remembers it: what the phone said of it last.
struct PhoneItemRecord {
    std::int64_t id = 0;
    std::string source, source_name; ///< SourceInfo::id and name of the phone
    std::string library;             ///< identifier of its database
    PhoneAsset item;
    std::optional<std::int64_t> asset; ///< Asset::id of its original, where the archive has it
    Instant first_seen;                ///< begin of the import that first saw it
    std::optional<Instant> gone;       ///< begin of the first import that missed it; none: it is there
    /// When it was gone before, and came back: begins of the first imports that missed it and saw it again.
    /// Told by Archive::for_each_phone_item alone.
    std::vector<std::pair<Instant, Instant>> absences;

    /// Whether the last import that was begun by then saw it there.
    PHOTOSAFE_EXPORT bool was_there(Instant then) const noexcept;
};

/// An album of a phone's library, likewise. It is the phone's: an import changes it as the phone does.
struct PhoneAlbumRecord {
    std::int64_t id = 0;
    std::string source, source_name, library;
    PhoneAlbum album;         ///< without its members, its folder and its key picture
    std::string folder;       ///< titles of the folders that it is in, the outer one first, `/` between
    std::uint64_t items = 0;  ///< members
    std::uint64_t stored = 0; ///< of them, those whose original the archive has
    std::optional<std::int64_t> key_asset; ///< Asset::id of the original of its key picture
    std::optional<Instant> gone;           ///< begin of the first import that missed it
};

/// One reading of a phone's library.
struct PhoneLook {
    std::string manifest; ///< of the import that did it
    std::string source, source_name;
    std::string library;
    std::optional<std::int64_t> model_version;
    Instant at;
    std::uint64_t items = 0, albums = 0;
    std::string trouble;               ///< why it could not be read; empty: it could
    std::vector<std::string> troubles; ///< what of it could not be read
};

} // namespace photosafe

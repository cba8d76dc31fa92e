// SPDX-License-Identifier: LGPL-2.1-or-later
// What an import was told by the phone's own library. It can't be had from the originals again, so the
// manifests keep it: each thing when it is new or otherwise than before, and when it is gone. What they add
// up to is phone_store.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <photosafe/phone_library.hpp>
#include <photosafe/source.hpp>

namespace photosafe {

/// The library that the next events of its manifest tell of.
struct LibraryFound {
    std::string uuid; ///< of its database; may be empty
    std::optional<std::int64_t> model_version;
};

/// An item that is new in it, or otherwise than it was.
struct ItemTold {
    PhoneAsset item;
    std::optional<std::array<std::byte, 32>> original; ///< SHA-256 of its original, once the archive has it
};

/// Items that it doesn't name any more.
struct ItemsGone {
    std::vector<std::string> keys; ///< as `phone_key` has them
};

/// An album that is new in it, or otherwise than it was, with all its members.
struct AlbumTold {
    PhoneAlbum album; ///< without what refers to others
    std::string folder;
    std::string key_item;
    std::uint64_t place = 0; ///< among all albums, in the order that the phone shows
    std::vector<std::string> members;
};

struct AlbumsGone {
    std::vector<std::string> keys;
};

/// A library was read to its end, or could not be.
struct Looked {
    Instant at;
    std::vector<SourceFile> files; ///< its database, and the log of it: as they were then
    std::uint64_t items = 0, albums = 0;
    std::string trouble;               ///< why it could not be read, a sentence; then the rest is empty
    std::vector<std::string> troubles; ///< what of it could not be read
};

/// By what an item is known again: Photos' identifier, or its path where it has none. Empty: by nothing.
const std::string& phone_key(const PhoneAsset& asset) noexcept;
/// The same of an album; of one without identifier its title.
const std::string& phone_key(const PhoneAlbum& album) noexcept;

nlohmann::ordered_json json(const LibraryFound& event);
nlohmann::ordered_json json(const ItemTold& event);
nlohmann::ordered_json json(const ItemsGone& event);
nlohmann::ordered_json json(const AlbumTold& event);
nlohmann::ordered_json json(const AlbumsGone& event);
nlohmann::ordered_json json(const Looked& event);

// What such a line tells. They throw BadPhoneFact.
LibraryFound library_found(const nlohmann::json& line);
ItemTold item_told(const nlohmann::json& line);
ItemsGone items_gone(const nlohmann::json& line);
AlbumTold album_told(const nlohmann::json& line);
AlbumsGone albums_gone(const nlohmann::json& line);
Looked looked(const nlohmann::json& line);

} // namespace photosafe

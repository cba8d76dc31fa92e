// SPDX-License-Identifier: LGPL-2.1-or-later
// Facts of a Photos library as JSON: as they come from a media worker, and as the manifests keep them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <photosafe/phone_library.hpp>

namespace photosafe {

constexpr std::size_t phone_list_limit = 200;  ///< keywords, people or resources of one item, troubles of all
constexpr std::size_t folder_depth_limit = 64; ///< folders within folders
constexpr std::int64_t most_offset_minutes = 1440; ///< of a time zone, either way

/// Whether this can be Photos' identifier: at most 64 letters, digits and hyphens.
bool is_phone_uuid(std::string_view text);
/// Whether this can be a path on a phone, byte for byte: UTF-8 of at most 1 KiB, no empty part but at the
/// beginning, no `.` and no `..`.
bool is_phone_path(std::string_view path);
/// Makes of `text` what may be kept of a caption: as `keep_text` does, but line ends stay. Whether it was
/// cut.
bool keep_caption(std::string& text);
/// Whether `text` is what `keep_caption` makes.
bool is_kept_caption(std::string_view text);

/// A member that is not what it has to be; `what()` is its name.
class BadPhoneFact : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What is empty or usual is left out; instants are RFC 3339. Reading checks everything and throws
// BadPhoneFact.

nlohmann::json phone_asset_json(const PhoneAsset& asset);
PhoneAsset phone_asset_of(const nlohmann::json& json);
/// An album itself, without what refers to others: its folder, its members and its key picture.
nlohmann::json phone_album_json(const PhoneAlbum& album);
PhoneAlbum phone_album_of(const nlohmann::json& json);

} // namespace photosafe

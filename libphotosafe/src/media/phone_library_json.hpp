// SPDX-License-Identifier: LGPL-2.1-or-later
// A Photos library on its way from a media worker: lines, each a small object of JSON, so that neither end
// holds more than one of them beside what it has read or kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <photosafe/phone_library.hpp>

namespace photosafe {

/// What a library may have at most; more is refused.
struct PhoneLibraryLimits {
    std::size_t assets = 2'000'000, albums = 100'000, members = 5'000'000;
};
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

// By the worker: one line each, without the line end.

/// What the library is. It comes first.
std::string library_line(const PhoneLibrary& library);
std::string asset_line(const PhoneAsset& asset);
/// An album without its members.
std::string album_line(const PhoneAlbum& album);
/// Members of the last album, as many as a line should hold, from `first` on.
constexpr std::size_t members_of_a_line = 5000;
std::string members_line(const PhoneAlbum& album, std::size_t first);
std::string trouble_line(const std::string& trouble);
/// It comes last, so that an answer that was cut is noticed.
std::string end_line(std::size_t assets, std::size_t albums);

/// By the library: what the lines say. They come from a process that a hostile database may have taken over,
/// so everything is checked; throws MediaError{protocol}.
PhoneLibrary phone_library_of(std::string_view lines, const PhoneLibraryLimits& limits = {});

} // namespace photosafe

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

#include "core/phone_facts.hpp"

namespace photosafe {

/// What a library may have at most; more is refused.
struct PhoneLibraryLimits {
    std::size_t assets = 2'000'000, albums = 100'000, members = 5'000'000;
};
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
std::string lost_fact_line(const std::string& lost);
/// It comes last, so that an answer that was cut is noticed.
std::string end_line(std::size_t assets, std::size_t albums);

/// By the library: what the lines say. They come from a process that a hostile database may have taken over,
/// so everything is checked; throws MediaError{protocol}.
PhoneLibrary phone_library_of(std::string_view lines, const PhoneLibraryLimits& limits = {});

} // namespace photosafe

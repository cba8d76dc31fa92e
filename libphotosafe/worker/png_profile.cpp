// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/png_profile.hpp"

#include <charconv>
#include <optional>

#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

std::optional<unsigned> digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

struct Profile {
    Bytes bytes;
    bool as_long_as_told = false;
};

/// A line break, a name, a line break, how many bytes it has, a line break, and their digits in lines. None
/// for what is no such text.
std::optional<Profile> profile_in(std::string_view text)
{
    if (!text.starts_with('\n')) return std::nullopt;
    const std::size_t name_end = text.find('\n', 1);
    const std::size_t number = text.find_first_not_of(" \n", name_end);
    if (name_end == std::string_view::npos || number == std::string_view::npos) return std::nullopt;
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data() + number, text.data() + text.size(), size);
    if (error != std::errc{}) return std::nullopt;
    Bytes bytes;
    std::optional<unsigned> high;
    for (const char c : text.substr(static_cast<std::size_t>(end - text.data()))) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\0') continue;
        const auto digit = digit_of(c);
        if (!digit) return std::nullopt;
        if (high) bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *digit));
        high = high ? std::nullopt : digit;
    }
    const bool as_long_as_told = !high && bytes.size() == size;
    return Profile{std::move(bytes), as_long_as_told};
}

} // namespace

void PngProfiles::take(std::string_view keyword, ByteView text, Gathered& found)
{
    constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
    const std::string_view type = keyword.substr(prefix.size());
    auto inside = profile_in(text.text());
    if (!inside) return found.trouble("The PNG has a profile that can't be read: " + clean_text(type) + '.');
    if (!inside->as_long_as_told)
        found.trouble("The PNG has a profile of another length than it tells: " + clean_text(type) + '.');
    const ByteView profile{inside->bytes};
    if (type == "iptc" || type == "8bim") {
        read_iptc(profile, found);
    } else if (type == "xmp") {
        read_xmp(profile, found);
    } else if (type == "APP1" && profile.text(0, xmp_name.size()) == xmp_name) {
        read_xmp(profile.part(xmp_name.size()), found);
    } else if (type == "exif" || type == "APP1") {
        exif = std::move(inside->bytes);
    } else if (type == "icc" || type == "icm") {
        if (found.facts.colour_profile.empty()) found.facts.colour_profile = name_of_profile(profile);
    }
}

} // namespace photosafe::worker

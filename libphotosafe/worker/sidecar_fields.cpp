// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/sidecar_fields.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/time.hpp"
#include "worker/file_text.hpp"

namespace photosafe::worker {

namespace {

constexpr int stars_of_favourite = 5; // docs/decisions/0013-xmp-sidecars.md

/// `47,21.251000N`: degrees, and minutes to a millionth, which are two millimetres.
std::string coordinate_text(double degrees, const char* signs)
{
    constexpr long long a_minute = 1'000'000, a_degree = 60 * a_minute;
    const auto total = std::llround(std::abs(degrees) * static_cast<double>(a_degree));
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%lld,%lld.%06lld%c", total / a_degree,
                  total % a_degree / a_minute, total % a_minute, degrees < 0 ? signs[1] : signs[0]);
    return text.data();
}

/// `408500/1000`
std::string altitude_text(double metres)
{
    return std::to_string(std::llround(std::abs(metres) * 1000)) + "/1000";
}

/// `2024-05-31T14:03:22.5+02:00`: the wall time with its zone, as far as they are known.
std::string time_text(const CaptureTime& taken)
{
    if (taken.local.empty()) return taken.instant ? to_rfc3339(*taken.instant) : std::string{};
    if (!taken.offset_minutes) return taken.local;
    const int minutes = std::abs(*taken.offset_minutes);
    std::array<char, 16> zone{};
    std::snprintf(zone.data(), zone.size(), "%c%02d:%02d", *taken.offset_minutes < 0 ? '-' : '+',
                  minutes / 60 % 100, minutes % 60);
    return taken.local + zone.data();
}

/// A field that one property tells.
SidecarField field(const char* name, const char* key, const std::string& value, bool by_language = false)
{
    SidecarField result{name, {key}, {}, by_language};
    if (std::string text = xml_text(value); !text.empty()) result.wanted[key] = std::move(text);
    return result;
}

SidecarField rating_field(const SidecarFacts& facts)
{
    std::string stars;
    if (facts.rating) {
        stars = std::to_string(*facts.rating);
    } else if (facts.favourite) {
        stars = std::to_string(stars_of_favourite);
    }
    return field("rating", "Xmp.xmp.Rating", stars);
}

SidecarField position_field(const std::optional<GeoPoint>& at)
{
    SidecarField result{
        "position",
        {"Xmp.exif.GPSLatitude", "Xmp.exif.GPSLongitude", "Xmp.exif.GPSAltitude", "Xmp.exif.GPSAltitudeRef"},
        {}};
    if (!at || std::abs(at->latitude) > 90 || std::abs(at->longitude) > 180) return result;
    result.wanted["Xmp.exif.GPSLatitude"] = coordinate_text(at->latitude, "NS");
    result.wanted["Xmp.exif.GPSLongitude"] = coordinate_text(at->longitude, "EW");
    if (at->altitude_m && std::abs(*at->altitude_m) < 1e9) {
        result.wanted["Xmp.exif.GPSAltitude"] = altitude_text(*at->altitude_m);
        result.wanted["Xmp.exif.GPSAltitudeRef"] = *at->altitude_m < 0 ? "1" : "0";
    }
    return result;
}

SidecarField time_field(const CaptureTime& taken)
{
    SidecarField result{"taken", {"Xmp.exif.DateTimeOriginal", "Xmp.photoshop.DateCreated"}, {}};
    if (const std::string text = xml_text(time_text(taken)); !text.empty()) {
        for (const char* key : result.keys) result.wanted[key] = text;
    }
    return result;
}

/// Without the empty ones, and each once.
std::vector<std::string> distinct(const std::vector<std::string>& texts)
{
    std::vector<std::string> result;
    for (const std::string& one : texts) {
        std::string text = xml_text(one);
        if (!text.empty() && std::find(result.begin(), result.end(), text) == result.end())
            result.push_back(std::move(text));
    }
    return result;
}

} // namespace

std::string xml_text(std::string_view text)
{
    std::string result = clean_text(text);
    for (const std::string_view other :
         {"\xef\xbf\xbe", "\xef\xbf\xbf"}) { // U+FFFE and U+FFFF are no characters
        for (std::size_t at = 0; (at = result.find(other, at)) != std::string::npos;)
            result.replace(at, other.size(), "\uFFFD");
    }
    if (result.starts_with("type=")) result.insert(0, 1, ' '); // Exiv2 would read it as the kind of a value
    return result;
}

std::vector<SidecarField> fields_of(const SidecarFacts& facts)
{
    return {rating_field(facts),
            field("title", "Xmp.dc.title", facts.title, true),
            field("caption", "Xmp.dc.description", facts.caption, true),
            field("label", "Xmp.xmp.Label", facts.label),
            field("city", "Xmp.photoshop.City", facts.place.city),
            field("state", "Xmp.photoshop.State", facts.place.state),
            field("country", "Xmp.photoshop.Country", facts.place.country),
            field("country_code", "Xmp.iptc.CountryCode", facts.place.country_code),
            field("location", "Xmp.iptc.Location", facts.place.location),
            position_field(facts.position),
            time_field(facts.taken)};
}

std::vector<SidecarList> lists_of(const SidecarFacts& facts)
{
    std::vector<std::string> names;
    for (const SidecarPerson& person : facts.people) names.push_back(person.name);
    return {{"keywords", "Xmp.dc.subject", distinct(facts.keywords)},
            {"people", "Xmp.iptcExt.PersonInImage", distinct(names)}};
}

} // namespace photosafe::worker

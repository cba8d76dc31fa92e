// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif.hpp"

#include <cmath>

#include "media/capture_time.hpp"

namespace photosafe::worker {

namespace {

enum Tag : std::uint16_t {
    latitude_ref = 1,
    latitude = 2,
    longitude_ref = 3,
    longitude = 4,
    altitude_ref = 5,
    altitude = 6,
    time_of_day = 7,
    date = 29,
};

const ExifValue* find(const ExifValues& values, Tag tag) { return values.find(ExifFolder::gps, tag); }

/// Degrees, minutes and seconds; cameras leave out those behind the first that has a fraction.
std::optional<double> degrees_of(const ExifValue& value)
{
    const auto degrees = value.real(0);
    if (!degrees || *degrees < 0) return std::nullopt;
    double result = *degrees;
    double unit = 60;
    for (std::size_t i = 1; i < 3 && i < value.count; ++i, unit *= 60) {
        const auto part = value.real(i);
        if (!part || *part < 0 || *part > 60) return std::nullopt;
        result += *part / unit;
    }
    return result;
}

/// With its sign; none, and a trouble, for what is no place.
std::optional<double> coordinate(const ExifValues& values, Tag tag, Tag ref, std::string_view signs,
                                 double most, Gathered& found)
{
    const ExifValue* value = find(values, tag);
    if (!value) return std::nullopt;
    const auto size = degrees_of(*value);
    if (!size || *size > most) {
        found.trouble("EXIF has a position that is none: " + value->shown() + '.');
        return std::nullopt;
    }
    const std::string side = values.text(ExifFolder::gps, ref);
    const std::size_t sign = side.empty() ? std::string_view::npos : signs.find(side.front());
    if (sign == std::string_view::npos) {
        found.trouble("EXIF has a position and doesn't say on which half of the globe.");
        return std::nullopt;
    }
    return sign % 2 == 0 ? *size : -*size;
}

std::optional<double> altitude_of(const ExifValues& values, Gathered& found)
{
    constexpr double deepest = -12'000,
                     highest = 1'000'000; // the sea's ground; orbits, where cameras are too
    const ExifValue* value = find(values, altitude);
    if (!value) return std::nullopt;
    const auto size = value->real();
    // 3 is EXIF 3.0's, of a height above the sea; 0 and 1 are of one above the ellipsoid there.
    const auto side = values.whole(ExifFolder::gps, altitude_ref).value_or(0);
    const bool below = side == 1 || side == 3;
    const double metres = size ? (below && *size != 0 ? -*size : *size) : 0;
    if (size && metres >= deepest && metres <= highest) return metres;
    found.trouble("EXIF has an altitude that is none: " + value->shown() + '.');
    return std::nullopt;
}

std::optional<Instant> time_of(const ExifValues& values, Gathered& found)
{
    const ExifValue* day = find(values, date);
    const ExifValue* time = find(values, time_of_day);
    if (!day || !time) return std::nullopt;
    const auto midnight = parse_wall_time(day->text());
    const auto h = time->real(0), m = time->real(1), s = time->real(2);
    if (!midnight || !midnight->day_only || !h || !m || !s || *h < 0 || *m < 0 || *s < 0 || *h >= 24 ||
        *m >= 60 || *s >= 61) {
        found.trouble("EXIF has a GPS time that is none: " + day->text() + ' ' + time->shown() + '.');
        return std::nullopt;
    }
    // What a receiver says before it has heard of a satellite: 1970, or the first day of GPS.
    constexpr std::chrono::local_days first_gps{std::chrono::year{1980} / 1 / 6};
    if (midnight->at <= first_gps) {
        found.trouble("EXIF has a GPS time of before there was GPS: " + day->text() + '.');
        return std::nullopt;
    }
    const double seconds = *h * 3600 + *m * 60 + *s;
    const auto since = std::chrono::milliseconds{std::llround(seconds * 1000)};
    return Instant{midnight->at.time_since_epoch() + since};
}

} // namespace

void take_gps(const ExifValues& values, Gathered& found)
{
    found.time.gps = time_of(values, found);
    const auto north = coordinate(values, latitude, latitude_ref, "NSns", 90, found);
    const auto east = coordinate(values, longitude, longitude_ref, "EWew", 180, found);
    if (!north || !east) return;
    if (*north == 0 && *east == 0) { // what receivers say that have found no satellite yet
        found.trouble("EXIF has the position 0, 0, which stands for none.");
        return;
    }
    found.facts.position = GeoPoint{*north, *east, altitude_of(values, found)};
}

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/time_clues.hpp"

#include <algorithm>

#include "media/capture_time.hpp"

namespace photosafe::worker {

namespace {

bool blank(const std::string& text) // EXIF's way to say that it isn't known
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == ':'; });
}

bool all_digits(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string no_zone(std::string_view who, std::string_view offset)
{
    return std::string{who} + " has an offset from UTC that no zone has: " + std::string{offset} + '.';
}

std::optional<WallTime> read_clock(const ExifClock& clock, std::vector<std::string>& troubles)
{
    if (blank(clock.time)) return std::nullopt;
    constexpr std::size_t second_end = 19; // of `2024:05:31 14:03:22`, behind which an offset may stand
    std::optional<Clock> known;
    if (!clock.fraction.empty() && all_digits(clock.fraction) && clock.time.size() >= second_end &&
        clock.time.find('.') == std::string::npos) {
        const std::string exact = std::string{clock.time}.insert(second_end, '.' + clock.fraction);
        if (const auto time = parse_clock(exact)) known = Clock{time->time, {}};
    }
    const auto plain = parse_clock(clock.time);
    if (!known) known = plain;
    if (!known || known->time.day_only) {
        troubles.push_back("EXIF has a time that is none: " + clock.time + '.');
        return std::nullopt;
    }
    std::optional<WallTime> time = known->time;
    if (plain && !plain->wrong_offset.empty()) troubles.push_back(no_zone("EXIF", plain->wrong_offset));
    if (!clock.fraction.empty() && !all_digits(clock.fraction))
        troubles.push_back("EXIF has a fraction of a second that is none: " + clock.fraction + '.');
    if (blank(clock.offset)) return time;
    if (const auto offset = parse_offset(clock.offset)) {
        time->offset_minutes = offset;
    } else {
        troubles.push_back(no_zone("EXIF", clock.offset));
    }
    return time;
}

CaptureTime of_exif(WallTime time, const std::optional<Instant>& gps)
{
    if (time.offset_minutes) return capture_time(TimeSource::exif_offset, time);
    if (gps) time.offset_minutes = offset_between(time, *gps);
    return capture_time(time.offset_minutes ? TimeSource::exif_gps : TimeSource::exif_local, time);
}

/// The first that is a time, and the first that is a day at least.
struct OfXmp {
    std::optional<WallTime> time, day;
};

/// Whether two show the same, but for fractions of a second.
bool same_wall(const WallTime& one, const WallTime& other)
{
    using std::chrono::seconds;
    return std::chrono::floor<seconds>(one.at) == std::chrono::floor<seconds>(other.at);
}

OfXmp read_xmp(const std::vector<std::string>& texts, std::vector<std::string>& troubles)
{
    OfXmp result;
    for (const std::string& text : texts) {
        const auto clock = parse_clock(text);
        if (!clock) {
            troubles.push_back("XMP or IPTC has a time that is none: " + text + '.');
            continue;
        }
        if (!clock->wrong_offset.empty()) troubles.push_back(no_zone("XMP or IPTC", clock->wrong_offset));
        const std::optional<WallTime> time = clock->time;
        if (time->day_only) {
            if (!result.day) result.day = time;
        } else if (!result.time) {
            result.time = time;
        } else if (!result.time->offset_minutes && same_wall(*time, *result.time)) {
            result.time->offset_minutes = time->offset_minutes; // the same time, told with its zone
        }
    }
    return result;
}

} // namespace

CaptureTime weigh(const TimeClues& clues, std::vector<std::string>& troubles)
{
    const auto original = read_clock(clues.original, troubles);
    const auto digitized = read_clock(clues.digitized, troubles);
    const OfXmp taken = read_xmp(clues.xmp_original, troubles),
                created = read_xmp(clues.xmp_created, troubles);
    if (original) return of_exif(*original, clues.gps);
    if (taken.time) return capture_time(TimeSource::xmp, *taken.time);
    if (digitized) return of_exif(*digitized, clues.gps);
    if (created.time) return capture_time(TimeSource::xmp, *created.time);
    if (clues.gps) {
        CaptureTime result;
        result.source = TimeSource::exif_gps;
        result.instant = clues.gps;
        return result;
    }
    const auto& day = taken.day ? taken.day : created.day;
    if (!day) return {};
    troubles.emplace_back("XMP or IPTC has a day without a time of day; its midnight stands for it.");
    return capture_time(TimeSource::xmp, *day);
}

} // namespace photosafe::worker

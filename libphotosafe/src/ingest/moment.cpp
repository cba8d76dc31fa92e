// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/moment.hpp"

#include <cstdlib>

#include "core/time.hpp"
#include "media/capture_time.hpp"

namespace photosafe {

namespace {

constexpr std::int64_t most_apart = one_moment.count();

/// Seconds and nanoseconds from b to a; differences of Instants may be too large for one.
std::int64_t distance(Instant a, Instant b) noexcept
{
    const SplitInstant x = split(a), y = split(b);
    const std::int64_t seconds = x.seconds - y.seconds;
    const std::int64_t nanoseconds = x.nanoseconds - y.nanoseconds;
    // Rounded away from zero, so that a nanosecond too much is too much.
    if (seconds >= 0 && nanoseconds > 0) return seconds + 1;
    if (seconds <= 0 && nanoseconds < 0) return seconds - 1;
    return seconds;
}

/// A wall time as if it were UTC.
std::optional<Instant> as_utc(const CaptureTime& time) { return from_rfc3339(time.local + 'Z'); }

} // namespace

bool same_moment(Instant a, Instant b) noexcept { return std::abs(distance(a, b)) <= most_apart; }

SameMoment same_moment(const CaptureTime& a, const CaptureTime& b)
{
    const auto answer = [](bool same) { return same ? SameMoment::yes : SameMoment::no; };
    if (a.instant && b.instant) return answer(same_moment(*a.instant, *b.instant));
    const auto here = as_utc(a), there = as_utc(b);
    if (here && there) return answer(same_moment(*here, *there));
    const auto local = here ? here : there;
    const auto instant = here ? b.instant : a.instant;
    if (!local || !instant) return SameMoment::unknown;
    const std::int64_t apart = distance(*local, *instant);
    constexpr std::int64_t farthest = 15 * 3600, minute = 60; // so that its minutes fit into an int
    if (std::abs(apart) > farthest) return SameMoment::no;
    const std::int64_t minutes = (apart + (apart < 0 ? -minute / 2 : minute / 2)) / minute;
    return answer(std::abs(apart - minutes * minute) <= most_apart &&
                  is_offset_in_use(static_cast<int>(minutes)));
}

bool is_from_camera(const CaptureTime& time) noexcept
{
    switch (time.source) {
    case TimeSource::exif_offset:
    case TimeSource::quicktime_zone:
    case TimeSource::exif_gps:
    case TimeSource::live_video:
    case TimeSource::exif_local: return true;
    case TimeSource::none:
    case TimeSource::xmp:
    case TimeSource::quicktime_utc:
    case TimeSource::file_birth:
    case TimeSource::file_modified: return false;
    }
    return false;
}

} // namespace photosafe

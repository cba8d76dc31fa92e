// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <photosafe/metadata.hpp>

namespace photosafe {

/// A time as clocks on a wall show it, and its zone where that is known. It lies in the years 1678 to 2261.
struct WallTime {
    std::chrono::local_time<std::chrono::nanoseconds> at;
    std::optional<int> offset_minutes; ///< east of UTC
    bool day_only = false;             ///< no time of day was given; `at` is its midnight
};

/// A time as EXIF, XMP, IPTC, ISO 8601 or QuickTime write it: `2024:05:31 14:03:22`,
/// `2024-05-31T14:03:22.5+02:00`, `2024-05-31`. None for what is no time: a month alone, `0000:00:00`, an
/// offset that no zone has.
std::optional<WallTime> parse_wall_time(std::string_view text);

/// The same, also of a clock whose offset no zone has: it shows its time all the same.
struct Clock {
    WallTime time;
    std::string_view wrong_offset; ///< within the text; empty: there is none
};
std::optional<Clock> parse_clock(std::string_view text);

/// Whether somewhere clocks are, or in the last decades were, so far from UTC.
bool is_offset_in_use(int minutes);

/// `+02:00`, `-0330`, `Z`, also with `GMT` before it, as a headset writes it; in minutes east of UTC. None
/// for anything else, and for an offset that no zone has or had since 1970.
std::optional<int> parse_offset(std::string_view text);

/// The same as a capture time; the instant is known where the zone is.
CaptureTime capture_time(TimeSource source, const WallTime& time);

/// What zone a clock is in that shows `local` while it is `utc`. The two may have been read some minutes
/// apart; none where no zone that is in use explains them.
std::optional<int> offset_between(const WallTime& local, Instant utc);

/// What the zone of a shot's moving half says of its still: a still whose zone nobody knew gets that of the
/// movie. Anything else is returned as it is: the still knows already, the movie has no zone (its UTC is
/// none), or their clocks are a minute apart or more, so that they aren't of one moment or zone.
CaptureTime with_zone_of(const CaptureTime& still, const CaptureTime& movie);

} // namespace photosafe

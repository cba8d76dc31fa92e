// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <string>

namespace simphone {

/// "2024:05:03 14:03:07", the wall clock of the place.
std::string exif_time(const Moment& moment);
/// "2024:05:03" and seconds since midnight, in UTC, as GPS wants them.
std::string gps_date(const Moment& moment);
unsigned utc_second_of_day(const Moment& moment);
/// "+02:00"
std::string zone_text(const Moment& moment);
/// "123": milliseconds, as iPhones write sub-seconds.
std::string milliseconds_text(const Moment& moment);
/// "2024-05-03T14:03:07+0200", as the movies of iPhones have it.
std::string quicktime_time(const Moment& moment);
/// "2024-05-03T14:03:07.123+02:00"
std::string rfc3339(const Moment& moment);
/// Seconds since 1904 UTC.
std::uint64_t quicktime_seconds(const Moment& moment);

Moment later(const Moment& moment, double seconds);

} // namespace simphone

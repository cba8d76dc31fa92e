// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <photosafe/asset.hpp>

namespace photosafe {

/// Now, by the wall clock: for text shown to people only, it decides nothing.
Instant wall_now();

/// Whole seconds since 1970, rounded down, and the nanoseconds from there. std::chrono's own rounding
/// overflows at the ends of what an Instant holds.
struct SplitInstant {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0; ///< 0 to 999,999,999
};
SplitInstant split(Instant instant) noexcept;

/// RFC 3339 in UTC with nanoseconds where there are any: `2024-05-31T12:03:22.5Z`. An Instant lies in the
/// years 1677 to 2262.
std::string to_rfc3339(Instant instant);
/// What `to_rfc3339` wrote; none for anything else.
std::optional<Instant> from_rfc3339(std::string_view text);

/// The instant in this computer's zone, without one: `2024-05-31T14:03:22`.
std::string to_local(Instant instant);
/// The day that it is then in this computer's zone, counted from 1970-01-01.
std::int64_t local_day(Instant instant);

} // namespace photosafe

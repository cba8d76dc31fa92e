// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include <photosafe/metadata.hpp>

namespace photosafe {

/// Whether two times are of one moment, as far as they can be compared.
enum class SameMoment { yes, no, unknown };

/// Parts of one shot are at most so far apart: a Live Photo's movie begins before its picture, and clocks of
/// pictures have no fractions.
constexpr std::chrono::seconds one_moment{3};
bool same_moment(Instant a, Instant b) noexcept;
/// What two files say of themselves. A time without a zone and one in UTC are of one moment when a zone can
/// explain their distance.
SameMoment same_moment(const CaptureTime& a, const CaptureTime& b);

/// Whether the time was noted by the camera as the shot was taken: not a movie's UTC, which a program that
/// renders it sets anew.
bool is_from_camera(const CaptureTime& time) noexcept;

} // namespace photosafe

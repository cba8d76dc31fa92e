// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

namespace photosafe::worker {

/// A time as EXIF has it, in three tags.
struct ExifClock {
    std::string time;     ///< `2024:05:31 14:03:22`
    std::string fraction; ///< digits behind the second: `123`
    std::string offset;   ///< `+02:00`
};

/// All that a file says of when it was taken. What isn't there is empty.
struct TimeClues {
    ExifClock original;  ///< when the shutter was pressed
    ExifClock digitized; ///< when it became a file: of a camera's picture the same
    std::optional<Instant> gps;
    std::vector<std::string> xmp_original; ///< of XMP and IPTC, the same two meanings
    std::vector<std::string> xmp_created;
};

/// Weighs them, the best first:
///
/// 1. EXIF's time with its own offset; without one, with the zone that its distance from GPS time shows.
/// 2. EXIF's time without a zone. It is never taken for UTC, nor for that of this computer.
/// 3. A time in XMP or IPTC, with a zone if it has one. When the picture was taken goes before when it became
///    a file; a day without a time of day goes last, as its midnight.
/// 4. GPS time alone: an instant of which the wall time isn't known.
///
/// Of EXIF, too, what says when the picture was taken goes before what says when it became a file, and XMP's
/// and IPTC's word on the former before EXIF's on the latter. When a file was last changed is no capture
/// time. What is there and is no time is named in `troubles`.
CaptureTime weigh(const TimeClues& clues, std::vector<std::string>& troubles);

} // namespace photosafe::worker

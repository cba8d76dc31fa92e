// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "worker/exif_values.hpp"

namespace Exiv2 {
class ExifData;
}

namespace photosafe::worker {

/// EXIF as Exiv2 has taken it apart.
struct Exiv2Values {
    ExifValues values;
    std::deque<std::vector<std::uint8_t>>
        bytes; ///< what the values look at; a deque, since they mustn't move
};

/// Of what it has read. May throw Exiv2's errors.
Exiv2Values exiv2_values(const Exiv2::ExifData& data);

/// Of a block that begins with its TIFF header. Nothing for one that Exiv2 can't read.
Exiv2Values exiv2_exif(ByteView block);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// What stands before the pixels of a JPEG. The views are parts of the file.
struct JpegParts {
    std::uint32_t width = 0, height = 0; ///< as stored; 0: the file ends before it says so
    int bit_depth = 0;
    ByteView exif;             ///< a TIFF block
    ByteView xmp;              ///< a packet
    ByteView iptc;             ///< Photoshop's resource blocks: of several segments, that with IPTC records
    std::vector<ByteView> icc; ///< parts of a profile, in order
    std::string trouble;       ///< where it is broken, a sentence; what was found before that is there
};

/// Reads the segments up to the pixels, and no further.
JpegParts read_jpeg_parts(ByteView file);

} // namespace photosafe::worker

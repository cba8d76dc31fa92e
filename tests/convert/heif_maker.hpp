// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace photosafe::test {

/// A HEIC to be made: red, green, blue and white quarters, left to right and top to bottom as it is to be
/// seen.
struct MadeHeif {
    unsigned width = 64, height = 48; ///< as it is stored
    int orientation = 1;              ///< EXIF's, told by HEIF's own properties
    int bits = 8;
    int matrix = 6; ///< of its colours, as ITU-T H.273 counts them: 1 BT.709, 6 BT.601, 9 BT.2020
    bool full_range = true;
    bool alpha = false;     ///< the white quarter is transparent
    unsigned thumbnail = 0; ///< longer edge of an embedded one
    std::string exif{};     ///< a TIFF block
    std::string xmp{};
    std::vector<std::uint8_t> icc{};
};

/// Throws std::runtime_error, also where libheif has no encoder here.
std::string make_heif(const MadeHeif& wanted);

} // namespace photosafe::test

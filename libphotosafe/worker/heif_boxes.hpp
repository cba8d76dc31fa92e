// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "worker/byte_view.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What stands in the boxes of a HEIF, taken as it stands: no reference is checked and nothing is asked for
/// that showing the picture would need.
struct HeifBoxes {
    std::uint32_t width = 0, height = 0; ///< of the main picture, before it is cut or turned; 0: not known
    int orientation = 1;
    Bytes exif;      ///< a TIFF block
    std::string xmp; ///< a packet
    Bytes icc;
};

/// For files that libheif refuses, or of which it shows no EXIF: cut, damaged, or made by a phone that came
/// after it.
HeifBoxes read_heif_boxes(ByteView file);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What has to differ between what stands beside a picture's pixels and beside those of its rendition.
struct BesideChange {
    int orientation = 1;                 ///< of the rendition
    int turned_by = 1;                   ///< the orientation by which the stored pixels were turned upright
    std::uint32_t width = 0, height = 0; ///< of the rendition
    bool srgb = false;                   ///< its colours were converted to sRGB
    bool cropped = false;                ///< it shows less than the stored picture
    bool strip_location = false;
};

/// Changes a TIFF block in place, so that all that PhotoSafe doesn't understand (maker notes above all, whose
/// offsets can point anywhere) stays byte for byte where it was: orientation, size
/// and where the subject is are overwritten, the thumbnail of the old picture and, on demand, every place are
/// wiped. A block that can't be read is emptied. What had to go is named in `lost`: `exif`, `maker_note`,
/// `subject_area`.
void change_exif(Bytes& exif, const BesideChange& change, std::vector<std::string>& lost);

/// The orientation that a TIFF block tells; 1 where it tells none.
int exif_orientation(const Bytes& exif);

/// Whether it says, by the DCF standard or as some cameras do, that the colours are those of Adobe RGB.
bool tells_adobe_rgb(const Bytes& exif);

/// The thumbnail inside, a JPEG; empty where there is none.
std::span<const std::uint8_t> exif_thumbnail(const Bytes& exif);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "worker/exif_copy.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What a file of any kind that Exiv2 knows says beside its pixels.
struct Told {
    Beside beside;                 ///< without a colour profile
    int orientation = 1;           ///< by its EXIF
    Bytes thumbnail;               ///< of its EXIF, a JPEG; empty where there is none
    std::vector<std::string> lost; ///< what of its EXIF isn't in `beside`: `maker_note`, `further_exif`
};

/// Of PNG, WebP, TIFF, JPEG XL, and of a HEIC that libheif refuses. What can't be read is empty.
Told read_beside(std::span<const std::uint8_t> file);

/// The largest JPEG inside a RAW, and what the RAW says beside it.
struct RawPreview {
    Bytes jpeg;
    Told told;
};

/// DNG, ProRAW, CR2, NEF, ARW, RAF and other RAWs that Exiv2 knows; the smallest preview whose longer edge is
/// at least `enough`; where none is, or `enough` is 0, the largest. Throws CannotRender.
RawPreview read_raw_preview(std::span<const std::uint8_t> file, std::uint32_t enough);

/// An XMP packet without what can't be true of a rendition (another orientation or size, a movie or a gain
/// map within the file, regions of pixels that were turned, which are named in `lost`: `regions`) and, on
/// demand, without places. A packet that needs no change is returned byte for byte; one that does and can't
/// be read is none.
std::optional<std::string> change_xmp(const std::string& packet, const BesideChange& change,
                                      std::vector<std::string>& lost);

/// A Photoshop resource block without the places that its IPTC names; one that can't be read is empty.
Bytes without_places(const Bytes& iptc);

/// A TIFF block without maker notes; empty where that can't be. What had to go is named in `lost`:
/// `maker_note`, `further_exif` (entries that are too long).
Bytes without_maker_note(const Bytes& exif, std::vector<std::string>& lost);

} // namespace photosafe::worker

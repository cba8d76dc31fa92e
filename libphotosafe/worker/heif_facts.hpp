// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>

#include <photosafe/metadata.hpp>

#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// How a HEIC, HEIF or AVIF is built, by libheif, which reads the boxes and decodes nothing. Into `facts` go
/// width, height, orientation, tiles, auxiliary pictures and thumbnails, bit depth, colour profile, codec,
/// `hdr` where the transfer function is one of HDR, and `spatial` where two views belong together (from
/// libheif 1.19 on). Returned are the EXIF block and the XMP packet, for the readers of those.
///
/// Width and height are those of the picture that one sees (cut as the file asks for), before it is turned.
/// `orientation` is what HEIF's own properties ask for, and nothing else: readers of HEIF don't turn by the
/// EXIF tag, which phones write beside the property and which must not turn the picture twice. Before libheif
/// 1.16, which doesn't tell, it is that tag's where the sides of the picture don't speak against it.
///
/// Where libheif refuses the file, `facts.troubles` says why and what was read until then stays. Throws
/// nothing but std::bad_alloc. The bytes may be a mapped file: few of them are touched.
Beside read_heif_facts(std::span<const std::uint8_t> file, Metadata& facts);

} // namespace photosafe::worker

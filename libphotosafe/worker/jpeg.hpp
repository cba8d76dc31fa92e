// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "worker/pixels.hpp"

namespace photosafe::worker {

using Bytes = std::vector<std::uint8_t>;

/// What stands beside the pixels of a picture and may go along into a JPEG.
struct Beside {
    Bytes exif;               ///< a TIFF block, without the `Exif` before it
    std::string xmp;          ///< a packet
    Bytes iptc;               ///< a Photoshop resource block, as APP13 has it
    Bytes icc;                ///< empty: sRGB, or nobody knows
    bool further = false;     ///< more pictures stand behind this one: a gain map for HDR, another view
    bool further_xmp = false; ///< XMP goes on in segments that are not read
};

struct DecodedJpeg {
    Pixels pixels; ///< as stored
    Beside beside;
    bool broken = false; ///< a part of the pixels isn't in the file, or can't be read: it is grey, or coarse
};

/// Size as stored, and what stands beside the pixels; decodes none of them. Throws CannotRender.
struct JpegHeader {
    std::uint32_t width = 0, height = 0;
    Beside beside;
};
JpegHeader read_jpeg_header(std::span<const std::uint8_t> file);

/// Decodes; where only `wanted_edge` is needed (0: all), by less work, still at least so large. A JPEG that
/// is cut off gives what there is of it, if that is more than its header. Throws CannotRender.
DecodedJpeg decode_jpeg(std::span<const std::uint8_t> file, std::uint32_t wanted_edge, std::uint64_t limit);

struct JpegOptions {
    int quality = 90; ///< 1 to 100
    bool progressive = false;
};

/// A baseline or progressive JPEG of these planes or pixels, with all of `beside` that fits: what doesn't is
/// named in `lost`. Throws CannotRender.
Bytes encode_jpeg(const Planes& planes, const Beside& beside, const JpegOptions& options,
                  std::vector<std::string>& lost);
Bytes encode_jpeg(const Pixels& pixels, const Beside& beside, const JpegOptions& options,
                  std::vector<std::string>& lost);

} // namespace photosafe::worker

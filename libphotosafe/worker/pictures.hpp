// SPDX-License-Identifier: LGPL-2.1-or-later
// Readers of pictures whose containers are simple enough to be walked here. Each takes the whole file, finds
// size, depth and codec in it, and gives EXIF, XMP and IPTC to their readers. None throws for what is in the
// file, and none looks at pixels.
#pragma once

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"

namespace photosafe::worker {

void read_jpeg(ByteView file, Gathered& found);
void read_png(ByteView file, Gathered& found);
void read_webp(ByteView file, Gathered& found);
void read_gif(ByteView file, Gathered& found);
void read_jxl(ByteView file, Gathered& found);

/// What an ICC profile calls itself; empty where it can't be read.
std::string name_of_profile(ByteView icc);

/// EXIF of a picture whose container tells, itself, how it is turned: EXIF's word on that doesn't count.
void read_exif_beside_orientation(ByteView block, Gathered& found);

} // namespace photosafe::worker

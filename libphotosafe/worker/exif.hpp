// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "worker/byte_view.hpp"
#include "worker/exif_values.hpp"
#include "worker/gathered.hpp"

namespace photosafe::worker {

/// Reads an EXIF block, which begins with its TIFF header, by libexif; what that can't (a block above 64 KiB,
/// or one that it finds nothing in) by Exiv2. Of maker notes only Apple's is looked into. Never throws for
/// what is in the block: that ends in facts and troubles.
void read_exif(ByteView block, Gathered& found);

/// The same, of values that somebody else has taken apart: those of a TIFF or a RAW.
void take_exif(const ExifValues& values, Gathered& found);

/// Position and time of the satellites. Ratios over zero, references that are missing and places that are
/// none give none, and a trouble.
void take_gps(const ExifValues& values, Gathered& found);

/// Apple's maker note: what joins the halves of a Live Photo and the frames of a burst, HDR, and the like.
void take_apple_note(ByteView note, Gathered& found);

} // namespace photosafe::worker

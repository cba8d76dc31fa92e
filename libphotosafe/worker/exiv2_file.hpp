// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"

namespace photosafe::worker {

/// Reads a whole file by Exiv2: TIFF, DNG, the RAWs, and whatever another reader refuses. Fills size, EXIF,
/// XMP and IPTC; what is known already of the size stays. Never throws for what is in the file.
void read_exiv2_file(ByteView file, Gathered& found);

/// Makes Exiv2 quiet, and lets it read files of ISO boxes. Call it once, before anything else of it.
void prepare_exiv2();

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "worker/gathered.hpp"
#include "worker/tiff.hpp"

namespace photosafe::worker {

/// Says of a TIFF whether it ends within a folder, leads back into one, points to one that isn't in it, or
/// has values that lie outside: libexif and Exiv2 leave that out and tell nobody.
void check_tiff(const TiffBlock& block, Gathered& found);

/// The same of an EXIF block, but for the thumbnail's folder, which says nothing of the picture, and behind
/// which cameras leave anything.
void check_exif(const TiffBlock& block, Gathered& found);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// The previews of a RAW that is a TIFF (DNG, NEF, ARW), JPEGs as they lie in the file. Nothing is found in
/// what is no TIFF.
std::vector<ByteView> jpegs_in_tiff(ByteView file);

/// Whether a TIFF has pictures behind its first one, such as further pages, and not only smaller copies of it.
bool has_further_pages(ByteView file);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace photosafe::worker {

/// This program and the libraries that it reads pictures with: `photosafe 0.1.0, libexif 0.6.24, Exiv2
/// 0.27.6, libheif 1.19.7, libavformat 59.27.100`. When it changes, what couldn't be read is worth another
/// try.
std::string versions();

} // namespace photosafe::worker

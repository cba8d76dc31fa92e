// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <string>

namespace simphone {

/// The TIFF block with everything the file says of itself, Apple's maker note included where an iPhone took
/// it. `thumbnail` is a JPEG or empty.
std::string exif_block(const RollFile& file, const std::string& thumbnail);

/// The block of a screenshot: no camera, but the comment by which Photos knows one.
std::string screenshot_exif_block(const RollFile& file);

/// A DNG: `preview` in the first directory, a small linear raw strip in the second.
std::string dng(const RollFile& file, const std::string& preview);

/// XMP with the date, and for screenshots the comment.
std::string xmp_packet(const RollFile& file);

} // namespace simphone

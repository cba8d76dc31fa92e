// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <string>

namespace simphone {

/// `picture` (a JPEG) with the file's EXIF, and in it the thumbnail, where the file has a camera.
std::string assemble_jpeg(const RollFile& file, const std::string& picture, const std::string& thumbnail);

/// A small GIF89a of two frames, its colours from the file's seed.
std::string make_gif(const RollFile& file);

} // namespace simphone

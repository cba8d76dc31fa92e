// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_pictures.hpp"

#include <string>
#include <vector>

namespace simphone {

/// What stands beside the picture in its HEIC: `hdr_gain_map`, `depth`, `portrait_effects_matte`.
std::vector<std::string> auxiliaries(const RollFile& file);

/// A HEIC file arranged as an iPhone arranges it: tiles under a grid (or one picture), a thumbnail, EXIF and
/// XMP items, auxiliary pictures, the rotation as a property. The media data come last and end with
/// `noise_bytes` that the caller appends.
std::string assemble_heic(const RollFile& file, const TiledPicture& picture, std::uint64_t noise_bytes);

} // namespace simphone

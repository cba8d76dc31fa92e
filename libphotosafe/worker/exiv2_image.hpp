// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include <exiv2/exiv2.hpp>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// Reads `file`, which must outlive the result, by Exiv2. Movies are refused: Exiv2's readers of them believe
/// every size in the file, and libavformat reads movies here. Errors: as of `exiv2_trouble`.
std::unique_ptr<Exiv2::Image> read_image(ByteView file);

/// What the exception at hand says, where Exiv2 threw it: one of its own, or the std::overflow_error of its
/// arithmetic (safe_op.hpp, which throws it out of RafImage::readMetadata, for one). Any other one goes on.
std::string exiv2_trouble();

} // namespace photosafe::worker

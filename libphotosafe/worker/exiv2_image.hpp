// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include <exiv2/exiv2.hpp>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// Reads `file`, which must outlive the result, by Exiv2. Movies are refused: Exiv2's readers of them believe
/// every size in the file, and libavformat reads movies here. Errors: Exiv2::Error.
std::unique_ptr<Exiv2::Image> read_image(ByteView file);

} // namespace photosafe::worker

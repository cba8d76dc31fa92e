// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "worker/byte_view.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What zlib has packed, up to `most` bytes. A stream that is cut off, or whose checksum is missing, gives
/// what there is of it; none for one that is broken, or that grows beyond `most`.
std::optional<Bytes> inflated(ByteView packed, std::size_t most);

} // namespace photosafe::worker

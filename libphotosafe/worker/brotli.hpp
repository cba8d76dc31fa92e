// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "worker/byte_view.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What Brotli has packed, up to `most` bytes. None for a stream that is broken or cut off, or that grows
/// beyond `most`.
std::optional<Bytes> unpacked_brotli(ByteView packed, std::size_t most);

} // namespace photosafe::worker

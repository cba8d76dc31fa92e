// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "json.hpp"

namespace photosafe {
struct Found;
}

namespace photosafe::cli {

/// An original and all that the catalog tells of it but its raw tags: an object of type `asset`.
Json json_of(const Found& found);

} // namespace photosafe::cli

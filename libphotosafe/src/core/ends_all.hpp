// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/error.hpp>

namespace photosafe {

/// Whether an error that came from a source means that nothing else can be read from it either.
bool ends_all(const Error& error);

} // namespace photosafe

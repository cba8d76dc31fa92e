// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/metadata.hpp>

namespace photosafe::worker {

/// What the file says of itself. `fd` is read-only and stays the caller's. Throws MediaError{unreadable}.
Metadata read_metadata(int fd);

/// Loads what readers load late, while files can still be opened. Call it once, before the jail.
void prepare_readers();

} // namespace photosafe::worker

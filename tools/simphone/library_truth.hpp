// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "library_generation.hpp"

#include <iosfwd>

namespace simphone {

/// Writes the members of the truth that tell what the phone's database says: `"library": {…}`, without a
/// comma before or after. README.md has the fields.
void write_library_truth(std::ostream& out, const Library& library, const Generation& generation,
                         const LibraryOptions& options);

} // namespace simphone

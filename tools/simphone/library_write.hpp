// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "library_generation.hpp"

#include <filesystem>

namespace simphone {

/// Writes `PhotoData/Photos.sqlite` below `root`, with the `-wal` and `-shm` of a phone that runs: the last
/// tenth of the assets, an album, two hearts and a deletion are in the log only. Throws std::runtime_error.
void write_library(const Library& library, const Generation& generation, const std::filesystem::path& root);

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "library_generation.hpp"
#include "roll_write.hpp"

namespace simphone {

/// Writes the roll's library beside its files and adds the database's files to the roll. Throws
/// std::invalid_argument, std::runtime_error.
Library give_library(Roll& roll, std::uint64_t seed, const LibraryOptions& options,
                     const std::filesystem::path& root);

} // namespace simphone

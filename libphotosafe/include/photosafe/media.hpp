// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include <photosafe/export.hpp>

namespace photosafe {

/// How pictures are read and drawn: by workers, programs of their own in a jail, so that a file that breaks
/// its reader costs that file its facts and nothing else.
struct MediaOptions {
    std::filesystem::path worker{}; ///< the program; empty: the one that was installed with this library
    unsigned workers = 0;           ///< at most so many at once, and 1024; 0: one a processor
    std::chrono::milliseconds time_limit{30'000}; ///< for one file, wall and processor time
    std::uint64_t memory_limit = std::uint64_t{1}
                                 << 30; ///< bytes of address space beyond what a worker starts with
};

} // namespace photosafe

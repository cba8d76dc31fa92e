// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_pictures.hpp"

#include <cstdint>
#include <string>

namespace simphone {

/// A file's bytes: `head`, then `filling` bytes of noise from `seed` (or a hole, all zeros), then `tail`.
struct Content {
    std::string head;
    std::uint64_t filling = 0;
    std::uint64_t seed = 0;
    bool hole = false;
    std::string tail;
};

/// The bytes of `file`; not for a file that repeats another. Throws std::runtime_error.
Content make_content(const RollFile& file, PictureBank& bank);

} // namespace simphone

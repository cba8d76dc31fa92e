// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_pictures.hpp"

#include <cstdint>
#include <string>

namespace simphone {

/// A QuickTime movie around a stretch of bytes that the caller writes between head and tail.
struct Movie {
    std::string head;
    std::uint64_t filling = 0;
    std::string tail;
};

/// HEVC video and the metadata of an iPhone: file type and media data first, the movie box last. A Live
/// Photo's half also has the track that tells the time of its still. `filling` bytes of media data belong to
/// no sample.
Movie assemble_movie(const RollFile& file, const std::vector<CodedPicture>& frames, std::uint64_t filling);

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <string>

namespace simphone {

/// The zlib stream of a phone's screen: stripes of colour on a light or dark ground. 8-bit RGB, no filter.
std::string compress_screen(std::uint64_t seed, unsigned width, unsigned height);

/// A PNG with the chunks of an iOS screenshot; `rows` from compress_screen.
std::string assemble_png(const RollFile& file, const std::string& rows);

} // namespace simphone

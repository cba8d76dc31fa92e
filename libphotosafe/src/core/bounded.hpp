// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of what a file says of itself is kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <photosafe/metadata.hpp>

namespace photosafe {

constexpr std::size_t text_limit = 4096;       ///< bytes of one string
constexpr std::size_t list_limit = 1000;       ///< entries of one list
constexpr std::size_t raw_limit = 256 * 1024;  ///< bytes of all raw tags together
constexpr std::size_t raw_count_limit = 16384; ///< raw tags

/// What may be kept: strings that are text, as `is_kept_text` has it; lists and raw tags of bounded size.
/// What was cut is a trouble; control characters become spaces, and bytes that are no UTF-8 U+FFFD.
Metadata bounded(Metadata metadata);

/// Makes of `text` what may be kept of it. Whether it had to be cut.
bool keep_text(std::string& text);

/// Whether `text` is what strings of Metadata are: UTF-8 without control characters, not too long.
bool is_kept_text(std::string_view text);

} // namespace photosafe

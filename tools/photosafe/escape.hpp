// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace photosafe::cli {

/// `text` as it may go to a terminal: valid UTF-8, and nothing in it that could move the cursor, change the
/// reading direction or end the line. Every byte of such a thing becomes `\xNN`. Applied twice it does
/// nothing more. Names from phones and files, and messages that hold them, all pass through here.
std::string printable(std::string_view text);

/// The length of the valid UTF-8 sequence at the beginning of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;

/// How many columns of a terminal printable text takes.
std::size_t display_width(std::string_view text) noexcept;
/// The end of `text` that fits `columns`, after `…` when something had to go.
std::string keep_end(std::string_view text, std::size_t columns);
/// The beginning of `text` that fits `columns`.
std::string keep_begin(std::string_view text, std::size_t columns);

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace photosafe {

/// One character, or one byte that belongs to none.
struct Character {
    std::optional<char32_t> code; ///< none for a byte that is no UTF-8
    std::size_t bytes = 1;        ///< how many it takes
};

/// The first character of `bytes`, which is not empty.
Character first_character(std::string_view bytes);

/// Whether `bytes` is well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

/// Whether a character could move a terminal's cursor, start a line, or change the direction of writing: C0,
/// DEL, C1, line and paragraph separator, bidi controls.
bool is_control(char32_t code) noexcept;

/// Whether a character is of a word, as full text search has it: a letter, a digit, another number, or one of
/// private use.
bool is_word_character(char32_t code) noexcept;

/// `bytes` in Unicode form NFC; bytes that are no UTF-8 stay as they are.
std::string to_nfc(std::string_view bytes);
/// The same in NFD.
std::string to_nfd(std::string_view bytes);

/// A key that two paths share exactly when a file system that ignores case or normalises names (APFS, NTFS,
/// exFAT) could take one for the other. It is UTF-8, and for comparing only, never a name. Any bytes will do;
/// those that are no UTF-8 count as themselves.
std::string fold_key(std::string_view path);

/// `bytes` for a message to people: what `is_control` names, and what is no UTF-8, becomes `\xNN`.
std::string printable(std::string_view bytes);

/// The longest beginning of `text` that has at most `max_bytes` bytes and doesn't end within a character.
std::string_view cut_at_character(std::string_view text, std::size_t max_bytes);

} // namespace photosafe

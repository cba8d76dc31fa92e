// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace photosafe {

/// Whether `bytes` is well-formed UTF-8: nothing overlong, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

/// `bytes` in Unicode form NFC; bytes that are no UTF-8 stay as they are.
std::string to_nfc(std::string_view bytes);

/// A key that two paths share exactly when a file system that ignores case or normalises names (APFS, NTFS,
/// exFAT) could take one for the other. It is UTF-8, and for comparing only, never a name. Any bytes will do;
/// those that are no UTF-8 count as themselves.
std::string fold_key(std::string_view path);

/// `bytes` for a message to people: control characters, line and paragraph separators, characters that change
/// the direction of writing, and what is no UTF-8 become `\xNN`, a backslash itself becomes `\\`.
std::string printable(std::string_view bytes);

/// The longest beginning of `text` that has at most `max_bytes` bytes and doesn't end within a character.
std::string_view cut_at_character(std::string_view text, std::size_t max_bytes);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
// Text as files have it, made into text that can be shown and stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace photosafe::worker {

enum class ByteOrder { little, big };

constexpr std::size_t most_text = 4096; ///< bytes of one text; what is longer is cut

/// Loads what is needed to read Shift-JIS. Call it once, before the jail: it opens files.
void prepare_text();

/// Bytes of a text whose encoding nobody tells, as UTF-8 without control characters, each of which becomes a
/// space, and without blanks at its ends. What is UTF-8 is taken as that, also where its last character is
/// cut, which is left out then. Else what looks Japanese is taken as Shift-JIS, and all the rest as
/// Windows-1252, which has Latin-1 in it. Never fails: an undefined byte becomes U+FFFD.
std::string clean_text(std::string_view bytes);

/// The same of bytes that are told to be UTF-8. What they are counts all the same.
std::string clean_utf8(std::string_view bytes);

/// The same bytes as UTF-8 and otherwise as they are, however many: a file of text, whose encoding a
/// byte-order mark or an XML declaration may tell. The latter's word is heeded where the bytes aren't UTF-8,
/// and left out, for it is true no more. An encoding that is told and isn't known leaves all as it is.
std::string text_as_utf8(std::span<const std::uint8_t> bytes);

/// The same as clean_text of UTF-16; a byte-order mark goes before `order`.
std::string clean_utf16(std::span<const std::uint8_t> bytes, ByteOrder order);

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

#include "core/handle.hpp"

namespace photosafe {

namespace {

using Utf8procBytes = std::unique_ptr<utf8proc_uint8_t, FreeWith<std::free>>;

// NTFS and exFAT compare upper-cased letters, which makes more of them equal than case folding does (dotless
// i and i, for one); an upper-cased letter folds as its lower-cased one does, so doing both covers both.
utf8proc_int32_t upper(utf8proc_int32_t code, void*) { return utf8proc_toupper(code); }

std::string mapped(std::string_view text, int options, utf8proc_custom_func each = nullptr)
{
    utf8proc_uint8_t* raw = nullptr;
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const utf8proc_ssize_t length =
        utf8proc_map_custom(bytes, static_cast<utf8proc_ssize_t>(text.size()), &raw,
                            static_cast<utf8proc_option_t>(UTF8PROC_STABLE | options), each, nullptr);
    const Utf8procBytes result{raw};
    if (length < 0) throw std::bad_alloc{}; // its only other errors are bad UTF-8 and bad options
    return {reinterpret_cast<const char*>(result.get()), static_cast<std::size_t>(length)};
}

std::string folded(std::string_view text)
{
    // Decomposed first: folding U+0345 before marks are in order gives unequal keys to equal names.
    const std::string apart = mapped(text, UTF8PROC_DECOMPOSE);
    return mapped(mapped(apart, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, upper), UTF8PROC_COMPOSE);
}

/// Length of the well-formed beginning of `bytes`.
std::size_t utf8_prefix(std::string_view bytes)
{
    std::size_t at = 0;
    while (at < bytes.size()) {
        const Character next = first_character(bytes.substr(at));
        if (!next.code) break;
        at += next.bytes;
    }
    return at;
}

/// Gives each well-formed run of `bytes` to `text`, and each other byte to `byte`.
template <class Text, class Byte>
std::string rewritten(std::string_view bytes, Text text, Byte byte)
{
    std::string result;
    result.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t good = utf8_prefix(bytes);
        if (good > 0) result += text(bytes.substr(0, good));
        bytes.remove_prefix(good);
        if (bytes.empty()) break;
        result += byte(bytes.front());
        bytes.remove_prefix(1);
    }
    return result;
}

std::string in_form(std::string_view bytes, int form)
{
    const bool ascii = std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
    if (ascii) return std::string{bytes}; // as most names are
    return rewritten(
        bytes, [&](std::string_view run) { return mapped(run, form); },
        [](char byte) { return std::string(1, byte); });
}

std::string hex_byte(char c)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(c);
    return {digits[value >> 4], digits[value & 15]};
}

} // namespace

Character first_character(std::string_view bytes)
{
    utf8proc_int32_t code = -1;
    const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                                     static_cast<utf8proc_ssize_t>(bytes.size()), &code);
    if (length <= 0 || code < 0) return {};
    return {static_cast<char32_t>(code), static_cast<std::size_t>(length)};
}

bool is_utf8(std::string_view bytes) { return utf8_prefix(bytes) == bytes.size(); }

bool is_control(char32_t code) noexcept
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

bool is_word_character(char32_t code) noexcept
{
    // sqlite.org/fts5.html#unicode61_tokenizer: the categories L*, N* and Co.
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_CO: return true;
    default: return false;
    }
}

std::string to_nfc(std::string_view bytes) { return in_form(bytes, UTF8PROC_COMPOSE); }
std::string to_nfd(std::string_view bytes) { return in_form(bytes, UTF8PROC_DECOMPOSE); }

std::string fold_key(std::string_view path)
{
    static constexpr char escape = '\x1a'; // SUBSTITUTE; doubled where a name has it
    const auto text = [](std::string_view run) {
        std::string key;
        for (const char c : folded(run)) {
            if (c == escape) key += c;
            key += c;
        }
        return key;
    };
    return rewritten(path, text, [](char byte) { return escape + hex_byte(byte); });
}

std::string printable(std::string_view bytes)
{
    std::string result;
    while (!bytes.empty()) {
        const Character next = first_character(bytes);
        const std::string_view taken = bytes.substr(0, next.bytes);
        if (next.code && !is_control(*next.code)) {
            result += taken;
        } else {
            for (const char c : taken) result += "\\x" + hex_byte(c);
        }
        bytes.remove_prefix(next.bytes);
    }
    return result;
}

std::string_view cut_at_character(std::string_view text, std::size_t max_bytes)
{
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

} // namespace photosafe

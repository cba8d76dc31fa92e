// SPDX-License-Identifier: LGPL-2.1-or-later
#include "escape.hpp"

#include <array>
#include <vector>

#include <utf8proc.h>

namespace photosafe::cli {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) noexcept
{
    return static_cast<unsigned char>(text[i]);
}

char32_t decode(std::string_view sequence) noexcept
{
    const unsigned first = byte_at(sequence, 0);
    if (sequence.size() == 1) return first;
    char32_t value = first & (0x7Fu >> sequence.size());
    for (std::size_t i = 1; i < sequence.size(); ++i) value = (value << 6) | (byte_at(sequence, i) & 0x3Fu);
    return value;
}

bool is_harmful(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) // C0, DEL, C1
           || c == 0x061C                       // Arabic letter mark
           || c == 0x200E || c == 0x200F        // left-to-right and right-to-left mark
           || c == 0x2028 || c == 0x2029        // line and paragraph separator
           || (c >= 0x202A && c <= 0x202E)      // embeddings and overrides
           || (c >= 0x2066 && c <= 0x2069);     // isolates
}

void append_hex(std::string& out, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned byte = byte_at(bytes, i);
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15u];
    }
}

std::size_t width_of(char32_t c) noexcept
{
    const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
    return width > 0 ? static_cast<std::size_t>(width) : 0;
}

} // namespace

std::size_t utf8_length(std::string_view text) noexcept
{
    if (text.empty()) return 0;
    const unsigned first = byte_at(text, 0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte_at(text, i) & 0xC0u) != 0x80) return 0;
    const unsigned second = byte_at(text, 1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second >= 0xA0;
    const bool too_large = first == 0xF4 && second >= 0x90;
    return overlong || surrogate || too_large ? 0 : length;
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto part = text.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_harmful(decode(part)))
            append_hex(out, part);
        else
            out += part;
        text.remove_prefix(part.size());
    }
    return out;
}

std::size_t display_width(std::string_view text) noexcept
{
    std::size_t width = 0;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto part = text.substr(0, length == 0 ? 1 : length);
        width += length == 0 ? 1 : width_of(decode(part));
        text.remove_prefix(part.size());
    }
    return width;
}

std::string keep_begin(std::string_view text, std::size_t columns)
{
    std::size_t width = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const auto rest = text.substr(end);
        const std::size_t length = std::max<std::size_t>(utf8_length(rest), 1);
        const std::size_t next = width + display_width(rest.substr(0, length));
        if (next > columns) break;
        width = next;
        end += length;
    }
    return std::string{text.substr(0, end)};
}

std::string keep_end(std::string_view text, std::size_t columns)
{
    std::size_t width = display_width(text);
    if (width <= columns) return std::string{text};
    if (columns == 0) return {};
    while (!text.empty() && width > columns - 1) {
        const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
        width -= display_width(text.substr(0, length));
        text.remove_prefix(length);
    }
    return "…" + std::string{text};
}

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/file_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <iconv.h>

#include "core/text.hpp"
#include "worker/looks_japanese.hpp"

namespace photosafe::worker {

namespace {

constexpr char32_t unknown = 0xfffd;

/// Windows-1252 from 0x80 to 0x9f; 0 where it has nothing.
constexpr std::array<char32_t, 32> windows_1252{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void append(std::string& text, char32_t code)
{
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    const auto more = [&](int shift) { put(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        more(6);
    } else {
        put(0xf0 | code >> 18);
        more(12);
        more(6);
    }
    more(0);
}

std::string from_windows_1252(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char32_t known = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80u] : char32_t{byte};
        append(text, known == 0 && byte != 0 ? unknown : known);
    }
    return text;
}

/// Shift-JIS as Windows has it (code page 932).
class ShiftJis {
public:
    ShiftJis() : open_{iconv_open("UTF-8", "CP932")} {}
    ShiftJis(const ShiftJis&) = delete;
    ShiftJis& operator=(const ShiftJis&) = delete;
    ~ShiftJis()
    {
        if (usable()) iconv_close(open_);
    }

    std::optional<std::string> utf8(std::string_view bytes)
    {
        if (!usable()) return std::nullopt;
        iconv(open_, nullptr, nullptr, nullptr, nullptr); // forgets an earlier text
        std::string text(3 * bytes.size(), '\0');
        std::string input{bytes};
        char* from = input.data();
        char* to = text.data();
        std::size_t left = input.size(), room = text.size();
        const bool whole = iconv(open_, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
        if (!whole && errno != EINVAL) return std::nullopt; // EINVAL: the last character is cut
        text.resize(text.size() - room);
        return text;
    }

private:
    // iconv_open says with a pointer of all ones that it has no such encoding.
    bool usable() const { return open_ != reinterpret_cast<iconv_t>(-1); }
    iconv_t open_;
};

ShiftJis& shift_jis()
{
    static ShiftJis one;
    return one;
}

std::optional<ByteOrder> utf16_mark(std::span<const std::uint8_t> bytes)
{
    if (bytes.size() < 2) return std::nullopt;
    if (bytes[0] == 0xff && bytes[1] == 0xfe) return ByteOrder::little;
    if (bytes[0] == 0xfe && bytes[1] == 0xff) return ByteOrder::big;
    return std::nullopt;
}

/// Until there are `enough` bytes of it.
std::string from_utf16(std::span<const std::uint8_t> bytes, ByteOrder order, std::size_t enough)
{
    std::size_t at = 0;
    const auto unit = [&]() -> char32_t {
        const char32_t first = bytes[at], second = bytes[at + 1];
        at += 2;
        return order == ByteOrder::big ? first << 8 | second : second << 8 | first;
    };
    std::string text;
    while (at + 1 < bytes.size() && text.size() < enough) {
        const char32_t code = unit();
        if (code < 0xd800 || code > 0xdfff) {
            append(text, code);
            continue;
        }
        const std::size_t behind = at;
        const char32_t low = code < 0xdc00 && at + 1 < bytes.size() ? unit() : 0;
        if (low >= 0xdc00 && low <= 0xdfff) {
            append(text, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
        } else {
            append(text, unknown); // half a pair
            at = behind;
        }
    }
    return text;
}

/// How many bytes at the end are the beginning of a character in UTF-8.
std::size_t cut_character(std::string_view bytes)
{
    const std::size_t most = std::min<std::size_t>(3, bytes.size());
    for (std::size_t size = 1; size <= most; ++size) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - size]);
        if (byte >= 0x80 && byte < 0xc0) continue;
        const std::size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        return byte >= 0xc2 && byte <= 0xf4 && size < whole ? size : 0;
    }
    return 0;
}

bool is_ascii(std::string_view bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
}

/// The beginning of `bytes` that is UTF-8 with nothing behind it but a cut character. Fields have a size at
/// which programs cut them. None: it is no such text, or that isn't sure: `caf\xe9` is Windows-1252.
std::optional<std::string_view> utf8_before_cut(std::string_view bytes, bool told)
{
    constexpr std::size_t shortest_field = 32; // of IPTC, that has texts
    const std::size_t cut = cut_character(bytes);
    if (cut == 0) return std::nullopt;
    const std::string_view before = bytes.substr(0, bytes.size() - cut);
    const bool sure = !is_ascii(before) || (told && (cut > 1 || bytes.size() >= shortest_field));
    if (!sure || !is_utf8(before)) return std::nullopt;
    return before;
}

std::string to_utf8(std::string_view bytes, bool told_to_be_utf8 = false)
{
    if (is_utf8(bytes)) return std::string{bytes};
    if (const auto before = utf8_before_cut(bytes, told_to_be_utf8)) return std::string{*before};
    if (looks_japanese(bytes)) {
        auto text = shift_jis().utf8(bytes);
        if (text) return std::move(*text);
    }
    return from_windows_1252(bytes);
}

/// What an XML declaration says of the encoding, and where: from the blank before it.
struct XmlEncoding {
    std::size_t at = 0, size = 0;
    std::string name; ///< in small letters; empty: it says nothing
};

XmlEncoding xml_encoding(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n", key = "encoding";
    if (!text.starts_with("<?xml")) return {};
    text = text.substr(0, text.find("?>"));
    if (!is_ascii(text)) return {};
    const std::size_t word = text.find(key);
    if (word == text.npos) return {};
    const std::size_t equals = text.find_first_not_of(blank, word + key.size());
    if (equals == text.npos || text[equals] != '=') return {};
    const std::size_t quote = text.find_first_not_of(blank, equals + 1);
    if (quote == text.npos || (text[quote] != '"' && text[quote] != '\'')) return {};
    const std::size_t end = text.find(text[quote], quote + 1);
    if (end == text.npos) return {};
    XmlEncoding result{word, end + 1 - word, std::string{text.substr(quote + 1, end - quote - 1)}};
    for (char& c : result.name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// None where the encoding is known and not one that is read here.
std::optional<std::string> told_as_utf8(std::string_view bytes, std::string_view encoding)
{
    if (is_utf8(bytes)) return std::string{bytes};
    if (is_one_of(encoding, {"iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii"}))
        return from_windows_1252(bytes);
    if (is_one_of(encoding, {"shift_jis", "shift-jis", "sjis", "windows-31j", "cp932"}))
        return shift_jis().utf8(bytes);
    if (encoding.empty() || encoding == "utf-8") return to_utf8(bytes);
    return std::nullopt;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// UTF-8 without what could move a cursor, trimmed and cut.
std::string tidy(std::string_view utf8)
{
    std::string text;
    while (!utf8.empty()) {
        const Character next = first_character(utf8);
        if (next.code && is_control(*next.code)) {
            text += ' ';
        } else {
            text += utf8.substr(0, next.bytes);
        }
        utf8.remove_prefix(next.bytes);
    }
    return std::string{cut_at_character(trimmed(text), most_text)};
}

} // namespace

void prepare_text() { shift_jis(); }

std::string clean_text(std::string_view bytes)
{
    const bool plain = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (plain) return std::string{trimmed(bytes).substr(0, most_text)};
    // A text ends at its first zero byte; behind it cameras leave what was in their memory.
    bytes = bytes.substr(0, bytes.find('\0'));
    // More than is kept isn't looked at. A cut character at the end would make UTF-8 look like none.
    constexpr std::size_t enough = 4 * most_text;
    if (bytes.size() > enough) bytes = cut_at_character(bytes, enough);
    return tidy(to_utf8(bytes));
}

std::string clean_utf8(std::string_view bytes)
{
    return tidy(to_utf8(bytes.substr(0, bytes.find('\0')), true));
}

std::string text_as_utf8(std::span<const std::uint8_t> bytes)
{
    std::string_view view{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    std::string text;
    if (const auto order = utf16_mark(bytes)) {
        text = from_utf16(bytes.subspan(2), *order, SIZE_MAX);
        view = text;
    } else if (view.starts_with("\xef\xbb\xbf")) {
        view.remove_prefix(3);
    }
    const XmlEncoding told = xml_encoding(view);
    auto result = told_as_utf8(view, told.name);
    if (!result) return std::string{view};
    result->erase(told.at, told.size); // of ASCII before it, so that it is where it was
    return std::move(*result);
}

std::string clean_utf16(std::span<const std::uint8_t> bytes, ByteOrder order)
{
    const auto marked = utf16_mark(bytes);
    const std::string text =
        from_utf16(marked ? bytes.subspan(2) : bytes, marked.value_or(order), 2 * most_text);
    return tidy(text.substr(0, text.find('\0')));
}

} // namespace photosafe::worker

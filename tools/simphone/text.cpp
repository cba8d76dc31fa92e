// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.hpp"

#include <charconv>
#include <stdexcept>

namespace simphone {
namespace {

std::invalid_argument bad(std::string_view what, std::string_view text)
{
    return std::invalid_argument(std::string(what) + ": '" + std::string(text) + "'");
}

/// The number at the start of `text`; what follows it stays in `text`.
double take_number(std::string_view& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0) throw bad("not a quantity", text);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<unsigned> hex_digit(char c)
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// Length of the well-formed UTF-8 sequence at the start of `s`, or 0.
std::size_t utf8_length(std::string_view s)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
        return i < s.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::chrono::nanoseconds parse_duration(std::string_view text)
{
    std::string_view unit = text;
    const double value = take_number(unit);
    double scale = 0;
    if (unit.empty() || unit == "s") scale = 1e9;
    if (unit == "ms") scale = 1e6;
    if (unit == "us") scale = 1e3;
    if (unit == "ns") scale = 1;
    if (unit == "min") scale = 60e9;
    if (scale == 0) throw bad("not a duration", text);
    return std::chrono::nanoseconds(static_cast<std::int64_t>(value * scale));
}

std::uint64_t parse_bytes(std::string_view text)
{
    const bool hex = text.starts_with("0x");
    std::uint64_t whole = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + (hex ? 2 : 0), last, whole, hex ? 16 : 10);
    if (error == std::errc{} && end == last) return whole; // exact up to 2^64-1, which a double is not

    std::string_view unit = text;
    const double value = take_number(unit);
    if (unit.ends_with("/s")) unit.remove_suffix(2);
    double scale = 0;
    if (unit.empty() || unit == "B") scale = 1;
    if (unit == "KiB" || unit == "K") scale = 1024;
    if (unit == "MiB" || unit == "M") scale = 1024.0 * 1024;
    if (unit == "GiB" || unit == "G") scale = 1024.0 * 1024 * 1024;
    if (unit == "kB" || unit == "KB") scale = 1e3;
    if (unit == "MB") scale = 1e6;
    if (unit == "GB") scale = 1e9;
    if (scale == 0) throw bad("not a number of bytes", text);
    return static_cast<std::uint64_t>(value * scale);
}

bool parse_switch(std::string_view text)
{
    if (text == "yes" || text == "on" || text == "true" || text == "1") return true;
    if (text == "no" || text == "off" || text == "false" || text == "0") return false;
    throw bad("neither on nor off", text);
}

Pairs parse_pairs(std::string_view text)
{
    Pairs pairs;
    std::string word;
    std::optional<std::string> key;
    const auto finish = [&] {
        if (!key && word.empty()) return;
        if (!key) throw bad("expected key=value", word);
        pairs.emplace_back(std::move(*key), std::move(word));
        key.reset();
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            word += text[++i];
        } else if (text[i] == ',') {
            finish();
        } else if (text[i] == '=' && !key) {
            key = std::move(word);
            word.clear();
        } else {
            word += text[i];
        }
    }
    finish();
    return pairs;
}

std::string from_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const auto high = hex_digit(hex[i]);
        const auto low = i + 1 < hex.size() ? hex_digit(hex[i + 1]) : std::nullopt;
        if (!high || !low) throw bad("not hex", hex);
        bytes += static_cast<char>(*high * 16 + *low);
    }
    return bytes;
}

std::string to_hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        hex += digits[static_cast<unsigned char>(c) >> 4];
        hex += digits[static_cast<unsigned char>(c) & 15];
    }
    return hex;
}

bool is_utf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t length = utf8_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// The forms are those that exiftool's RIFF.pm has met with.
#include "worker/avi_clock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <unistd.h>

#include "worker/byte_view.hpp"
#include "worker/file_text.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_header = 256u << 10; // a header has some kilobytes, before all frames
constexpr std::size_t most_clock = 64;
constexpr int most_depth = 3;

/// In these chunks, or in their lists.
std::string find_clock(ByteView chunks, int depth)
{
    for (std::uint64_t at = 0; chunks.has(at, 8);) {
        const std::string_view name = chunks.text(at, 4);
        const std::uint32_t size = chunks.u32(at + 4, ByteOrder::little);
        const ByteView content = chunks.part(at + 8, size);
        if (name == "IDIT") return clean_text(content.text(0, most_clock));
        if (name == "LIST" && content.text(0, 4) != "movi" && depth < most_depth) {
            std::string found = find_clock(content.part(4), depth + 1);
            if (!found.empty()) return found;
        }
        at += 8 + std::uint64_t{size} + size % 2;
    }
    return {};
}

/// A number of one to `most` digits, which blanks may be before.
std::optional<int> take_number(std::string_view& text, std::size_t most)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    if (size == 0 || size > most) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, size)) value = value * 10 + (c - '0');
    text.remove_prefix(size);
    return value;
}

bool take(std::string_view& text, std::string_view any_of)
{
    if (text.empty() || any_of.find(text.front()) == any_of.npos) return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::string read_avi_clock(int fd)
{
    constexpr std::size_t riff_head = 12;
    std::vector<std::uint8_t> bytes(most_header);
    ssize_t size = 0;
    do size = ::pread(fd, bytes.data(), bytes.size(), 0);
    while (size < 0 && errno == EINTR);
    if (size <= 0) return {};
    const ByteView file{std::span{bytes}.first(static_cast<std::size_t>(size))};
    return find_clock(file.part(riff_head), 0);
}

std::optional<std::string> plain_avi_clock(std::string_view text)
{
    const auto year = take_number(text, 4);
    if (!year || !take(text, ":-/")) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, ":-/")) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    take(text, "/");
    if (!take(text, " ")) return std::nullopt;
    auto hour = take_number(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute) return std::nullopt;
    std::optional<int> second = 0;
    if (take(text, ":")) second = take_number(text, 2);
    if (!second) return std::nullopt;
    take(text, " ");
    if (const bool late = text == "PM"; late || text == "AM") {
        if (*hour < 1 || *hour > 12) return std::nullopt;
        hour = *hour % 12 + (late ? 12 : 0);
        text = {};
    }
    if (!text.empty()) return std::nullopt;
    std::array<char, 32> result{};
    std::snprintf(result.data(), result.size(), "%04d:%02d:%02d %02d:%02d:%02d", *year, *month, *day, *hour,
                  *minute, *second);
    return result.data();
}

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "human.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "escape.hpp"

namespace photosafe::cli {
namespace {

std::tm local_parts(Instant instant)
{
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
    std::tm local{};
    localtime_r(&seconds, &local);
    return local;
}

std::string two_units(std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit)
{
    std::string text = std::to_string(large) + " " + large_unit;
    if (small != 0) text += " " + std::to_string(small) + " " + small_unit;
    return text;
}

} // namespace

std::string count_text(std::uint64_t count)
{
    std::string digits = std::to_string(count);
    for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
    return digits;
}

std::string count_text(std::uint64_t count, std::string_view singular)
{
    return count_text(count) + " " + std::string{singular} + (count == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes)
{
    if (bytes < 1000) return count_text(bytes, "byte");
    static constexpr std::array<const char*, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value < 9.95 ? "%.1f %s" : "%.0f %s", value, units.at(unit));
    return text.data();
}

std::string duration_text(std::chrono::seconds duration)
{
    const std::int64_t seconds = std::max<std::int64_t>(duration.count(), 0);
    if (seconds < 60) return std::to_string(seconds) + " s";
    if (seconds < 3600) return two_units(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 86400) return two_units(seconds / 3600, "h", seconds % 3600 / 60, "min");
    return two_units(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string age_text(Instant then, Instant now)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now - then).count();
    if (seconds < -60) return "in the future; is the clock right?";
    if (seconds < 60) return "just now";
    const auto said = [](std::int64_t n, std::string_view unit) {
        return count_text(static_cast<std::uint64_t>(n), unit) + " ago";
    };
    if (seconds < 3600) return said(seconds / 60, "minute");
    if (seconds < 86400) return said(seconds / 3600, "hour");
    return said(seconds / 86400, "day");
}

std::string local_time_text(Instant instant)
{
    const std::tm local = local_parts(instant);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d", local.tm_year + 1900,
                  local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min);
    return text.data();
}

std::string rfc3339(Instant instant)
{
    const std::tm local = local_parts(instant);
    const long offset = std::abs(local.tm_gmtoff) / 60; // minutes
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d%c%02ld:%02ld",
                  local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min,
                  local.tm_sec, local.tm_gmtoff < 0 ? '-' : '+', offset / 60, offset % 60);
    return text.data();
}

std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(printable(row[i].text)));
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string text = printable(row[i].text);
            const std::string gap(widths[i] - display_width(text), ' ');
            if (i > 0) line += "  ";
            line += row[i].right ? gap + text : text + gap;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<Cell> count_row(std::string_view what, std::uint64_t count, std::string_view note)
{
    return {{"  " + std::string{what}}, {count_text(count), true}, {count == 0 ? "" : std::string{note}}};
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t indent)
{
    std::vector<std::string> lines;
    std::string line;
    std::size_t width = 0;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        if (word.empty()) continue;
        const std::size_t word_width = display_width(word);
        if (!line.empty() && width + 1 + word_width > columns) {
            lines.push_back(std::move(line));
            line.clear();
        }
        if (line.empty()) {
            line = std::string(indent, ' ');
            width = indent;
        } else {
            line += ' ';
            ++width;
        }
        line += word;
        width += word_width;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

} // namespace photosafe::cli

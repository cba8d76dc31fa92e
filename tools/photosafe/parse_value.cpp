// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parse_value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>
#include <string>

#include "cli.hpp"

namespace photosafe::cli {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view wanted)
{
    throw UsageError("`" + std::string{text} + "` can't be read; " + std::string{wanted});
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

struct Measure {
    double number;
    std::string_view unit;
};

/// A number that isn't negative, and the word right after it.
std::optional<Measure> measure(std::string_view text)
{
    text = trimmed(text);
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(number) || std::signbit(number)) return std::nullopt;
    return Measure{number, trimmed(text.substr(static_cast<std::size_t>(end - text.data())))};
}

template <std::size_t size>
std::optional<double> factor(std::string_view unit,
                             const std::array<std::pair<std::string_view, double>, size>& units)
{
    for (const auto& [name, value] : units)
        if (name == unit) return value;
    return std::nullopt;
}

constexpr double kib = 1024;
constexpr std::array<std::pair<std::string_view, double>, 20> size_units{{
    {"", 1},
    {"B", 1},
    {"k", 1e3},
    {"K", 1e3},
    {"kB", 1e3},
    {"KB", 1e3},
    {"KiB", kib},
    {"Ki", kib},
    {"M", 1e6},
    {"MB", 1e6},
    {"MiB", kib* kib},
    {"Mi", kib* kib},
    {"G", 1e9},
    {"GB", 1e9},
    {"GiB", kib* kib* kib},
    {"Gi", kib* kib* kib},
    {"T", 1e12},
    {"TB", 1e12},
    {"TiB", kib* kib* kib* kib},
    {"Ti", kib* kib* kib* kib},
}};
constexpr std::array<std::pair<std::string_view, double>, 5> wait_units{
    {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 36e5}}};
constexpr std::array<std::pair<std::string_view, double>, 4> age_units{
    {{"h", 3600}, {"d", 86400}, {"w", 604800}, {"y", 31557600}}};

std::optional<std::uint64_t> read_size(std::string_view text)
{
    const auto read = measure(text);
    if (!read) return std::nullopt;
    const auto unit = factor(read->unit, size_units);
    if (!unit || read->number * *unit >= 9e18) return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(read->number * *unit));
}

template <class Number>
std::optional<Number> whole_number(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Instant> local_midnight(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = whole_number<int>(text.substr(0, 4));
    const auto month = whole_number<unsigned>(text.substr(5, 2));
    const auto day = whole_number<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                           std::chrono::day{*day}};
    if (!date.ok() || *year < 1900) return std::nullopt;
    std::tm local{};
    local.tm_year = *year - 1900;
    local.tm_mon = static_cast<int>(*month) - 1;
    local.tm_mday = static_cast<int>(*day);
    local.tm_isdst = -1;
    return Instant{std::chrono::seconds{std::mktime(&local)}};
}

} // namespace

std::uint64_t parse_size(std::string_view text)
{
    const auto size = read_size(text);
    if (!size) refuse(text, "a size looks like 50G, 1.5TB or 64MiB.");
    return *size;
}

std::chrono::milliseconds parse_duration(std::string_view text)
{
    const auto read = measure(text);
    const auto unit = read ? factor(read->unit, wait_units) : std::nullopt;
    if (!unit || read->number * *unit > 1e12) refuse(text, "a time to wait looks like 30s, 500ms, 2m or 1h.");
    return std::chrono::milliseconds{std::llround(read->number * *unit)};
}

Instant parse_since(std::string_view text, Instant now)
{
    if (const auto day = local_midnight(trimmed(text))) return *day;
    const auto read = measure(text);
    const auto unit = read ? factor(read->unit, age_units) : std::nullopt;
    if (!unit || read->number * *unit > 200.0 * 365 * 86400)
        refuse(text, "say how far back, as 20d, 2w or 12h, or a day, as 2024-05-01.");
    return now - std::chrono::seconds{std::llround(read->number * *unit)};
}

FixitySubset parse_subset(std::string_view text)
{
    constexpr std::string_view wanted = "a subset looks like 2.5%, 1/30 or 50G.";
    text = trimmed(text);
    if (const auto slash = text.find('/'); slash != std::string_view::npos) {
        const auto part = whole_number<std::uint32_t>(text.substr(0, slash));
        const auto whole = whole_number<std::uint32_t>(text.substr(slash + 1));
        if (!part || !whole || *part == 0 || *part > *whole) refuse(text, wanted);
        return {.share = static_cast<double>(*part) / *whole};
    }
    if (text.ends_with('%')) {
        const auto read = measure(text.substr(0, text.size() - 1));
        if (!read || !read->unit.empty() || read->number <= 0 || read->number > 100) refuse(text, wanted);
        return {.share = read->number / 100};
    }
    const auto size = read_size(text);
    if (!size || *size == 0) refuse(text, wanted);
    return {.bytes = size};
}

IngestFilter parse_only(std::string_view text)
{
    IngestFilter filter{.photos = false, .videos = false};
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto word = trimmed(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (word == "photos")
            filter.photos = true;
        else if (word == "videos")
            filter.videos = true;
        else
            refuse(text, "take photos, videos, or photos,videos.");
    }
    if (!filter.photos && !filter.videos) refuse(text, "take photos, videos, or photos,videos.");
    return filter;
}

unsigned parse_number(std::string_view text)
{
    const auto number = whole_number<unsigned>(trimmed(text));
    if (!number || *number > 1000) refuse(text, "a number from 0 to 1000 is wanted.");
    return *number;
}

unsigned parse_limit(std::string_view text)
{
    const auto number = whole_number<unsigned>(trimmed(text));
    if (!number) refuse(text, "a number is wanted, 0 for all.");
    return *number;
}

std::uint32_t parse_pixels(std::string_view text)
{
    const auto number = whole_number<std::uint32_t>(trimmed(text));
    if (!number || *number > 65'500) refuse(text, "a number of pixels from 0 to 65500 is wanted.");
    return *number;
}

bool parse_yes_no(std::string_view text)
{
    for (const std::string_view yes : {"true", "yes", "on", "1"})
        if (text == yes) return true;
    for (const std::string_view no : {"false", "no", "off", "0"})
        if (text == no) return false;
    refuse(text, "say yes or no.");
}

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "core/text.hpp"
#include "query/range.hpp"

namespace photosafe {

namespace {

/// A number at the beginning of `text`, and what follows it. None for what isn't finite.
std::optional<double> number_at(std::string_view& text)
{
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

struct Unit {
    std::string_view name; ///< in small letters
    double factor;
};
constexpr double kib = 1024;
constexpr std::array size_units{Unit{"b", 1},
                                Unit{"k", 1e3},
                                Unit{"kb", 1e3},
                                Unit{"kib", kib},
                                Unit{"m", 1e6},
                                Unit{"mb", 1e6},
                                Unit{"mib", kib* kib},
                                Unit{"g", 1e9},
                                Unit{"gb", 1e9},
                                Unit{"t", 1e12},
                                Unit{"gib", kib* kib* kib},
                                Unit{"tb", 1e12},
                                Unit{"tib", kib* kib* kib* kib}};
constexpr std::array duration_units{Unit{"ms", 1},  Unit{"s", 1e3},   Unit{"sec", 1e3},
                                    Unit{"m", 6e4}, Unit{"min", 6e4}, Unit{"h", 36e5}};
constexpr std::array distance_units{Unit{"m", 1}, Unit{"km", 1e3}, Unit{"mi", 1609.344}};

std::string lower(std::string_view text)
{
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::optional<double> factor(std::span<const Unit> units, std::string_view name)
{
    const auto found = std::ranges::find(units, lower(name), &Unit::name);
    if (found == units.end()) return std::nullopt;
    return found->factor;
}

/// `1:30`, `1:02:03` in milliseconds.
std::optional<double> clock(std::string_view text)
{
    double seconds = 0;
    std::size_t parts = 0;
    for (;; ++parts) {
        const std::size_t colon = std::min(text.find(':'), text.size());
        std::string_view part = text.substr(0, colon);
        const auto number = number_at(part);
        if (!number || *number < 0 || !part.empty() || (parts > 0 && *number >= 60)) return std::nullopt;
        seconds = seconds * 60 + *number;
        if (colon == text.size()) break;
        text.remove_prefix(colon + 1);
    }
    if (parts == 0 || parts > 2) return std::nullopt;
    return seconds * 1000;
}

struct AmountKind {
    std::span<const Unit> units;
    std::string_view bare_unit; ///< of a number alone
    std::string_view wanted;
    std::string_view example;
};
const AmountKind& kind_of(AmountField field)
{
    static constexpr AmountKind size{size_units, "b", "a size looks like 10MB, 1.5GB or 300kB", "size:>10MB"};
    static constexpr AmountKind duration{duration_units, "s", "a duration looks like 30s, 2min, 1h or 1:30",
                                         "duration:>30s"};
    static constexpr AmountKind rating{{}, "", "a rating is a number from -1 (rejected) to 5", "rating:4.."};
    return field == AmountField::size ? size : field == AmountField::duration ? duration : rating;
}

/// What follows the number; none where the value is a clock's.
std::string_view unit_of(const std::optional<Token>& value)
{
    if (!value) return {};
    std::string_view rest = value->text;
    return number_at(rest) ? rest : std::string_view{};
}

std::int64_t amount(AmountField field, const Token& value, std::string_view unit, const Scanner& at)
{
    constexpr double most = 9e18;
    const AmountKind& kind = kind_of(field);
    const auto wrong = [&] {
        at.fail(value.offset, "`" + printable(value.text) + "` can't be read; " + std::string{kind.wanted});
    };
    std::string_view rest = value.text;
    auto number = number_at(rest);
    if (field == AmountField::rating) {
        if (!number || !rest.empty() || *number != std::floor(*number) || *number < -1 || *number > 5)
            wrong();
        return static_cast<std::int64_t>(*number);
    }
    if (const auto time = field == AmountField::duration ? clock(value.text) : std::nullopt) {
        number = time;
    } else {
        const auto scale = factor(kind.units, rest.empty() ? unit : rest);
        if (!number || !scale || std::signbit(*number)) wrong();
        number = *number * *scale;
    }
    if (*number > most) wrong();
    return std::llround(*number);
}

/// Numbers between commas; the unit of the last is in `rest`.
std::vector<double> numbers(const Token& value, std::string_view& rest)
{
    std::vector<double> result;
    rest = value.text;
    for (;;) {
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        const auto number = number_at(rest);
        if (!number) return {};
        result.push_back(*number);
        if (!rest.starts_with(',')) return result;
        rest.remove_prefix(1);
    }
}

bool is_place(double latitude, double longitude)
{
    return std::abs(latitude) <= 90 && std::abs(longitude) <= 180;
}

bool has_word(std::string_view text)
{
    while (!text.empty()) {
        const Character next = first_character(text);
        if (next.code && is_word_character(*next.code)) return true;
        text.remove_prefix(next.bytes);
    }
    return false;
}

bool is_star(const Token& value, std::size_t at)
{
    return value.text[at] == '*' && value.marks[at] != Token::Mark::escaped;
}

bool is_wild(const Token& value, std::size_t at)
{
    return is_star(value, at) || (value.text[at] == '?' && value.marks[at] != Token::Mark::escaped);
}

} // namespace

Amount amount_value(AmountField field, const Token& value, const Scanner& at)
{
    const AmountKind& kind = kind_of(field);
    const RangeText text = range_text(value);
    // Nobody knows the size of a picture to the byte, nor the length of a movie to the millisecond.
    if (text.one && field != AmountField::rating)
        at.fail(value.offset,
                "more or less than that? Write " + std::string{kind.example} + ", or a range with .. in it");
    // `10..20MB` has one unit for both.
    const std::string_view last_unit = unit_of(text.to);
    const std::string_view unit = text.from && !last_unit.empty() ? last_unit : kind.bare_unit;
    const Range range = range_of(text, value, at, [&](const Token& end) {
        const std::int64_t exact = amount(field, end, unit, at);
        return Span{exact, exact};
    });
    if (range.last && *range.last < (field == AmountField::rating ? -1 : 0))
        at.fail(value.offset, "nothing is less than that");
    return {field, range.first, range.last};
}

Near near_value(const Token& value, const Scanner& at)
{
    constexpr double half_way_round = 20'100'000;
    std::string_view rest;
    const auto given = numbers(value, rest);
    const auto scale = factor(distance_units, rest);
    if (given.size() != 3 || !scale || !is_place(given[0], given[1]) || given[2] <= 0 ||
        given[2] * *scale > half_way_round) {
        at.fail(value.offset,
                "a place and how far around it look like near:41.9,12.5,10km (latitude, longitude, "
                "and a distance in m, km or mi)");
    }
    return {given[0], given[1], given[2] * *scale};
}

Box box_value(const Token& value, const Scanner& at)
{
    std::string_view rest;
    const auto given = numbers(value, rest);
    if (given.size() != 4 || !rest.empty() || !is_place(given[0], given[1]) || !is_place(given[2], given[3]))
        at.fail(value.offset,
                "a box looks like in:41.8,12.4,42.0,12.6 (south, west, north, east, in degrees)");
    if (given[0] > given[2])
        at.fail(value.offset,
                "the first number of a box is its south and the third its north; these are the other way "
                "round");
    return {given[0], given[1], given[2], given[3]};
}

FieldText text_value(TextField field, const Token& value, const Scanner& at)
{
    if (value.plain(0) == '=') {
        const Token exact = value.after(1);
        if (exact.text.empty()) at.fail(value.offset, "something has to follow the =");
        return {field, TextMatch::exact, exact.text};
    }
    bool wild = false;
    std::string pattern;
    for (std::size_t i = 0; i < value.text.size(); ++i) {
        const char c = value.text[i];
        const bool is_any = is_star(value, i);
        wild |= is_wild(value, i);
        if (is_any && pattern.ends_with('*') && !pattern.ends_with("\\*")) continue; // ** is *
        if (!is_wild(value, i) && (c == '*' || c == '?' || c == '\\')) pattern += '\\';
        pattern += c;
    }
    if (wild) return {field, TextMatch::pattern, pattern};
    if (!has_word(value.text))
        at.fail(value.offset, "this has no letter and no digit; write = before it to find exactly this");
    return {field, TextMatch::words, value.text};
}

AnyText any_text(const Token& word, const Scanner& at)
{
    std::string text = word.text;
    const bool open_end = !text.empty() && is_star(word, text.size() - 1);
    if (open_end) text.pop_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_star(word, i))
            at.fail(word.places[i], "in a text, * may only stand at its end; name:*x* looks within names");
    }
    if (!has_word(text)) at.fail(word.offset, "this has no letter and no digit, and can't be looked for");
    return {open_end ? TextMatch::beginning : TextMatch::words, text};
}

} // namespace photosafe

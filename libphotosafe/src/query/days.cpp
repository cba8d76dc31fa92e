// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <charconv>
#include <chrono>

#include "core/text.hpp"
#include "query/range.hpp"
#include "query/values.hpp"

namespace photosafe {

namespace {

using namespace std::chrono;

/// Years of which an Instant holds every day.
constexpr int first_year = 1678, last_year = 2261;

/// So many digits, and nothing else.
std::optional<int> digits(std::string_view text, std::size_t count)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.size() != count || error != std::errc{} || end != text.data() + text.size() ||
        text.front() == '-')
        return std::nullopt;
    return number;
}

std::optional<Span> day_span(std::string_view text)
{
    const auto year_number = digits(text.substr(0, 4), 4);
    if (!year_number || *year_number < first_year || *year_number > last_year) return std::nullopt;
    const year y{*year_number};
    const auto span = [](sys_days first, sys_days last) {
        return Span{first.time_since_epoch().count(), last.time_since_epoch().count()};
    };
    if (text.size() == 4) return span(sys_days{y / January / 1}, sys_days{y / December / 31});
    const auto month_number =
        text.size() >= 7 && text[4] == '-' ? digits(text.substr(5, 2), 2) : std::nullopt;
    if (!month_number) return std::nullopt;
    const year_month ym = y / month{static_cast<unsigned>(*month_number)};
    if (!ym.ok()) return std::nullopt;
    if (text.size() == 7) return span(sys_days{ym / 1}, sys_days{ym / std::chrono::last});
    const auto day_number = text.size() == 10 && text[7] == '-' ? digits(text.substr(8, 2), 2) : std::nullopt;
    if (!day_number) return std::nullopt;
    const year_month_day date = ym / day{static_cast<unsigned>(*day_number)};
    if (!date.ok()) return std::nullopt;
    return span(sys_days{date}, sys_days{date});
}

struct UnitWord {
    std::string_view one, many;
    DayUnit unit;
};
constexpr std::array unit_words{
    UnitWord{"day", "days", DayUnit::day}, UnitWord{"week", "weeks", DayUnit::week},
    UnitWord{"month", "months", DayUnit::month}, UnitWord{"year", "years", DayUnit::year}};

} // namespace

std::variant<Days, OneDay> days_value(DayField field, const Token& value, const Scanner& at)
{
    if (value.text == "today") return OneDay{field, 0};
    if (value.text == "yesterday") return OneDay{field, 1};
    const Range range = range_of(range_text(value), value, at, [&](const Token& end) {
        if (const auto span = day_span(end.text)) return *span;
        if (end.text == "today" || end.text == "yesterday")
            at.fail(end.offset, "`" + end.text +
                                    "` stands alone, and is no end of a range; last 7 days is one, "
                                    "and so is 2024-07-14..");
        at.fail(end.offset,
                "`" + printable(end.text) +
                    "` is no day; one looks like 2024-07-14, a month like 2024-07, a year like 2024, "
                    "and there are today, yesterday and last 30 days");
    });
    return Days{field, range.first, range.last};
}

LastDays last_days_value(DayField field, const Token& count, const Token& unit, const Scanner& at)
{
    constexpr int most = 100'000;
    int number = 0;
    const char* const end = count.text.data() + count.text.size();
    const auto [stop, error] = std::from_chars(count.text.data(), end, number);
    if (error == std::errc{} && stop == end && !count.text.empty() && number > 0 && number <= most) {
        for (const UnitWord& word : unit_words)
            if (unit.text == word.one || unit.text == word.many) return {field, number, word.unit};
    }
    at.fail(count.offset,
            "how many, of what? It looks like last 30 days, last 2 weeks, last 6 months, last 1 year");
}

} // namespace photosafe

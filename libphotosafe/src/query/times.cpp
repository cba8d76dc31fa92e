// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <chrono>

#include "archive/trait.hpp"
#include "query/facts.hpp"
#include "query/traits.hpp"

namespace photosafe {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

class TakenCriterion final : public Criterion {
public:
    TakenCriterion(TimeSpan span, Statements& sql) : span_{span}, sql_{&sql} {}

    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet found{window};
        for (std::size_t i = 0; i < window.chunks.size(); ++i) {
            const std::int64_t block = block_of_chunk(window.chunks[i]);
            const std::int64_t first = first_time(block), end = first_time(block + 1);
            if (first >= span_.from && end <= span_.to) {
                found[i] |= candidates[i];
            } else if (first < span_.to && end > span_.from && !candidates[i].empty()) {
                read(std::max(first, span_.from), std::min(end, span_.to), window, found);
                found[i] &= candidates[i];
            }
        }
        return found;
    }
    double work() const override { return 0.5; } // at most two blocks are looked into
    TimeSpan times() const override { return span_; }

private:
    void read(std::int64_t from, std::int64_t to, const Window& window, SlotSet& found)
    {
        Statement& row =
            (*sql_)("SELECT slot FROM metadata INDEXED BY metadata_by_time WHERE time>=? AND time<?");
        row.bind(1, from).bind(2, to);
        while (row.step()) found.add(window, row.number(0));
        row.reset();
    }
    TimeSpan span_;
    Statements* sql_;
};

} // namespace

CriterionPtr taken_within(const Days& days, const SearchContext& context)
{
    TimeSpan span;
    if (days.first) span.from = *days.first * day_ms;
    if (days.last) span.to = (*days.last + 1) * day_ms;
    return std::make_unique<TakenCriterion>(span, context.sql);
}

CriterionPtr imported_within(const Days& days, const SearchContext& context)
{
    const auto number = [](std::optional<std::int64_t> day, std::int64_t other) {
        return std::clamp<std::int64_t>(day.value_or(other), 0, last_trait_number);
    };
    if (days.last.value_or(0) < 0) return has_trait(context.sql, std::vector<TraitRange>{});
    return has_trait(context.sql, std::vector{TraitRange{
                                      trait(TraitKind::imported, number(days.first, 0)),
                                      trait(TraitKind::imported, number(days.last, last_trait_number))}});
}

Days days_of(const LastDays& days, std::int64_t today)
{
    using namespace std::chrono;
    const sys_days now{std::chrono::days{today}};
    const year_month_day date{now};
    constexpr months farthest{12 * 10'000}; // what chrono has no year for would come out as one to come
    const auto moved = [&](months back) {
        const year_month then = date.year() / date.month() - std::min(back, farthest);
        const year_month_day wanted = then / date.day();
        return wanted.ok() ? sys_days{wanted} : sys_days{then / last}; // the 31st of a month of 30 days
    };
    sys_days first = now;
    switch (days.unit) {
    case DayUnit::day: first -= std::chrono::days{days.count}; break;
    case DayUnit::week: first -= weeks{days.count}; break;
    case DayUnit::month: first = moved(months{days.count}); break;
    case DayUnit::year: first = moved(months{12 * days.count}); break;
    }
    // East of here it may be tomorrow already.
    return {days.field, first.time_since_epoch().count(), today + 1};
}

Days days_of(const OneDay& day, std::int64_t today) { return {day.field, today - day.ago, today - day.ago}; }

} // namespace photosafe

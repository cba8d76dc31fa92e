// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/traits.hpp"

#include <algorithm>

namespace photosafe {

namespace {

// To go through the sets of a trait that lie in a window costs a look-up, whatever the window holds. Above so
// many of them it is less work to read them whole, once.
constexpr std::size_t many_ranges = 16;
constexpr std::int64_t many_traits = 8; ///< of one range: above, all their chunks are gone through
constexpr std::size_t few_traits = 40;  ///< of a wide range: up to so many are looked up each

class TraitCriterion final : public Criterion {
public:
    TraitCriterion(Statements& sql, std::vector<TraitRange> ranges) : sets_{sql, std::move(ranges)} {}
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet set = sets_.in(window);
        set &= candidates;
        return set;
    }
    double work() const override { return static_cast<double>(sets_.ranges()); }

private:
    TraitSets sets_;
};

} // namespace

SlotSet TraitSets::in(const Window& window)
{
    SlotSet set{window};
    if (!narrowed_) narrow();
    if (ranges_.size() <= many_ranges) {
        for (const TraitRange& range : ranges_) read(range, window, set);
        return set;
    }
    if (!all_read_) read_all();
    for (std::size_t i = 0; i < window.chunks.size(); ++i)
        if (const auto found = all_.find(window.chunks[i]); found != all_.end()) set[i] = found->second;
    return set;
}

/// Of a range with room for many traits, as of all amounts above one, the few that there are.
void TraitSets::narrow()
{
    narrowed_ = true;
    const auto is_wide = [](const TraitRange& range) { return range.last - range.first >= many_traits; };
    if (ranges_.size() > many_ranges || std::ranges::none_of(ranges_, is_wide)) return;
    std::vector<std::int64_t> there;
    for (const TraitRange& range : ranges_) {
        for (std::int64_t next = range.first; next <= range.last; ++next) {
            if (!is_wide(range)) {
                there.push_back(next);
                continue;
            }
            Statement& row = (*sql_)("SELECT min(trait) FROM member WHERE trait BETWEEN ? AND ?");
            row.bind(1, next).bind(2, range.last).step();
            const std::optional<std::int64_t> found = row.optional_number(0);
            row.reset();
            if (!found) break;
            there.push_back(next = *found);
            if (there.size() > few_traits) return;
        }
    }
    std::vector<TraitRange> ranges;
    for (const TraitRange& range : ranges_of(std::move(there)))
        for (std::int64_t first = range.first; first <= range.last; first += many_traits)
            ranges.push_back({first, std::min(range.last, first + many_traits - 1)});
    if (ranges.size() <= many_ranges) ranges_ = std::move(ranges);
}

void TraitSets::read(const TraitRange& range, const Window& window, SlotSet& to)
{
    const auto add = [&](Statement& row) {
        row.bind(3, window.chunks.front()).bind(4, window.chunks.back());
        for (std::size_t index = 0; row.step();) {
            // They come in order, mostly in that of the window.
            const std::int64_t chunk = row.number(0);
            if (index >= window.chunks.size() || window.chunks[index] != chunk) index = window.index(chunk);
            if (index < window.chunks.size()) add_encoded(row.blob(1), to[index]);
            ++index;
        }
        row.reset();
    };
    if (range.last - range.first >= many_traits) {
        Statement& row =
            (*sql_)("SELECT chunk, bits FROM member WHERE trait BETWEEN ? AND ? AND chunk BETWEEN ? AND ?");
        return add(row.bind(1, range.first).bind(2, range.last));
    }
    for (std::int64_t trait = range.first; trait <= range.last; ++trait) {
        Statement& row =
            (*sql_)("SELECT chunk, bits FROM member WHERE trait=? AND ?2=?2 AND chunk BETWEEN ? AND ?");
        add(row.bind(1, trait).bind(2, trait));
    }
}

void TraitSets::read_all()
{
    for (const TraitRange& range : ranges_) {
        Statement& row = (*sql_)("SELECT chunk, bits FROM member WHERE trait BETWEEN ? AND ?");
        row.bind(1, range.first).bind(2, range.last);
        while (row.step()) add_encoded(row.blob(1), all_[row.number(0)]);
        row.reset();
    }
    all_read_ = true;
}

CriterionPtr has_trait(Statements& sql, std::vector<TraitRange> ranges)
{
    return std::make_unique<TraitCriterion>(sql, std::move(ranges));
}

CriterionPtr has_trait(Statements& sql, std::int64_t trait)
{
    return has_trait(sql, std::vector{TraitRange{trait, trait}});
}

std::vector<TraitRange> ranges_of(std::vector<std::int64_t> traits)
{
    std::ranges::sort(traits);
    std::vector<TraitRange> ranges;
    for (const std::int64_t trait : traits) {
        if (!ranges.empty() && trait <= ranges.back().last + 1)
            ranges.back().last = trait;
        else
            ranges.push_back({trait, trait});
    }
    return ranges;
}

} // namespace photosafe

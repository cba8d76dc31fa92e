// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <limits>

#include "archive/search_part.hpp"
#include "archive/trait.hpp"
#include "query/facts.hpp"
#include "query/traits.hpp"

namespace photosafe {

namespace {

/// Of what lies in the bins at both ends of the range, the amount itself is read.
class AmountCriterion final : public Criterion {
public:
    AmountCriterion(const Amount& amount, TraitKind kind, Statements& sql)
        : first_{amount.first.value_or(0)}, last_{amount.last.value_or(
                                                std::numeric_limits<std::int64_t>::max())},
          field_{amount.field}, sql_{&sql}, inner_{sql, inner(kind)}, edges_{sql, edges(kind)}
    {
    }

    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet found = inner_.in(window);
        found &= candidates;
        SlotSet to_read = edges_.in(window);
        to_read &= candidates;
        to_read.for_each(window, [&](std::int64_t slot) {
            if (meets(slot)) found.add(window, slot);
        });
        return found;
    }
    SlotSet perhaps(const SlotSet& candidates, const Window& window) override
    {
        SlotSet found = inner_.in(window);
        found |= edges_.in(window);
        found &= candidates;
        return found;
    }
    bool meets(std::int64_t slot) override
    {
        const std::int64_t amount = read(slot);
        return amount >= first_ && amount <= last_;
    }
    double work() const override
    {
        constexpr double edge = 100;
        return edge * static_cast<double>(edges_.ranges());
    }

private:
    std::int64_t low_bin() const { return bin_of(static_cast<std::uint64_t>(first_)); }
    std::int64_t high_bin() const { return bin_of(static_cast<std::uint64_t>(last_)); }
    std::vector<TraitRange> inner(TraitKind kind) const
    {
        if (low_bin() + 1 > high_bin() - 1) return {};
        return {{trait(kind, low_bin() + 1), trait(kind, high_bin() - 1)}};
    }
    std::vector<TraitRange> edges(TraitKind kind) const
    {
        return ranges_of({trait(kind, low_bin()), trait(kind, high_bin())});
    }
    std::int64_t read(std::int64_t slot)
    {
        Statement& row = field_ == AmountField::size
                             ? (*sql_)("SELECT bytes FROM metadata WHERE slot=?")
                             : (*sql_)("SELECT duration_s FROM metadata WHERE slot=?");
        std::int64_t amount = -1;
        if (row.bind(1, slot).step()) {
            if (field_ == AmountField::size) {
                amount = row.number(0);
            } else {
                Metadata metadata;
                metadata.duration_s = row.optional_real(0);
                amount = static_cast<std::int64_t>(duration_ms(metadata).value_or(0));
            }
        }
        row.reset();
        return amount;
    }

    std::int64_t first_, last_;
    AmountField field_;
    Statements* sql_;
    TraitSets inner_, edges_;
};

} // namespace

CriterionPtr has_amount(const Amount& amount, const SearchContext& context)
{
    if (amount.field == AmountField::rating) {
        const auto number = [](std::int64_t stars) { return trait_of_rating(static_cast<int>(stars)); };
        const std::int64_t first = std::clamp<std::int64_t>(amount.first.value_or(-1), -1, 6);
        const std::int64_t last = std::clamp<std::int64_t>(amount.last.value_or(5), -2, 5);
        if (first > last) return has_trait(context.sql, std::vector<TraitRange>{});
        return has_trait(context.sql, std::vector{TraitRange{number(first), number(last)}});
    }
    const TraitKind kind = amount.field == AmountField::size ? TraitKind::size : TraitKind::duration;
    return std::make_unique<AmountCriterion>(amount, kind, context.sql);
}

} // namespace photosafe

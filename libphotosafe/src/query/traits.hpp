// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <vector>

#include "query/criterion.hpp"

namespace photosafe {

/// Traits whose numbers follow each other; both ends belong to it.
struct TraitRange {
    std::int64_t first = 0, last = 0;
};

/// The sets of traits: those of any of them.
class TraitSets {
public:
    TraitSets(Statements& sql, std::vector<TraitRange> ranges) : sql_{&sql}, ranges_{std::move(ranges)} {}
    SlotSet in(const Window& window);
    std::size_t ranges() const noexcept { return ranges_.size(); }

private:
    void read(const TraitRange& range, const Window& window, SlotSet& to);
    void read_all();
    void narrow();

    Statements* sql_;
    std::vector<TraitRange> ranges_;
    bool narrowed_ = false, all_read_ = false;
    std::map<std::int64_t, Bits> all_; ///< by chunk, where there are many ranges
};

/// To have any of these traits.
CriterionPtr has_trait(Statements& sql, std::vector<TraitRange> ranges);
CriterionPtr has_trait(Statements& sql, std::int64_t trait);

/// Numbers as ranges.
std::vector<TraitRange> ranges_of(std::vector<std::int64_t> traits);

} // namespace photosafe

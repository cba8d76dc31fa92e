// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "query/criterion.hpp"
#include "query/node.hpp"

namespace photosafe {

/// To be taken within these days, by the local wall clock.
CriterionPtr taken_within(const Days& days, const SearchContext& context);
/// To have come into the archive within these days of this computer's zone.
CriterionPtr imported_within(const Days& days, const SearchContext& context);
/// To have this size, duration or rating.
CriterionPtr has_amount(const Amount& amount, const SearchContext& context);
CriterionPtr is_near(const Near& near, const SearchContext& context);
CriterionPtr is_in(const Box& box, const SearchContext& context);

/// The days that are meant on the day `today`.
Days days_of(const LastDays& days, std::int64_t today);
Days days_of(const OneDay& day, std::int64_t today);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "query/criterion.hpp"

namespace photosafe {

CriterionPtr everything();
CriterionPtr negation_of(CriterionPtr criterion);
/// All of them; at least one.
CriterionPtr all_of(std::vector<CriterionPtr> criteria);
/// Any of them; none of none.
CriterionPtr any_of(std::vector<CriterionPtr> criteria);

} // namespace photosafe

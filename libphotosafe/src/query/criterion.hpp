// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <limits>
#include <memory>

#include <photosafe/query.hpp>

#include "core/sqlite.hpp"
#include "query/slot_set.hpp"

namespace photosafe {

/// Times, in milliseconds of the local wall clock: the first, and the first after them.
struct TimeSpan {
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

/// What an asset has to be, to be found. It is asked for one window after the other, in the order of the
/// search.
class Criterion {
public:
    virtual ~Criterion() = default;
    /// Those of `candidates` that meet it.
    virtual SlotSet among(const SlotSet& candidates, const Window& window) = 0;
    /// At least those, where that is less work: then `meets` says of each whether it does. Who wants a page
    /// only asks so of few.
    virtual SlotSet perhaps(const SlotSet& candidates, const Window& window)
    {
        return among(candidates, window);
    }
    /// Of one that `perhaps` gave.
    virtual bool meets(std::int64_t /*slot*/) { return true; }
    /// How much work it is, compared with others: what is less work is asked first.
    virtual double work() const = 0;
    /// Nothing of another time can meet it.
    virtual TimeSpan times() const { return {}; }
};
using CriterionPtr = std::unique_ptr<Criterion>;

/// What criteria look into.
struct SearchContext {
    Database& db;
    Statements& sql;
    FindOrder order = FindOrder::newest_first;
    std::int64_t today = 0; ///< the local day, since 1970
};

/// The criterion that a query is. Throws QueryError for what no catalog knows yet.
CriterionPtr criterion_of(const Query::Node& node, const SearchContext& context);

} // namespace photosafe

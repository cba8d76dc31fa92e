// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include <photosafe/query.hpp>

#include "archive/impl.hpp"
#include "query/walk.hpp"

namespace photosafe {

/// Reads all that the catalog tells of assets, but their raw tags.
class FoundReader {
public:
    FoundReader(Catalog& catalog, Statements& sql) : catalog_{&catalog}, sql_{&sql} {}

    /// The asset at this place in the order of capture. Codes: damaged (the index tells of one that isn't
    /// there).
    Found read(OrderKey key, bool places);
    /// The asset with this number; none where there is none.
    std::optional<Found> read(std::int64_t asset, bool places);

private:
    Catalog* catalog_;
    Statements* sql_;
};

} // namespace photosafe

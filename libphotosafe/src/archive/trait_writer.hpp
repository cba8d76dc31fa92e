// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "archive/bits.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// Changes the sets in `member`. Changes are gathered and written together, for what comes in together is
/// usually of one chunk. What was gathered and not flushed is lost.
class TraitWriter {
public:
    explicit TraitWriter(Statements& sql) : sql_{&sql} {}

    void add(std::int64_t trait, std::int64_t slot) { change(trait, slot, true); }
    void remove(std::int64_t trait, std::int64_t slot) { change(trait, slot, false); }
    /// Writes what was gathered.
    void flush();

private:
    struct Change {
        Bits added, removed; ///< no place is in both
    };
    void change(std::int64_t trait, std::int64_t slot, bool added);

    Statements* sql_;
    std::map<std::pair<std::int64_t, std::int64_t>, Change> changes_; ///< by trait and chunk
};

} // namespace photosafe

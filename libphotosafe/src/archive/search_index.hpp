// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include <photosafe/metadata.hpp>

#include "archive/phone_store.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// Keeps what queries look into in step with `asset`, `metadata`, `place` and what phones say: an asset's
/// slot (slot.hpp), the sets of its traits (trait.hpp), its words and its position.
///
/// Errors: ArchiveError. Threads: one at a time, and the catalog's other users with it.
/// Ownership: the database must outlive it.
class SearchIndex {
public:
    explicit SearchIndex(Database& db) : sql_{db}, phones_{db} {}

    /// Brings all that triggers noted as due up to date, within the caller's transaction. Work that writes to
    /// the three tables calls it before it commits.
    void catch_up();

    /// Gives an asset its row in `metadata`, where `taken` puts it in the order of capture; `catch_up` does
    /// the rest. Nothing where there is no such asset. One that has its row already: ArchiveError.
    void admit(std::int64_t asset, const CaptureTime& taken);

private:
    Statements sql_;
    PhoneStore phones_;
};

} // namespace photosafe

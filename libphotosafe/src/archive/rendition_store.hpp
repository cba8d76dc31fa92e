// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/convert.hpp>

#include "core/sqlite.hpp"

namespace photosafe {

/// The catalog's rows about renditions. Transactions are the caller's; a single `put` is one of its own.
///
/// Errors: ArchiveError. Threads: one at a time, and the catalog's other users with it.
/// Ownership: the database must outlive it.
class RenditionStore {
public:
    explicit RenditionStore(Database& db) : sql_{db} {}

    /// What was made of this asset in this folder of renditions/, or tried in vain.
    std::optional<Rendition> find(std::int64_t asset, std::string_view folder);
    /// In all folders, by their names.
    std::vector<Rendition> of(std::int64_t asset);
    /// In the place of what was known of its asset and folder.
    void put(const Rendition& rendition);

private:
    std::int64_t reader(const std::string& versions);

    Statements sql_;
};

} // namespace photosafe

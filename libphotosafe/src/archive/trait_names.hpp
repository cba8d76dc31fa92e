// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "archive/trait.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// The traits that have names: those there are, and new ones. It remembers what it was asked, so it must not
/// outlive the transaction that it is used in.
class TraitNames {
public:
    explicit TraitNames(Statements& sql) : sql_{&sql} {}

    /// The trait of this kind and name, made where there is none. A query finds it by its labels, as words or
    /// as a whole; empty ones count for nothing. Labels of a device follow the ones that it is given.
    std::int64_t id(TraitKind kind, const std::string& name, const std::vector<std::string>& labels);

private:
    std::int64_t make(TraitKind kind, const std::string& name);
    void set_labels(std::int64_t trait, const std::vector<std::string>& labels);

    Statements* sql_;
    std::map<std::pair<TraitKind, std::string>, std::int64_t> known_;
};

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tables of a Photos library are called in this one. Names and numbers change with each iOS, and
// between phones of one iOS; so all of them are found, none is known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "worker/phone_database.hpp"

namespace photosafe::worker {

/// A table that joins two others: Z_30ASSETS has Z_30ALBUMS, Z_3ASSETS, and the order in Z_FOK_3ASSETS.
struct JoinTable {
    std::string name, left, right;
    std::string order; ///< empty: it has none
};

class PhoneSchema {
public:
    explicit PhoneSchema(PhoneDatabase& database);

    /// Whether this is a real table: no view and no virtual table.
    bool has(std::string_view table) const { return tables_.contains(table); }
    bool has(std::string_view table, std::string_view column);

    /// `ZASSET` or `ZGENERICASSET`; empty where there is neither.
    const std::string& asset_table() const noexcept { return asset_table_; }
    /// Number of Core Data's entity, where the database names it.
    std::optional<std::int64_t> entity(std::string_view name) const;

    std::optional<JoinTable> album_assets();
    std::optional<JoinTable> key_assets();
    std::optional<JoinTable> asset_keywords();

private:
    const std::set<std::string, std::less<>>& columns(std::string_view table);
    /// The table Z_<n><end> whose columns are Z_<n><left> and Z_<m><right>; where several are, the one whose
    /// n is the number of `entity`.
    std::optional<JoinTable> join(std::string_view end, std::string_view left, std::string_view right,
                                  std::string_view entity);

    PhoneDatabase* database_;
    std::set<std::string, std::less<>> tables_;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> columns_;
    std::map<std::string, std::int64_t, std::less<>> entities_;
    std::string asset_table_;
};

} // namespace photosafe::worker

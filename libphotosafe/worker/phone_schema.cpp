// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/phone_schema.hpp"

#include <algorithm>

#include <photosafe/error.hpp>

namespace photosafe::worker {

namespace {

constexpr std::size_t most_tables = 10'000;
constexpr std::size_t longest_name = 200;

/// What stands between `Z_` and `end`, if that is a number; `Z_FOK_` is another beginning.
std::string number_in(std::string_view name, std::string_view begin, std::string_view end)
{
    if (!name.starts_with(begin) || !name.ends_with(end) || name.size() <= begin.size() + end.size())
        return {};
    const std::string_view digits = name.substr(begin.size(), name.size() - begin.size() - end.size());
    const bool all = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    return all && digits.size() <= 9 ? std::string{digits} : std::string{};
}

/// Names in SQL: nothing but letters, digits and underscores is ever asked for.
bool is_plain(std::string_view name)
{
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

} // namespace

PhoneSchema::PhoneSchema(PhoneDatabase& database) : database_{&database}
{
    // A table has a page that it begins on; views and virtual tables have none.
    PhoneQuery tables{database, "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"};
    while (tables.step()) {
        const auto name = tables.text(0);
        if (!name || !is_plain(*name)) continue;
        if (tables_.size() >= most_tables)
            throw MediaError{ErrorCode::unreadable, "The database has more tables than a Photos library."};
        tables_.emplace(*name);
    }
    if (has("Z_PRIMARYKEY", "Z_NAME") && has("Z_PRIMARYKEY", "Z_ENT")) {
        PhoneQuery entities{database, "SELECT Z_NAME, Z_ENT FROM Z_PRIMARYKEY"};
        while (entities.step() && entities_.size() < most_tables) {
            const auto name = entities.text(0);
            const auto number = entities.number(1);
            if (name && number && is_plain(*name)) entities_.emplace(*name, *number);
        }
    }
    for (const char* table : {"ZASSET", "ZGENERICASSET"})
        if (asset_table_.empty() && has(table)) asset_table_ = table;
}

const std::set<std::string, std::less<>>& PhoneSchema::columns(std::string_view table)
{
    const auto [at, is_new] = columns_.try_emplace(std::string{table});
    if (!is_new || !has(table)) return at->second;
    PhoneQuery query{*database_, "PRAGMA table_info(" + std::string{table} + ")"};
    while (query.step())
        if (const auto name = query.text(1); name && is_plain(*name)) at->second.emplace(*name);
    return at->second;
}

bool PhoneSchema::has(std::string_view table, std::string_view column)
{
    return has(table) && columns(table).contains(column);
}

std::optional<std::int64_t> PhoneSchema::entity(std::string_view name) const
{
    const auto found = entities_.find(name);
    return found == entities_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<JoinTable> PhoneSchema::join(std::string_view end, std::string_view left,
                                           std::string_view right, std::string_view entity_name)
{
    std::optional<JoinTable> found;
    const auto expected = entity(entity_name);
    for (const std::string& table : tables_) {
        const std::string number = number_in(table, "Z_", end);
        if (number.empty()) continue;
        JoinTable candidate{table, "Z_" + number + std::string{left}, {}, {}};
        if (!has(table, candidate.left)) continue;
        for (const std::string& column : columns(table)) {
            if (column != candidate.left && !number_in(column, "Z_", right).empty()) candidate.right = column;
            if (!number_in(column, "Z_FOK_", right).empty()) candidate.order = column;
        }
        if (candidate.right.empty()) continue;
        const bool is_expected = expected && number == std::to_string(*expected);
        if (!found || is_expected) found = std::move(candidate);
        if (is_expected) break;
    }
    return found;
}

std::optional<JoinTable> PhoneSchema::album_assets() { return join("ASSETS", "ALBUMS", "ASSETS", "Album"); }

std::optional<JoinTable> PhoneSchema::key_assets()
{
    return join("KEYASSETS", "ALBUMSBEINGKEYASSETS", "KEYASSETS", "GenericAlbum");
}

std::optional<JoinTable> PhoneSchema::asset_keywords()
{
    return join("KEYWORDS", "ASSETATTRIBUTES", "KEYWORDS", "AdditionalAssetAttributes");
}

} // namespace photosafe::worker

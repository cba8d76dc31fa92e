// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/catalog_rows.hpp"

#include <algorithm>
#include <map>

#include "archive/metadata_row.hpp"
#include "core/sqlite.hpp"

namespace photosafe::test {

namespace {

/// How the tables are read whose rows hold numbers that only tie them to others. Empty: told by the others.
const std::map<std::string, std::string, std::less<>> tied{
    {"metadata", "SELECT asset, slot >> 32 AS block, time, state, reason, (SELECT versions FROM reader "
                 "WHERE id=reader) AS versions, traits, " PHOTOSAFE_METADATA_COLUMNS " FROM metadata"},
    {"reader", ""},
    {"member", ""}, // the sum of metadata.traits: search_index_test.cpp
    {"label", "SELECT t.kind, t.name, l.key, l.text FROM label l LEFT JOIN trait t ON t.id=l.trait"},
    {"labels", ""},
    {"names", ""},
    {"words", "SELECT m.asset, w.* FROM words w LEFT JOIN metadata m ON m.slot=w.rowid"},
    {"position", "SELECT m.asset, p.south, p.north, p.west, p.east, p.first, p.last FROM position p "
                 "LEFT JOIN metadata m ON m.slot=p.slot"},
};

/// What SQLite keeps for its virtual tables, and for itself.
bool is_inner(const std::string& table)
{
    for (const char* one : {"sqlite_", "words_", "names_", "labels_", "position_"})
        if (table.starts_with(one)) return true;
    return false;
}

std::string columns_of(Database& db, const std::string& query)
{
    std::string names;
    Statement info = db.prepare("SELECT name FROM pragma_table_info('described')");
    db.run("CREATE TEMP VIEW described AS " + query);
    while (info.step()) names += (names.empty() ? "quote(\"" : "||' '||quote(\"") + info.text(0) + "\")";
    info.reset();
    db.run("DROP VIEW described");
    return names;
}

} // namespace

std::vector<std::string> catalog_rows(const std::filesystem::path& root)
{
    Database db = Database::open(root / "catalog.sqlite", Database::Mode::read);
    std::vector<std::string> tables, rows;
    Statement names = db.prepare("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name");
    while (names.step()) tables.push_back(names.text(0));
    for (const std::string& table : tables) {
        const auto known = tied.find(table);
        const std::string query = known == tied.end() ? "SELECT * FROM \"" + table + "\"" : known->second;
        if (is_inner(table) || query.empty()) continue;
        Statement row = db.prepare("SELECT " + columns_of(db, query) + " FROM (" + query + ")");
        while (row.step()) rows.push_back(table + ' ' + row.text(0));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace photosafe::test

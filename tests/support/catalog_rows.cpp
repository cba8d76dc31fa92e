// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/catalog_rows.hpp"

#include <algorithm>
#include <map>

#include "core/sqlite.hpp"

namespace photosafe::test {

namespace {

/// How the tables are read whose rows hold numbers that only tie them to others. Empty: told by the others.
const std::map<std::string, std::string, std::less<>> tied{
    {"search",
     "SELECT s.asset, s.slot >> 18 AS millisecond, s.main, s.kinds, s.flags, s.state, s.imported, s.bytes, "
     "s.name, c.make, c.model, l.name AS lens, s.rating, s.duration, s.latitude, s.longitude "
     "FROM search s LEFT JOIN camera c ON c.id=s.camera LEFT JOIN lens l ON l.id=s.lens"},
    {"camera", ""},
    {"lens", ""},
    {"keyword", ""},
    {"keyword_use", "SELECT k.key, s.asset FROM keyword_use u JOIN keyword k ON k.id=u.keyword "
                    "LEFT JOIN search s ON s.slot=u.slot"},
    {"seen", "SELECT e.source, s.asset FROM seen e LEFT JOIN search s ON s.slot=e.slot"},
    {"words", "SELECT s.asset, w.* FROM words w LEFT JOIN search s ON s.slot=w.rowid"},
    {"position", "SELECT s.asset, p.south, p.north, p.west, p.east FROM position p "
                 "LEFT JOIN search s ON s.slot=p.slot"},
};

/// What SQLite keeps for its virtual tables, and for itself.
bool is_inner(const std::string& table)
{
    return table.starts_with("sqlite_") || table.starts_with("words_") || table.starts_with("position_");
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

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_oddities.hpp"

#include "library_schema.hpp"
#include "roll_random.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace simphone {
namespace {

namespace fs = std::filesystem;

constexpr std::array<OddityInfo, 13> known{{
    {"cyclic-folders", "two folders that are in each other"},
    {"missing-members", "albums hold pictures that aren't there, and have key pictures that aren't"},
    {"bad-dates", "dates out of every range, and dates that are text"},
    {"hostile-text", "names with control characters, wrong UTF-8, a megabyte, and paths that lead elsewhere"},
    {"other-numbers", "album tables with a number that no entity has"},
    {"planted-trigger", "triggers that nobody of Apple's wrote"},
    {"planted-view", "a view that bears the name of the assets' table"},
    {"future", "a later schema: columns and tables have gone or are named otherwise"},
    {"no-log", "the write-ahead log is missing"},
    {"torn-log", "the log ends in the middle of its last frame"},
    {"truncated", "half of the database is missing"},
    {"malformed", "noise within the database"},
    {"encrypted", "noise instead of the database"},
}};

std::string folder_named(const char* title)
{
    return "(SELECT Z_PK FROM ZGENERICALBUM WHERE ZTITLE = '" + std::string{title} + "')";
}

std::string statements(std::string_view name, const Generation& g)
{
    const std::string asset = g.asset_table(), join = g.album_assets();
    const std::string album_column = "Z_" + std::to_string(g.album) + "ALBUMS";
    const std::string asset_column = "Z_" + std::to_string(g.asset) + "ASSETS";
    const std::string order_column = "Z_FOK_" + std::to_string(g.asset) + "ASSETS";
    if (name == "cyclic-folders")
        return "UPDATE ZGENERICALBUM SET ZPARENTFOLDER = " + folder_named("Italien") +
               " WHERE ZTITLE = 'Reisen ✈️'";
    if (name == "missing-members")
        return "INSERT INTO " + join + " (" + album_column + ", " + asset_column + ", " + order_column +
               ") VALUES (" + folder_named("Everything") + ", 888888888, 5), (" + folder_named("Everything") +
               ", -1, NULL), (777777777, 1, 1); UPDATE ZGENERICALBUM SET ZCUSTOMKEYASSET = 888888888 WHERE "
               "ZTITLE = 'Everything'";
    if (name == "bad-dates")
        return "UPDATE " + asset + " SET ZDATECREATED = 1e300, ZADDEDDATE = 9e999 WHERE Z_PK = 1; UPDATE " +
               asset +
               " SET ZDATECREATED = -3e10, ZMODIFICATIONDATE = 'yesterday' WHERE Z_PK = 2; UPDATE "
               "ZGENERICALBUM SET "
               "ZCREATIONDATE = 9.3e18 WHERE ZTITLE = 'Everything'; UPDATE ZADDITIONALASSETATTRIBUTES SET "
               "ZTIMEZONEOFFSET = 99999999 WHERE Z_PK = 3";
    if (name == "hostile-text")
        return "UPDATE ZGENERICALBUM SET ZTITLE = CAST(x'1B5B324AE280AE646C6F6720C3280A00657A' AS TEXT) "
               "WHERE ZTITLE = "
               "'Everything'; UPDATE ZADDITIONALASSETATTRIBUTES SET ZTITLE = replace(hex(zeroblob(524288)), "
               "'0', 'é'), "
               "ZORIGINALFILENAME = '../../etc/passwd' WHERE Z_PK = 1; UPDATE " +
               asset + " SET ZDIRECTORY = 'DCIM/../../etc', ZFILENAME = 'passwd' WHERE Z_PK = 2; UPDATE " +
               asset +
               " SET ZUUID = x'0001', ZFILENAME = 'a' || char(10) || 'b.JPG' WHERE Z_PK = 3; UPDATE " +
               asset + " SET ZUUID = (SELECT ZUUID FROM " + asset + " WHERE Z_PK = 5) WHERE Z_PK = 4";
    if (name == "other-numbers")
        return "ALTER TABLE " + join + " RENAME TO Z_777ASSETS; ALTER TABLE Z_777ASSETS RENAME COLUMN " +
               album_column + " TO Z_777ALBUMS; ALTER TABLE Z_777ASSETS RENAME COLUMN " + asset_column +
               " TO Z_778ASSETS; "
               "ALTER TABLE Z_777ASSETS RENAME COLUMN " +
               order_column + " TO Z_FOK_778ASSETS";
    if (name == "planted-trigger")
        return "CREATE TRIGGER planted AFTER INSERT ON " + asset +
               " BEGIN SELECT load_extension('/tmp/x.so'); END; "
               "CREATE TRIGGER planted2 AFTER UPDATE ON ZGENERICALBUM BEGIN DELETE FROM " +
               asset + "; END";
    if (name == "planted-view")
        return "ALTER TABLE " + asset + " RENAME TO ZTAKEN; CREATE VIEW " + asset +
               " AS SELECT * FROM ZTAKEN";
    if (name == "future")
        return "ALTER TABLE " + asset + " RENAME COLUMN ZFAVORITE TO ZISLOVED; ALTER TABLE " + asset +
               " ADD COLUMN ZQUANTUMSTATE BLOB; DROP TABLE ZINTERNALRESOURCE; DROP TABLE ZPERSON; "
               "CREATE TABLE ZENTANGLEMENT (Z_PK INTEGER PRIMARY KEY)";
    return {};
}

void overwrite(const fs::path& file, std::uint64_t from, std::uint64_t bytes)
{
    std::fstream out{file, std::ios::in | std::ios::out | std::ios::binary};
    out.seekp(static_cast<std::streamoff>(from));
    Random random{derive_seed(1, "noise")};
    std::string noise(static_cast<std::size_t>(bytes), '\0');
    random.fill(noise.data(), noise.size());
    out.write(noise.data(), static_cast<std::streamsize>(noise.size()));
    if (!out) throw std::runtime_error("Spoiling " + file.string() + " failed");
}

} // namespace

std::span<const OddityInfo> oddities() { return known; }

void check_oddity(std::string_view name)
{
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.name == name; });
    if (found == known.end()) throw std::invalid_argument("“" + std::string{name} + "” is no oddity");
}

void plant_oddity(std::string_view name, const Generation& generation, const fs::path& root)
{
    check_oddity(name);
    const fs::path file = root / "PhotoData/Photos.sqlite", log = root / "PhotoData/Photos.sqlite-wal";
    if (const std::string sql = statements(name, generation); !sql.empty()) {
        Database{file}.run("BEGIN; " + sql + "; COMMIT");
        return;
    }
    const std::uint64_t size = fs::file_size(file);
    if (name == "no-log")
        fs::remove(log);
    else if (name == "torn-log")
        fs::resize_file(log, fs::file_size(log) - 2000);
    else if (name == "truncated")
        fs::resize_file(file, size / 2 / 4096 * 4096);
    else if (name == "malformed")
        overwrite(file, size / 3, size / 3);
    else if (name == "encrypted")
        overwrite(file, 0, size);
}

} // namespace simphone

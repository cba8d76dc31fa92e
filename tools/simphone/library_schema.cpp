// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_schema.hpp"

#include "roll_plist.hpp"

#include <algorithm>
#include <vector>

namespace simphone {
namespace {

constexpr TableKind all_tables[] = {TableKind::asset,      TableKind::attributes, TableKind::description,
                                    TableKind::adjustment, TableKind::album,      TableKind::album_assets,
                                    TableKind::key_assets, TableKind::album_list, TableKind::album_lists,
                                    TableKind::resource,   TableKind::keyword,    TableKind::asset_keywords,
                                    TableKind::person,     TableKind::face,       TableKind::share};

struct Entity {
    int number;
    std::string name;
    int super;
    std::string table; ///< empty: its rows are in another's
};

std::vector<Entity> entities(const Generation& g)
{
    std::vector<Entity> all{{1, "AdditionalAssetAttributes", 0, "ZADDITIONALASSETATTRIBUTES"},
                            {g.album_list(), "AlbumList", 0, "ZALBUMLIST"},
                            {g.asset_description(), "AssetDescription", 0, "ZASSETDESCRIPTION"},
                            {g.face(), "DetectedFace", 0, "ZDETECTEDFACE"},
                            {g.generic_album(), "GenericAlbum", 0, "ZGENERICALBUM"},
                            {g.album, "Album", g.generic_album(), ""},
                            {g.shared_album(), "CloudSharedAlbum", g.album, ""},
                            {g.folder(), "Folder", g.generic_album(), ""},
                            {g.import_session(), "ImportSession", g.generic_album(), ""},
                            {g.asset, g.asset_name(), 0, g.asset_table()},
                            {g.resource(), "InternalResource", 0, "ZINTERNALRESOURCE"},
                            {g.keyword, "Keyword", 0, "ZKEYWORD"},
                            {g.person(), "Person", 0, "ZPERSON"},
                            {g.adjustment(), "UnmanagedAdjustment", 0, "ZUNMANAGEDADJUSTMENT"}};
    if (g.generic_asset()) all.push_back({g.asset + 1, "Asset", g.asset, ""});
    if (g.age >= 160) {
        all.push_back({g.share(), "Share", 0, "ZSHARE"});
        all.push_back({g.share() + 1, "LibraryScope", g.share(), ""});
    }
    if (g.shares_albums()) all.push_back({g.share() + 2, "CollectionShare", g.share(), ""});
    std::sort(all.begin(), all.end(), [](const Entity& a, const Entity& b) { return a.number < b.number; });
    return all;
}

} // namespace

void create_tables(Database& database, const Generation& generation, const std::string& library_uuid)
{
    for (const TableKind kind : all_tables) {
        const std::string table = table_name(kind, generation);
        if (table.empty()) continue;
        std::string sql;
        for (const Column& column : all_columns(kind)) {
            if (column.from > generation.age || generation.age > column.until) continue;
            sql += (sql.empty() ? "" : ", ") + numbered(column.name, generation) + " ";
            sql += column.name == "Z_PK" ? "INTEGER PRIMARY KEY" : column.type;
        }
        const auto columns = all_columns(kind);
        if (columns.front().name != "Z_PK")
            sql += ", PRIMARY KEY (" + numbered(columns[0].name, generation) + ", " +
                   numbered(columns[1].name, generation) + ")";
        database.run("CREATE TABLE " + table + " ( " + sql + " )");
    }
    database.run(
        "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, "
        "Z_MAX INTEGER); "
        "CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB); "
        "CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB)");
    Rows keys{
        database, "Z_PRIMARYKEY", {{"Z_ENT", true}, {"Z_NAME", true}, {"Z_SUPER", true}, {"Z_MAX", true}}};
    for (const Entity& entity : entities(generation))
        keys.set("Z_ENT", entity.number)
            .set("Z_NAME", entity.name)
            .set("Z_SUPER", entity.super)
            .set("Z_MAX", 0)
            .insert();
    Rows metadata{database, "Z_METADATA", {{"Z_VERSION", true}, {"Z_UUID", true}, {"Z_PLIST", true}}};
    metadata.set("Z_VERSION", 1).set("Z_UUID", library_uuid);
    metadata.set_blob("Z_PLIST", library_plist(generation.model_version)).insert();
}

void create_triggers(Database& database, const Generation& generation)
{
    const std::string asset = generation.asset_table();
    const std::string tree = "Z_RT_" + generation.asset_name() + "_boundedByRect";
    const auto added = [&](const char* what) {
        return "CREATE TRIGGER " + tree + "_" + what + " FOR EACH ROW BEGIN INSERT OR REPLACE INTO " + tree +
               " VALUES (NEW.Z_PK, NEW.ZLATITUDE, NEW.ZLATITUDE, NEW.ZLONGITUDE, NEW.ZLONGITUDE); END; ";
    };
    database.run("CREATE INDEX " + asset + "_ZADDITIONALATTRIBUTES_INDEX ON " + asset +
                 " (ZADDITIONALATTRIBUTES); CREATE INDEX ZINTERNALRESOURCE_ZASSET_INDEX ON ZINTERNALRESOURCE "
                 "(ZASSET); CREATE INDEX Z_" +
                 generation.asset_name() + "_uuid ON " + asset + " (ZUUID); ");
    database.run("CREATE VIRTUAL TABLE " + tree +
                 " USING RTREE (Z_PK INTEGER PRIMARY KEY, ZLATITUDE_MIN FLOAT, ZLATITUDE_MAX FLOAT, "
                 "ZLONGITUDE_MIN FLOAT, ZLONGITUDE_MAX FLOAT); INSERT INTO " +
                 tree + " SELECT Z_PK, ZLATITUDE, ZLATITUDE, ZLONGITUDE, ZLONGITUDE FROM " + asset);
    database.run(added(("INSERT AFTER INSERT ON " + asset).c_str()) +
                 added(("UPDATE AFTER UPDATE ON " + asset).c_str()) + "CREATE TRIGGER " + tree +
                 "_DELETE AFTER DELETE ON " + asset + " FOR EACH ROW BEGIN DELETE FROM " + tree +
                 " WHERE Z_PK = OLD.Z_PK; END");
    database.run("CREATE TRIGGER Z_DA_" + asset + "_" + generation.asset_name() +
                 "_derivedCameraCaptureDevice_SOURCE_UPDATE AFTER UPDATE OF ZADDITIONALATTRIBUTES ON " +
                 asset + " FOR EACH ROW BEGIN SELECT NSCoreDataDATriggerUpdatedAffectedObjectValue('" +
                 asset + "', Z_ENT, Z_PK, 'derivedCameraCaptureDevice', 0) FROM " + asset +
                 " WHERE Z_PK = NEW.Z_PK; END");
}

void count_rows(Database& database, const Generation& generation)
{
    for (const Entity& entity : entities(generation))
        if (!entity.table.empty())
            database.run("UPDATE Z_PRIMARYKEY SET Z_MAX = (SELECT ifnull(max(Z_PK), 0) FROM " + entity.table +
                         ") WHERE Z_ENT = " + std::to_string(entity.number));
}

} // namespace simphone

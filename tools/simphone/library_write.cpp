// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_write.hpp"

#include "library_writer.hpp"

#include <algorithm>
#include <array>

namespace simphone {
namespace {

constexpr std::int64_t root_key = 1;
constexpr std::int64_t project_root_key = 2;
constexpr std::int64_t first_album_key = 20;
constexpr std::int64_t list_key = 1;
constexpr std::int64_t fok_step = 1024;

int number_of(LibraryAlbum::Kind kind)
{
    switch (kind) {
    case LibraryAlbum::Kind::album: return 2;
    case LibraryAlbum::Kind::folder: return 4000;
    case LibraryAlbum::Kind::shared: return 1505;
    case LibraryAlbum::Kind::import_session: return 1506;
    }
    return 2;
}

int entity_of(LibraryAlbum::Kind kind, const Generation& generation)
{
    switch (kind) {
    case LibraryAlbum::Kind::album: return generation.album;
    case LibraryAlbum::Kind::folder: return generation.folder();
    case LibraryAlbum::Kind::shared: return generation.shared_album();
    case LibraryAlbum::Kind::import_session: return generation.import_session();
    }
    return generation.album;
}

} // namespace

std::int64_t LibraryWriter::album_key(std::size_t number)
{
    return first_album_key + static_cast<std::int64_t>(number);
}

// What every library has: the two roots, and albums that Photos fills by itself.
void LibraryWriter::roots()
{
    struct Own {
        std::int64_t key;
        int kind;
        const char* title;
        bool in_root;
    };
    static constexpr std::array<Own, 7> own{{{root_key, 3999, "", false},
                                             {project_root_key, 3998, "", false},
                                             {3, 3571, "progress-sync", false},
                                             {4, 3572, "progress-ota-restore", false},
                                             {5, 3573, "progress-fs-import", false},
                                             {6, 1552, "", true},
                                             {7, 1620, "", true}}};
    for (const Own& album : own) {
        albums_.set("Z_PK", album.key).set("Z_OPT", 1).set("ZKIND", album.kind).set("ZTITLE", album.title);
        albums_.set("Z_ENT", album.kind >= 3998 ? generation_.folder() : generation_.album)
            .set("ZTRASHEDSTATE", 0);
        if (album.in_root) albums_.set("ZPARENTFOLDER", root_key).set("Z_FOK_PARENTFOLDER", album.key);
        albums_.set("ZUUID", "OWN-" + std::to_string(album.kind)).insert();
    }
    rows(TableKind::album_list)
        .set("Z_PK", list_key)
        .set("Z_ENT", generation_.album_list())
        .set("Z_OPT", 1)
        .set("ZIDENTIFIER", 1)
        .set("ZUUID", "ALBUM-LIST")
        .insert();
}

void LibraryWriter::album(std::size_t number)
{
    const LibraryAlbum& album = library_.albums[number];
    if (album.kind == LibraryAlbum::Kind::shared && generation_.shares_albums()) return shared_album(number);
    const std::int64_t pk = album_key(number);
    albums_.set("Z_PK", pk).set("Z_ENT", entity_of(album.kind, generation_)).set("Z_OPT", 2);
    albums_.set("ZKIND", number_of(album.kind)).set("ZTITLE", album.title).set("ZUUID", album.uuid);
    albums_.set("ZCACHEDCOUNT", static_cast<std::int64_t>(album.members.size()))
        .set("ZTRASHEDSTATE", album.trashed);
    albums_.set("ZCUSTOMSORTKEY", album.sort_key)
        .set("ZCUSTOMSORTASCENDING", album.ascending)
        .set("ZISPINNED", 0);
    albums_.set("ZISOWNED", 0)
        .set("ZCLOUDOWNERFULLNAME", album.owner)
        .set_time("ZCREATIONDATE", album.created_ns);
    if (album.kind == LibraryAlbum::Kind::album || album.kind == LibraryAlbum::Kind::folder) {
        albums_.set("ZPARENTFOLDER", album.parent ? album_key(*album.parent) : root_key);
        albums_.set("Z_FOK_PARENTFOLDER", album.position);
        album_lists_.set(numbered("Z_", generation_.generic_album(), "ALBUMS"), pk)
            .set(numbered("Z_", generation_.album_list(), "ALBUMLISTS"), list_key)
            .set(numbered("Z_FOK_", generation_.generic_album(), "ALBUMS"), album.position)
            .insert();
    }
    if (!album.members.empty()) {
        const auto [first, last] = std::minmax_element(
            album.members.begin(), album.members.end(), [&](std::size_t a, std::size_t b) {
                return library_.assets[a].created_ns < library_.assets[b].created_ns;
            });
        albums_.set_time("ZSTARTDATE", library_.assets[*first].created_ns);
        albums_.set_time("ZENDDATE", library_.assets[*last].created_ns);
    }
    if (album.key) {
        // A picture that a person chose stands in ZCUSTOMKEYASSET in every generation. Here it is Photos'
        // choice.
        albums_.set("ZKEYASSET", key(*album.key));
        if (generation_.generic_asset())
            albums_.set(numbered("Z", generation_.asset, "_KEYASSET"), generation_.asset + 1);
        if (!table_name(TableKind::key_assets, generation_).empty())
            rows(TableKind::key_assets)
                .set(numbered("Z_", generation_.generic_album(), "ALBUMSBEINGKEYASSETS"), pk)
                .set(numbered("Z_", generation_.asset, "KEYASSETS"), key(*album.key))
                .set(numbered("Z_FOK_", generation_.asset, "KEYASSETS"), 2 * fok_step)
                .insert();
    }
    albums_.insert();
}

void LibraryWriter::shared_album(std::size_t number)
{
    const LibraryAlbum& album = library_.albums[number];
    rows(TableKind::share)
        .set("Z_PK", album_key(number))
        .set("Z_ENT", generation_.share() + 2)
        .set("Z_OPT", 1)
        .set("ZSCOPETYPE", 0)
        .set("ZSTATUS", 1)
        .set("ZTRASHEDSTATE", album.trashed)
        .set_time("ZCREATIONDATE", album.created_ns)
        .set("ZTITLE", album.title)
        .set("ZUUID", album.uuid)
        .insert();
}

// Rows lie in the order of their keys; what order the pictures have is in Z_FOK alone, or follows from dates.
void LibraryWriter::members(std::size_t number, bool late)
{
    const LibraryAlbum& album = library_.albums[number];
    if (album.kind == LibraryAlbum::Kind::shared && generation_.shares_albums())
        return;                                                // in the assets' rows
    std::vector<std::pair<std::int64_t, std::int64_t>> sorted; // asset, order
    for (std::size_t i = 0; i < album.members.size(); ++i)
        sorted.emplace_back(key(album.members[i]), static_cast<std::int64_t>(i + 1) * fok_step);
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto [asset, order] = sorted[i];
        if (library_.assets[static_cast<std::size_t>(asset - 1)].late != late) continue;
        album_assets_.set(numbered("Z_", generation_.album, "ALBUMS"), album_key(number))
            .set(numbered("Z_", generation_.asset, "ASSETS"), asset)
            .set(numbered("Z_FOK_", generation_.asset, "ASSETS"),
                 album.sort_key == 0 ? order : static_cast<std::int64_t>(i + 1) * fok_step)
            .insert();
    }
}

void write_library(const Library& library, const Generation& generation, const std::filesystem::path& root)
{
    std::filesystem::create_directories(root / "PhotoData");
    Database database{root / "PhotoData/Photos.sqlite"};
    Random random{derive_seed(static_cast<std::uint64_t>(library.written_ns), "library uuid")};
    database.run("BEGIN");
    create_tables(database, generation, make_uuid(random));
    LibraryWriter writer{library, generation, database};
    writer.people_and_keywords();
    writer.roots();
    const auto assets = [&](bool late) {
        for (std::size_t i = 0; i < library.assets.size(); ++i)
            if (library.assets[i].late == late) writer.asset(i);
    };
    assets(false);
    for (std::size_t i = 0; i < library.albums.size(); ++i) {
        if (library.albums[i].late) continue;
        writer.album(i);
        writer.members(i, false);
    }
    // An asset that is deleted later, in the log: who doesn't apply it sees one that isn't there any more.
    const std::string table = generation.asset_table();
    const std::string deleted = std::to_string(library.assets.size() + 1);
    database.run("INSERT INTO " + table +
                 " (Z_PK, Z_ENT, ZKIND, ZUUID, ZDIRECTORY, ZFILENAME, ZTRASHEDSTATE, ZLATITUDE, "
                 "ZLONGITUDE) VALUES (" +
                 deleted + ", 0, 0, 'DELETED', 'DCIM/100APPLE', 'DELETED.HEIC', 0, -180, -180)");
    create_triggers(database, generation);
    count_rows(database, generation);
    database.run("COMMIT");
    database.empty_log();

    database.run("BEGIN");
    assets(true);
    for (std::size_t i = 0; i < library.albums.size(); ++i) {
        if (library.albums[i].late) {
            writer.album(i);
            writer.members(i, false);
        }
        writer.members(i, true);
    }
    for (const std::size_t number : library.late_favourites)
        database.run("UPDATE " + table +
                     " SET ZFAVORITE = 1 WHERE Z_PK = " + std::to_string(LibraryWriter::key(number)));
    database.run("DELETE FROM " + table + " WHERE Z_PK = " + deleted);
    count_rows(database, generation);
    database.run("COMMIT");
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// What events add. Asking: phone_records.cpp.
#include "archive/phone_store.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/phone_facts.hpp"

namespace photosafe {

namespace {

std::int64_t ns(Instant instant) { return instant.time_since_epoch().count(); }

void require_library(const PhoneRun& to)
{
    if (to.library == 0)
        throw ArchiveError{ErrorCode::damaged,
                           "A manifest tells of a phone's library before it says of which"};
}

} // namespace

std::int64_t PhoneStore::add(const PhoneRun& to, const LibraryFound& e)
{
    if (to.source == 0)
        throw ArchiveError{ErrorCode::damaged, "A manifest tells of a phone's library, and of no phone"};
    Statement& row =
        sql_("INSERT INTO library(source, uuid, model_version) VALUES(?,?,?) ON CONFLICT(source, uuid) "
             "DO UPDATE SET model_version=excluded.model_version RETURNING id");
    row.bind(1, to.source).bind(2, e.uuid).bind_optional(3, e.model_version).step();
    const std::int64_t id = row.number(0);
    row.run();
    sql_("UPDATE run SET library=? WHERE id=?").bind(1, id).bind(2, to.run).run();
    return id;
}

void PhoneStore::add(const PhoneRun& to, const ItemTold& e)
{
    require_library(to);
    sql_("INSERT INTO item_absence(item, gone, back) SELECT id, gone, ? FROM item WHERE library=? AND key=? "
         "AND gone IS NOT NULL")
        .bind(1, to.run)
        .bind(2, to.library)
        .bind(3, phone_key(e.item))
        .run();
    Statement& row =
        sql_("INSERT INTO item(library, key, asset, trashed, facts, first_run) "
             "VALUES(?1, ?2, (SELECT id FROM asset WHERE sha256=?3), ?4, ?5, ?6) ON CONFLICT(library, key) "
             "DO UPDATE "
             "SET asset=excluded.asset, trashed=excluded.trashed, facts=excluded.facts, gone=NULL");
    row.bind(1, to.library).bind(2, phone_key(e.item));
    if (e.original) row.bind_blob(3, *e.original);
    row.bind(4, std::int64_t{e.item.trashed}).bind(5, phone_asset_json(e.item).dump()).bind(6, to.run).run();
}

void PhoneStore::add(const PhoneRun& to, const ItemsGone& e)
{
    require_library(to);
    for (const std::string& key : e.keys)
        sql_("UPDATE item SET gone=? WHERE library=? AND key=? AND gone IS NULL")
            .bind(1, to.run)
            .bind(2, to.library)
            .bind(3, key)
            .run();
}

void PhoneStore::add(const PhoneRun& to, const AlbumTold& e)
{
    require_library(to);
    Statement& row =
        sql_("INSERT INTO album(library, key, place, kind, title, trashed, facts, folder, key_item, "
             "first_run) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(library, key) DO UPDATE SET "
             "place=excluded.place, kind=excluded.kind, title=excluded.title, "
             "trashed=excluded.trashed, facts=excluded.facts, folder=excluded.folder, "
             "key_item=excluded.key_item, gone=NULL RETURNING id");
    row.bind(1, to.library).bind(2, phone_key(e.album)).bind(3, static_cast<std::int64_t>(e.place));
    row.bind(4, name(e.album.kind)).bind(5, e.album.title).bind(6, std::int64_t{e.album.trashed});
    row.bind(7, phone_album_json(e.album).dump())
        .bind(8, e.folder)
        .bind(9, e.key_item)
        .bind(10, to.run)
        .step();
    const std::int64_t album = row.number(0);
    row.run();
    set_members(album, to.library, e.members);
}

void PhoneStore::set_members(std::int64_t album, std::int64_t library, const std::vector<std::string>& keys)
{
    struct Member {
        std::int64_t place = 0;
        bool stays = false; ///< whatever the list says
    };
    std::map<std::int64_t, Member> old;
    Statement& row =
        sql_("SELECT m.item, m.place, i.gone IS NOT NULL OR i.trashed FROM album_member m JOIN item i ON "
             "i.id = m.item WHERE m.album=?");
    row.bind(1, album);
    while (row.step()) old[row.number(0)] = {row.number(1), row.number(2) != 0};
    row.reset();
    std::int64_t place = 0;
    for (const std::string& key : keys) {
        const std::int64_t item = item_id(library, key);
        if (item == 0) continue; // it names something that no item is
        ++place;
        const auto found = old.find(item);
        if (found == old.end() || found->second.place != place)
            sql_("INSERT INTO album_member(album, item, place) VALUES(?,?,?) ON CONFLICT(album, item) DO "
                 "UPDATE SET "
                 "place=excluded.place")
                .bind(1, album)
                .bind(2, item)
                .bind(3, place)
                .run();
        if (found != old.end()) old.erase(found);
    }
    for (const auto& [item, member] : old)
        if (!member.stays)
            sql_("DELETE FROM album_member WHERE album=? AND item=?").bind(1, album).bind(2, item).run();
}

void PhoneStore::add(const PhoneRun& to, const AlbumsGone& e)
{
    require_library(to);
    for (const std::string& key : e.keys)
        sql_("UPDATE album SET gone=? WHERE library=? AND key=? AND gone IS NULL")
            .bind(1, to.run)
            .bind(2, to.library)
            .bind(3, key)
            .run();
}

void PhoneStore::add(const PhoneRun& to, const Looked& e)
{
    if (e.trouble.empty()) require_library(to);
    const nlohmann::ordered_json line = json(e);
    Statement& row =
        sql_("INSERT INTO look(run, source, library, at, items, albums, files, trouble, troubles) "
             "VALUES(?,?,?,?,?,?,?,?,?)");
    row.bind(1, to.run).bind(2, to.source);
    if (e.trouble.empty()) row.bind(3, to.library);
    row.bind(4, ns(e.at))
        .bind(5, static_cast<std::int64_t>(e.items))
        .bind(6, static_cast<std::int64_t>(e.albums));
    row.bind(7, line.value("files", nlohmann::ordered_json::array()).dump());
    if (!e.trouble.empty()) row.bind(8, e.trouble);
    row.bind(9, nlohmann::json(e.troubles).dump()).run();
}

std::int64_t PhoneStore::item_id(std::int64_t library, std::string_view key)
{
    Statement& row = sql_("SELECT id FROM item WHERE library=? AND key=?").bind(1, library).bind(2, key);
    const std::int64_t id = row.step() ? row.number(0) : 0;
    row.reset();
    return id;
}

std::int64_t PhoneStore::library(const std::string& source, const std::string& uuid)
{
    Statement& row =
        sql_("SELECT l.id FROM library l JOIN source s ON s.id = l.source WHERE s.key=? AND l.uuid=?");
    row.bind_blob(1, std::as_bytes(std::span{source})).bind(2, uuid);
    const std::int64_t id = row.step() ? row.number(0) : 0;
    row.reset();
    return id;
}

std::optional<PhoneItemRow> PhoneStore::item(std::int64_t library, const std::string& key)
{
    Statement& row = sql_("SELECT id, asset, facts, gone FROM item WHERE library=? AND key=?");
    std::optional<PhoneItemRow> result;
    if (row.bind(1, library).bind(2, key).step())
        result = {row.number(0), row.optional_number(1), row.text(2), !row.is_null(3)};
    row.reset();
    return result;
}

std::vector<std::string> PhoneStore::item_keys(std::int64_t library)
{
    std::vector<std::string> result;
    Statement& row = sql_("SELECT key FROM item WHERE library=? AND gone IS NULL ORDER BY key");
    row.bind(1, library);
    while (row.step()) result.push_back(row.text(0));
    row.reset();
    return result;
}

} // namespace photosafe

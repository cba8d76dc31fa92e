// SPDX-License-Identifier: LGPL-2.1-or-later
// Asking for what phones said. Adding: phone_store.cpp.
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "archive/phone_store.hpp"
#include "core/phone_facts.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

[[noreturn]] void damaged()
{
    throw ArchiveError{ErrorCode::damaged,
                       "What the catalog knows of a phone's library makes no sense; run photosafe rebuild"};
}

nlohmann::json parsed(const std::string& text)
{
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) damaged();
    return json;
}

template <class Read>
auto read_facts(Read read, const std::string& text)
try {
    return read(parsed(text));
} catch (const BadPhoneFact&) {
    damaged();
}

Instant instant(std::int64_t value) { return Instant{std::chrono::nanoseconds{value}}; }
std::optional<Instant> instant(const std::optional<std::int64_t>& value)
{
    if (!value) return std::nullopt;
    return instant(*value);
}

std::string text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

#define PHOTOSAFE_ITEM_SELECT                                                                                \
    "SELECT i.id, s.key, s.name, l.uuid, i.facts, i.asset, f.started, g.started FROM item i "                \
    "JOIN library l ON l.id = i.library JOIN source s ON s.id = l.source JOIN run f ON f.id = i.first_run "  \
    "LEFT JOIN run g ON g.id = i.gone "

PhoneItemRecord item_record(const Statement& row)
{
    return {.id = row.number(0),
            .source = text_of(row.blob(1)),
            .source_name = text_of(row.blob(2)),
            .library = row.text(3),
            .item = read_facts(phone_asset_of, row.text(4)),
            .asset = row.optional_number(5),
            .first_seen = instant(row.number(6)),
            .gone = instant(row.optional_number(7)),
            .absences = {}};
}

std::vector<PhoneItemRecord> item_records(Statement& row)
{
    std::vector<PhoneItemRecord> result;
    while (row.step()) result.push_back(item_record(row));
    row.reset();
    return result;
}

} // namespace

bool PhoneItemRecord::was_there(Instant then) const noexcept
{
    if (first_seen > then || (gone && *gone <= then)) return false;
    return std::ranges::none_of(absences,
                                [&](const auto& away) { return away.first <= then && then < away.second; });
}

std::vector<std::pair<Instant, Instant>> PhoneStore::absences(std::int64_t item)
{
    std::vector<std::pair<Instant, Instant>> result;
    Statement& row = sql_("SELECT g.started, b.started FROM item_absence x JOIN run g ON g.id = x.gone JOIN "
                          "run b ON b.id = x.back WHERE x.item=? ORDER BY g.started");
    row.bind(1, item);
    while (row.step()) result.emplace_back(instant(row.number(0)), instant(row.number(1)));
    row.reset();
    return result;
}

std::vector<PhoneItemRecord> PhoneStore::items_of(std::int64_t asset)
{
    std::vector<PhoneItemRecord> all = item_records(
        sql_(PHOTOSAFE_ITEM_SELECT "WHERE i.asset=? ORDER BY i.gone IS NOT NULL, i.gone DESC, i.id")
            .bind(1, asset));
    if (all.empty()) return all;
    const auto end = all.front().gone
                         ? all.begin() + 1
                         : std::ranges::find_if(all, [](const auto& one) { return one.gone.has_value(); });
    all.erase(end, all.end());
    return all;
}

void PhoneStore::for_each_item(const std::function<bool(const PhoneItemRecord&)>& visit)
{
    Statement& row = sql_(PHOTOSAFE_ITEM_SELECT "ORDER BY i.id DESC");
    for (bool more = true; more && row.step();) {
        PhoneItemRecord record = item_record(row);
        record.absences = absences(record.id);
        more = visit(record);
    }
    row.reset();
}

std::vector<PhoneItemRecord> PhoneStore::members(std::int64_t album)
{
    return item_records(sql_(PHOTOSAFE_ITEM_SELECT
                             "JOIN album_member m ON m.item = i.id WHERE m.album=? ORDER BY m.place, i.id")
                            .bind(1, album));
}

std::vector<AlbumTold> PhoneStore::albums(std::int64_t library)
{
    std::vector<AlbumTold> result;
    std::vector<std::int64_t> ids;
    Statement& row = sql_("SELECT id, facts, folder, key_item, place FROM album WHERE library=? AND gone IS "
                          "NULL ORDER BY place, id");
    row.bind(1, library);
    while (row.step()) {
        ids.push_back(row.number(0));
        result.push_back({.album = read_facts(phone_album_of, row.text(1)),
                          .folder = row.text(2),
                          .key_item = row.text(3),
                          .place = static_cast<std::uint64_t>(row.number(4)),
                          .members = {}});
    }
    row.reset();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Statement& member =
            sql_("SELECT i.key FROM album_member m JOIN item i ON i.id = m.item WHERE m.album=? AND "
                 "i.gone IS NULL ORDER BY m.place, i.id");
        member.bind(1, ids[i]);
        while (member.step()) result[i].members.push_back(member.text(0));
        member.reset();
    }
    return result;
}

std::vector<PhoneAlbumRecord> PhoneStore::album_records()
{
    struct Row {
        std::int64_t library;
        std::string key, folder;
    };
    std::vector<PhoneAlbumRecord> result;
    std::vector<Row> rows;
    Statement& row = sql_(
        "SELECT a.id, s.key, s.name, l.uuid, a.facts, "
        "(SELECT count(*) FROM album_member m WHERE m.album = a.id), "
        "(SELECT count(*) FROM album_member m JOIN item i ON i.id = m.item WHERE m.album = a.id AND i.asset "
        "IS "
        "NOT NULL), (SELECT i.asset FROM item i WHERE i.library = a.library AND i.key = a.key_item), "
        "g.started, "
        "a.library, a.key, a.folder FROM album a JOIN library l ON l.id = a.library JOIN source s ON s.id = "
        "l.source LEFT JOIN run g ON g.id = a.gone ORDER BY a.library, a.place, a.id");
    while (row.step()) {
        result.push_back({.id = row.number(0),
                          .source = text_of(row.blob(1)),
                          .source_name = text_of(row.blob(2)),
                          .library = row.text(3),
                          .album = read_facts(phone_album_of, row.text(4)),
                          .folder = {},
                          .items = static_cast<std::uint64_t>(row.number(5)),
                          .stored = static_cast<std::uint64_t>(row.number(6)),
                          .key_asset = row.optional_number(7),
                          .gone = instant(row.optional_number(8))});
        rows.push_back({row.number(9), row.text(10), row.text(11)});
    }
    row.reset();
    std::map<std::pair<std::int64_t, std::string>, std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) places.emplace(std::pair{rows[i].library, rows[i].key}, i);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // No folder is within itself, but rows of a damaged manifest may say so.
        std::string folder = rows[i].folder;
        for (std::size_t depth = 0; depth < folder_depth_limit && !folder.empty(); ++depth) {
            const auto found = places.find({rows[i].library, folder});
            if (found == places.end()) break;
            std::string& path = result[i].folder;
            path = result[found->second].album.title + (path.empty() ? "" : "/") + path;
            folder = rows[found->second].folder;
        }
    }
    return result;
}

std::vector<std::string> PhoneStore::album_titles(std::int64_t asset)
{
    std::vector<std::string> result;
    Statement& row = sql_("SELECT DISTINCT a.title FROM item i JOIN album_member m ON m.item = i.id JOIN "
                          "album a ON a.id = m.album "
                          "WHERE i.asset=? AND a.gone IS NULL AND a.trashed = 0 AND a.kind IN ('album', "
                          "'shared') AND a.title <> '' "
                          "ORDER BY a.title");
    row.bind(1, asset);
    while (row.step()) result.push_back(row.text(0));
    row.reset();
    return result;
}

std::vector<PhoneLook> PhoneStore::looks(std::size_t limit)
{
    std::vector<PhoneLook> result;
    Statement& row =
        sql_("SELECT r.manifest, s.key, s.name, l.uuid, l.model_version, k.at, k.items, k.albums, k.trouble, "
             "k.troubles FROM look k JOIN run r ON r.id = k.run JOIN source s ON s.id = k.source LEFT JOIN "
             "library l ON "
             "l.id = k.library ORDER BY k.id DESC LIMIT ?");
    row.bind(1, static_cast<std::int64_t>(limit));
    while (row.step()) {
        const nlohmann::json troubles = parsed(row.text(9));
        if (!troubles.is_array()) damaged();
        PhoneLook look{.manifest = row.text(0),
                       .source = text_of(row.blob(1)),
                       .source_name = text_of(row.blob(2)),
                       .library = row.text(3),
                       .model_version = row.optional_number(4),
                       .at = instant(row.number(5)),
                       .items = static_cast<std::uint64_t>(row.number(6)),
                       .albums = static_cast<std::uint64_t>(row.number(7)),
                       .trouble = row.text(8),
                       .troubles = {}};
        for (const nlohmann::json& one : troubles)
            if (one.is_string()) look.troubles.push_back(one.get<std::string>());
        result.push_back(std::move(look));
    }
    row.reset();
    return result;
}

bool PhoneStore::any()
{
    Statement& row = sql_("SELECT EXISTS(SELECT 1 FROM library)");
    row.step();
    const bool result = row.number(0) != 0;
    row.reset();
    return result;
}

} // namespace photosafe

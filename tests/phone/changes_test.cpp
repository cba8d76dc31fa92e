// SPDX-License-Identifier: LGPL-2.1-or-later
// What the phone changes between two imports, and what a rebuild makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <photosafe/query.hpp>

#include "archive/impl.hpp"
#include "core/sqlite.hpp"
#include "phone/roll.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string roll_options = std::string{small_roll} + "--items 24 --seed 11 --library ios18 --hidden 1";

/// All rows of what phones said, as text, but for times.
std::vector<std::string> phone_rows(const std::filesystem::path& root)
{
    Database db = Database::open(root / "catalog.sqlite", Database::Mode::read);
    std::vector<std::string> rows;
    for (const char* sql :
         {"SELECT 'item', key, a.path, facts, i.trashed, i.gone IS NULL FROM item i LEFT JOIN asset a ON "
          "a.id = i.asset "
          "ORDER BY key",
          "SELECT 'album', key, facts, folder, key_item, place, gone IS NULL FROM album ORDER BY key",
          "SELECT 'member', a.key, i.key, m.place FROM album_member m JOIN album a ON a.id = m.album JOIN "
          "item i ON "
          "i.id = m.item ORDER BY a.key, m.place, i.key",
          "SELECT 'absence', i.key, count(*) FROM item_absence x JOIN item i ON i.id = x.item GROUP BY i.key "
          "ORDER BY i.key",
          "SELECT 'look', items, albums, files, ifnull(trouble, ''), troubles FROM look ORDER BY id",
          "SELECT 'found', hex(bits) FROM member ORDER BY trait, chunk"}) {
        Statement row = db.prepare(sql);
        while (row.step()) {
            std::string text;
            for (int i = 0; i < row.columns(); ++i) text += row.text(i) + '|';
            rows.push_back(std::move(text));
        }
    }
    return rows;
}

std::size_t lines_with(const std::filesystem::path& root, const std::string& part)
{
    std::size_t count = 0;
    for (const auto& [path, content] : files_below(root / "manifests"))
        for (std::size_t at = content.find(part); at != std::string::npos; at = content.find(part, at + 1))
            ++count;
    return count;
}

PhoneAlbumRecord album_titled(const Archive& archive, const std::string& title)
{
    for (PhoneAlbumRecord& one : archive.phone_albums())
        if (one.album.title == title) return std::move(one);
    throw std::runtime_error{"no album " + title};
}

/// A manual album of the roll with members, of the truth.
const nlohmann::json& some_album(const Roll& roll)
{
    for (const auto& one : roll.library().at("albums"))
        if (one.at("kind") == "album" && one.at("order") == "manual" && one.at("members").size() >= 3 &&
            !one.at("trashed"))
            return one;
    throw std::runtime_error{"the roll has no such album"};
}

TEST(PhoneChanges, NothingNewIsNothingTold)
{
    const Roll roll{roll_options};
    TempArchive archive;
    import(roll, *archive);
    const auto items = lines_with(archive.root(), R"("type":"item")");
    const auto albums = lines_with(archive.root(), R"("type":"album")");
    EXPECT_EQ(items, roll.library().at("assets").size());
    EXPECT_EQ(albums, roll.library().at("albums").size());
    const auto before = phone_rows(archive.root());
    import(roll, *archive);                                 // of the same files: they are not read again
    roll.change("UPDATE ZASSET SET ZFAVORITE = ZFAVORITE"); // another file of the same content
    import(roll, *archive);
    EXPECT_EQ(lines_with(archive.root(), R"("type":"item")"), items);
    EXPECT_EQ(lines_with(archive.root(), R"("type":"album")"), albums);
    EXPECT_EQ(lines_with(archive.root(), R"("type":"looked")"), 3u);
}

TEST(PhoneChanges, AreAppliedByTheNextImport)
{
    const Roll roll{roll_options};
    TempArchive archive;
    import(roll, *archive);
    const auto& album = some_album(roll);
    const std::string out = album.at("members").at(0);
    roll.change(
        "UPDATE ZGENERICALBUM SET ZTITLE = 'Another title' WHERE ZUUID = '" +
        album.at("uuid").get<std::string>() +
        "'; DELETE FROM Z_30ASSETS WHERE Z_30ALBUMS = (SELECT Z_PK FROM ZGENERICALBUM WHERE ZUUID = '" +
        album.at("uuid").get<std::string>() + "') AND Z_3ASSETS = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '" +
        out + "'); UPDATE ZASSET SET ZFAVORITE = 0");
    import(roll, *archive);
    const PhoneAlbumRecord renamed = album_titled(*archive, "Another title");
    EXPECT_EQ(renamed.album.uuid, album.at("uuid").get<std::string>());
    std::vector<std::string> members;
    for (const PhoneItemRecord& one : archive->members(renamed)) members.push_back(one.item.uuid);
    EXPECT_THAT(members, Not(Contains(out)));
    EXPECT_EQ(members.size() + 1, album.at("members").size());
    archive->for_each_phone_item([](const PhoneItemRecord& one) {
        EXPECT_FALSE(one.item.favorite);
        return true;
    });
    std::uint64_t favorites = count(*archive, Query::parse("favorite:yes"));
    EXPECT_EQ(favorites, 0u);
    EXPECT_EQ(count(*archive, Query::parse("album:\"another title\"")), renamed.stored);
}

TEST(PhoneChanges, WhatIsDeletedFromThePhoneStaysInItsAlbumsHere)
{
    const Roll roll{roll_options};
    TempArchive archive;
    import(roll, *archive);
    const auto& album = some_album(roll);
    const std::string uuid = album.at("members").at(1);
    roll.change("DELETE FROM Z_30ASSETS WHERE Z_3ASSETS = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '" + uuid +
                "'); DELETE FROM ZASSET WHERE ZUUID = '" + uuid + "'");
    import(roll, *archive);
    bool there = false, gone = false;
    for (const PhoneItemRecord& one : archive->members(album_titled(*archive, album.at("title")))) {
        there |= one.item.uuid == uuid;
        gone |= one.item.uuid == uuid && one.gone.has_value();
    }
    EXPECT_TRUE(there);
    EXPECT_TRUE(gone);
}

TEST(PhoneChanges, RebuildKnowsAllOfThem)
{
    const Roll roll{roll_options};
    TempArchive archive;
    import(roll, *archive);
    const auto& album = some_album(roll);
    const std::string gone = album.at("members").at(0);
    roll.change(
        "UPDATE ZGENERICALBUM SET ZTITLE = 'Later' WHERE ZUUID = '" + album.at("uuid").get<std::string>() +
        "'; UPDATE ZASSET SET ZFAVORITE = 1 - ZFAVORITE; DELETE FROM ZASSET WHERE ZUUID = '" + gone + "'");
    import(roll, *archive);
    import(roll, *archive);
    const std::string away = album.at("members").at(1);
    const auto rename = [&](const std::string& from, const std::string& to) {
        roll.change("UPDATE ZASSET SET ZUUID = '" + to + "' WHERE ZUUID = '" + from + "'");
        import(roll, *archive);
    };
    rename(away, "11111111-2222-4333-8444-555555555555");
    rename("11111111-2222-4333-8444-555555555555", away);
    archive.close();
    auto before = phone_rows(archive.root());
    rebuild(archive.root());
    auto after = phone_rows(archive.root());
    // What pictures say of themselves is read again later; until then the sets of queries are others.
    const auto of_queries = [](const std::string& row) { return row.starts_with("found|"); };
    std::erase_if(before, of_queries);
    std::erase_if(after, of_queries);
    EXPECT_EQ(before, after);
}

TEST(PhoneChanges, WhatComesBackWasAwayMeanwhile)
{
    const Roll roll{roll_options};
    TempArchive archive;
    const std::string uuid = roll.library().at("assets").at(0).at("uuid");
    const std::string other = "11111111-2222-4333-8444-555555555555";
    const auto record = [&] {
        PhoneItemRecord found;
        archive->for_each_phone_item([&](const PhoneItemRecord& one) {
            if (one.item.uuid == uuid) found = one;
            return found.id == 0;
        });
        return found;
    };
    import(roll, *archive);
    EXPECT_THAT(record().absences, IsEmpty());
    roll.change("UPDATE ZASSET SET ZUUID = '" + other + "' WHERE ZUUID = '" + uuid + "'");
    import(roll, *archive);
    EXPECT_TRUE(record().gone);
    roll.change("UPDATE ZASSET SET ZUUID = '" + uuid + "' WHERE ZUUID = '" + other + "'");
    import(roll, *archive);
    const PhoneItemRecord back = record();
    EXPECT_FALSE(back.gone);
    ASSERT_EQ(back.absences.size(), 1u);
    const auto [gone, again] = back.absences.front();
    EXPECT_FALSE(back.was_there(back.first_seen - std::chrono::nanoseconds{1}));
    EXPECT_TRUE(back.was_there(gone - std::chrono::nanoseconds{1}));
    EXPECT_FALSE(back.was_there(gone));
    EXPECT_FALSE(back.was_there(again - std::chrono::nanoseconds{1}));
    EXPECT_TRUE(back.was_there(again));
}

TEST(PhoneChanges, ALookThatFailsIsRemembered)
{
    const Roll roll{roll_options + " --oddity encrypted"};
    TempArchive archive;
    import(roll, *archive);
    const auto looks = archive->phone_looks(10);
    ASSERT_EQ(looks.size(), 1u);
    EXPECT_THAT(looks.front().trouble, Not(IsEmpty()));
    EXPECT_THROW(count(*archive, Query::parse("favorite:yes")), QueryError);
}

} // namespace

} // namespace photosafe::test

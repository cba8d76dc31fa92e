// SPDX-License-Identifier: LGPL-2.1-or-later
// Real libraries, against what plain SQL says of a copy.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sqlite.hpp"
#include "phone_library/read_library.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

namespace {

using testing::ElementsAreArray;
using testing::UnorderedElementsAreArray;

struct Real {
    const char* name;
    const char* assets;       ///< its table of items
    const char* join;         ///< which items are in which album
    const char *album, *item; ///< columns of it
    const char* keyword;      ///< column of Z_1KEYWORDS
    const char *face, *person;
    const char* edited;
    std::int64_t model;
    std::vector<std::string> lost_facts;
    std::size_t before_log, with_log; ///< how many items
};

const Real libraries[] = {
    {"Test-10.15.7",
     "ZGENERICASSET",
     "Z_26ASSETS",
     "Z_26ALBUMS",
     "Z_34ASSETS",
     "Z_37KEYWORDS",
     "ZASSET",
     "ZPERSON",
     "ZHASADJUSTMENTS",
     13703,
     {"Dates that make no sense: 1."},
     29,
     29},
    {"TestTimeWarp-13.6.9",
     "ZASSET",
     "Z_28ASSETS",
     "Z_28ALBUMS",
     "Z_3ASSETS",
     "Z_40KEYWORDS",
     "ZASSET",
     "ZPERSON",
     "ZHASADJUSTMENTS",
     16502,
     {},
     8,
     9},
    {"Test-Media-Types-15.7.2",
     "ZASSET",
     "Z_30ASSETS",
     "Z_30ALBUMS",
     "Z_3ASSETS",
     "Z_47KEYWORDS",
     "ZASSETFORFACE",
     "ZPERSONFORFACE",
     "ZADJUSTMENTSSTATE",
     18600,
     {},
     18,
     18},
};

/// A copy, and a connection of SQLite's own file system to another copy.
class RealLibraries : public testing::TestWithParam<Real> {
protected:
    void SetUp() override
    {
        const std::filesystem::path from = std::filesystem::path{PHOTOSAFE_CORPUS} / "photos-sqlite" /
                                           (std::string{GetParam().name} + ".photoslibrary/database");
        if (!std::filesystem::exists(from)) GTEST_SKIP() << "there are no real libraries at " << from;
        for (const char* copy : {"ours", "plain"}) {
            std::filesystem::create_directory(folder / copy);
            for (const char* end : {"", "-wal"}) {
                const std::filesystem::path file = folder / copy / (std::string{"Photos.sqlite"} + end);
                std::filesystem::copy_file(from / (std::string{"Photos.sqlite"} + end), file);
                std::filesystem::permissions(file, std::filesystem::perms::owner_all);
            }
        }
        library = read_library(folder / "ours/Photos.sqlite");
    }

    /// Each row as one text, columns apart by `|`.
    std::vector<std::string> ask(std::string sql)
    {
        const Real& real = GetParam();
        for (const auto& [sign, word] :
             std::initializer_list<std::pair<std::string, std::string>>{{"@assets", real.assets},
                                                                        {"@join", real.join},
                                                                        {"@album", real.album},
                                                                        {"@item", real.item},
                                                                        {"@keyword", real.keyword},
                                                                        {"@face", real.face},
                                                                        {"@person", real.person},
                                                                        {"@edited", real.edited}})
            for (std::size_t at; (at = sql.find(sign)) != std::string::npos;)
                sql.replace(at, sign.size(), word);
        Database db = Database::open(folder / "plain/Photos.sqlite", Database::Mode::write);
        Statement row = db.prepare(sql);
        std::vector<std::string> rows;
        while (row.step()) {
            std::string line = row.text(0);
            for (int i = 1; i < row.columns(); ++i) (line += '|') += row.text(i);
            rows.push_back(std::move(line));
        }
        return rows;
    }

    template <class Wanted>
    std::vector<std::string> uuids(Wanted wanted) const
    {
        std::vector<std::string> result;
        for (const PhoneAsset& asset : library.assets)
            if (wanted(asset)) result.push_back(asset.uuid);
        return result;
    }

    TempFolder folder;
    PhoneLibrary library;
};

} // namespace

TEST_P(RealLibraries, SayWhatTheyAre)
{
    EXPECT_EQ(library.asset_table, GetParam().assets);
    EXPECT_EQ(library.album_table, GetParam().join);
    EXPECT_EQ(library.model_version, GetParam().model);
    EXPECT_THAT(ask("SELECT Z_UUID FROM Z_METADATA"), testing::ElementsAre(library.uuid));
    EXPECT_THAT(library.troubles, testing::IsEmpty());
    EXPECT_EQ(library.lost_facts, GetParam().lost_facts);
}

TEST_P(RealLibraries, AreReadWithTheirLogApplied)
{
    EXPECT_EQ(library.assets.size(), GetParam().with_log);
    EXPECT_EQ(read_library(folder / "ours/Photos.sqlite", Log::without).assets.size(), GetParam().before_log);
}

TEST_P(RealLibraries, HaveTheItemsThatPlainSqlFinds)
{
    std::vector<std::string> found;
    for (const PhoneAsset& asset : library.assets)
        found.push_back(asset.uuid + '|' + asset.path + '|' + asset.original_name + '|' + asset.time_zone +
                        '|' + std::to_string(asset.offset_minutes.value_or(0) * 60) + '|' + asset.title +
                        '|' + (asset.kind == MediaKind::video ? "1" : "0") + '|' + asset.burst_uuid + '|' +
                        asset.live_uuid);
    EXPECT_THAT(
        found,
        ElementsAreArray(ask(
            "SELECT a.ZUUID, a.ZDIRECTORY || '/' || a.ZFILENAME, t.ZORIGINALFILENAME, t.ZTIMEZONENAME, "
            "t.ZTIMEZONEOFFSET, t.ZTITLE, a.ZKIND, a.ZAVALANCHEUUID, a.ZMEDIAGROUPUUID FROM @assets a JOIN "
            "ZADDITIONALASSETATTRIBUTES t ON t.Z_PK = a.ZADDITIONALATTRIBUTES ORDER BY a.Z_PK")));
    std::vector<std::string> dates;
    const auto seconds = [](const std::optional<Instant>& instant) {
        return instant ? std::to_string(
                             std::chrono::floor<std::chrono::seconds>(*instant).time_since_epoch().count())
                       : "";
    };
    for (const PhoneAsset& asset : library.assets)
        dates.push_back(seconds(asset.created) + '|' + seconds(asset.added));
    // One of these was taken in the year 3914123.
    EXPECT_THAT(dates,
                ElementsAreArray(
                    ask("SELECT CASE WHEN ZDATECREATED < 1e10 THEN CAST(ZDATECREATED + 978307200 AS "
                        "INTEGER) END, CAST(ZADDEDDATE + 978307200 AS INTEGER) FROM @assets ORDER BY Z_PK")));
}

TEST_P(RealLibraries, HaveTheFlagsThatPlainSqlFinds)
{
    const auto where = [&](const char* condition) {
        return ask(std::string{"SELECT ZUUID FROM @assets WHERE "} + condition + " ORDER BY Z_PK");
    };
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.favorite; }), where("ZFAVORITE = 1"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.hidden; }), where("ZHIDDEN = 1"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.trashed; }), where("ZTRASHEDSTATE = 1"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.edited; }), where("@edited > 0"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.burst_picked; }), where("ZAVALANCHEPICKTYPE & 8"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return !a.shown; }), where("ZVISIBILITYSTATE = 2"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.subtype == PhoneSubtype::live; }),
              where("ZKINDSUBTYPE = 2"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.position.has_value(); }), where("ZLATITUDE != -180"));
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.provenance == Provenance::referenced; }),
              where("ZSAVEDASSETTYPE = 10"));
}

TEST_P(RealLibraries, HaveTheWordsThatPlainSqlFinds)
{
    std::vector<std::string> keywords, people, captions;
    for (const PhoneAsset& asset : library.assets) {
        for (const std::string& word : asset.keywords) keywords.push_back(asset.uuid + '|' + word);
        for (const std::string& word : asset.people) people.push_back(asset.uuid + '|' + word);
        if (!asset.caption.empty()) captions.push_back(asset.uuid);
    }
    EXPECT_THAT(keywords,
                UnorderedElementsAreArray(ask(
                    "SELECT a.ZUUID, k.ZTITLE FROM Z_1KEYWORDS j JOIN ZKEYWORD k ON k.Z_PK = j.@keyword JOIN "
                    "@assets a ON a.ZADDITIONALATTRIBUTES = j.Z_1ASSETATTRIBUTES")));
    EXPECT_THAT(people,
                UnorderedElementsAreArray(ask(
                    "SELECT DISTINCT a.ZUUID, p.ZFULLNAME FROM ZDETECTEDFACE f JOIN ZPERSON p ON p.Z_PK = "
                    "f.@person JOIN @assets a ON a.Z_PK = f.@face WHERE p.ZFULLNAME != ''")));
    EXPECT_EQ(captions,
              ask("SELECT a.ZUUID FROM @assets a JOIN ZADDITIONALASSETATTRIBUTES t ON t.Z_PK = "
                  "a.ZADDITIONALATTRIBUTES JOIN ZASSETDESCRIPTION d ON d.Z_PK = t.ZASSETDESCRIPTION WHERE "
                  "d.ZLONGDESCRIPTION != '' ORDER BY a.Z_PK"));
}

TEST_P(RealLibraries, HaveTheAlbumsThatPlainSqlFinds)
{
    std::vector<std::string> albums, members;
    for (const PhoneAlbum& album : library.albums) {
        if (album.kind != PhoneAlbum::Kind::album && album.kind != PhoneAlbum::Kind::folder) continue;
        albums.push_back(album.uuid + '|' + album.title + '|' + (album.trashed ? "1" : "0") + '|' +
                         (album.parent ? library.albums[*album.parent].uuid : "") + '|' +
                         (album.kind == PhoneAlbum::Kind::folder ? "4000" : "2"));
        for (const std::uint32_t member : album.members)
            members.push_back(album.uuid + '|' + library.assets[member].uuid);
    }
    EXPECT_THAT(
        albums,
        UnorderedElementsAreArray(
            ask("SELECT g.ZUUID, g.ZTITLE, g.ZTRASHEDSTATE, (SELECT p.ZUUID FROM ZGENERICALBUM p WHERE "
                "p.Z_PK = g.ZPARENTFOLDER AND p.ZKIND = 4000), g.ZKIND FROM ZGENERICALBUM g WHERE g.ZKIND "
                "IN (2, 4000)")));
    EXPECT_THAT(members,
                UnorderedElementsAreArray(
                    ask("SELECT g.ZUUID, a.ZUUID FROM @join j JOIN ZGENERICALBUM g ON g.Z_PK = j.@album JOIN "
                        "@assets a ON a.Z_PK = j.@item WHERE g.ZKIND = 2")));
    // A person laid these; Photos keeps the order apart from the rows.
    for (const PhoneAlbum& album : library.albums) {
        if (album.order != PhoneAlbum::Order::manual) continue;
        std::vector<std::string> laid;
        for (const std::uint32_t member : album.members) laid.push_back(library.assets[member].uuid);
        EXPECT_EQ(laid, ask("SELECT a.ZUUID FROM @join j JOIN ZGENERICALBUM g ON g.Z_PK = j.@album JOIN "
                            "@assets a ON a.Z_PK "
                            "= j.@item WHERE g.ZUUID = '" +
                            album.uuid + "' ORDER BY j.Z_FOK_" + std::string{GetParam().item}.substr(2)));
    }
}

TEST_P(RealLibraries, SayWhereOriginalsAre)
{
    // All of these are on their Mac, but two that lie elsewhere on it, which a rule for iPhones would take
    // for iCloud's.
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.locality == Locality::only_in_icloud; }),
              std::vector<std::string>{});
    EXPECT_EQ(uuids([](const PhoneAsset& a) { return a.locality == Locality::on_phone; }),
              ask("SELECT a.ZUUID FROM @assets a JOIN ZINTERNALRESOURCE r ON r.ZASSET = a.Z_PK WHERE "
                  "r.ZDATASTORESUBTYPE = 1 "
                  "AND r.ZLOCALAVAILABILITY = 1 ORDER BY a.Z_PK"));
    std::vector<std::string> originals;
    for (const PhoneAsset& asset : library.assets)
        for (const PhoneResource& resource : asset.resources)
            if (resource.role == Role::original || resource.role == Role::live_video ||
                resource.role == Role::raw)
                originals.push_back(asset.uuid + '|' + std::to_string(resource.bytes.value()));
    EXPECT_THAT(originals, UnorderedElementsAreArray(
                               ask("SELECT a.ZUUID, r.ZDATALENGTH FROM ZINTERNALRESOURCE r JOIN @assets a "
                                   "ON a.Z_PK = r.ZASSET WHERE r.ZDATASTORESUBTYPE IN (1, 17, 18)")));
}

INSTANTIATE_TEST_SUITE_P(OfTheCorpus, RealLibraries, testing::ValuesIn(libraries), [](const auto& instance) {
    std::string name = instance.param.name;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
});

TEST(RealLibraryOrder, FollowsWhatTheAlbumIsSortedBy)
{
    const std::filesystem::path from =
        std::filesystem::path{PHOTOSAFE_CORPUS} / "photos-sqlite/Test-10.15.7.photoslibrary/database";
    if (!std::filesystem::exists(from)) GTEST_SKIP() << "there are no real libraries at " << from;
    const PhoneLibrary library = read_library(from / "Photos.sqlite"); // SQLite never opens it
    std::map<std::string, PhoneAlbum> albums;
    for (const PhoneAlbum& album : library.albums) albums[album.title] = album;
    const auto oldest = albums.at("Sorted Oldest First").members;
    auto newest = albums.at("Sorted Newest First").members;
    ASSERT_EQ(oldest.size(), 3u);
    for (std::size_t i = 1; i < oldest.size(); ++i)
        EXPECT_LT(library.assets[oldest[i - 1]].created, library.assets[oldest[i]].created);
    std::reverse(newest.begin(), newest.end());
    EXPECT_EQ(oldest, newest);
    EXPECT_EQ(albums.at("Sorted Title").order, PhoneAlbum::Order::title);
    EXPECT_EQ(albums.at("Sorted Manual").order, PhoneAlbum::Order::manual);
}

} // namespace photosafe::test

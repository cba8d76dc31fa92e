// SPDX-License-Identifier: LGPL-2.1-or-later
// Databases that are broken, strange or made to harm.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <photosafe/error.hpp>

#include "core/sqlite.hpp"
#include "core/text.hpp"
#include "phone_library/read_library.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::optional<ErrorCode> error_of(const std::filesystem::path& database)
try {
    (void)read_library(database);
    return std::nullopt;
} catch (const MediaError& error) {
    EXPECT_THAT(error.what(), testing::EndsWith("."));
    return error.code();
}

/// A library as small as one can be, and what a test adds to it.
class Small : public testing::Test {
protected:
    void make(const std::string& sql)
    {
        Database db = Database::open(file, Database::Mode::create);
        db.run(sql);
    }
    void make_usual(const std::string& more)
    {
        make("CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME "
             "VARCHAR, "
             "ZKIND INTEGER, ZTRASHEDSTATE INTEGER, ZDATECREATED TIMESTAMP);"
             "CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, "
             "ZPARENTFOLDER INTEGER, "
             "ZCUSTOMSORTKEY INTEGER);"
             "CREATE TABLE Z_9ASSETS (Z_9ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);" +
             more);
    }
    TempFolder folder;
    std::filesystem::path file = folder / "Photos.sqlite";
};

using HostileLibrary = Small;

/// One oddity of simphone's in three generations.
class Oddities : public testing::TestWithParam<std::string> {
protected:
    void odd(const std::string& name)
    {
        roll = folder / name;
        truth = make_roll(roll,
                          "--items 40 --pictures 1 --library " + GetParam() + " --oddity " + name)["library"];
    }
    PhoneLibrary read() const { return read_library(file()); }
    std::filesystem::path file() const { return roll / "PhotoData/Photos.sqlite"; }
    const PhoneAlbum& titled(const PhoneLibrary& library, const std::string& title) const
    {
        for (const Json& row : truth["albums"])
            if (row["title"] == title) return album_of(library, row["uuid"]);
        throw std::runtime_error{"no album " + title};
    }
    std::vector<std::string> members(const PhoneLibrary& library, const PhoneAlbum& album) const
    {
        std::vector<std::string> result;
        for (const std::uint32_t member : album.members) result.push_back(library.assets[member].uuid);
        return result;
    }
    Json everything() const
    {
        for (const Json& row : truth["albums"])
            if (row["title"] == "Everything") return row;
        return {};
    }
    TempFolder folder;
    std::filesystem::path roll;
    Json truth;
};

} // namespace

TEST_P(Oddities, FoldersWithinEachOtherEndSomewhere)
{
    odd("cyclic-folders");
    const PhoneLibrary library = read();
    EXPECT_THAT(library.lost_facts, Contains(HasSubstr("Folders within themselves")));
    EXPECT_EQ(library.albums.size(), truth["albums"].size());
    EXPECT_FALSE(titled(library, "Küste").members.empty());
}

TEST_P(Oddities, MembersThatAreNotThereAreLeftOutAndTold)
{
    odd("missing-members");
    const PhoneLibrary library = read();
    EXPECT_EQ(members(library, titled(library, "Everything")), everything()["members"]);
    EXPECT_THAT(library.lost_facts,
                testing::UnorderedElementsAre(HasSubstr("Members of albums that are not in the library: 2"),
                                              HasSubstr("Members of albums that are not there: 1"),
                                              HasSubstr("Key pictures")));
}

TEST_P(Oddities, DatesThatMakeNoSenseAreNone)
{
    odd("bad-dates");
    const PhoneLibrary library = read();
    EXPECT_FALSE(library.assets[0].created || library.assets[0].added);
    EXPECT_FALSE(library.assets[1].created || library.assets[1].modified);
    EXPECT_FALSE(library.assets[2].offset_minutes);
    EXPECT_FALSE(titled(library, "Everything").created);
    EXPECT_THAT(library.lost_facts, testing::ElementsAre("Dates that make no sense: 5."));
    EXPECT_THAT(library.troubles, testing::ElementsAre("Numbers that make no sense: 1."));
}

TEST_P(Oddities, TextsAreMadeHarmless)
{
    odd("hostile-text");
    const PhoneLibrary library = read();
    EXPECT_EQ(library.assets.size(), truth["assets"].size());
    EXPECT_EQ(titled(library, "Everything").title.find('\x1b'), std::string::npos);
    EXPECT_LE(library.assets[0].title.size(), 4096u);
    EXPECT_TRUE(is_utf8(library.assets[0].title));
    EXPECT_EQ(library.assets[1].path, ""); // led out of the folder
    EXPECT_EQ(library.assets[2].uuid, "");
    EXPECT_THAT(library.assets[2].path, testing::EndsWith("/a\nb.JPG")); // as a listing would have it
    EXPECT_EQ(library.assets[4].uuid, "");                               // twice: the second is kept without
    EXPECT_EQ(library.troubles.size() + library.lost_facts.size(), 4u);
}

TEST_P(Oddities, JoinTablesAreFoundWhateverTheirNumber)
{
    odd("other-numbers");
    const PhoneLibrary library = read();
    EXPECT_EQ(library.album_table, "Z_777ASSETS");
    EXPECT_EQ(members(library, titled(library, "Everything")), everything()["members"]);
    EXPECT_THAT(library.troubles, IsEmpty());
}

TEST_P(Oddities, PlantedTriggersAreDead)
{
    odd("planted-trigger");
    const PhoneLibrary library = read();
    EXPECT_EQ(library.assets.size(), truth["assets"].size());
    EXPECT_THAT(library.troubles, IsEmpty());
}

TEST_P(Oddities, AViewIsNoTable)
{
    odd("planted-view");
    EXPECT_EQ(error_of(file()), ErrorCode::unreadable);
}

TEST_P(Oddities, ALaterSchemaIsReadAsFarAsItGoes)
{
    odd("future");
    const PhoneLibrary library = read();
    ASSERT_EQ(library.assets.size(), truth["assets"].size());
    for (const PhoneAsset& asset : library.assets) {
        EXPECT_EQ(asset.locality, Locality::unknown); // never "on the phone" by default
        EXPECT_FALSE(asset.favorite);
    }
    EXPECT_THAT(library.troubles, Contains(HasSubstr("only in iCloud can't be known")));
    EXPECT_THAT(library.lost_facts, Contains(HasSubstr("Who is on the pictures can't be known")));
    EXPECT_EQ(members(library, titled(library, "Everything")), everything()["members"]);
}

TEST_P(Oddities, WithoutItsLogTheLibraryIsOlder)
{
    odd("no-log");
    EXPECT_LT(read().assets.size(), truth["assets"].size());
}

TEST_P(Oddities, ATornLogCountsUpToItsLastWholeChange)
{
    odd("torn-log");
    EXPECT_LT(read().assets.size(), truth["assets"].size());
}

TEST_P(Oddities, DamagedDatabasesAreRefused)
{
    for (const char* oddity : {"truncated", "malformed", "encrypted"}) {
        odd(oddity);
        EXPECT_EQ(error_of(file()), ErrorCode::unreadable) << oddity;
    }
}

TEST_P(Oddities, AreMadeWithoutTemporaryFiles)
{
    // Their names would be those of any other maker that runs now.
    const TempFolder temporary;
    const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::hours{1};
    std::filesystem::last_write_time(temporary.path(), before);
    ASSERT_EQ(::setenv("SQLITE_TMPDIR", temporary.path().c_str(), 1), 0);
    odd("missing-members");
    ASSERT_EQ(::unsetenv("SQLITE_TMPDIR"), 0);
    EXPECT_EQ(std::filesystem::last_write_time(temporary.path()), before);
}

INSTANTIATE_TEST_SUITE_P(OfIos, Oddities, testing::Values("ios12", "ios18", "ios26"),
                         [](const auto& instance) { return instance.param; });

TEST_F(HostileLibrary, IsRefusedWhereItIsNone)
{
    folder.write("Photos.sqlite", "");
    EXPECT_EQ(error_of(file), ErrorCode::unreadable);
    folder.write("Photos.sqlite", "SQLite format 3");
    EXPECT_EQ(error_of(file), ErrorCode::unreadable);
    std::filesystem::remove(file);
    make("CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT)");
    EXPECT_EQ(error_of(file), ErrorCode::unreadable);
}

TEST_F(HostileLibrary, IsReadWithNothingButItems)
{
    make("CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR); INSERT INTO ZASSET VALUES (7, 'A'), "
         "(9, 'B')");
    const PhoneLibrary library = read_library(file);
    ASSERT_EQ(library.assets.size(), 2u);
    EXPECT_EQ(library.assets[1].uuid, "B");
    EXPECT_EQ(library.assets[1].locality, Locality::unknown);
    EXPECT_THAT(library.troubles, testing::SizeIs(1)) << "locality";
    EXPECT_THAT(library.lost_facts, testing::SizeIs(6))
        << "people, keywords, attributes, captions, albums, their members";
}

TEST_F(HostileLibrary, IsAskedForNoTableThatCannotBeJoined)
{
    make("CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR); INSERT INTO ZASSET VALUES (7, 'A'); "
         "CREATE TABLE "
         "ZADDITIONALASSETATTRIBUTES (ZTITLE VARCHAR, ZASSETDESCRIPTION INTEGER); CREATE TABLE "
         "ZASSETDESCRIPTION (Z_PK INTEGER "
         "PRIMARY KEY, ZLONGDESCRIPTION VARCHAR); INSERT INTO ZADDITIONALASSETATTRIBUTES VALUES ('T', 1)");
    const PhoneLibrary library = read_library(file);
    ASSERT_EQ(library.assets.size(), 1u);
    EXPECT_EQ(library.assets[0].title, "");
    EXPECT_THAT(library.lost_facts, Contains(HasSubstr("Original names")));
}

TEST_F(HostileLibrary, IsJoinedFromEitherSide)
{
    make("CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR); INSERT INTO ZASSET VALUES (7, 'A'), "
         "(8, 'B'); CREATE "
         "TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZTITLE VARCHAR); "
         "CREATE TABLE "
         "ZASSETDESCRIPTION (ZASSETATTRIBUTES INTEGER, ZLONGDESCRIPTION VARCHAR); INSERT INTO "
         "ZADDITIONALASSETATTRIBUTES VALUES "
         "(3, 8, 'T'); INSERT INTO ZASSETDESCRIPTION VALUES (3, 'C')");
    const PhoneLibrary library = read_library(file);
    ASSERT_EQ(library.assets.size(), 2u);
    EXPECT_EQ(library.assets[0].title, "");
    EXPECT_EQ(library.assets[1].title, "T");
    EXPECT_EQ(library.assets[1].caption, "C");
}

TEST_F(HostileLibrary, HasNoVirtualTables)
{
    make("CREATE VIRTUAL TABLE ZASSET USING fts5(ZUUID, ZFILENAME)");
    EXPECT_EQ(error_of(file), ErrorCode::unreadable);
}

TEST_F(HostileLibrary, CannotPassAViewOffAsATable)
{
    make_usual("INSERT INTO ZASSET (Z_PK, ZUUID) VALUES (1, 'A'); CREATE TABLE ZKEYWORD (Z_PK INTEGER "
               "PRIMARY KEY, ZTITLE "
               "VARCHAR); CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES INTEGER, Z_5KEYWORDS INTEGER);");
    {
        Database db = Database::open(file, Database::Mode::write);
        sqlite3_db_config(db.get(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        db.run("PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = 'CREATE VIEW ZKEYWORD AS SELECT 1 "
               "AS Z_PK, "
               "hex(randomblob(100)) AS ZTITLE' WHERE name = 'ZKEYWORD'");
    }
    EXPECT_EQ(error_of(file), ErrorCode::unreadable);
}

TEST_F(HostileLibrary, RunsNoFunctionsOfItsSchema)
{
    make("CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR AS (hex(zeroblob(400000000)))); "
         "INSERT INTO ZASSET (Z_PK) VALUES (1)");
    EXPECT_TRUE(error_of(file).has_value());
}

TEST_F(HostileLibrary, HoldsAlbumsOfAHundredThousand)
{
    make_usual("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO "
               "ZASSET (Z_PK, "
               "ZUUID, ZDATECREATED) SELECT i, 'U-' || i, i FROM n; INSERT INTO ZGENERICALBUM VALUES (1, 2, "
               "'All', NULL, 0); "
               "INSERT INTO Z_9ASSETS SELECT 1, Z_PK, 100000 - Z_PK FROM ZASSET");
    const PhoneLibrary library = read_library(file);
    ASSERT_EQ(library.albums.at(0).members.size(), 100'000u);
    EXPECT_EQ(library.assets[library.albums[0].members[0]].uuid, "U-100000");
    EXPECT_EQ(library.assets[library.albums[0].members[99'999]].uuid, "U-1");
}

TEST_F(HostileLibrary, CannotHoldMoreThanItsLimits)
{
    make_usual("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) INSERT INTO "
               "ZASSET (Z_PK) "
               "SELECT i FROM n; INSERT INTO ZGENERICALBUM SELECT Z_PK, 2, 'x', NULL, 0 FROM ZASSET; INSERT "
               "INTO Z_9ASSETS "
               "SELECT 1, Z_PK, Z_PK FROM ZASSET");
    EXPECT_THROW((void)library_lines(file, Log::with, {.assets = 19}), MediaError);
    const PhoneLibrary few =
        phone_library_of(library_lines(file, Log::with, {.assets = 20, .albums = 3, .members = 5}));
    EXPECT_EQ(few.albums.size(), 3u);
    EXPECT_EQ(few.albums[0].members.size(), 5u);
    EXPECT_THAT(few.lost_facts, Contains(HasSubstr("Albums that were not read")));
    EXPECT_THAT(few.lost_facts,
                Contains("Members of albums that were not read, for there are too many: 15."));
}

TEST_F(HostileLibrary, EndsWhenItsTimeIsOver)
{
    make_usual("");
    try {
        (void)library_lines(file, Log::with, {}, std::chrono::milliseconds{-1});
        FAIL();
    } catch (const MediaError& error) {
        EXPECT_EQ(error.code(), ErrorCode::timeout);
    }
}

TEST_F(HostileLibrary, HasFoldersOfAnyDepthAndMembersTwice)
{
    make_usual("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO "
               "ZGENERICALBUM "
               "SELECT i, 4000, 'f', i - 1, 0 FROM n; INSERT INTO ZGENERICALBUM VALUES (2000, 2, 'in', 1000, "
               "0), (2001, 2, "
               "'in an album', 2000, 0), (2002, 4000, 'in itself', 2002, 0); INSERT INTO ZASSET (Z_PK) "
               "VALUES (1), (2); "
               "INSERT INTO Z_9ASSETS VALUES (2000, 1, 3), (2000, 2, 2), (2000, 1, 1)");
    const PhoneLibrary library = read_library(file);
    EXPECT_EQ(library.albums.size(), 1003u);
    EXPECT_THAT(library.lost_facts, Contains(HasSubstr("Folders within themselves or too deep")));
    EXPECT_THAT(library.lost_facts, Contains("Members that are in an album twice: 1."));
    EXPECT_THAT(library.albums[1000].members, testing::ElementsAre(0u, 1u));
    EXPECT_FALSE(library.albums[1001].parent) << "an album is no folder";
}

TEST_F(HostileLibrary, MayRepeatItsKeysOrHaveNone)
{
    make("CREATE TABLE ZASSET (Z_PK, ZUUID); INSERT INTO ZASSET VALUES (1, 'A'), (1, 'B'), (NULL, 'C'), "
         "('x', 'D'), (2, 'E')");
    const PhoneLibrary library = read_library(file);
    ASSERT_EQ(library.assets.size(), 2u);
    EXPECT_EQ(library.assets[1].uuid, "E");
}

TEST_F(HostileLibrary, MayBeWrittenInAnyWayThatSqliteKnows)
{
    for (const char* how : {"PRAGMA encoding='UTF-16le';", "PRAGMA page_size=512;", "PRAGMA page_size=65536;",
                            "PRAGMA auto_vacuum=FULL;", "PRAGMA journal_mode=WAL;"}) {
        std::filesystem::remove(file);
        make(std::string{how} +
             "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZFILENAME VARCHAR); INSERT INTO "
             "ZASSET VALUES (1, 'A', 'Grüße.HEIC')");
        const PhoneLibrary library = read_library(file);
        ASSERT_EQ(library.assets.size(), 1u) << how;
        EXPECT_EQ(library.assets[0].path, "Grüße.HEIC") << how;
    }
}

TEST_F(HostileLibrary, IgnoresALogThatIsNotItsOwn)
{
    make("PRAGMA journal_mode=WAL; CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY); INSERT INTO ZASSET VALUES "
         "(1), (2)");
    folder.write("Photos.sqlite-wal", std::string(100'000, '\x37'));
    EXPECT_EQ(read_library(file).assets.size(), 2u);
}

// Each ends in an error or in lines that the other side takes, whatever bytes are wrong.
TEST(DamagedLibrary, EndsInAnErrorOrInSense)
{
    TempFolder folder;
    (void)make_roll(folder / "roll", "--items 20 --pictures 1 --library ios18");
    const std::filesystem::path original = folder / "roll/PhotoData/Photos.sqlite";
    const std::string database = content_of(original), log = content_of(original.native() + "-wal");
    std::mt19937 random{1};
    const auto below = [&](std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
    };
    int refused = 0, read = 0;
    for (int i = 0; i < 300; ++i) {
        std::string bytes = database, tail = log;
        for (std::size_t changes = 1 + below(8); changes > 0; --changes) {
            std::string& where = below(4) == 0 ? tail : bytes;
            // Where pages begin is where it hurts.
            const std::size_t at =
                below(2) == 0 ? below(where.size()) : below(where.size() / 4096) * 4096 + below(120);
            where[std::min(at, where.size() - 1)] = static_cast<char>(below(256));
        }
        folder.write("Photos.sqlite", bytes);
        folder.write("Photos.sqlite-wal", tail);
        try {
            (void)read_library(folder / "Photos.sqlite");
            ++read;
        } catch (const MediaError& error) {
            EXPECT_NE(error.code(), ErrorCode::protocol) << error.what();
            ++refused;
        }
    }
    EXPECT_GT(refused, 10);
    EXPECT_GT(read, 10);
}

} // namespace photosafe::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// `assess`: each state of an item by itself, and when there must be no yes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "phone/roll.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Nothing on it that can't be saved.
const std::string whole_roll = std::string{small_roll} + "--items 19 --seed 4 --library ios18";

void expect_closed(const Judged& judged)
{
    const Assessment& a = judged.assessment;
    EXPECT_EQ(a.items, a.safe + a.changed + a.not_imported + a.only_in_icloud + a.failed + a.excluded);
    EXPECT_EQ(a.items, judged.items.size());
}

/// A file of the archive that came from `path`.
std::filesystem::path stored(Archive& archive, const std::string& path)
{
    std::filesystem::path result;
    archive.for_each_asset([&](const Asset& asset) {
        for (const Place& place : archive.places(asset))
            if (place.path == path) result = archive.root() / asset.path;
        return result.empty();
    });
    return result;
}

/// The original of some Live Photo of the roll.
std::string live_photo(const Roll& roll)
{
    for (const auto& one : roll.library().at("assets"))
        if (one.at("subtype") == "live" && one.at("path").get<std::string>().starts_with("DCIM/") &&
            !one.at("trashed") && one.at("locality") == "on_phone")
            return one.at("path");
    throw std::runtime_error{"no Live Photo"};
}

std::string movie_of(const std::string& picture)
{
    return std::filesystem::path{picture}.replace_extension("MOV");
}

TEST(Verdict, IsYesWhenAllIsSafe)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    for (const auto& [path, item] : judged.items)
        if (item.would_be_lost) ADD_FAILURE() << path << ": " << item.reason;
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);
    EXPECT_THAT(judged.assessment.unknowns, IsEmpty());
    EXPECT_TRUE(judged.assessment.oldest_proof);
    const Judged full = judge(roll, *archive, true);
    EXPECT_EQ(full.assessment.safe_to_wipe, true);
    EXPECT_TRUE(full.assessment.reread);
}

TEST(Verdict, NotImportedYet)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
    EXPECT_EQ(judged.assessment.safe, 0u);
    EXPECT_GT(judged.assessment.not_imported, 0u);
}

TEST(Verdict, AnEditAfterTheImportIsChanged)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    const std::string path = live_photo(roll);
    const std::filesystem::path file = roll.root() / path;
    const std::filesystem::path edited = file.parent_path() / ("IMG_E" + file.filename().string().substr(4));
    std::filesystem::copy(file, edited);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_EQ(judged.items.at(path).state, ItemState::changed);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, AReplacedFileIsChanged)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    const std::string path = live_photo(roll);
    std::ofstream{roll.root() / path, std::ios::app} << "more";
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(path).state, ItemState::changed);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, ALostOriginalIsNamed)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    const std::string path = live_photo(roll);
    std::filesystem::remove(stored(*archive, movie_of(path)));
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(path).state, ItemState::failed);
    EXPECT_THAT(judged.items.at(path).reason, HasSubstr("missing"));
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, FullFindsWhatHasRotted)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    const std::string path = live_photo(roll);
    const std::filesystem::path file = stored(*archive, path);
    std::string bytes = content_of(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    const auto time = std::filesystem::last_write_time(file);
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
    std::filesystem::last_write_time(file, time);
    const Judged judged = judge(roll, *archive, true);
    EXPECT_EQ(judged.items.at(path).state, ItemState::failed);
    EXPECT_THAT(judged.items.at(path).reason, HasSubstr("damaged"));
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, OnlyInICloudIsNamed)
{
    const Roll roll{whole_roll + " --only-in-icloud 4"};
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    unsigned planted = 0;
    for (const auto& one : roll.library().at("assets")) {
        bool somewhere_else = one.at("locality") == "only_in_icloud";
        for (const auto& part : one.at("resources"))
            somewhere_else |= !part.at("local").get<bool>() && part.at("in_icloud").get<bool>() &&
                              (part.at("role") == "original" || part.at("role") == "live_video");
        if (!somewhere_else) continue;
        ++planted;
        const AssessedItem& item = judged.items.at(one.at("path"));
        EXPECT_EQ(item.state, ItemState::only_in_icloud) << one;
        EXPECT_THAT(item.reason, HasSubstr("iCloud"));
    }
    EXPECT_EQ(planted, 4u);
    EXPECT_EQ(judged.assessment.only_in_icloud, 4u);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, WhatWasSavedBeforeItWentToICloudIsSafe)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    std::string path;
    for (const auto& one : roll.library().at("assets"))
        if (one.at("subtype") == "still" && one.at("path").get<std::string>().starts_with("DCIM/") &&
            one.at("resources").size() <= 2 && !one.at("edited"))
            path = one.at("path");
    ASSERT_FALSE(path.empty());
    std::filesystem::remove(roll.root() / path);
    roll.change(
        "UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1, ZFINGERPRINT = "
        "ifnull(ZFINGERPRINT, 'x') WHERE ZDATASTORESUBTYPE = 1 AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE "
        "ZUUID = '" +
        roll.item(path).at("uuid").get<std::string>() + "')");
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(path).state, ItemState::safe) << judged.items.at(path).reason;
    EXPECT_FALSE(judged.items.at(path).on_source);
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);
}

TEST(Verdict, ASmallCopyInThePlaceOfAnOriginalIsNoOriginal)
{
    const Roll roll{whole_roll};
    std::string path = live_photo(roll);
    std::ofstream{roll.root() / path, std::ios::trunc} << "a small copy";
    roll.change(
        "UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1, ZFINGERPRINT = "
        "ifnull(ZFINGERPRINT, 'x') WHERE ZDATASTORESUBTYPE = 1 AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE "
        "ZUUID = '" +
        roll.item(path).at("uuid").get<std::string>() + "')");
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(path).state, ItemState::only_in_icloud);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, WhatTheLibraryNamesAndNobodyFindsIsNotSafe)
{
    const Roll roll{whole_roll + " --vanished 2"};
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_EQ(judged.assessment.failed, 2u);
    EXPECT_GE(judged.assessment.not_on_source, 2u);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, WhatTheLibraryDoesNotNameIsToldAndJudged)
{
    const Roll roll{whole_roll + " --unlisted 2"};
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_GE(judged.assessment.not_in_library, 2u);
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);
}

TEST(Verdict, TheBinIsLeftOutAndHiddenOnesThatWereNotWantedWouldBeLost)
{
    const Roll roll{whole_roll + " --trashed 2 --hidden 2"};
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.assessment.excluded - judged.assessment.would_be_lost, judged.assessment.excluded);
    EXPECT_GE(judged.assessment.excluded, 2u);
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);

    TempArchive without;
    IngestFilter filter;
    filter.hidden = false;
    import(roll, *without, filter);
    const Judged lost = judge(roll, *without);
    expect_closed(lost);
    EXPECT_EQ(lost.assessment.would_be_lost, 2u);
    EXPECT_EQ(lost.assessment.safe_to_wipe, false);
}

TEST(Verdict, WithoutALibraryThereIsNoYes)
{
    for (const char* options :
         {"--library none", "--library ios18 --oddity encrypted", "--library ios18 --oddity malformed"}) {
        const Roll roll{std::string{small_roll} + "--items 19 --seed 4 " + options};
        TempArchive archive;
        import(roll, *archive);
        const Judged judged = judge(roll, *archive);
        expect_closed(judged);
        EXPECT_EQ(judged.assessment.safe_to_wipe, std::nullopt) << options;
        EXPECT_THAT(judged.assessment.unknowns, Not(IsEmpty()));
    }
}

TEST(Verdict, ALibraryOfAnotherPhoneIsNoYes)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    roll.change("UPDATE ZASSET SET ZDIRECTORY = 'DCIM/' || Z_PK");
    EXPECT_NE(judge(roll, *archive).assessment.safe_to_wipe, true);
    roll.change("DELETE FROM ZASSET");
    EXPECT_NE(judge(roll, *archive).assessment.safe_to_wipe, true);
}

TEST(Verdict, WhatTheLibraryKnowsAndNobodyShowsIsNoYes)
{
    const Roll roll{whole_roll};
    {
        // Of a Live Photo its movie: it never came.
        const std::string path = live_photo(roll);
        std::filesystem::rename(roll.root() / movie_of(path), roll.root().parent_path() / "movie");
        TempArchive archive;
        import(roll, *archive);
        const Judged judged = judge(roll, *archive);
        expect_closed(judged);
        EXPECT_EQ(judged.items.at(path).state, ItemState::failed);
        EXPECT_THAT(judged.items.at(path).reason, HasSubstr("moving half"));
        EXPECT_EQ(judged.assessment.safe_to_wipe, false);
        std::filesystem::rename(roll.root().parent_path() / "movie", roll.root() / movie_of(path));
    }
    TempArchive archive;
    import(roll, *archive);
    ASSERT_EQ(judge(roll, *archive).assessment.safe_to_wipe, true);
    // All of the camera roll: it is in the archive, but who knows what has been taken since?
    std::filesystem::rename(roll.root() / "DCIM", roll.root().parent_path() / "DCIM");
    EXPECT_NE(judge(roll, *archive).assessment.safe_to_wipe, true);
}

TEST(Verdict, AnEditOfWhatIsKeptDoesNotGoWithWhatIsInTheBin)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    const std::string path = live_photo(roll);
    // Its movie is an item of its own, and the picture is in the bin.
    roll.change("UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = '" +
                roll.item(path).at("uuid").get<std::string>() + "'");
    const std::filesystem::path movie = movie_of(path);
    roll.change("UPDATE ZASSET SET ZDIRECTORY = '" + movie.parent_path().native() + "', ZFILENAME = '" +
                movie.filename().native() +
                "' WHERE Z_PK = (SELECT min(Z_PK) FROM ZASSET WHERE ZTRASHEDSTATE = 0)");
    import(roll, *archive);
    const std::filesystem::path file = roll.root() / path;
    std::filesystem::copy(file, file.parent_path() / ("IMG_E" + file.filename().string().substr(4)));
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(movie).state, ItemState::changed);
    EXPECT_EQ(judged.assessment.safe_to_wipe, false);
}

TEST(Verdict, FactsThatNoFileDependsOnKeepNoYesAway)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    roll.change("DROP TABLE ZASSETDESCRIPTION; UPDATE ZGENERICALBUM SET ZUUID = 'an odd one' || char(10); "
                "UPDATE ZASSET SET ZLATITUDE = 'north' WHERE Z_PK = 2");
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    EXPECT_THAT(judged.assessment.unknowns, IsEmpty());
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);
    roll.change("UPDATE ZASSET SET ZUUID = 'no identifier at all, and too long' || char(10) WHERE Z_PK = 1");
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, std::nullopt) << "which item is that?";
}

TEST(Verdict, AnEditThatNobodyShowsIsTheOneThatWasSavedOrNoYes)
{
    const Roll roll{whole_roll};
    TempArchive archive;
    import(roll, *archive);
    std::filesystem::path edits;
    std::string uuid;
    for (const auto& one : roll.library().at("assets")) {
        const auto folder = roll.root() / "PhotoData/Mutations" /
                            std::filesystem::path{one.at("path").get<std::string>()}.replace_extension();
        if (!one.at("edited") || one.at("trashed") || !std::filesystem::exists(folder)) continue;
        edits = folder;
        uuid = one.at("uuid");
    }
    ASSERT_FALSE(edits.empty());
    const std::string lengths = "UPDATE ZINTERNALRESOURCE SET ZDATALENGTH = ZDATALENGTH ";
    const std::string of_edit =
        " WHERE ZVERSION = 2 AND ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '" + uuid + "')";
    roll.change(lengths + "+ 7" + of_edit);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, std::nullopt) << "edited while it was listed";
    roll.change(lengths + "- 7" + of_edit);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, true);
    const std::string of_original = " WHERE ZVERSION = 0 AND ZDATASTORESUBTYPE = 1 AND ZASSET = (SELECT Z_PK "
                                    "FROM ZASSET WHERE ZUUID = '" +
                                    uuid + "')";
    roll.change(lengths + "+ 7" + of_original);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, std::nullopt) << "a smaller one in its place";
    roll.change(lengths + "- 7" + of_original);
    std::filesystem::remove_all(edits);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, true);
    const std::string of_it = " WHERE ZASSET = (SELECT Z_PK FROM ZASSET WHERE ZUUID = '" + uuid + "')";
    const std::string edit = of_it + " AND ZVERSION = 2";
    roll.change("UPDATE ZINTERNALRESOURCE SET ZDATALENGTH = ZDATALENGTH + 10000" + edit);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, false) << "edited again";
    roll.change("UPDATE ZINTERNALRESOURCE SET ZDATALENGTH = NULL" + edit);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, std::nullopt) << "who knows?";
    roll.change("UPDATE ZINTERNALRESOURCE SET ZLOCALAVAILABILITY = -1, ZREMOTEAVAILABILITY = 1" + edit);
    EXPECT_EQ(judge(roll, *archive).assessment.only_in_icloud, 1u);
}

TEST(Verdict, AMovingHalfThatNobodyListsIsNoYes)
{
    const Roll roll{whole_roll};
    const std::string path = live_photo(roll);
    std::filesystem::remove(roll.root() / movie_of(path));
    roll.change("DELETE FROM ZINTERNALRESOURCE WHERE ZDATASTORESUBTYPE = 18 AND ZASSET = (SELECT Z_PK FROM "
                "ZASSET WHERE ZUUID = '" +
                roll.item(path).at("uuid").get<std::string>() + "')");
    TempArchive archive;
    import(roll, *archive);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_EQ(judged.assessment.safe_to_wipe, std::nullopt);
    EXPECT_THAT(judged.assessment.unknowns, Contains(HasSubstr("Of 1 item")));
}

TEST(Verdict, HalvesUnderNamesOfTheirOwnAreOneItem)
{
    const Roll roll{std::string{small_roll} + "--items 60 --seed 3 --layout modern --library ios18"};
    TempArchive archive;
    import(roll, *archive);
    unsigned live = 0;
    for (const auto& one : roll.library().at("assets"))
        live += one.at("subtype") == "live" && one.at("path").get<std::string>().starts_with("PhotoData/CPL");
    ASSERT_GT(live, 0u);
    const Judged judged = judge(roll, *archive);
    expect_closed(judged);
    EXPECT_EQ(judged.assessment.items, roll.library().at("assets").size());
    EXPECT_EQ(judged.assessment.not_in_library, 0u);
    EXPECT_EQ(judged.assessment.safe_to_wipe, true);
    // And one that the archive has lost is told by its item.
    std::string half;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{roll.root() / "PhotoData/CPLAssets"})
        if (entry.path().extension() == ".MOV" &&
            stored(*archive, entry.path().lexically_relative(roll.root())) != "")
            half = entry.path().lexically_relative(roll.root());
    ASSERT_FALSE(half.empty());
    std::filesystem::remove(stored(*archive, half));
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, false);
}

TEST(Verdict, NamesThePartAndWhatHelps)
{
    const Roll roll{whole_roll + " --vanished 1 --trashed 2"};
    TempArchive archive;
    IngestFilter with_the_bin;
    with_the_bin.trashed = true;
    import(roll, *archive, with_the_bin);
    const std::string path = live_photo(roll);
    std::filesystem::remove(stored(*archive, movie_of(path)));
    std::string binned;
    for (const auto& one : roll.library().at("assets"))
        if (one.at("trashed") && one.at("locality") == "on_phone") binned = one.at("path");
    std::filesystem::remove(stored(*archive, binned));
    import(roll, *archive); // without the bin: brings the movie back only
    const Judged mended = judge(roll, *archive);
    EXPECT_EQ(mended.items.at(path).state, ItemState::safe);
    EXPECT_EQ(mended.items.at(binned).state, ItemState::failed);
    EXPECT_EQ(mended.items.at(binned).remedy, Remedy::include);
    EXPECT_THAT(mended.items.at(binned).reason, HasSubstr("Recently Deleted"));

    std::filesystem::remove(stored(*archive, movie_of(path)));
    const Judged judged = judge(roll, *archive);
    EXPECT_EQ(judged.items.at(path).part, movie_of(path));
    EXPECT_EQ(judged.items.at(path).remedy, Remedy::import);
    EXPECT_THAT(judged.items.at(path).reason, Not(HasSubstr("MOV")));
    unsigned vanished = 0;
    for (const auto& [name, item] : judged.items)
        if (item.state == ItemState::failed && !item.on_source) {
            ++vanished;
            EXPECT_EQ(item.remedy, Remedy::none) << name;
        }
    EXPECT_EQ(vanished, 1u);
}

TEST(Verdict, WhatLiesInTheCameraRollIsNoSharedAlbum)
{
    const Roll roll{whole_roll};
    const std::string path = live_photo(roll);
    roll.change("UPDATE ZASSET SET ZSAVEDASSETTYPE = 4 WHERE ZUUID = '" +
                roll.item(path).at("uuid").get<std::string>() + "'");
    TempArchive archive;
    EXPECT_EQ(judge(roll, *archive).items.at(path).state, ItemState::not_imported);
    import(roll, *archive);
    EXPECT_EQ(judge(roll, *archive).items.at(path).state, ItemState::safe);
}

} // namespace

} // namespace photosafe::test

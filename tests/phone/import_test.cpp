// SPDX-License-Identifier: LGPL-2.1-or-later
// An import of a phone with a library of each generation: what the catalog then knows is the truth of the
// roll.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <photosafe/query.hpp>
#include <photosafe/sidecars.hpp>

#include "archive/impl.hpp"
#include "phone/roll.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::map<std::string, PhoneItemRecord> items_of(const Archive& archive)
{
    std::map<std::string, PhoneItemRecord> result;
    archive.for_each_phone_item([&](const PhoneItemRecord& one) {
        result.emplace(one.item.uuid, one);
        return true;
    });
    return result;
}

std::vector<std::string> found(const Archive& archive, const std::string& query)
{
    std::vector<std::string> paths;
    find(archive, Query::parse(query), {}, [&](const Found& one) {
        for (const Place& place : archive.places(one.asset)) paths.push_back(place.path);
        return true;
    });
    std::ranges::sort(paths);
    return paths;
}

class ImportOf : public ::testing::TestWithParam<const char*> {};

TEST_P(ImportOf, KnowsWhatThePhoneKnows)
{
    const Roll roll{std::string{small_roll} +
                    "--items 24 --seed 5 --hidden 2 --trashed 2 --only-in-icloud 3 --library " + GetParam()};
    TempArchive archive;
    const IngestReport report = import(roll, *archive);
    EXPECT_EQ(report.failed, 0u);
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    EXPECT_EQ(report.library.trashed, 2u);
    EXPECT_GE(report.library.only_in_icloud, 1u);
    const auto items = items_of(*archive);
    EXPECT_EQ(items.size(), roll.library().at("assets").size());
    std::vector<std::string> favorites, hidden;
    for (const auto& truth : roll.library().at("assets")) {
        const auto known = items.find(truth.at("uuid").get<std::string>());
        ASSERT_NE(known, items.end()) << truth;
        const PhoneAsset& item = known->second.item;
        EXPECT_EQ(item.path, truth.at("path").get<std::string>());
        EXPECT_EQ(item.original_name, truth.value("original_name", ""));
        EXPECT_EQ(item.favorite, truth.at("favourite").get<bool>()) << truth;
        EXPECT_EQ(item.hidden, truth.at("hidden").get<bool>()) << truth;
        EXPECT_EQ(item.trashed, truth.at("trashed").get<bool>()) << truth;
        EXPECT_EQ(item.caption, truth.value("caption", "")) << truth;
        // Linked to the very bytes.
        const bool here = std::filesystem::exists(roll.root() / item.path) && !item.trashed &&
                          (item.path.starts_with("DCIM/") || item.path.starts_with("PhotoData/CPLAssets/"));
        ASSERT_EQ(known->second.asset.has_value(), here) << truth;
        if (!here) continue;
        EXPECT_EQ(content_of(archive.root() / *archive->path_of(*known->second.asset)),
                  content_of(roll.root() / item.path));
        if (item.favorite) favorites.push_back(item.path);
        if (item.hidden) hidden.push_back(item.path);
    }
    EXPECT_FALSE(favorites.empty());
    for (const std::string& path : favorites) EXPECT_THAT(found(*archive, "favorite:yes"), Contains(path));
    for (const std::string& path : favorites)
        EXPECT_THAT(found(*archive, "favorite:no"), Not(Contains(path)));
    for (const std::string& path : hidden) EXPECT_THAT(found(*archive, "hidden:yes"), Contains(path));
}

TEST_P(ImportOf, HasItsAlbumsWithFoldersAndOrder)
{
    const Roll roll{std::string{small_roll} + "--items 24 --seed 6 --library " + GetParam()};
    TempArchive archive;
    import(roll, *archive);
    const auto albums = archive->phone_albums();
    std::size_t told = 0;
    std::map<std::string, std::string> titles;
    for (const auto& truth : roll.library().at("albums")) titles[truth.at("uuid")] = truth.at("title");
    for (const auto& truth : roll.library().at("albums")) {
        const std::string uuid = truth.at("uuid");
        const auto known = std::ranges::find(albums, uuid, [](const auto& one) { return one.album.uuid; });
        ASSERT_NE(known, albums.end()) << truth;
        ++told;
        EXPECT_EQ(known->album.title, truth.at("title").get<std::string>());
        if (truth.contains("parent")) {
            EXPECT_THAT(known->folder, ::testing::EndsWith(titles[truth.at("parent")])) << truth;
        }
        if (truth.at("order") != "manual") continue;
        std::vector<std::string> wanted, has;
        for (const auto& member : truth.at("members")) wanted.push_back(member.get<std::string>());
        for (const PhoneItemRecord& member : archive->members(*known)) has.push_back(member.item.uuid);
        EXPECT_THAT(has, ElementsAreArray(wanted)) << truth;
    }
    EXPECT_EQ(told, albums.size());
}

INSTANTIATE_TEST_SUITE_P(Ios, ImportOf,
                         ::testing::Values("ios11", "ios12", "ios13", "ios14", "ios15", "ios16", "ios17",
                                           "ios17.6", "ios18", "ios26"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::erase(name, '.');
                             return name;
                         });

TEST(PhoneLibraryImport, LeavesTheBinOutUnlessAsked)
{
    const Roll roll{std::string{small_roll} + "--items 20 --seed 7 --trashed 3"};
    TempArchive archive;
    const IngestReport without = import(roll, *archive);
    EXPECT_GE(without.excluded, 3u);
    const IngestReport with = import(roll, *archive, {.trashed = true});
    EXPECT_GE(with.stored, 1u);
    EXPECT_EQ(with.stored + with.known, with.seen);
    EXPECT_EQ(with.excluded, 0u);
    // What is in the archive already is known, whatever the bin says.
    EXPECT_EQ(import(roll, *archive).excluded, 0u);
}

TEST(PhoneLibraryImport, TakesAPictureThatOnlySharesItsNameWithOneInTheBin)
{
    const Roll roll{std::string{small_roll} + "--items 19 --seed 4 --library ios18"};
    std::string path;
    for (const auto& one : roll.library().at("assets"))
        if (one.at("path").get<std::string>().ends_with(".HEIC") &&
            one.at("path").get<std::string>().starts_with("DCIM/"))
            path = one.at("path");
    roll.change("UPDATE ZASSET SET ZTRASHEDSTATE = 1 WHERE ZUUID = '" +
                roll.item(path).at("uuid").get<std::string>() + "'");
    const std::string own = std::filesystem::path{path}.replace_extension("PNG");
    std::ofstream{roll.root() / own} << "a picture of its own";
    TempArchive archive;
    import(roll, *archive);
    std::vector<std::string> brought;
    archive->for_each_asset([&](const Asset& asset) {
        for (const Place& place : archive->places(asset)) brought.push_back(place.path);
        return true;
    });
    EXPECT_THAT(brought, Contains(own));
    EXPECT_THAT(brought, Not(Contains(path)));
}

TEST(PhoneLibraryImport, LeavesHiddenOnesOutWhenAsked)
{
    const Roll roll{std::string{small_roll} + "--items 20 --seed 8 --hidden 2"};
    TempArchive archive;
    IngestFilter filter;
    filter.hidden = false;
    EXPECT_GE(import(roll, *archive, filter).excluded, 2u);
    EXPECT_THAT(found(*archive, "hidden:yes"), IsEmpty());
    EXPECT_GE(import(roll, *archive).stored, 1u);
    EXPECT_THAT(found(*archive, "hidden:yes"), Not(IsEmpty()));
}

TEST(PhoneLibraryImport, CallsFilesFromICloudByTheirOldNames)
{
    const Roll roll{std::string{small_roll} + "--items 40 --seed 3 --layout modern"};
    TempArchive archive;
    import(roll, *archive);
    unsigned renamed = 0;
    for (const auto& [uuid, one] : items_of(*archive)) {
        if (!one.item.path.starts_with("PhotoData/CPLAssets/") || !one.asset) continue;
        ++renamed;
        const std::string stem = std::filesystem::path{one.item.original_name}.stem().string();
        EXPECT_THAT(*archive->path_of(*one.asset), HasSubstr("/" + stem));
    }
    EXPECT_GT(renamed, 0u);
}

class OddLibrary : public ::testing::TestWithParam<const char*> {};

TEST_P(OddLibrary, NeverKeepsAnImportFromTheRest)
{
    const Roll roll{std::string{small_roll} + "--items 19 --seed 9 --library ios18 --oddity " + GetParam()};
    TempArchive archive;
    const IngestReport report = import(roll, *archive);
    EXPECT_EQ(report.failed, 0u);
    EXPECT_GT(report.stored, 0u);
    const std::string odd = GetParam();
    const bool unreadable = odd == "truncated" || odd == "malformed" || odd == "encrypted";
    if (unreadable) {
        EXPECT_FALSE(report.library.read);
    }
    EXPECT_EQ(report.library.trouble.empty(), report.library.read);
    // And once more: what can't be read doesn't change.
    EXPECT_EQ(import(roll, *archive).stored, 0u);
}

INSTANTIATE_TEST_SUITE_P(Oddities, OddLibrary,
                         ::testing::Values("cyclic-folders", "missing-members", "bad-dates", "hostile-text",
                                           "other-numbers", "planted-trigger", "planted-view", "future",
                                           "no-log", "torn-log", "truncated", "malformed", "encrypted"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(PhoneLibraryImport, SidecarsTellWhatThePhoneSays)
{
    const Roll roll{std::string{small_roll} + "--items 19 --seed 4 --library ios18"};
    TempArchive archive;
    import(roll, *archive);
    const auto stars_of_favorites = [&] {
        write_sidecars(*archive, {.media = {.worker = MEDIA_WORKER}});
        std::vector<bool> starred;
        for (const auto& truth : roll.library().at("assets")) {
            if (!truth.at("favourite").get<bool>()) continue;
            archive->for_each_asset([&](const Asset& asset) {
                const auto places = archive->places(asset);
                if (std::ranges::find(places, truth.at("path").get<std::string>(), &Place::path) ==
                    places.end())
                    return true;
                const auto file = archive.root() / (asset.path + ".xmp");
                starred.push_back(std::filesystem::exists(file) &&
                                  content_of(file).find("xmp:Rating=\"5\"") != std::string::npos);
                return false;
            });
        }
        return starred;
    };

    const std::vector<bool> before = stars_of_favorites();
    EXPECT_THAT(before, Not(IsEmpty()));
    EXPECT_THAT(before, Each(true));

    roll.change("UPDATE ZASSET SET ZFAVORITE = 0");
    import(roll, *archive);
    EXPECT_THAT(stars_of_favorites(), Each(false));
}

} // namespace

} // namespace photosafe::test

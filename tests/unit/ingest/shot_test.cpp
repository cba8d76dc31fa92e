// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/shot.hpp"

#include <gmock/gmock.h>

#include "ingest_help.hpp"

namespace photosafe {
namespace {

using namespace test;
using ::testing::UnorderedElementsAre;

std::vector<std::string> names_in(const TempArchive& archive)
{
    std::vector<std::string> names;
    for (const auto& [path, content] : files_below(archive.root() / "originals"))
        names.push_back(path.substr(path.rfind('/') + 1));
    return names;
}

std::set<std::int64_t> groups_of(TempArchive& archive, std::initializer_list<const char*> contents)
{
    std::set<std::int64_t> groups;
    for (const char* content : contents) groups.insert(archive->find(digest(content)).value().group);
    return groups;
}

TEST(Shot, IsToldByFolderAndStem)
{
    const auto same = [](const char* a, const char* b) { return shot_key(a) == shot_key(b); };
    EXPECT_TRUE(same("DCIM/100APPLE/IMG_0042.HEIC", "DCIM/100APPLE/IMG_0042.MOV"));
    EXPECT_TRUE(same("DCIM/100APPLE/IMG_0042.HEIC", "DCIM/100APPLE/IMG_E0042.JPG"));
    EXPECT_TRUE(same("DCIM/100APPLE/IMG_0042.AAE", "DCIM/100APPLE/IMG_O0042.AAE"));
    EXPECT_TRUE(same("DCIM/100APPLE/IMG_0042.HEIC",
                     "PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender.jpg"));
    EXPECT_FALSE(same("DCIM/100APPLE/IMG_0042.HEIC", "DCIM/101APPLE/IMG_0042.MOV"));
    EXPECT_FALSE(same("DCIM/100APPLE/IMG_0042.HEIC", "DCIM/100APPLE/IMG_0043.HEIC"));
    EXPECT_FALSE(same("DCIM/100APPLE/IMG_E.HEIC", "DCIM/100APPLE/IMG_.HEIC"));
    EXPECT_TRUE(same("old/Caf\u00e9.HEIC", "old/Cafe\u0301.HEIC.xmp"));
    EXPECT_FALSE(same("old/Caf\u00e9.HEIC", "old/Cafe.HEIC"));
    EXPECT_FALSE(same("Caf\u00e9/a.HEIC", "Cafe\u0301/a.HEIC")) << "two folders are two folders";
    for (const char* odd : {"", "/", "PhotoData/Mutations/", "PhotoData/Mutations/a",
                            "PhotoData/Mutations//b/c", ".", "a/", ".AAE"})
        EXPECT_TRUE(shot_key(odd) == shot_key(odd));
}

TEST(Shot, SharesItsStemWithAllItsParts)
{
    TempArchive archive;
    MemorySource phone{
        {"DCIM/100APPLE/IMG_0042.HEIC", "still"},
        {"DCIM/100APPLE/IMG_0042.MOV", "live"},
        {"DCIM/100APPLE/IMG_0042.AAE", "recipe"},
        {"DCIM/100APPLE/IMG_0042.DNG", "raw"},
        {"DCIM/100APPLE/IMG_E0042.HEIC", "edited"},
        {"DCIM/100APPLE/IMG_O0042.AAE", "first recipe"},
        {"PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender.jpg", "render"},
        {"PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender.mov", "moving render"},
        {"PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/Adjustments.plist", "plist"}};
    EXPECT_EQ(run(phone, archive).stored, 9u);
    EXPECT_THAT(names_in(archive),
                UnorderedElementsAre("IMG_0042.HEIC", "IMG_0042.MOV", "IMG_0042.AAE", "IMG_0042.DNG",
                                     "IMG_0042.edited.HEIC", "IMG_0042.original.AAE", "IMG_0042.edited.jpg",
                                     "IMG_0042.edited.mov", "IMG_0042.adjustments.plist"));
    EXPECT_EQ(archive->summary().groups, 1u);
    EXPECT_EQ(archive->find(digest("live"))->role, Role::live_video);
    EXPECT_EQ(archive->find(digest("raw"))->role, Role::raw);
    EXPECT_EQ(archive->find(digest("moving render"))->role, Role::edited_video);
}

TEST(Shot, WithATakenNameGetsAnotherStemAsAWhole)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0042.HEIC", "a"},
                       {"DCIM/100APPLE/IMG_0042.MOV", "a live"},
                       {"DCIM/101APPLE/IMG_0042.HEIC", "b"},
                       {"DCIM/101APPLE/IMG_0042.MOV", "b live"}};
    run(phone, archive);
    const std::string stem = "IMG_0042 (" + sha256_hex(digest("b")).substr(0, 8) + ')';
    EXPECT_THAT(names_in(archive),
                UnorderedElementsAre("IMG_0042.HEIC", "IMG_0042.MOV", stem + ".HEIC", stem + ".MOV"));
    EXPECT_EQ(archive->summary().groups, 2u);
}

TEST(Shot, IsJoinedByPartsOfALaterImport)
{
    // Whichever part comes first, and whether it came in an import before or in the pass before.
    const std::vector<MemoryFile> parts{{"DCIM/100APPLE/IMG_0042.HEIC", "still"},
                                        {"DCIM/100APPLE/IMG_0042.MOV", "live"},
                                        {"DCIM/100APPLE/IMG_0042.AAE", "recipe"}};
    for (std::size_t first = 0; first < parts.size(); ++first) {
        for (const bool same_import : {false, true}) {
            TempArchive archive;
            MemorySource phone{
                {"DCIM/101APPLE/IMG_0042.HEIC", "another shot of that name, not to be joined"}};
            if (!same_import) phone.add(parts[first]);
            if (!same_import) run(phone, archive);
            for (std::size_t i = 0; i < parts.size(); ++i) {
                phone.add(parts[i]);
                if (same_import && i != first) phone.fail_at(parts[i].path, 0, ErrorCode::busy, 2);
            }
            EXPECT_EQ(run(phone, archive).failed, 0u);
            EXPECT_EQ(groups_of(archive, {"still", "live", "recipe"}).size(), 1u) << first << same_import;
            EXPECT_EQ(archive->summary().groups, 2u);
        }
    }
}

TEST(Shot, IsNotJoinedByStrangersWithTheSameSidecarOrNothingInThem)
{
    TempArchive archive;
    MemorySource phone{
        {"DCIM/100APPLE/IMG_0001.HEIC", "one"},        {"DCIM/100APPLE/IMG_0001.AAE", "same recipe"},
        {"DCIM/100APPLE/IMG_0002.AAE", "same recipe"}, {"DCIM/100APPLE/IMG_0003.HEIC", ""},
        {"DCIM/100APPLE/IMG_0004.HEIC", ""},           {"DCIM/100APPLE/IMG_0004.MOV", "four"}};
    run(phone, archive);
    EXPECT_EQ(archive->find(digest("four"))->path, "originals/2024/2024-05-31/IMG_0004.MOV");
    phone.add({"DCIM/100APPLE/IMG_0002.HEIC", "two"});
    phone.add({"DCIM/100APPLE/IMG_0004.DNG", "four raw"});
    run(phone, archive);
    EXPECT_EQ(archive->find(digest("two"))->path, "originals/2024/2024-05-31/IMG_0002.HEIC");
    EXPECT_EQ(groups_of(archive, {"one", "two", "four"}).size(), 3u);
    EXPECT_EQ(groups_of(archive, {"four", "four raw"}).size(), 1u);
}

TEST(Shot, IsOneInEitherUnicodeForm)
{
    // A copy through another system may have changed the form of some names.
    const std::string composed = "old/Caf\u00e9 \u1eadm", apart = "old/Cafe\u0301 a\u0323\u0302m";
    for (const bool picture_composed : {false, true}) {
        const std::string picture = picture_composed ? composed : apart;
        const std::string others = picture_composed ? apart : composed;
        const std::vector<MemoryFile> files{
            {picture + ".HEIC", "still"}, {others + ".AAE", "recipe"}, {others + ".HEIC.xmp", "words"}};
        for (std::size_t imports = 1; imports <= files.size(); ++imports) {
            for (const bool backwards : {false, true}) {
                TempArchive archive;
                MemorySource card;
                for (std::size_t i = 0; i < files.size(); ++i) {
                    card.add(backwards ? files[files.size() - 1 - i] : files[i]);
                    if (i + imports >= files.size()) run(card, archive);
                }
                SCOPED_TRACE(picture + ' ' + std::to_string(imports));
                EXPECT_EQ(groups_of(archive, {"still", "recipe", "words"}).size(), 1u);
                EXPECT_EQ(archive->find(digest("still"))->role, Role::original);
                EXPECT_EQ(archive->find(digest("recipe"))->role, Role::sidecar);
            }
        }
    }
}

TEST(Shot, OfAHandMadeFolderKnowsItsEdit)
{
    for (const bool edit_first : {false, true}) {
        TempArchive archive;
        const MemoryFile original{"Holiday/IMG_1234.JPG", "camera"}, edit{"Holiday/IMG_E1234.JPG", "edit"};
        MemorySource folder;
        folder.add(edit_first ? edit : original);
        folder.add(edit_first ? original : edit);
        EXPECT_EQ(run(folder, archive).stored, 2u);
        EXPECT_EQ(groups_of(archive, {"camera", "edit"}).size(), 1u);
        EXPECT_EQ(archive->find(digest("camera"))->role, Role::original);
        EXPECT_EQ(archive->find(digest("edit"))->role, Role::edited);
        EXPECT_EQ(archive->find(digest("edit"))->group_reason, GroupReason::edit_name);
    }
}

TEST(Shot, KnownByItsPictureIsJoinedFromAnotherSource)
{
    TempArchive archive;
    MemorySource card{{"old/IMG_0042.HEIC", "still"}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    run(card, archive);
    MemorySource phone{{"DCIM/100APPLE/IMG_0042.HEIC", "still"}, {"DCIM/100APPLE/IMG_0042.MOV", "live"}};
    EXPECT_EQ(run(phone, archive).stored, 1u);
    EXPECT_EQ(groups_of(archive, {"still", "live"}).size(), 1u);
}

} // namespace
} // namespace photosafe

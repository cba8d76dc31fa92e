// SPDX-License-Identifier: LGPL-2.1-or-later
// What is listed of a phone, what isn't, and why.
#include <algorithm>
#include <fstream>
#include <set>

#include "phone_help.hpp"

namespace photosafe::test {
namespace {

std::set<std::string> paths(const Listing& listing)
{
    std::set<std::string> all;
    for (const auto& file : listing.files) all.insert(file.path);
    return all;
}

const SkippedEntry* skipped(const Listing& listing, std::string_view path)
{
    const auto found = std::ranges::find(listing.skipped, path, &SkippedEntry::path);
    return found == listing.skipped.end() ? nullptr : &*found;
}

TEST(DeviceListing, ShowsTheCameraRollAndNothingElse)
{
    TempFolder roll;
    for (const char* path :
         {"DCIM/100APPLE/IMG_0001.HEIC", "DCIM/100APPLE/IMG_0001.MOV", "DCIM/202312__/IMG_7.JPG",
          "DCIM/loose.jpg", "DCIM/101CLOUD/deep/er/a.png", "PhotoData/CPLAssets/group1/G.HEIC",
          "PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.heic"})
        roll.write(path, "x");
    for (const char* path :
         {"PhotoData/Thumbnails/V2/a.jpg", "PhotoData/Metadata/DCIM/a", "PhotoData/Sync/100SYNCD/a",
          "PhotoData/PhotoCloudSharingData/1/a.jpg", "PhotoData/MISC/a", "PhotoData/Photos.sqlite",
          "DCIM/.MISC/counter", "Books/a.epub"})
        roll.write(path, "x");
    std::filesystem::create_symlink("/etc/passwd", roll / "DCIM/100APPLE/link.jpg");
    SimPhone phone{roll};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(paths(listing),
              (std::set<std::string>{
                  "DCIM/100APPLE/IMG_0001.HEIC", "DCIM/100APPLE/IMG_0001.MOV", "DCIM/202312__/IMG_7.JPG",
                  "DCIM/loose.jpg", "DCIM/101CLOUD/deep/er/a.png", "PhotoData/CPLAssets/group1/G.HEIC",
                  "PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.heic"}));
    ASSERT_EQ(listing.skipped.size(), 2u);
    ASSERT_TRUE(skipped(listing, "DCIM/.MISC"));
    EXPECT_TRUE(skipped(listing, "DCIM/.MISC")->excluded);
    ASSERT_TRUE(skipped(listing, "DCIM/100APPLE/link.jpg"));
    EXPECT_TRUE(skipped(listing, "DCIM/100APPLE/link.jpg")->excluded);
}

TEST(DeviceListing, AsksForEachItemOnceAndForEachFolderTwice)
{
    TempFolder roll;
    for (int i = 0; i < 300; ++i) roll.write("DCIM/100APPLE/IMG_" + std::to_string(i) + ".HEIC", "x");
    SimPhone phone{roll};
    EXPECT_EQ(open_phone(phone)->list().files.size(), 300u);
    EXPECT_EQ(phone.requests("GetFileInfo").size(), 301u);
    EXPECT_EQ(phone.requests("ReadDir").size(), 9u)
        << "two folders twice, two that aren't there once, theirs once, and twice what doesn't name that";
    EXPECT_EQ(phone.requests().size(), 310u) << "and nothing else";
}

TEST(DeviceListing, KeepsSizesAndTimesAsThePhoneTellsThem)
{
    TempFolder roll;
    const auto file = roll.write("DCIM/a.jpg", "12345");
    const auto stamp = std::filesystem::file_time_type{std::chrono::seconds{-1'000'000'000}};
    std::filesystem::last_write_time(file, stamp);
    SimPhone phone{roll};
    const auto listing = open_phone(phone)->list();
    ASSERT_EQ(listing.files.size(), 1u);
    EXPECT_EQ(listing.files[0].bytes, 5u);
    const auto told = std::chrono::file_clock::to_sys(stamp);
    EXPECT_EQ(listing.files[0].modified, Instant{told});
}

TEST(DeviceListing, APhoneWithoutPicturesIsEmpty)
{
    TempFolder roll;
    SimPhone phone{roll};
    const auto listing = open_phone(phone)->list();
    EXPECT_TRUE(listing.files.empty());
    EXPECT_TRUE(listing.skipped.empty());
}

TEST(DeviceListing, NeverAsksForNamesThatCantBe)
{
    TempFolder roll;
    roll.write("DCIM/100APPLE/IMG_0001.HEIC", "x");
    std::vector<std::string> arguments;
    for (const char* name :
         {"2e2e2f2e2e2f657463", "2f6574632f706173737764", ""}) { // ../../etc, /etc/passwd, nothing
        arguments.push_back("--inject-entry");
        arguments.push_back(std::string{"folder=DCIM/100APPLE,name_hex="} + name);
    }
    SimPhone phone{roll, arguments};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(listing.files.size(), 1u);
    EXPECT_EQ(listing.skipped.size(), 3u);
    for (const auto& entry : listing.skipped) {
        EXPECT_FALSE(entry.excluded);
        EXPECT_EQ(entry.path.find(".."), entry.path.find("..\\x2f")) << entry.path;
        EXPECT_TRUE(entry.path.starts_with("DCIM/100APPLE/")) << entry.path;
    }
    for (const auto& request : phone.requests()) {
        const auto path = request.value("path", "");
        EXPECT_EQ(path.find(".."), path.npos) << path;
        EXPECT_EQ(path.find("etc"), path.npos) << path;
    }
}

TEST(DeviceListing, TakesNamesOfAnyBytes)
{
    TempFolder roll;
    const std::vector<std::string> names{"new\nline.jpg", "\x1b[2J.jpg",    "\xff\xfe.jpg",
                                         "\xc3\xa9.HEIC", "e\xcc\x81.HEIC", std::string(255, 'n'),
                                         "a.jpg",         "A.JPG",          " ",
                                         "-rf",           "trailing. ",     "back\\slash"};
    for (const auto& name : names) roll.write("DCIM/100APPLE/" + name, name);
    SimPhone phone{roll};
    const auto source = open_phone(phone);
    const auto listing = source->list();
    ASSERT_EQ(listing.files.size(), names.size());
    for (const auto& file : listing.files) {
        const auto content = read_all(*source->open(file));
        EXPECT_EQ("DCIM/100APPLE/" + content, file.path);
    }
}

TEST(DeviceListing, ListsAgainUntilTwoListingsAgree)
{
    TempFolder roll;
    for (const char* name : {"a", "b", "c"}) roll.write(std::string{"DCIM/100APPLE/"} + name, "x");
    SimPhone phone{roll, {"--fault", "listing:path=/DCIM/100APPLE,what=drop,count=1"}};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(listing.files.size(), 3u);
    EXPECT_TRUE(listing.skipped.empty());
}

TEST(DeviceListing, SaysSoWhenAListingKeepsChanging)
{
    TempFolder roll;
    for (const char* name : {"a", "b", "c"}) roll.write(std::string{"DCIM/100APPLE/"} + name, "x");
    SimPhone phone{roll, {"--fault", "listing:path=/DCIM/100APPLE,what=drop,count=1,every=2"}};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(listing.files.size(), 3u) << "all that was seen counts";
    ASSERT_TRUE(skipped(listing, "DCIM/100APPLE"));
    EXPECT_FALSE(skipped(listing, "DCIM/100APPLE")->excluded);
}

TEST(DeviceListing, TellsAFolderThatCannotBeReadFromOneThatIsNotThere)
{
    TempFolder roll;
    roll.write("DCIM/100APPLE/a", "x");
    roll.write("PhotoData/Mutations/DCIM/100APPLE/IMG_0001/Adjustments/FullSizeRender.heic", "x");
    {
        SimPhone phone{roll, {"--fault", "status:code=4,op=ReadDir,path=/PhotoData/*,times=always"}};
        const auto listing = open_phone(phone)->list();
        EXPECT_EQ(paths(listing), std::set<std::string>{"DCIM/100APPLE/a"});
        ASSERT_EQ(listing.skipped.size(), 1u) << "CPLAssets isn't there";
        ASSERT_TRUE(skipped(listing, "PhotoData/Mutations"));
        EXPECT_FALSE(skipped(listing, "PhotoData/Mutations")->excluded);
    }
    // It isn't there only where its folder is listed, twice alike, and doesn't name it.
    for (const char* faults : {"status:code=8,op=ReadDir,path=/PhotoData/Mutations,times=always",
                               "status:code=10,op=ReadDir,path=/PhotoData,times=always"}) {
        SimPhone phone{roll,
                       {"--fault", faults, "--fault",
                        "status:code=4,op=ReadDir,path=/PhotoData/Mutations,times=always", "--fault",
                        "listing:path=/PhotoData,what=drop,count=9"}};
        const auto listing = open_phone(phone)->list();
        EXPECT_TRUE(skipped(listing, "PhotoData/Mutations")) << faults;
    }
    SimPhone phone{roll, {"--fault", "status:code=4,op=ReadDir,path=/DCIM,times=always"}};
    EXPECT_THROW((void)open_phone(phone)->list(), DeviceError);
}

class DeviceListingWithABadEntry : public ::testing::TestWithParam<const char*> {};

TEST_P(DeviceListingWithABadEntry, FailsThatEntryOnly)
{
    TempFolder roll;
    roll.write("DCIM/100APPLE/bad", "x");
    roll.write("DCIM/100APPLE/good", "x");
    SimPhone phone{roll, {"--fault", std::string{GetParam()} + "path=/DCIM/100APPLE/bad,times=always"}};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(paths(listing), std::set<std::string>{"DCIM/100APPLE/good"});
    ASSERT_TRUE(skipped(listing, "DCIM/100APPLE/bad"));
    EXPECT_FALSE(skipped(listing, "DCIM/100APPLE/bad")->excluded);
    EXPECT_FALSE(skipped(listing, "DCIM/100APPLE/bad")->reason.empty());
}

INSTANTIATE_TEST_SUITE_P(Faults, DeviceListingWithABadEntry,
                         ::testing::Values("bad-list:what=odd,", "bad-list:what=no-size,",
                                           "bad-list:what=junk-size,", "bad-list:what=negative-size,",
                                           "bad-list:what=huge-size,", "bad-list:what=no-kind,",
                                           "bad-list:what=empty,", "status:code=8,", "status:code=4,",
                                           "status:code=10,", "status:code=20,"));

TEST(DeviceListing, GoesOnAfterALostConnection)
{
    TempFolder roll;
    for (int i = 0; i < 500; ++i) roll.write("DCIM/100APPLE/IMG_" + std::to_string(i) + ".HEIC", "x");
    SimPhone phone{roll,
                   {"--fault", "cut:op=GetFileInfo,at=50,nth=100", "--fault", "cut:op=ReadDir,at=45,nth=2"}};
    const auto listing = open_phone(phone)->list();
    EXPECT_EQ(listing.files.size(), 500u);
    EXPECT_TRUE(listing.skipped.empty());
}

TEST(DeviceListing, StopsWithinASecond)
{
    TempFolder roll;
    roll.write("DCIM/100APPLE/a", "x");
    SimPhone phone{roll, {"--fault", "stall:op=GetFileInfo,for=30s"}};
    const auto source = open_phone(phone);
    std::stop_source stop;
    ListOptions options;
    options.stop = stop.get_token();
    options.on_progress = [&](std::uint64_t) { stop.request_stop(); };
    EXPECT_EQ(error_of([&] { (void)source->list(options); }), "cancelled");
}

TEST(DeviceListing, HoldsAHundredThousandEntriesInOneFolder)
{
    TempFolder roll;
    std::filesystem::create_directories(roll / "DCIM/100APPLE");
    for (int i = 0; i < 100'000; ++i)
        std::ofstream{roll / ("DCIM/100APPLE/IMG_" + std::to_string(i) + ".HEIC")};
    SimPhone phone{roll};
    EXPECT_EQ(open_phone(phone)->list().files.size(), 100'000u);
}

} // namespace
} // namespace photosafe::test

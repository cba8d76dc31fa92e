// SPDX-License-Identifier: LGPL-2.1-or-later
// What comes over from a worker, and what of it is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <photosafe/error.hpp>

#include "media/phone_library_json.hpp"

namespace photosafe::test {

namespace {

const std::string begin = R"({"library":{}})"
                          "\n";
const std::string end_of_one = R"({"end":{"assets":1,"albums":0}})";

PhoneAsset full_asset()
{
    PhoneAsset asset;
    asset.uuid = "0A1B2C3D-0000-4000-8000-000000000000";
    asset.path = "DCIM/100APPLE/IMG_0001.HEIC";
    asset.original_name = "Grüße \"1\".HEIC";
    asset.kind = MediaKind::video;
    asset.subtype = PhoneSubtype::screen_recording;
    asset.provenance = Provenance::shared_with_you;
    asset.app = "net.example.app";
    asset.created = Instant{std::chrono::nanoseconds{1'717'157'002'123'456'000}};
    asset.added = Instant{std::chrono::seconds{-5}};
    asset.modified = Instant{std::chrono::seconds{7}};
    asset.time_zone = "Europe/Rome";
    asset.offset_minutes = -570;
    asset.position = GeoPoint{-41.25, 174.75, {}};
    asset.favorite = asset.hidden = asset.trashed = asset.edited = true;
    asset.trashed_at = Instant{std::chrono::seconds{8}};
    asset.edited_at = Instant{std::chrono::seconds{9}};
    asset.edited_by = "com.apple.Photos";
    asset.title = "T";
    asset.caption = "two\nlines";
    asset.keywords = {"a", "b"};
    asset.people = {"Ada"};
    asset.burst_uuid = "B";
    asset.burst_picked = asset.burst_key = true;
    asset.shown = false;
    asset.live_uuid = "L";
    asset.in_shared_library = true;
    asset.resources = {{Role::original, true, 12, Locality::only_in_icloud},
                       {Role::sidecar, false, {}, Locality::unknown}};
    asset.locality = Locality::only_in_icloud;
    return asset;
}

void expect_equal(const PhoneAsset& a, const PhoneAsset& b)
{
    // Written again, both have to be the same; each field that is forgotten shows in the count of members.
    EXPECT_EQ(asset_line(a), asset_line(b));
}

} // namespace

TEST(PhoneLibraryLines, BringEveryFactOver)
{
    PhoneLibrary library;
    library.uuid = "LIB-1";
    library.model_version = 18600;
    library.asset_table = "ZASSET";
    library.album_table = "Z_30ASSETS";
    PhoneAlbum folder, album;
    folder.kind = PhoneAlbum::Kind::folder;
    folder.title = "Folder";
    album.kind = PhoneAlbum::Kind::shared;
    album.uuid = "A-1";
    album.owner = "Grace";
    album.parent = 0;
    album.order = PhoneAlbum::Order::title;
    album.key = 1;
    album.created = Instant{std::chrono::seconds{3}};
    album.trashed = true;
    album.members = {1, 0};
    const std::string lines = library_line(library) + '\n' + asset_line(full_asset()) + '\n' +
                              asset_line({}) + '\n' + album_line(folder) + '\n' + album_line(album) + '\n' +
                              members_line(album, 0) + '\n' + trouble_line("Something.") + '\n' +
                              lost_fact_line("A caption.") + '\n' + end_line(2, 2);

    const PhoneLibrary read = phone_library_of(lines);

    EXPECT_EQ(library_line(read), library_line(library));
    ASSERT_EQ(read.assets.size(), 2u);
    expect_equal(read.assets[0], full_asset());
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 8);
    // What a usual item leaves out comes back as usual.
    EXPECT_TRUE(read.assets[1].shown);
    EXPECT_EQ(asset_line(read.assets[1]), R"({"asset":{}})");
    ASSERT_EQ(read.albums.size(), 2u);
    EXPECT_EQ(album_line(read.albums[1]), album_line(album));
    EXPECT_EQ(read.albums[1].members, album.members);
    EXPECT_EQ(read.troubles, std::vector<std::string>{"Something."});
    EXPECT_EQ(read.lost_facts, std::vector<std::string>{"A caption."});
    // A line of JSON names every fact of a full item: 31, of which the two of a position are one.
    const std::string line = asset_line(full_asset());
    for (const char* key : {"uuid",
                            "path",
                            "original_name",
                            "kind",
                            "subtype",
                            "provenance",
                            "app",
                            "created",
                            "added",
                            "modified",
                            "time_zone",
                            "offset_minutes",
                            "latitude",
                            "longitude",
                            "favorite",
                            "hidden",
                            "trashed",
                            "trashed_at",
                            "edited",
                            "edited_at",
                            "edited_by",
                            "title",
                            "caption",
                            "keywords",
                            "people",
                            "burst_uuid",
                            "burst_picked",
                            "burst_key",
                            "shown",
                            "live_uuid",
                            "in_shared_library",
                            "resources",
                            "locality"})
        EXPECT_THAT(line, testing::HasSubstr(std::string{"\""} + key + "\":"));
}

TEST(PhoneLibraryLines, CarryAlbumsOfAnySize)
{
    PhoneAlbum album;
    std::string lines = begin;
    for (std::uint32_t i = 0; i < 12'000; ++i) {
        lines += R"({"asset":{}})"
                 "\n";
        album.members.push_back(11'999 - i);
    }
    lines += album_line(album) + '\n';
    for (std::size_t first = 0; first < album.members.size(); first += members_of_a_line)
        lines += members_line(album, first) + '\n';
    const PhoneLibrary read = phone_library_of(lines + end_line(12'000, 1));
    EXPECT_EQ(read.albums.at(0).members, album.members);
}

TEST(PhoneLibraryLines, AreRefusedWhereTheyMakeNoSense)
{
    const std::string one = R"({"asset":{}})"
                            "\n";
    const std::vector<std::string> bad{
        "",                                                   // nothing at all
        begin,                                                // cut off
        begin + one,                                          // the same
        one + end_of_one,                                     // no beginning
        begin + begin + R"({"end":{"assets":0,"albums":0}})", // two beginnings
        begin + R"({"end":{"assets":1,"albums":0}})",         // something is missing
        begin + one + end_of_one + "\n" + one,                // more after the end
        begin + "\n" + end_of_one,                            // an empty line
        begin + "{\"asset\":{}\n" + end_of_one,               // no JSON
        begin + "[]\n" + end_of_one,                          //
        begin +
            R"({"asset":{},"album":{}})"
            "\n" +
            end_of_one, // two things
        begin +
            R"({"strange":{}})"
            "\n" +
            end_of_one, //
        begin +
            R"({"asset":[]})"
            "\n" +
            end_of_one, //
        begin +
            R"({"asset":{"uuid":7}})"
            "\n" +
            end_of_one, // of another type
        begin +
            R"({"asset":{"uuid":"../x"}})"
            "\n" +
            end_of_one, // not what an identifier can be
        begin +
            R"({"asset":{"path":"DCIM/../x"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"path":"a//b"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"path":"a\u0000b"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"title":"\u001b[2J"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"caption":"a\u0007"}})"
            "\n" +
            end_of_one,
        begin + "{\"asset\":{\"title\":\"\xc3\x28\"}}\n" + end_of_one,
        begin + R"({"asset":{"title":")" + std::string(5000, 'x') + "\"}}\n" + end_of_one,
        begin +
            R"({"asset":{"kind":"sidecar"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"locality":"here"}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"favorite":1}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"created":1e30}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"created":18446744073709551615}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"offset_minutes":1500}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"latitude":91,"longitude":0}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"latitude":1}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"resources":[{"bytes":-1}]}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"resources":[[[[[[[[[]]]]]]]]]}})"
            "\n" +
            end_of_one,
        begin +
            R"({"asset":{"uuid":"A"}})"
            "\n" +
            R"({"asset":{"uuid":"A"}})"
            "\n" +
            R"({"end":{"assets":2,"albums":0}})",
        begin +
            R"({"members":[]})"
            "\n" +
            R"({"end":{"assets":0,"albums":0}})",
        begin + one +
            R"({"album":{}})"
            "\n" +
            R"({"members":[1]})"
            "\n" +
            R"({"end":{"assets":1,"albums":1}})",
        begin + one +
            R"({"album":{}})"
            "\n" +
            R"({"members":[0,0]})"
            "\n" +
            R"({"end":{"assets":1,"albums":1}})",
        begin + one +
            R"({"album":{"key":1}})"
            "\n" +
            R"({"end":{"assets":1,"albums":1}})",
        begin +
            R"({"album":{}})"
            "\n" +
            one + R"({"end":{"assets":1,"albums":1}})",
        begin +
            R"({"album":{"parent":5}})"
            "\n" +
            R"({"end":{"assets":0,"albums":1}})",
        begin +
            R"({"album":{"kind":"folder","parent":0}})"
            "\n" +
            R"({"end":{"assets":0,"albums":1}})",
        begin +
            R"({"album":{}})"
            "\n" +
            R"({"album":{"parent":0}})"
            "\n" +
            R"({"end":{"assets":0,"albums":2}})",
        begin +
            R"({"trouble":["x"]})"
            "\n" +
            R"({"end":{"assets":0,"albums":0}})",
    };
    for (const std::string& lines : bad) {
        try {
            (void)phone_library_of(lines);
            ADD_FAILURE() << lines.substr(0, 200);
        } catch (const MediaError& error) {
            EXPECT_EQ(error.code(), ErrorCode::protocol);
        }
    }
    EXPECT_EQ(phone_library_of(begin + one + end_of_one).assets.size(), 1u);
}

TEST(PhoneLibraryLines, StayWithinLimits)
{
    std::string lines = begin;
    for (int i = 0; i < 4; ++i)
        lines += R"({"asset":{}})"
                 "\n";
    lines += R"({"album":{}})"
             "\n"
             R"({"members":[0,1,2]})"
             "\n"
             R"({"album":{}})"
             "\n"
             R"({"end":{"assets":4,"albums":2}})";
    EXPECT_NO_THROW((void)phone_library_of(lines, {.assets = 4, .albums = 2, .members = 3}));
    EXPECT_THROW((void)phone_library_of(lines, {.assets = 3, .albums = 2, .members = 3}), MediaError);
    EXPECT_THROW((void)phone_library_of(lines, {.assets = 4, .albums = 1, .members = 3}), MediaError);
    EXPECT_THROW((void)phone_library_of(lines, {.assets = 4, .albums = 2, .members = 2}), MediaError);
}

TEST(PhoneCaption, KeepsItsLineEndsAndNothingElse)
{
    std::string caption = "a\x1b[2J\nb\r\n\xff";
    EXPECT_FALSE(keep_caption(caption));
    EXPECT_EQ(caption, "a [2J\nb \n\uFFFD");
    EXPECT_TRUE(is_kept_caption(caption));
    std::string endless(10'000, 'x');
    EXPECT_TRUE(keep_caption(endless));
    EXPECT_TRUE(is_kept_caption(endless));
    std::string many(10'000, '\n');
    EXPECT_TRUE(keep_caption(many));
    EXPECT_LE(many.size(), 4096u);
    EXPECT_FALSE(is_kept_caption("a\tb"));
}

} // namespace photosafe::test

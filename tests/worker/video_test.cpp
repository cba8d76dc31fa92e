// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "core/file.hpp"
#include "core/time.hpp"
#include "support/temp_folder.hpp"
#include "worker/av_input.hpp"
#include "worker/movie_maker.hpp"
#include "worker/movie_reader.hpp"

namespace photosafe::worker {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Video, TellsWhatAPhoneWrites)
{
    MovieMaker maker;
    maker.key("com.apple.quicktime.make", "Apple")
        .key("com.apple.quicktime.model", "iPhone 15 Pro")
        .key("com.apple.quicktime.software", "17.5.1")
        .key("com.apple.quicktime.creationdate", "2024-05-31T14:03:22+0200")
        .key("com.apple.quicktime.content.identifier", "87D06EAA-DAEF-4498-ABC5-27FE5C8CE710")
        .key("com.apple.quicktime.location.ISO6709", "+34.6648-086.4704+197.095/")
        .track_key("com.apple.quicktime.camera.lens_model", "iPhone 15 Pro back camera 6.765mm f/1.78");

    const Metadata facts = read(maker.bytes());

    EXPECT_THAT(facts.troubles, IsEmpty());
    EXPECT_EQ(facts.make, "Apple");
    EXPECT_EQ(facts.model, "iPhone 15 Pro");
    EXPECT_EQ(facts.software, "17.5.1");
    EXPECT_EQ(facts.lens, "iPhone 15 Pro back camera 6.765mm f/1.78");
    EXPECT_EQ(facts.content_id, "87D06EAA-DAEF-4498-ABC5-27FE5C8CE710");
    EXPECT_EQ(facts.taken.source, TimeSource::quicktime_zone);
    EXPECT_EQ(facts.taken.local, "2024-05-31T14:03:22");
    EXPECT_EQ(facts.taken.offset_minutes, 120);
    ASSERT_TRUE(facts.taken.instant);
    EXPECT_EQ(to_rfc3339(*facts.taken.instant), "2024-05-31T12:03:22Z");
    ASSERT_TRUE(facts.position);
    EXPECT_DOUBLE_EQ(facts.position->latitude, 34.6648);
    EXPECT_DOUBLE_EQ(facts.position->longitude, -86.4704);
    EXPECT_EQ(facts.position->altitude_m, 197.095);
    EXPECT_EQ(facts.width, 1920u);
    EXPECT_EQ(facts.height, 1080u);
    EXPECT_EQ(facts.orientation, 1);
    EXPECT_EQ(facts.codec, "hevc");
    EXPECT_EQ(facts.duration_s, 2);
    EXPECT_EQ(facts.frame_rate, 30);
    EXPECT_FALSE(facts.slow_motion);
    EXPECT_FALSE(facts.spatial);
    EXPECT_EQ(raw(facts, "QuickTime.com.apple.quicktime.make"), "Apple");
}

TEST(Video, TurnsAndMirrorsAsItsMatrixAsks)
{
    // The picture's corner, its right and its lower neighbour go where EXIF's numbers say that they go.
    const std::vector<std::pair<Matrix, int>> known{
        {{1, 0, 0, 1}, 1}, {{-1, 0, 0, 1}, 2}, {{-1, 0, 0, -1}, 3}, {{1, 0, 0, -1}, 4},
        {{0, 1, 1, 0}, 5}, {{0, 1, -1, 0}, 6}, {{0, -1, -1, 0}, 7}, {{0, -1, 1, 0}, 8}};
    for (const auto& [matrix, orientation] : known) {
        MovieMaker maker;
        maker.matrix = matrix;
        const Metadata facts = read(maker.bytes());
        EXPECT_EQ(facts.orientation, orientation);
        EXPECT_EQ(facts.width, 1920u);
    }
}

TEST(Video, TellsSlowMotionFromManyFrames)
{
    const auto slow = [](unsigned frames_a_second, int intent) {
        MovieMaker maker;
        maker.frames_a_second = frames_a_second;
        maker.frames = 2 * frames_a_second;
        if (intent >= 0) {
            // As iPhones write it; libavformat 5.1 takes eight bytes for 0.
            maker.key("com.apple.quicktime.full-frame-rate-playback-intent", 21,
                      u64(static_cast<unsigned>(intent)));
        }
        const Metadata facts = read(maker.bytes());
        EXPECT_EQ(facts.frame_rate, frames_a_second);
        return facts.slow_motion;
    };
    EXPECT_TRUE(slow(240, 0));
    EXPECT_TRUE(slow(120, -1)) << "before phones said what they meant";
    EXPECT_FALSE(slow(120, 1)) << "meant to be played at that rate";
    EXPECT_FALSE(slow(30, 0));
    EXPECT_FALSE(slow(60, -1));
}

TEST(Video, KnowsTheMovingHalfOfALivePhoto)
{
    MovieMaker maker;
    maker.key("com.apple.quicktime.content.identifier", "A").timed("com.apple.quicktime.still-image-time");
    EXPECT_EQ(raw(read(maker.bytes()), "QuickTime.com.apple.quicktime.still-image-time"), "timed");
}

TEST(Video, ReadsNumbersAndTextsOfEachKind)
{
    const std::string utf16 = {'\0', 'A', '\x04', '\x10'};
    MovieMaker maker;
    maker.key("a", 21, u8(0xff)).key("b", 21, u16(0x8000)).key("c", 21, u32(5)).key("d", 21, u64(~0ull));
    maker.key("e", 22, u8(0xff)).key("f", 22, u64(~0ull)).key("g", 23, u32(0x3f8ccccd));
    maker.key("h", 24, u64(0x7ff0000000000000)).key("i", 2, utf16).key("j", 13, "\xff\xd8\xff");
    maker.key("k", 1, "a\x1b[2Jb").key("l", 1, std::string(5000, 'x')).key("m", 21, std::string(9, '\1'));
    const Metadata facts = read(maker.bytes());
    EXPECT_EQ(raw(facts, "QuickTime.a"), "-1");
    EXPECT_EQ(raw(facts, "QuickTime.b"), "-32768");
    EXPECT_EQ(raw(facts, "QuickTime.c"), "5");
    EXPECT_EQ(raw(facts, "QuickTime.d"), "-1");
    EXPECT_EQ(raw(facts, "QuickTime.e"), "255");
    EXPECT_EQ(raw(facts, "QuickTime.f"), "18446744073709551615");
    EXPECT_EQ(raw(facts, "QuickTime.g"), "1.10000002");
    EXPECT_EQ(raw(facts, "QuickTime.h"), "none") << "infinite";
    EXPECT_EQ(raw(facts, "QuickTime.i"), "A\u0410");
    EXPECT_EQ(raw(facts, "QuickTime.j"), "none") << "a picture";
    EXPECT_EQ(raw(facts, "QuickTime.k"), "a [2Jb");
    EXPECT_THAT(raw(facts, "QuickTime.l"), SizeIs(4096));
    EXPECT_EQ(raw(facts, "QuickTime.m"), "none") << "too long for a number";
}

TEST(Video, SeesHdrDepthAndTwoViews)
{
    const std::string hvcc =
        box("hvcC", u8(1) + u8(2) + std::string(15, '\0') + u8(0xfa) + u8(0xfa) + std::string(4, '\0'));
    const auto views = [](unsigned eyes) { return box("vexu", box("eyes", full_box("stri", u8(eyes)))); };
    for (const auto& [transfer, hdr] : {std::pair{18u, true}, {16u, true}, {1u, false}}) {
        MovieMaker maker;
        maker.codec_boxes = hvcc + box("colr", "nclx" + u16(9) + u16(transfer) + u16(9) + u8(0)) + views(3);
        const Metadata facts = read(maker.bytes());
        EXPECT_EQ(facts.hdr, hdr) << transfer;
        EXPECT_EQ(facts.bit_depth, 10);
        EXPECT_EQ(facts.colour_profile, "nclx");
        EXPECT_TRUE(facts.spatial);
    }
    MovieMaker one_eye;
    one_eye.codec_boxes = hvcc + views(1);
    const Metadata facts = read(one_eye.bytes());
    EXPECT_FALSE(facts.spatial);
    EXPECT_FALSE(facts.hdr);
}

TEST(Video, ReadsPlacesAsTheStandardHasThem)
{
    const auto place = [](const char* text) {
        MovieMaker maker;
        maker.key("com.apple.quicktime.location.ISO6709", text);
        return read(maker.bytes()).position;
    };
    const auto near = [](const std::optional<GeoPoint>& point, double latitude, double longitude) {
        return point && std::abs(point->latitude - latitude) < 1e-6 &&
               std::abs(point->longitude - longitude) < 1e-6;
    };
    EXPECT_TRUE(near(place("-33.5+151.25/"), -33.5, 151.25));
    EXPECT_TRUE(near(place("+4012.5-07530.0/"), 40 + 12.5 / 60, -75.5));
    EXPECT_TRUE(near(place("+401230.0-0753015.0+10CRSWGS_84/"), 40 + 12.5 / 60, -(75 + 30.25 / 60)));
    for (const char* wrong :
         {"", "/", "+91-000/", "+10+181/", "10+10/", "+10", "+nan+10/", "+1e9+10/", "+-"}) {
        EXPECT_FALSE(place(wrong)) << wrong;
    }
}

TEST(Video, SaysWhichPlaceIsNone)
{
    // 0, 0 is what a receiver says that has found no satellite yet.
    for (const char* wrong : {"+00.0000+000.0000/", "+00.0000+000.0000+000.000/", "+95.5-7.25/"}) {
        MovieMaker maker;
        const Metadata facts = read(maker.key("com.apple.quicktime.location.ISO6709", wrong).bytes());
        EXPECT_FALSE(facts.position) << wrong;
        EXPECT_THAT(facts.troubles,
                    ElementsAre("The movie has a position that is none: " + std::string{wrong} + '.'));
    }
}

TEST(Video, SaysWhyAFileCannotBeReadAndKeepsWhatWasRead)
{
    const std::string whole = MovieMaker{}.key("com.apple.quicktime.make", "Apple").bytes();
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        const Metadata facts = read(whole.substr(0, size));
        for (const std::string& trouble : facts.troubles) EXPECT_EQ(trouble.back(), '.');
    }
    EXPECT_THAT(read("first light").troubles, SizeIs(1));
    EXPECT_THAT(read(whole.substr(0, 60)).troubles, SizeIs(2)); // that it is cut, and libavformat's word
    // Keys are found also where libavformat gives the file up.
    std::string no_tracks = MovieMaker{}.key("com.apple.quicktime.make", "Apple").bytes();
    for (std::size_t at; (at = no_tracks.find("mvhd")) != std::string::npos;)
        no_tracks.replace(at, 4, "free");
    no_tracks.replace(no_tracks.find("trak"), 4, "free");
    EXPECT_EQ(read(no_tracks).make, "Apple");
}

std::uint64_t bytes_read_by_this_process()
{
    std::ifstream in{"/proc/self/io"};
    std::string name;
    std::uint64_t value = 0;
    while (in >> name >> value) {
        if (name == "rchar:") return value;
    }
    return 0;
}

TEST(Video, ReadsLittleOfAHugeMovie)
{
    constexpr std::uint64_t hole = std::uint64_t{5} << 30;
    const TempFolder folder;
    MovieMaker maker;
    const auto [head, tail] = maker.key("com.apple.quicktime.make", "Apple").file(hole);
    const fs::path file = folder.write("movie", head);
    fs::resize_file(file, head.size() + hole);
    std::ofstream{file, std::ios::binary | std::ios::app} << tail;

    const std::uint64_t before = bytes_read_by_this_process();
    const Metadata facts = read_file(file);
    const std::uint64_t after = bytes_read_by_this_process();

    EXPECT_EQ(facts.make, "Apple");
    EXPECT_EQ(facts.duration_s, 2);
    ASSERT_GT(after, before);
    EXPECT_LT(after - before, 1u << 20);
}

TEST(Video, EndsSoonOnAFileOfNothingButBoxes)
{
    // A hundred megabytes of empty boxes, which would keep libavformat busy for half a minute.
    std::string file = box("ftyp", "qt  " + u32(0));
    for (int i = 0; i < 12'000'000; ++i) file += std::string_view{"\0\0\0\10free", 8};
    const std::clock_t before = std::clock();
    EXPECT_THAT(read(file).troubles, SizeIs(1));
    EXPECT_LT(std::clock() - before, 10 * CLOCKS_PER_SEC);
    // A box within a box within a box.
    std::string nested;
    for (int i = 0; i < 2000; ++i) nested = box("minf", nested);
    EXPECT_THAT(read(box("ftyp", "qt  " + u32(0)) + box("moov", box("trak", box("mdia", nested)))).codec, "");
}

TEST(Video, TakesNoMemoryForWhatABoxClaims)
{
    MovieMaker maker;
    maker.codec_boxes = box("hvcC", "x");
    std::string movie = maker.bytes();
    // 900 MiB, which libavformat would take and fill with zeros.
    movie.replace(movie.find("hvcC") - 4, 4, u32(900u << 20));
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    const Metadata facts = read(movie);
    getrusage(RUSAGE_SELF, &after);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10) << "kibibytes";
}

TEST(Video, FollowsNoReferenceToAnotherFile)
{
    const TempFolder folder;
    const fs::path other = folder.write("other.mov", MovieMaker{}.bytes());
    std::string movie = MovieMaker{}.bytes();
    // The samples lie elsewhere: a data reference by address instead of the file itself.
    const std::size_t at = movie.find("alis");
    ASSERT_NE(at, std::string::npos);
    movie.replace(at, 4, "url ");
    movie[at + 7] = '\0'; // the flag that says "in this file"
    EXPECT_THAT(read_file(folder.write("movie.mov", movie)).codec, "hevc");
    for (const std::string& playlist :
         {"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://" + other.string() + "\n#EXT-X-ENDLIST\n",
          "ffconcat version 1.0\nfile '" + other.string() + "'\n"}) {
        const fs::path file = folder.write("list", playlist);
        const File open{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
        EXPECT_THROW(AvInput(open.fd(), {}), MediaError) << playlist;
    }
}

class MovieCorpus : public testing::Test {
protected:
    void SetUp() override
    {
        if (!fs::exists(root / "expected-exiftool.json")) GTEST_SKIP() << "the shared corpus is not here";
    }
    const fs::path root{PHOTOSAFE_CORPUS};
};

TEST_F(MovieCorpus, HasWhatExiftoolFindsInEachMovie)
{
    int compared = 0;
    for (const auto& row : nlohmann::json::parse(content_of(root / "expected-exiftool.json"))) {
        const std::string name = row.at("SourceFile");
        const std::string extension = fs::path{name}.extension();
        if (name.starts_with("broken/") || !row.contains("QuickTime:Duration")) continue;
        if (extension != ".MOV" && extension != ".mov" && extension != ".mp4") continue;
        const Metadata facts = read_file(root / name);
        EXPECT_THAT(facts.troubles, IsEmpty()) << name;
        EXPECT_EQ(facts.width, row.at("QuickTime:ImageWidth")) << name;
        EXPECT_EQ(facts.height, row.at("QuickTime:ImageHeight")) << name;
        ASSERT_TRUE(facts.duration_s) << name;
        EXPECT_NEAR(*facts.duration_s, row.at("QuickTime:Duration").get<double>(), 0.001) << name;
        const std::map<int, int> turns{{0, 1}, {90, 6}, {180, 3}, {270, 8}};
        EXPECT_EQ(facts.orientation, turns.at(row.at("Composite:Rotation"))) << name;
        EXPECT_EQ(facts.make, row.value("QuickTime:Make", "")) << name;
        EXPECT_EQ(facts.model, row.value("QuickTime:Model", "")) << name;
        EXPECT_EQ(facts.content_id, row.value("QuickTime:ContentIdentifier", "")) << name;
        const std::map<std::string, std::string> codecs{{"avc1", "h264"},   {"hvc1", "hevc"},
                                                        {"hev1", "hevc"},   {"apco", "prores"},
                                                        {"apcn", "prores"}, {"jpeg", "jpeg"}};
        EXPECT_EQ(facts.codec, codecs.at(row.at("QuickTime:CompressorID"))) << name;
        EXPECT_EQ(facts.position.has_value(), row.contains("Composite:GPSLatitude")) << name;
        if (facts.position) {
            EXPECT_NEAR(facts.position->latitude, row.at("Composite:GPSLatitude").get<double>(), 1e-4)
                << name;
            EXPECT_NEAR(facts.position->longitude, row.at("Composite:GPSLongitude").get<double>(), 1e-4);
        }
        // 2019:12:29 19:01:14-08:00, of the header without a zone
        const auto digits = [](std::string_view text) {
            std::string result;
            for (const char c : text.substr(0, 19)) {
                if (c >= '0' && c <= '9') result += c;
            }
            return result;
        };
        if (row.contains("QuickTime:CreationDate")) {
            EXPECT_EQ(facts.taken.source, TimeSource::quicktime_zone) << name;
            EXPECT_EQ(digits(facts.taken.local), digits(row.at("QuickTime:CreationDate").get<std::string>()));
        } else if (row.at("QuickTime:CreateDate") != "0000:00:00 00:00:00") {
            EXPECT_EQ(facts.taken.source, TimeSource::quicktime_utc) << name;
            ASSERT_TRUE(facts.taken.instant) << name;
            EXPECT_EQ(digits(to_rfc3339(*facts.taken.instant)),
                      digits(row.at("QuickTime:CreateDate").get<std::string>()));
        } else {
            EXPECT_EQ(facts.taken.source, TimeSource::none) << name;
        }
        ++compared;
    }
    EXPECT_GE(compared, 11);
}

} // namespace
} // namespace photosafe::worker

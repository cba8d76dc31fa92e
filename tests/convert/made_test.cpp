// SPDX-License-Identifier: LGPL-2.1-or-later
// HEICs made here, each with one thing that can be got wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "convert/heif_maker.hpp"
#include "convert/render_help.hpp"
#include "support/temp_folder.hpp"
#include "worker/exif_copy.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::IsEmpty;
using worker::CannotRender;

/// Which of the four quarters' colours this is, `?` for none of them.
char letter(const Colour& c)
{
    const auto high = [](int value) { return value > 200; };
    const auto low = [](int value) { return value < 60; };
    if (high(c.red) && low(c.green) && low(c.blue)) return 'r';
    if (low(c.red) && high(c.green) && low(c.blue)) return 'g';
    if (low(c.red) && low(c.green) && high(c.blue)) return 'b';
    if (high(c.red) && high(c.green) && high(c.blue)) return 'w';
    return '?';
}

/// The quarters as they are stored, left to right and top to bottom.
std::string quarters(const Pixels& pixels)
{
    std::string result;
    for (const double y : {0.2, 0.8}) {
        for (const double x : {0.2, 0.8}) result += letter(colour_at(pixels, x, y));
    }
    return result;
}

class Made : public testing::Test {
protected:
    fs::path made(const MadeHeif& wanted) { return folder.write("a.heic", make_heif(wanted)); }
    /// The same file with a part of it changed.
    fs::path changed(std::string file, std::string_view from, std::string_view to)
    {
        const std::size_t at = file.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        file.replace(at, to.size(), to);
        return folder.write("a.heic", file);
    }
    const TempFolder folder;
};

TEST_F(Made, IsUprightWhateverItsTurn)
{
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Rendition upright = rendered(made({.orientation = orientation}));
        EXPECT_EQ(quarters(pixels_of(upright)), "rgbw") << orientation;
        EXPECT_EQ(upright.width, orientation >= 5 ? 48u : 64u) << orientation;
    }
}

/// Its planes go into the JPEG as they are where they are those of one; else, and where something is to be
/// done to its pixels, by way of red, green and blue.
TEST_F(Made, LooksTheSameByWayOfItsPlanesAndOfItsPixels)
{
    struct Colours {
        int matrix;
        bool full_range;
    };
    for (const unsigned width : {128u, 63u, 322u}) {
        for (const Colours& colours : {Colours{6, true}, {6, false}, {1, true}, {1, false}, {9, true}}) {
            for (const int orientation : {1, 6, 7}) {
                const fs::path file =
                    made({.width = width,
                          .height = width == 128 ? 64 : width * 3 / 4, // the others are cropped
                          .orientation = orientation,
                          .matrix = colours.matrix,
                          .full_range = colours.full_range});
                const Pixels direct = pixels_of(rendered(file)),
                             converted = pixels_of(rendered(file, {{"srgb", true}}));
                EXPECT_EQ(quarters(direct), "rgbw") << colours.matrix << ' ' << colours.full_range;
                EXPECT_GT(likeness(direct, converted), 33)
                    << width << ' ' << orientation << ' ' << colours.matrix << ' ' << colours.full_range;
                EXPECT_LT(difference(direct, converted), 1.0);
                EXPECT_EQ(rendered(file).payload, rendered(file).payload) << "not as memory happens to be";
            }
        }
    }
}

TEST_F(Made, KeepsItsTurnAsATagWhereAsked)
{
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Rendition kept = rendered(made({.orientation = orientation}), {{"keep_tag", true}});
        EXPECT_EQ(worker::exif_orientation(worker::read_jpeg_header(kept.payload).beside.exif), orientation);
        EXPECT_EQ(quarters(worker::turn_upright(pixels_of(kept), orientation)), "rgbw") << orientation;
        EXPECT_EQ(kept.width, 64u) << orientation;
    }
}

TEST_F(Made, IsCroppedAsItSays)
{
    // Of an odd size, libheif encodes a column and a row more and crops them off.
    const std::string file = make_heif({.width = 65, .height = 65});
    ASSERT_EQ(rendered(folder.write("a.heic", file)).width, 65u);
    const auto number = [](std::uint32_t value) {
        std::string bytes;
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
        return bytes;
    };
    const auto crop = [&](std::uint32_t edge, std::int32_t right, std::int32_t down) {
        std::string box = "clap";
        for (const std::uint32_t value : {edge, 1u, edge, 1u, static_cast<std::uint32_t>(right), 1u,
                                          static_cast<std::uint32_t>(down), 1u})
            box += number(value);
        return box;
    };
    for (const auto& [right, down, expected] :
         {std::tuple{-17, -17, "rrrr"}, {17, -17, "gggg"}, {-17, 17, "bbbb"}}) {
        const Rendition part = rendered(changed(file, "clap", crop(20, right, down)));
        EXPECT_EQ(part.width, 20u);
        EXPECT_EQ(part.height, 20u);
        EXPECT_EQ(quarters(pixels_of(part)), expected);
    }
}

TEST_F(Made, OfTenBitsHasTheSameColours)
{
    const Rendition shallow = rendered(made({}));
    const Rendition deep = rendered(made({.bits = 10}));
    EXPECT_THAT(deep.lost, Contains("bit_depth"));
    EXPECT_THAT(shallow.lost, IsEmpty());
    EXPECT_LT(difference(pixels_of(shallow), pixels_of(deep)), 2.0);
}

TEST_F(Made, LiesOnWhiteWhereItIsTransparent)
{
    const Rendition seen = rendered(made({.alpha = true}));
    EXPECT_THAT(seen.lost, Contains("alpha"));
    EXPECT_EQ(quarters(pixels_of(seen)), "rgbw");
}

TEST_F(Made, IsNoLargerThanAsked)
{
    const fs::path file = made({.width = 640, .height = 480, .orientation = 6});
    const Rendition small = rendered(file, {{"max_edge", 100}});
    EXPECT_EQ(small.height, 100u);
    EXPECT_EQ(small.width, 75u);
    EXPECT_EQ(quarters(pixels_of(small)), "rgbw");
    EXPECT_EQ(rendered(file, {{"max_edge", 5000}}).height, 640u) << "it was enlarged";
}

TEST_F(Made, ShowsItsThumbnailWhereThatIsLargeEnough)
{
    const fs::path file = made({.width = 640, .height = 480, .orientation = 6, .thumbnail = 320});
    const Rendition small = rendered(file, {{"max_edge", 320}, {"thumbnail", true}});
    EXPECT_TRUE(small.embedded);
    EXPECT_FALSE(small.from_preview);
    EXPECT_EQ(small.height, 320u);
    EXPECT_EQ(quarters(pixels_of(small)), "rgbw");
    const Rendition large = rendered(file, {{"max_edge", 321}, {"thumbnail", true}});
    EXPECT_FALSE(large.embedded);
    EXPECT_EQ(large.height, 321u);
    EXPECT_FALSE(rendered(file, {{"max_edge", 320}}).embedded)
        << "a JPEG to keep is made of the picture itself";
}

TEST_F(Made, ShowsItsThumbnailWhereNoDecoderTakesIt)
{
    std::string file = make_heif({.width = 640, .height = 480, .thumbnail = 320});
    const std::size_t data = file.find("mdat");
    ASSERT_NE(data, std::string::npos);
    file.replace(data + 4, 4, "\xff\xff\xff\xff"); // the length of the main picture's first unit
    const Rendition seen = rendered(folder.write("a.heic", file));
    EXPECT_TRUE(seen.from_preview);
    EXPECT_NE(seen.trouble.find("can't be decoded"), std::string::npos) << seen.trouble;
    EXPECT_EQ(seen.width, 320u);
    EXPECT_EQ(quarters(pixels_of(seen)), "rgbw");
}

TEST_F(Made, FailsWithAReasonWhereNothingInsideCanBeShown)
{
    std::string file = make_heif({.width = 640, .height = 480});
    file.replace(file.find("mdat") + 4, 4, "\xff\xff\xff\xff");
    try {
        (void)rendered(folder.write("a.heic", file));
        ADD_FAILURE() << "it was drawn";
    } catch (const CannotRender& error) {
        EXPECT_NE(std::string{error.what()}.find("libde265"), std::string::npos) << error.what();
    }
}

TEST_F(Made, IsDrawnByTheDecoderThatIsAskedFor)
{
    const fs::path file = made({.width = 640, .height = 480});
    const Rendition any = rendered(file);
    EXPECT_EQ(any.decoder, "libavcodec") << "the faster one comes first";
    const Rendition one = rendered(file, {{"decoder", "libavcodec"}});
    const Rendition other = rendered(file, {{"decoder", "libde265"}});
    EXPECT_EQ(one.decoder, "libavcodec");
    EXPECT_EQ(other.decoder, "libde265");
    EXPECT_GT(likeness(pixels_of(one), pixels_of(other)), 60);
    EXPECT_THROW((void)rendered(file, {{"decoder", "paint"}}), MediaError);
}

TEST_F(Made, ThatClaimsTooMuchIsRefusedBeforeItTakesMemory)
{
    // 60,000 x 60,000 where its size stands.
    std::string file = make_heif({});
    const std::size_t at = file.find("ispe");
    ASSERT_NE(at, std::string::npos);
    file.replace(at + 8, 8, std::string{"\0\0\xea\x60\0\0\xea\x60", 8});
    try {
        (void)rendered(folder.write("a.heic", file));
        ADD_FAILURE() << "it was drawn";
    } catch (const CannotRender& error) {
        EXPECT_NE(std::string{error.what()}.find("60000"), std::string::npos) << error.what();
    }
}

TEST_F(Made, OfTilesIsOnePicture)
{
    const fs::path roll = folder / "roll";
    (void)output_of(std::string{SIMPHONE_BINARY} + " make-roll " + quoted(roll) +
                    " --items 19 --picture-size 640x480 --tile 256 >/dev/null");
    int compared = 0;
    for (const auto& entry : fs::recursive_directory_iterator{roll / "DCIM"}) {
        if (entry.path().extension() != ".HEIC") continue;
        const fs::path peer = folder / "peer.png";
        (void)output_of("heif-convert --quiet --png-compression-level 0 " + quoted(entry.path()) + ' ' +
                        quoted(peer));
        EXPECT_GT(likeness(pixels_of(rendered(entry.path())), pixels_in(peer)), 30) << entry.path();
        ++compared;
    }
    EXPECT_GE(compared, 5);
}

} // namespace
} // namespace photosafe::test

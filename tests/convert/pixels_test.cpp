// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "worker/pixels.hpp"

namespace photosafe::worker {
namespace {

/// A picture of one row after another, each pixel's red told.
Pixels picture(std::uint32_t width, std::vector<std::uint8_t> reds)
{
    const Canvas canvas = make_canvas(width, static_cast<std::uint32_t>(reds.size()) / width);
    for (std::size_t i = 0; i < reds.size(); ++i) std::fill_n(canvas.bytes + 3 * i, 3, reds[i]);
    return canvas.pixels;
}

std::vector<std::uint8_t> reds(const Pixels& pixels)
{
    std::vector<std::uint8_t> result;
    for (std::uint32_t y = 0; y < pixels.height; ++y) {
        for (std::uint32_t x = 0; x < pixels.width; ++x) result.push_back(pixels.row(y)[3 * x]);
    }
    return result;
}

using Reds = std::vector<std::uint8_t>;

TEST(Pixels, AreTurnedAsExifSays)
{
    const Pixels p = picture(3, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(reds(turn_upright(p, 1)), (Reds{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(reds(turn_upright(p, 2)), (Reds{3, 2, 1, 6, 5, 4}));
    EXPECT_EQ(reds(turn_upright(p, 3)), (Reds{6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(reds(turn_upright(p, 4)), (Reds{4, 5, 6, 1, 2, 3}));
    EXPECT_EQ(reds(turn_upright(p, 5)), (Reds{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(reds(turn_upright(p, 6)), (Reds{4, 1, 5, 2, 6, 3}));
    EXPECT_EQ(reds(turn_upright(p, 7)), (Reds{6, 3, 5, 2, 4, 1}));
    EXPECT_EQ(reds(turn_upright(p, 8)), (Reds{3, 6, 2, 5, 1, 4}));
    EXPECT_EQ(turn_upright(p, 6).width, 2u);
}

TEST(Pixels, ComeBackByTheOppositeTurn)
{
    const Pixels p = picture(3, {1, 2, 3, 4, 5, 6});
    for (int orientation = 1; orientation <= 8; ++orientation) {
        EXPECT_EQ(reds(turn_upright(turn_upright(p, orientation), opposite(orientation))), reds(p))
            << orientation;
    }
}

TEST(Pixels, AreTheMeanOfWhatTheyCover)
{
    EXPECT_EQ(reds(scale_down(picture(4, {0, 100, 200, 200, 100, 200, 0, 0}), 2)), (Reds{100, 100}));
    EXPECT_EQ(reds(scale_down(picture(3, Reds(9, 255)), 2)), Reds(4, 255)); // white stays white
    EXPECT_EQ(reds(scale_down(picture(3, {0, 90, 180}), 2)), (Reds{30, 150}));
}

TEST(Pixels, AreNeverEnlarged) { EXPECT_EQ(scale_down(picture(2, {1, 2}), 9).width, 2u); }

TEST(Pixels, OfAnUnbelievableSizeAreRefused)
{
    EXPECT_THROW(check_size(60'000, 60'000, default_pixel_limit), CannotRender);
    EXPECT_THROW(check_size(UINT64_MAX, UINT64_MAX, default_pixel_limit), CannotRender);
    EXPECT_THROW(check_size(0, 100, default_pixel_limit), CannotRender);
    EXPECT_NO_THROW(check_size(12'240, 16'320, default_pixel_limit));
}

TEST(Pixels, LieOnWhiteWhereTheyAreTransparent)
{
    const std::vector<std::uint8_t> rgba{10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51};
    bool opaque = true;
    const Pixels p = on_white(rgba.data(), rgba.size(), 3, 1, opaque);
    EXPECT_EQ((std::vector<std::uint8_t>{p.row(0), p.row(0) + 9}),
              (std::vector<std::uint8_t>{10, 20, 30, 255, 255, 255, 204, 224, 244}));
    EXPECT_FALSE(opaque);
    (void)on_white(rgba.data(), rgba.size(), 1, 1, opaque);
    EXPECT_TRUE(opaque);
    const std::array<std::uint8_t, 4> half{100, 50, 0, 128}; // of 200, 100, 0
    const Pixels darkened = on_white(half.data(), half.size(), 1, 1, opaque, Alpha::premultiplied);
    EXPECT_EQ((std::array{darkened.row(0)[0], darkened.row(0)[1], darkened.row(0)[2]}),
              (std::array<std::uint8_t, 3>{227, 177, 127}));
}

} // namespace
} // namespace photosafe::worker

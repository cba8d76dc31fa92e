// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_pictures.hpp"

#include "roll_png.hpp"
#include "roll_random.hpp"

#include <algorithm>
#include <stdexcept>

namespace simphone {
namespace {

constexpr unsigned thumbnail_width = 160;
constexpr unsigned thumbnail_height = 120;

struct Hill {
    int centre, half_width, top;
};

std::uint8_t clamp_sample(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

// A parabola: how far up the picture, in thousandths, the hill reaches at `x` thousandths.
int hill_height(const Hill& hill, int x)
{
    const int distance = std::abs(x - hill.centre);
    if (distance >= hill.half_width) return 0;
    return hill.top - hill.top * distance / hill.half_width * distance / hill.half_width;
}

} // namespace

Picture draw_picture(std::uint64_t seed, unsigned width, unsigned height)
{
    Random random{seed};
    const int sky_blue = static_cast<int>(random.between(135, 190));
    const int sky_red = static_cast<int>(random.between(90, 160));
    const int sun_x = static_cast<int>(random.between(100, 900));
    const int sun_y = static_cast<int>(random.between(80, 400));
    std::vector<Hill> hills;
    hills.reserve(4);
    for (int i = 0; i < 4; ++i)
        hills.push_back({static_cast<int>(random.between(0, 1000)),
                         static_cast<int>(random.between(200, 600)),
                         static_cast<int>(random.between(200, 550))});

    Picture picture{width, height, {}, {}, {}};
    const std::size_t samples = std::size_t{width} * height;
    for (auto* plane : {&picture.y, &picture.cb, &picture.cr}) plane->reserve(samples);
    for (unsigned row = 0; row < height; ++row) {
        const int y = static_cast<int>(row * 1000 / height);
        for (unsigned column = 0; column < width; ++column) {
            const int x = static_cast<int>(column * 1000 / width);
            int luma = 220 - y / 8;
            int cb = sky_blue;
            int cr = sky_red;
            if ((x - sun_x) * (x - sun_x) + (y - sun_y) * (y - sun_y) < 3600) luma = 250, cb = 90, cr = 150;
            for (std::size_t i = 0; i < hills.size(); ++i) {
                if (1000 - y >= hill_height(hills[i], x)) continue;
                luma = 60 + 25 * static_cast<int>(i) + static_cast<int>((column * 7 + row * 13) % 11);
                cb = 110 - 5 * static_cast<int>(i);
                cr = 120 + 3 * static_cast<int>(i);
            }
            picture.y.push_back(clamp_sample(luma));
            picture.cb.push_back(clamp_sample(cb));
            picture.cr.push_back(clamp_sample(cr));
        }
    }
    return picture;
}

Picture cut(const Picture& picture, unsigned left, unsigned top, unsigned width, unsigned height)
{
    Picture part{width, height, {}, {}, {}};
    for (unsigned row = top; row < top + height; ++row) {
        const std::size_t line = std::size_t{std::min(row, picture.height - 1)} * picture.width;
        for (unsigned column = left; column < left + width; ++column) {
            const std::size_t at = line + std::min(column, picture.width - 1);
            part.y.push_back(picture.y[at]);
            part.cb.push_back(picture.cb[at]);
            part.cr.push_back(picture.cr[at]);
        }
    }
    return part;
}

const TiledPicture& PictureBank::heic(unsigned number, unsigned width, unsigned height)
{
    auto [entry, is_new] = heic_.try_emplace({number, width, height});
    if (!is_new) return entry->second;
    const std::uint64_t seed = derive_seed(seed_, "picture", number);
    const Picture picture = draw_picture(seed, width, height);
    const bool tiled = width > tile_ || height > tile_;
    const unsigned tile_width = tiled ? tile_ : width;
    const unsigned tile_height = tiled ? tile_ : height;
    TiledPicture result{
        width, height, (width + tile_width - 1) / tile_width, (height + tile_height - 1) / tile_height,
        {},    {}};
    for (unsigned row = 0; row < result.rows; ++row)
        for (unsigned column = 0; column < result.columns; ++column)
            result.tiles.push_back(
                encode_hevc(cut(picture, column * tile_width, row * tile_height, tile_width, tile_height)));
    for (const auto& tile : result.tiles)
        if (tile.hvcc != result.tiles.front().hvcc)
            throw std::runtime_error("the encoder gave tiles of two kinds");
    result.thumbnail = encode_hevc(draw_picture(seed, thumbnail_width, thumbnail_height));
    return entry->second = std::move(result);
}

const std::string& PictureBank::jpeg(unsigned number, unsigned width, unsigned height)
{
    std::string& result = jpeg_[{number, width, height}];
    if (result.empty())
        result = encode_jpeg(draw_picture(derive_seed(seed_, "picture", number), width, height), 85);
    return result;
}

const std::string& PictureBank::jpeg_thumbnail(unsigned number)
{
    std::string& result = thumbnails_[number];
    if (result.empty()) {
        const std::uint64_t seed = derive_seed(seed_, "picture", number);
        result = encode_jpeg(draw_picture(seed, thumbnail_width, thumbnail_height), 60);
    }
    return result;
}

const std::vector<CodedPicture>& PictureBank::frames(unsigned number)
{
    std::vector<CodedPicture>& result = frames_[number];
    if (!result.empty()) return result;
    // The camera pans a little between frames: a wider picture, seen through a window.
    constexpr unsigned count = 4;
    constexpr unsigned step = 8;
    const Picture wide =
        draw_picture(derive_seed(seed_, "picture", number), movie_width + count * step, movie_height);
    for (unsigned i = 0; i < count; ++i)
        result.push_back(encode_hevc(cut(wide, i * step, 0, movie_width, movie_height)));
    for (const auto& frame : result)
        if (frame.hvcc != result.front().hvcc)
            throw std::runtime_error("the encoder gave frames of two kinds");
    return result;
}

const std::string& PictureBank::png_rows(unsigned number, unsigned width, unsigned height)
{
    std::string& result = png_[{number, width, height}];
    if (result.empty()) result = compress_screen(derive_seed(seed_, "screen", number), width, height);
    return result;
}

} // namespace simphone

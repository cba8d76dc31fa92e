// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace photosafe::worker {

namespace {

constexpr std::size_t channels = 3;

/// The part that each old sample has in each new one, along one axis. Weights of one new sample sum to `one`.
struct Share {
    std::uint32_t first = 0;
    std::vector<std::uint32_t> weights;
};
constexpr std::uint32_t one = 1u << 14;

std::vector<Share> shares(std::uint32_t from, std::uint32_t to)
{
    std::vector<Share> result(to);
    const double step = static_cast<double>(from) / to;
    for (std::uint32_t i = 0; i < to; ++i) {
        const double begin = i * step;
        const double end = std::min<double>(from, (i + 1) * step);
        Share& share = result[i];
        share.first = std::min(static_cast<std::uint32_t>(begin), from - 1);
        const auto last = std::clamp(static_cast<std::uint32_t>(std::ceil(end)), share.first + 1, from);
        std::uint32_t sum = 0;
        for (std::uint32_t at = share.first; at < last; ++at) {
            const double covered = std::min<double>(end, at + 1) - std::max<double>(begin, at);
            share.weights.push_back(static_cast<std::uint32_t>(std::max(0.0, covered) / (end - begin) * one));
            sum += share.weights.back();
        }
        share.weights.front() += one - sum; // what rounding lost, so that white stays white
    }
    return result;
}

void scale_row(const std::uint8_t* from, const std::vector<Share>& columns, std::uint32_t* to)
{
    for (const Share& share : columns) {
        std::uint32_t sum[channels] = {};
        const std::uint8_t* at = from + share.first * channels;
        for (const std::uint32_t weight : share.weights) {
            for (std::size_t c = 0; c < channels; ++c) sum[c] += weight * at[c];
            at += channels;
        }
        for (const std::uint32_t value : sum)
            *to++ = value >> 6; // 16 bits, so that the rows' weights fit in 32
    }
}

} // namespace

Canvas make_canvas(std::uint32_t width, std::uint32_t height)
{
    const std::size_t stride = channels * width;
    const std::shared_ptr<std::uint8_t> bytes{new std::uint8_t[stride * height],
                                              std::default_delete<std::uint8_t[]>{}};
    return {{width, height, stride, bytes}, bytes.get()};
}

Pixels on_white(const std::uint8_t* rgba, std::size_t stride, std::uint32_t width, std::uint32_t height,
                bool& opaque, Alpha kind)
{
    const Canvas to = make_canvas(width, height);
    unsigned least = 255;
    for (std::uint32_t y = 0; y < height; ++y) {
        const std::uint8_t* from = rgba + stride * y;
        std::uint8_t* out = to.row(y);
        for (std::uint32_t x = 0; x < width; ++x, from += 4) {
            const unsigned alpha = from[3];
            least = std::min(least, alpha);
            for (std::size_t c = 0; c < channels; ++c) {
                const unsigned colour =
                    kind == Alpha::straight ? from[c] * alpha : std::min(255u * from[c], 255u * alpha);
                *out++ = static_cast<std::uint8_t>((colour + 255 * (255 - alpha) + 127) / 255);
            }
        }
    }
    opaque = least == 255;
    return to.pixels;
}

void check_size(std::uint64_t width, std::uint64_t height, std::uint64_t limit)
{
    if (width == 0 || height == 0) throw CannotRender{"It claims to have no pixels."};
    if (width > limit || height > limit / width) {
        throw CannotRender{"It claims " + std::to_string(width) + " x " + std::to_string(height) +
                           " pixels, more than the limit of " + std::to_string(limit) + "."};
    }
}

Pixels scale_down(const Pixels& from, std::uint32_t max_edge)
{
    const std::uint32_t longest = from.longest();
    if (max_edge == 0 || longest <= max_edge) return from;
    const auto scaled = [&](std::uint32_t edge) {
        const std::uint64_t rounded = (std::uint64_t{edge} * max_edge + longest / 2) / longest;
        return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, rounded));
    };
    const Canvas to = make_canvas(scaled(from.width), scaled(from.height));
    const std::vector<Share> columns = shares(from.width, to.pixels.width);
    const std::vector<Share> rows = shares(from.height, to.pixels.height);
    const std::size_t samples = channels * to.pixels.width;
    std::vector<std::uint32_t> row(samples);
    std::vector<std::uint32_t> sum(samples);
    std::uint32_t in_row = UINT32_MAX; // neighbours share a row at their border
    for (std::uint32_t y = 0; y < to.pixels.height; ++y) {
        std::fill(sum.begin(), sum.end(), 0);
        for (std::size_t i = 0; i < rows[y].weights.size(); ++i) {
            const auto at = rows[y].first + static_cast<std::uint32_t>(i);
            if (at != in_row) scale_row(from.row(at), columns, row.data());
            in_row = at;
            for (std::size_t s = 0; s < samples; ++s) sum[s] += rows[y].weights[i] * row[s];
        }
        std::uint8_t* out = to.row(y);
        for (std::size_t s = 0; s < samples; ++s) {
            out[s] = static_cast<std::uint8_t>(std::min(255u, (sum[s] + (1u << 21)) >> 22));
        }
    }
    return to.pixels;
}

Pixels cropped(const Pixels& from, int left, int top, int right, int bottom)
{
    const auto border = [](int pixels) { return static_cast<std::uint64_t>(std::max(pixels, 0)); };
    if (border(left) + border(right) >= from.width || border(top) + border(bottom) >= from.height)
        throw CannotRender{"It is cropped to nothing."};
    const auto first = static_cast<std::uint32_t>(border(left)),
               row = static_cast<std::uint32_t>(border(top));
    return {from.width - first - static_cast<std::uint32_t>(border(right)),
            from.height - row - static_cast<std::uint32_t>(border(bottom)),
            from.stride,
            {from.rgb, from.row(row) + std::size_t{3} * first}};
}

Pixels turn_upright(const Pixels& from, int orientation)
{
    if (orientation <= 1 || orientation > 8) return from;
    const bool swapped = orientation >= 5;
    const Canvas to = swapped ? make_canvas(from.height, from.width) : make_canvas(from.width, from.height);
    // Where the new picture's first row begins in the old one, and how far its right and lower neighbours
    // are.
    const auto stride = static_cast<std::ptrdiff_t>(from.stride);
    constexpr auto pixel = static_cast<std::ptrdiff_t>(channels);
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const std::ptrdiff_t across = from_right ? -pixel : pixel;
    const std::ptrdiff_t down = from_below ? -stride : stride;
    const std::uint8_t* const corner = from.rgb.get() + (from_right ? (from.width - 1) * pixel : 0) +
                                       (from_below ? (from.height - 1) * stride : 0);
    const std::ptrdiff_t step_x = swapped ? down : across;
    const std::ptrdiff_t step_y = swapped ? across : down;
    constexpr std::uint32_t block = 32; // a turn by 90 degrees would else miss the cache at each pixel
    for (std::uint32_t top = 0; top < to.pixels.height; top += block) {
        for (std::uint32_t left = 0; left < to.pixels.width; left += block) {
            const std::uint32_t bottom = std::min(top + block, to.pixels.height);
            const std::uint32_t right = std::min(left + block, to.pixels.width);
            for (std::uint32_t y = top; y < bottom; ++y) {
                const std::uint8_t* at = corner + step_y * static_cast<std::ptrdiff_t>(y) +
                                         step_x * static_cast<std::ptrdiff_t>(left);
                std::uint8_t* out = to.row(y) + channels * left;
                for (std::uint32_t x = left; x < right; ++x, at += step_x, out += channels) {
                    std::memcpy(out, at, channels);
                }
            }
        }
    }
    return to.pixels;
}

int opposite(int orientation) noexcept
{
    if (orientation == 6) return 8;
    if (orientation == 8) return 6;
    return orientation;
}

} // namespace photosafe::worker

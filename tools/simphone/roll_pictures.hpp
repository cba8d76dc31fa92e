// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace simphone {

/// Full-range YCbCr, one byte a sample, all planes of full size.
struct Picture {
    unsigned width = 0, height = 0;
    std::vector<std::uint8_t> y, cb, cr;
};

/// A landscape drawn from a number, with integers only, so that every machine draws the same.
Picture draw_picture(std::uint64_t seed, unsigned width, unsigned height);

/// The `width` x `height` part at `left`, `top`; beyond the edge the last sample is repeated.
Picture cut(const Picture& picture, unsigned left, unsigned top, unsigned width, unsigned height);

/// HEVC as a still or as a frame: the parameter sets and the length-prefixed slices.
struct CodedPicture {
    unsigned width = 0, height = 0;
    std::string hvcc;
    std::string slices;
};

/// Throws std::runtime_error, also where libheif has no HEVC encoder.
CodedPicture encode_hevc(const Picture& picture);

/// A baseline JPEG without metadata: only what follows the start marker differs from what libjpeg writes.
std::string encode_jpeg(const Picture& picture, int quality);

/// A picture cut into tiles as an iPhone does, and its thumbnail.
struct TiledPicture {
    unsigned width = 0, height = 0, columns = 0, rows = 0;
    std::vector<CodedPicture> tiles;
    CodedPicture thumbnail;
};

/// Encodes each picture once, however many files show it. Not for several threads.
class PictureBank {
public:
    PictureBank(std::uint64_t seed, unsigned tile) : seed_{seed}, tile_{tile} {}

    const TiledPicture& heic(unsigned number, unsigned width, unsigned height);
    const std::string& jpeg(unsigned number, unsigned width, unsigned height);
    const std::string& jpeg_thumbnail(unsigned number);
    /// Frames of one movie, all with the same parameter sets.
    const std::vector<CodedPicture>& frames(unsigned number);
    /// The compressed rows of a PNG.
    const std::string& png_rows(unsigned number, unsigned width, unsigned height);

    static constexpr unsigned movie_width = 320, movie_height = 240;

private:
    using Key = std::tuple<unsigned, unsigned, unsigned>;

    std::uint64_t seed_;
    unsigned tile_;
    std::map<Key, TiledPicture> heic_;
    std::map<Key, std::string> jpeg_, png_;
    std::map<unsigned, std::string> thumbnails_;
    std::map<unsigned, std::vector<CodedPicture>> frames_;
};

} // namespace simphone

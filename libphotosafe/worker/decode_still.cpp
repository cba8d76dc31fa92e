// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <string_view>

#include <zlib.h>

#include "worker/brotli.hpp"
#include "worker/decode.hpp"
#include "worker/exiv2_copy.hpp"
#include "worker/gif_block.hpp"
#include "worker/iso_box.hpp"
#include "worker/png_chunk.hpp"
#include "worker/tiff.hpp"
#include "worker/tiff_pictures.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_profile = 8u << 20;

/// What libavformat decoded, with what Exiv2 reads beside it.
Decoded with_beside(Decoded decoded, std::span<const std::uint8_t> file)
{
    Told told = read_beside(file);
    decoded.lost.insert(decoded.lost.end(), told.lost.begin(), told.lost.end());
    told.beside.icc = std::move(decoded.beside.icc);
    decoded.beside = std::move(told.beside);
    if (has_further_pages(ByteView{file})) decoded.lost.emplace_back("further_pictures");
    decoded.orientation = decoded.stored_orientation = told.orientation;
    return decoded;
}

/// Whether the checksum of a chunk that the pixels are made of is wrong.
bool has_broken_pixels(ByteView png)
{
    ByteView rest = png_chunks(png);
    while (const auto chunk = next_chunk(rest)) {
        if (chunk->name != "IHDR" && chunk->name != "PLTE" && chunk->name != "IDAT") continue;
        if (crc32_z(0, chunk->summed.data(), chunk->summed.size()) != chunk->checksum) return true;
    }
    return false;
}

/// Whether its colours are told by numbers that aren't those of sRGB, and by no profile: libavcodec leaves
/// them out.
bool has_colours_of_its_own(ByteView png)
{
    constexpr std::uint32_t gamma_of_srgb = 45455, red_x_of_srgb = 64000, green_x_of_srgb = 30000;
    bool own = false;
    ByteView rest = png_chunks(png);
    while (const auto chunk = next_chunk(rest)) {
        const auto name = chunk->name;
        const auto content = chunk->content;
        if (name == "iCCP" || name == "sRGB") return false;
        if (name == "cICP") return content.u8(0) != 1 || (content.u8(1) != 13 && content.u8(1) != 1);
        const auto near = [&](std::size_t i, std::uint32_t wanted) {
            const std::uint32_t value = content.u32(i, ByteOrder::big);
            return value + 100 >= wanted && value <= wanted + 100;
        };
        if (name == "gAMA") own |= !near(0, gamma_of_srgb);
        if (name == "cHRM") own |= !near(8, red_x_of_srgb) || !near(16, green_x_of_srgb);
        if (name == "IDAT") break;
    }
    return own;
}

/// libavcodec answers with black where a TIFF is packed in a way that it can't unpack.
void check_tiff_packing(ByteView file)
{
    const auto block = TiffBlock::open(file);
    const auto first = block ? block->folder(block->first) : std::nullopt;
    const TiffEntry* const entry = first ? first->find(0x0103) : nullptr;
    const auto packing = entry ? block->number(*entry, 0) : std::nullopt;
    // None, CCITT, LZW, Deflate, PackBits, Deflate as it was, LZMA.
    constexpr std::array<std::uint32_t, 9> known{1, 2, 3, 4, 5, 8, 32773, 32946, 34925};
    if (packing && std::find(known.begin(), known.end(), *packing) == known.end())
        throw CannotRender{"Its TIFF is packed as nothing here unpacks it (compression " +
                           std::to_string(*packing) + ")."};
}

/// libavcodec 5.1 reads for ever in some containers that hold no picture.
void check_jxl(ByteView file)
{
    const bool bare = file.text(0, 2) == "\xff\x0a"; // a codestream without a container
    if (!bare && find_box(file, "jxlc").size() == 0 && find_box(file, "jxlp").size() == 0)
        throw CannotRender{"Its JPEG XL holds no picture."};
}

/// The XMP of a JPEG XL, which Exiv2 doesn't look for: in a box of its own, packed or not.
std::string xmp_of_jxl(ByteView file)
{
    constexpr std::size_t most_xmp = 16u << 20;
    while (const auto box = next_box(file)) {
        if (box->name == "xml ") return std::string{box->content.text()};
        if (box->name != "brob" || box->content.text(0, 4) != "xml ") continue;
        const auto unpacked = unpacked_brotli(box->content.part(4), most_xmp);
        if (unpacked) return {unpacked->begin(), unpacked->end()};
    }
    return {};
}

} // namespace

Decoded decode_png(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    Decoded decoded = with_beside(decode_frame(fd, options), file);
    if (has_colours_of_its_own(ByteView{file})) decoded.lost.emplace_back("colour_profile");
    if (has_broken_pixels(ByteView{file})) decoded.trouble = broken_part;
    return decoded;
}

Decoded decode_webp(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    return with_beside(decode_frame(fd, options), file);
}

Decoded decode_gif(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    Decoded decoded = decode_frame(fd, options);
    GifBlocks blocks{ByteView{file}};
    while (const auto block = blocks.next()) { // Exiv2 reads nothing of a GIF
        if (block->is_of("XMP DataXMP")) decoded.beside.xmp = block->xmp().text();
        if (block->is_of("ICCRGBG1012")) decoded.beside.icc = block->joined(most_profile);
    }
    return decoded;
}

Decoded decode_tiff(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    check_tiff_packing(ByteView{file});
    return with_beside(decode_frame(fd, options), file);
}

Decoded decode_jxl(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    check_jxl(ByteView{file});
    Decoded frame = decode_frame(fd, options);
    const int turned = frame.orientation,
              stored = frame.stored_orientation; // the codestream's counts, not EXIF's
    Decoded decoded = with_beside(std::move(frame), file);
    decoded.orientation = turned;
    decoded.stored_orientation = stored;
    if (decoded.beside.xmp.empty()) decoded.beside.xmp = xmp_of_jxl(ByteView{file});
    return decoded;
}

Decoded decode_unknown(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    if (ByteView{file}.text(4, 4) == "JXL ") check_jxl(ByteView{file}); // one that isn't quite
    return decode_frame(fd, options);
}

} // namespace photosafe::worker

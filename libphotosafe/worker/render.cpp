// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/render.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>
#include <zlib.h>

#include "worker/brotli.hpp"
#include "worker/colour.hpp"
#include "worker/decode.hpp"
#include "worker/exif_copy.hpp"
#include "worker/exiv2_copy.hpp"
#include "worker/iso_box.hpp"
#include "worker/mapped.hpp"
#include "worker/sniff.hpp"
#include "worker/tiff.hpp"
#include "worker/tiff_pictures.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_exif = 65527; // bytes that one segment of a JPEG takes

/// Whether a picture has a moving half within its file, as other phones than Apple's make them: HEIC in a box
/// of its own, JPEG behind its end, told by XMP or in Samsung's own way.
bool holds_movie(ByteView file, Shape shape, const std::string& xmp)
{
    if (shape == Shape::heif) return find_box(file, "mpvd").size() > 0;
    const auto is_told = [&](std::string_view word) { return xmp.find(word) != std::string::npos; };
    const std::string_view bytes = file.text();
    return (is_told("MotionPhoto") || is_told("MicroVideo") ||
            (bytes.ends_with("SEFT") && bytes.find("MotionPhoto_Data") != std::string_view::npos)) &&
           bytes.find("ftyp") != std::string_view::npos;
}

constexpr const char* broken_part =
    "A part of the picture is cut off or damaged in the original, and is drawn grey, black or coarse.";

/// Whether the checksum of a chunk that the pixels are made of is wrong.
bool has_broken_pixels(ByteView png)
{
    constexpr std::size_t signature = 8, around = 12; // length, name and checksum
    for (std::uint64_t at = signature; png.has(at, around);) {
        const std::uint32_t length = png.u32(at, ByteOrder::big);
        const std::string_view name = png.text(at + 4, 4);
        const ByteView summed = png.part(at + 4, std::uint64_t{length} + 4);
        at += std::uint64_t{length} + around;
        if (name != "IHDR" && name != "PLTE" && name != "IDAT") continue;
        if (!png.has(at - 4, 4)) return true;
        if (crc32_z(0, summed.data(), summed.size()) != png.u32(at - 4, ByteOrder::big)) return true;
    }
    return false;
}

/// Whether its colours are told by numbers that aren't those of sRGB, and by no profile: libavcodec leaves
/// them out.
bool has_colours_of_its_own(ByteView png)
{
    constexpr std::size_t signature = 8, around = 12;
    constexpr std::uint32_t gamma_of_srgb = 45455, red_x_of_srgb = 64000, green_x_of_srgb = 30000;
    bool own = false;
    for (std::uint64_t at = signature; png.has(at, around);) {
        const std::uint32_t length = png.u32(at, ByteOrder::big);
        const std::string_view name = png.text(at + 4, 4);
        const ByteView content = png.part(at + 8, length);
        at += std::uint64_t{length} + around;
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

Decoded decode_png(int fd, ByteView file, const DecodeOptions& options)
{
    Decoded decoded = decode_frame(fd, options);
    if (has_colours_of_its_own(file)) decoded.lost.emplace_back("colour_profile");
    if (has_broken_pixels(file)) decoded.trouble = broken_part;
    return decoded;
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

/// What libavformat decoded, with what Exiv2 reads beside it.
Decoded with_beside(Decoded decoded, std::span<const std::uint8_t> file, bool turned)
{
    Told told = read_beside(file);
    told.beside.icc = std::move(decoded.beside.icc);
    decoded.beside = std::move(told.beside);
    if (has_further_pages(ByteView{file})) decoded.lost.emplace_back("further_pictures");
    if (!turned) decoded.orientation = decoded.stored_orientation = told.orientation;
    return decoded;
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

Decoded decode_jxl(int fd, ByteView file, const DecodeOptions& options)
{
    check_jxl(file);
    Decoded decoded = with_beside(decode_frame(fd, options), file.bytes(), true);
    if (decoded.beside.xmp.empty()) decoded.beside.xmp = xmp_of_jxl(file);
    return decoded;
}

Decoded decode(int fd, const DecodeOptions& options)
{
    std::optional<Mapped> mapped{std::in_place, fd};
    const Sniffed what = sniff(mapped->bytes());
    if (what.shape == Shape::movie) {
        mapped.reset(); // a movie may be as large as all memory
        return decode_frame(fd, options);
    }
    const Mapped& file = *mapped;
    if (!file.whole()) throw CannotRender{"It is too large to be a picture."};
    switch (what.shape) {
    case Shape::jpeg:
    case Shape::heif: {
        Decoded decoded = what.shape == Shape::jpeg ? decode_plain_jpeg(file.bytes(), options)
                                                    : decode_heif(file.bytes(), options);
        if (holds_movie(ByteView{file.bytes()}, what.shape, decoded.beside.xmp))
            decoded.lost.emplace_back("live_video");
        return decoded;
    }
    case Shape::png: return with_beside(decode_png(fd, ByteView{file.bytes()}, options), file.bytes(), false);
    case Shape::webp: return with_beside(decode_frame(fd, options), file.bytes(), false);
    case Shape::jxl: return decode_jxl(fd, ByteView{file.bytes()}, options);
    case Shape::unknown: // libavformat takes for JPEG XL what isn't quite
        if (ByteView{file.bytes()}.text(4, 4) == "JXL ") check_jxl(ByteView{file.bytes()});
        return decode_frame(fd, options);
    case Shape::tiff:
    case Shape::raw:
        if (what.kind == MediaKind::raw) return decode_raw(file.bytes(), options);
        check_tiff_packing(ByteView{file.bytes()});
        return with_beside(decode_frame(fd, options), file.bytes(), false);
    case Shape::gif:
    case Shape::movie: return decode_frame(fd, options);
    case Shape::edit:
    case Shape::xmp: break;
    }
    throw CannotRender{"It is no picture, but a file about one."};
}

/// The same JPEG decoded by an embedded one in its EXIF, where that is large enough and shows the same.
std::optional<Decoded> decode_exif_thumbnail(const JpegHeader& header, const DecodeOptions& options)
{
    const auto thumbnail = exif_thumbnail(header.beside.exif);
    if (thumbnail.empty() || header.width == 0 || header.height == 0) return std::nullopt;
    try {
        const JpegHeader inner = read_jpeg_header(thumbnail);
        if (std::max(inner.width, inner.height) < options.preview_edge) return std::nullopt;
        const double shapes = (static_cast<double>(inner.width) * header.height) /
                              (static_cast<double>(header.width) * inner.height);
        if (shapes < 0.97 || shapes > 1.03) return std::nullopt; // cameras add bars to reach 4:3
        Decoded decoded;
        DecodedJpeg jpeg = decode_jpeg(thumbnail, options.wanted_edge, options.pixel_limit);
        if (jpeg.broken) return std::nullopt;
        decoded.pixels = std::move(jpeg.pixels);
        decoded.beside = header.beside;
        decoded.embedded = true;
        return decoded;
    } catch (const CannotRender&) {
        return std::nullopt; // then the picture itself
    }
}

/// What stays of EXIF, XMP and the like, changed so that it is true of the rendition.
void fit_beside(Beside& beside, const ExifChange& change, bool turned, std::vector<std::string>& lost)
{
    change_exif(beside.exif, change, lost);
    if (beside.exif.size() > most_exif) {
        beside.exif = without_maker_note(beside.exif, lost);
        if (beside.exif.empty() || beside.exif.size() > most_exif) {
            beside.exif.clear();
            lost.emplace_back("exif");
            change_exif(beside.exif, change, lost); // it still tells how the pixels are turned
        }
    }
    if (auto xmp = change_xmp(beside.xmp, {change.orientation, change.strip_location, turned}, lost)) {
        beside.xmp = std::move(*xmp);
    } else {
        beside.xmp.clear();
        lost.emplace_back("xmp");
    }
    if (beside.further_xmp) lost.emplace_back("further_xmp");
    if (change.strip_location) beside.iptc = without_places(beside.iptc);
}

/// A profile goes along where it is one of the colours that a JPEG has here.
void fit_profile(Beside& beside, std::vector<std::string>& lost)
{
    if (beside.icc.empty() || is_rgb_profile(beside.icc)) return;
    beside.icc.clear();
    lost.emplace_back("colour_profile");
}

DecodeOptions decode_options(const nlohmann::json& options, bool thumbnail, std::uint32_t max_edge)
{
    DecodeOptions result;
    const std::string decoder = options.value("decoder", "any");
    if (decoder == "libavcodec") {
        result.hevc = HevcDecoder::libavcodec;
    } else if (decoder == "libde265") {
        result.hevc = HevcDecoder::libde265;
    } else if (decoder != "any") {
        throw CannotRender{"There is no decoder of that name."};
    }
    result.wanted_edge = max_edge;
    result.preview_edge = thumbnail ? max_edge : 0;
    result.pixel_limit = options.value("pixel_limit", default_pixel_limit);
    return result;
}

} // namespace

Decoded decode_plain_jpeg(std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    Decoded decoded;
    std::optional<Decoded> thumbnail;
    if (options.preview_edge > 0) thumbnail = decode_exif_thumbnail(read_jpeg_header(file), options);
    if (thumbnail) {
        decoded = std::move(*thumbnail);
    } else {
        DecodedJpeg jpeg = decode_jpeg(file, options.wanted_edge, options.pixel_limit);
        decoded.pixels = std::move(jpeg.pixels);
        decoded.beside = std::move(jpeg.beside);
        if (jpeg.broken) decoded.trouble = broken_part;
    }
    decoded.orientation = decoded.stored_orientation = exif_orientation(decoded.beside.exif);
    decoded.decoder = "libjpeg";
    if (decoded.beside.further) decoded.lost.emplace_back("further_pictures"); // a gain map, or another view
    return decoded;
}

Decoded decode_raw(std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    RawPreview preview = read_raw_preview(file, options.preview_edge);
    DecodedJpeg jpeg = decode_jpeg(preview.jpeg, options.wanted_edge, options.pixel_limit);
    Decoded decoded;
    decoded.pixels = std::move(jpeg.pixels);
    if (jpeg.broken) decoded.trouble = broken_part;
    decoded.beside = std::move(preview.told.beside);
    decoded.beside.icc = std::move(jpeg.beside.icc);
    decoded.orientation = decoded.stored_orientation = preview.told.orientation;
    decoded.decoder = "libjpeg";
    decoded.embedded = true;
    decoded.lost.emplace_back("raw");
    return decoded;
}

Rendition render(int fd, const nlohmann::json& options)
try {
    const auto max_edge = options.value("max_edge", std::uint32_t{0});
    const bool thumbnail = options.value("thumbnail", false);
    Decoded decoded = decode(fd, decode_options(options, thumbnail, max_edge));

    Rendition result;
    const bool keep_tag = options.value("keep_tag", false);
    const int tag = keep_tag ? decoded.stored_orientation : 1;
    Pixels pixels = scale_down(decoded.pixels, max_edge);
    if (decoded.orientation != tag)
        pixels = turn_upright(turn_upright(pixels, decoded.orientation), opposite(tag));
    result.lost = std::move(decoded.lost);
    fit_profile(decoded.beside, result.lost);
    ExifChange change{tag, pixels.width, pixels.height, false, options.value("strip_location", false)};
    if (options.value("srgb", false) && !decoded.beside.icc.empty() && to_srgb(pixels, decoded.beside.icc)) {
        decoded.beside.icc.clear();
        change.srgb = true;
    }
    if (thumbnail) {
        Beside kept;
        kept.icc = std::move(decoded.beside.icc);
        decoded.beside = std::move(kept);
        if (keep_tag) change_exif(decoded.beside.exif, change, result.lost);
    } else {
        fit_beside(decoded.beside, change, decoded.stored_orientation != tag, result.lost);
    }
    const JpegOptions jpeg{std::clamp(options.value("quality", 90), 1, 100),
                           options.value("progressive", false)};
    result.payload = encode_jpeg(pixels, decoded.beside, jpeg, result.lost);
    result.width = pixels.width;
    result.height = pixels.height;
    result.decoder = std::move(decoded.decoder);
    result.from_preview = decoded.from_preview;
    result.embedded = decoded.embedded;
    result.profile = profile_name(decoded.beside.icc);
    result.trouble = std::move(decoded.trouble);
    return result;
} catch (const nlohmann::json::exception& error) {
    throw MediaError{ErrorCode::invalid, std::string{"The options can't be read: "} + error.what()};
}

nlohmann::json facts_of(const Rendition& rendition)
{
    return {{"width", rendition.width},          {"height", rendition.height},
            {"bytes", rendition.payload.size()}, {"lost", rendition.lost},
            {"decoder", rendition.decoder},      {"from_preview", rendition.from_preview},
            {"embedded", rendition.embedded},    {"profile", rendition.profile},
            {"trouble", rendition.trouble}};
}

} // namespace photosafe::worker

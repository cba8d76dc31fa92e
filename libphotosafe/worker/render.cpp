// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/render.hpp"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "worker/colour.hpp"
#include "worker/decode.hpp"
#include "worker/exif_copy.hpp"
#include "worker/exiv2_copy.hpp"
#include "worker/iso_box.hpp"
#include "worker/mapped.hpp"
#include "worker/sniff.hpp"
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
    case Shape::png: return decode_png(fd, file.bytes(), options);
    case Shape::webp: return decode_webp(fd, file.bytes(), options);
    case Shape::jxl: return decode_jxl(fd, file.bytes(), options);
    case Shape::tiff:
    case Shape::raw:
        return what.kind == MediaKind::raw ? decode_raw(file.bytes(), options)
                                           : decode_tiff(fd, file.bytes(), options);
    case Shape::unknown: return decode_unknown(fd, file.bytes(), options);
    case Shape::gif: return decode_gif(fd, file.bytes(), options);
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

/// Cameras' JPEGs in the colours of Adobe RGB have no profile: only EXIF tells, by the DCF standard.
void add_profile_of_exif(Beside& beside)
{
    if (beside.icc.empty() && tells_adobe_rgb(beside.exif)) beside.icc = adobe_rgb_profile();
}

/// What stays of EXIF, XMP and the like, changed so that it is true of the rendition.
void fit_beside(Beside& beside, const BesideChange& change, std::vector<std::string>& lost)
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
    if (auto xmp = change_xmp(beside.xmp, change, lost)) {
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

void keep_first_of_each(std::vector<std::string>& words)
{
    std::vector<std::string> kept;
    for (std::string& word : words)
        if (std::find(kept.begin(), kept.end(), word) == kept.end()) kept.push_back(std::move(word));
    words = std::move(kept);
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
    // Nothing is done to the pixels then.
    result.planes_do = max_edge == 0 && !options.value("srgb", false) && !options.value("keep_tag", false);
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
    add_profile_of_exif(decoded.beside);
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
    decoded.lost = std::move(preview.told.lost);
    add_profile_of_exif(decoded.beside);
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
    Pixels pixels;
    if (decoded.planes) {
        result.width = decoded.planes->width;
        result.height = decoded.planes->height;
    } else {
        pixels = scale_down(decoded.pixels, max_edge);
        if (decoded.orientation != tag)
            pixels = turn_upright(turn_upright(pixels, decoded.orientation), opposite(tag));
        result.width = pixels.width;
        result.height = pixels.height;
    }
    result.lost = std::move(decoded.lost);
    fit_profile(decoded.beside, result.lost);
    BesideChange change{.orientation = tag,
                        .turned_by = keep_tag ? 1 : decoded.stored_orientation,
                        .width = result.width,
                        .height = result.height,
                        .cropped = decoded.cropped,
                        .strip_location = options.value("strip_location", false)};
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
        fit_beside(decoded.beside, change, result.lost);
    }
    const JpegOptions jpeg{std::clamp(options.value("quality", 90), 1, 100),
                           options.value("progressive", false)};
    result.payload = decoded.planes ? encode_jpeg(*decoded.planes, decoded.beside, jpeg, result.lost)
                                    : encode_jpeg(pixels, decoded.beside, jpeg, result.lost);
    keep_first_of_each(result.lost);
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

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/render.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "worker/colour.hpp"
#include "worker/decode.hpp"
#include "worker/exif_copy.hpp"
#include "worker/exiv2_copy.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t largest_picture = 512u << 20; // a movie may be larger: it isn't mapped

/// A file in memory, as far as anybody looks at it.
class Mapped {
public:
    Mapped(int fd, std::size_t size) : size_{size}
    {
        at_ = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at_ == MAP_FAILED) throw CannotRender{"It can't be read into memory."};
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;
    ~Mapped() { ::munmap(at_, size_); }
    std::span<const std::uint8_t> bytes() const { return {static_cast<const std::uint8_t*>(at_), size_}; }

private:
    void* at_ = nullptr;
    std::size_t size_;
};

enum class Shape { jpeg, heif, raw, stream };

/// By its first bytes only. What isn't known here is left to libavformat, which knows most other kinds.
Shape shape_of(int fd)
{
    std::array<char, 64> buffer{};
    const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), 0);
    const std::string_view head{buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0))};
    if (head.starts_with("\xff\xd8\xff")) return Shape::jpeg;
    if (head.size() >= 12 && head.substr(4, 4) == "ftyp") {
        const std::string_view brands = head.substr(8);
        for (const std::string_view brand :
             {"heic", "heix", "heim", "heis", "mif1", "avif", "mif2", "msf1", "hevc", "jpeg"}) {
            if (brands.find(brand) != std::string_view::npos) return Shape::heif;
        }
        return brands.starts_with("crx ") ? Shape::raw : Shape::stream;
    }
    using namespace std::string_view_literals;
    for (const std::string_view raw :
         {"II*\0"sv, "MM\0*"sv, "FUJIFILM"sv, "IIRO"sv, "IIU\0"sv, "IIRS"sv, "II\x1a\0"sv}) {
        if (head.starts_with(raw)) return Shape::raw;
    }
    return Shape::stream;
}

Decoded decode(int fd, const DecodeOptions& options)
{
    struct stat facts {};
    if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) throw CannotRender{"It is no file."};
    if (facts.st_size == 0) throw CannotRender{"It is empty."};
    const Shape shape = shape_of(fd);
    if (shape == Shape::stream) return decode_frame(fd, options);
    if (static_cast<std::uint64_t>(facts.st_size) > largest_picture)
        throw CannotRender{"It is too large to be a picture."};
    const Mapped file{fd, static_cast<std::size_t>(facts.st_size)};
    Decoded decoded = shape == Shape::heif  ? decode_heif(file.bytes(), options)
                      : shape == Shape::raw ? decode_raw(file.bytes(), options)
                                            : decode_plain_jpeg(file.bytes(), options);
    return decoded;
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
        decoded.pixels = decode_jpeg(thumbnail, options.wanted_edge, options.pixel_limit).pixels;
        decoded.beside = header.beside;
        decoded.embedded = true;
        return decoded;
    } catch (const CannotRender&) {
        return std::nullopt; // then the picture itself
    }
}

/// What stays of EXIF, XMP and the like, changed so that it is true of the rendition.
void fit_beside(Decoded& decoded, const Pixels& pixels, int tag, bool strip_location,
                std::vector<std::string>& lost)
{
    Beside& beside = decoded.beside;
    change_exif(beside.exif, {tag, pixels.width, pixels.height, strip_location}, lost);
    if (auto xmp = change_xmp(beside.xmp, tag, strip_location)) {
        beside.xmp = std::move(*xmp);
    } else {
        beside.xmp.clear();
        lost.emplace_back("xmp");
    }
    if (strip_location && !beside.iptc.empty()) {
        beside.iptc.clear(); // it has a city and a country too
        lost.emplace_back("iptc");
    }
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
    }
    decoded.orientation = decoded.stored_orientation = exif_orientation(decoded.beside.exif);
    decoded.decoder = "libjpeg";
    if (decoded.beside.gain) decoded.lost.emplace_back("further_pictures"); // a gain map, or another view
    return decoded;
}

Decoded decode_raw(std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    RawPreview preview = read_raw_preview(file, options.preview_edge);
    DecodedJpeg jpeg = decode_jpeg(preview.jpeg, options.wanted_edge, options.pixel_limit);
    Decoded decoded;
    decoded.pixels = std::move(jpeg.pixels);
    decoded.beside = std::move(preview.beside);
    decoded.beside.icc = std::move(jpeg.beside.icc);
    decoded.orientation = decoded.stored_orientation = preview.orientation;
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
    if (options.value("srgb", false) && !decoded.beside.icc.empty()) {
        if (to_srgb(pixels, decoded.beside.icc)) decoded.beside.icc.clear();
    }
    result.lost = std::move(decoded.lost);
    if (thumbnail) {
        decoded.beside = {
            .exif = {}, .xmp = {}, .iptc = {}, .icc = std::move(decoded.beside.icc), .gain = false};
        if (keep_tag)
            change_exif(decoded.beside.exif, {tag, pixels.width, pixels.height, false}, result.lost);
    } else {
        fit_beside(decoded, pixels, tag, options.value("strip_location", false), result.lost);
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

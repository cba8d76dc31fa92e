// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/decode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <malloc.h>

#include "worker/av_input.hpp"
#include "worker/colour.hpp"
#include "worker/exiv2_copy.hpp"
#include "worker/heif.hpp"

namespace photosafe::worker {

namespace {

using Options = std::unique_ptr<heif_decoding_options, FreeWith<heif_decoding_options_free>>;

/// What the file has and its pixels haven't. Whether anything shows through is seen when they are drawn.
void read_lost(std::span<const std::uint8_t> file, heif_context* context, const heif_image_handle* picture,
               std::vector<std::string>& lost)
{
    for (std::string& name : heif_auxiliaries(file, picture)) {
        if (name != "alpha") lost.push_back(std::move(name));
    }
    if (heif_image_handle_get_luma_bits_per_pixel(picture) > 8) lost.emplace_back("bit_depth");
    if (heif_context_get_number_of_top_level_images(context) > 1) lost.emplace_back("further_pictures");
}

/// The profile as it stands in the file; else one made of the numbers (nclx) that stand for it.
void read_profile(const heif_image_handle* picture, Decoded& decoded)
{
    HeifColour colour = read_heif_colour(picture);
    decoded.beside.icc = std::move(colour.icc);
    if (decoded.beside.icc.empty() && colour.primaries) {
        decoded.beside.icc = profile_of_primaries(*colour.primaries);
        if (decoded.beside.icc.empty() && !is_near_srgb(*colour.primaries))
            decoded.lost.emplace_back("colour_profile");
    }
    if (colour.hdr) decoded.lost.emplace_back("hdr_transfer");
}

struct Attempt {
    Pixels pixels;
    std::optional<Planes> planes;
    std::string decoder;
    bool opaque = true, cropped = false;
};

/// Pixels that keep libheif's own buffer alive; those with alpha are drawn on white.
Attempt pixels_of(heif_image* raw, bool alpha, std::uint64_t limit)
{
    const std::shared_ptr<heif_image> image{raw, [](heif_image* one) { heif_image_release(one); }};
    int stride = 0;
    const std::uint8_t* bytes = heif_image_get_plane_readonly(raw, heif_channel_interleaved, &stride);
    const int width = heif_image_get_width(raw, heif_channel_interleaved);
    const int height = heif_image_get_height(raw, heif_channel_interleaved);
    if (!bytes || width <= 0 || height <= 0 || stride / (alpha ? 4 : 3) < width)
        throw CannotRender{"libheif gave no pixels."};
    check_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), limit);
    const auto columns = static_cast<std::uint32_t>(width), rows = static_cast<std::uint32_t>(height);
    const auto row_bytes = static_cast<std::size_t>(stride);
    Attempt attempt;
    if (alpha) {
        const Alpha kind =
            heif_image_is_premultiplied_alpha(raw) != 0 ? Alpha::premultiplied : Alpha::straight;
        attempt.pixels = on_white(bytes, row_bytes, columns, rows, attempt.opaque, kind);
    } else {
        attempt.pixels = {columns, rows, row_bytes, std::shared_ptr<const std::uint8_t>{image, bytes}};
    }
    return attempt;
}

/// Whether the numbers of these colours are those that a JPEG has. libheif takes them for that where nobody
/// says what they are.
bool is_of_jpeg(const heif_color_profile_nclx& nclx)
{
    return nclx.full_range_flag != 0 &&
           (nclx.matrix_coefficients == heif_matrix_coefficients_ITU_R_BT_601_6 ||
            nclx.matrix_coefficients == heif_matrix_coefficients_ITU_R_BT_470_6_System_B_G ||
            nclx.matrix_coefficients == heif_matrix_coefficients_unspecified);
}

/// Whether it may come as planes of a JPEG, as far as can be known before it is decoded.
bool may_have_planes(const heif_image_handle* picture)
{
#if LIBHEIF_HAVE_VERSION(1, 17, 0)
    heif_colorspace space = heif_colorspace_undefined;
    heif_chroma chroma = heif_chroma_undefined;
    if (heif_image_handle_get_preferred_decoding_colorspace(picture, &space, &chroma).code != heif_error_Ok ||
        space != heif_colorspace_YCbCr || chroma != heif_chroma_420 ||
        heif_image_handle_get_luma_bits_per_pixel(picture) != 8)
        return false;
    heif_color_profile_nclx* raw = nullptr;
    if (heif_image_handle_get_nclx_color_profile(picture, &raw).code != heif_error_Ok) return true;
    const HeifNclx nclx{raw};
    return is_of_jpeg(*nclx);
#else
    return picture == nullptr; // older ones don't tell
#endif
}

/// The picture's own planes, which keep libheif's buffer alive; none where they aren't those of a JPEG.
std::optional<Planes> planes_of(heif_image* raw, std::uint64_t limit)
{
    const std::shared_ptr<heif_image> image{raw, [](heif_image* one) { heif_image_release(one); }};
    if (heif_image_get_colorspace(raw) != heif_colorspace_YCbCr ||
        heif_image_get_chroma_format(raw) != heif_chroma_420)
        return std::nullopt;
    heif_color_profile_nclx* colours = nullptr;
    if (heif_image_get_nclx_color_profile(raw, &colours).code == heif_error_Ok) {
        const HeifNclx nclx{colours};
        if (!is_of_jpeg(*nclx)) return std::nullopt;
    }
    Planes planes;
    planes.owner = image;
    constexpr std::array channels{heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (heif_image_get_bits_per_pixel_range(raw, channels[i]) != 8) return std::nullopt;
        const int width = heif_image_get_width(raw, channels[i]);
        const int height = heif_image_get_height(raw, channels[i]);
        int stride = 0;
        const std::uint8_t* const bytes = heif_image_get_plane_readonly(raw, channels[i], &stride);
        if (!bytes || width <= 0 || height <= 0 || stride < width) return std::nullopt;
        planes.planes[i] = {bytes, static_cast<std::size_t>(stride), static_cast<std::uint32_t>(width),
                            static_cast<std::uint32_t>(height)};
    }
    planes.width = planes.planes[0].width;
    planes.height = planes.planes[0].height;
    check_size(planes.width, planes.height, limit);
    for (const std::size_t i : {1u, 2u}) {
        if (planes.planes[i].width < (planes.width + 1) / 2 ||
            planes.planes[i].height < (planes.height + 1) / 2)
            return std::nullopt;
    }
    return planes;
}

struct Plugin {
    const char* id; ///< libheif's name of it; nullptr: its own choice
    const char* name;
};

/// In the order to be tried.
std::vector<Plugin> plugins(std::span<const std::uint8_t> file, HevcDecoder wanted)
{
    // AV1 has one decoder or another, and no reason to prefer any.
    const std::string_view head{reinterpret_cast<const char*>(file.data()),
                                std::min<std::size_t>(file.size(), 64)};
    if (head.find("avif") != std::string_view::npos || head.find("avis") != std::string_view::npos) {
        const heif_decoder_descriptor* best = nullptr;
        const bool known = heif_get_decoder_descriptors(heif_compression_AV1, &best, 1) > 0 && best;
        return {{nullptr, known ? heif_decoder_descriptor_get_id_name(best) : "libheif"}};
    }
    constexpr Plugin libavcodec{"ffmpeg", "libavcodec"}, libde265{"libde265", "libde265"};
    std::vector<Plugin> result;
    const auto installed = [](const char* id) {
        std::array<const heif_decoder_descriptor*, 16> found{};
        const int count = heif_get_decoder_descriptors(heif_compression_HEVC, found.data(), found.size());
        return std::any_of(found.begin(), found.begin() + std::clamp(count, 0, 16), [&](const auto* one) {
            return std::string_view{heif_decoder_descriptor_get_id_name(one)} == id;
        });
    };
    for (const Plugin& plugin : {libavcodec, libde265}) {
        const bool asked =
            wanted == HevcDecoder::any || (wanted == HevcDecoder::libavcodec) == (plugin.id == libavcodec.id);
        if (asked && installed(plugin.id)) result.push_back(plugin);
    }
    // Pictures that hold no HEVC (JPEG, uncompressed) have decoders of their own.
    if (wanted == HevcDecoder::any) result.push_back({nullptr, "libheif"});
    return result;
}

/// Crops and turns what was decoded as it is stored.
void transform_attempt(const heif_context* context, const heif_image_handle* picture, Attempt& attempt)
{
    constexpr std::uint32_t block = 64; // to which coders fill up
    const Pixels stored = attempt.pixels;
    attempt.pixels = transformed(context, picture, stored);
    const auto shortest = [](const Pixels& one) { return std::min(one.width, one.height); };
    attempt.cropped = attempt.pixels.longest() + block <= stored.longest() ||
                      shortest(attempt.pixels) + block <= shortest(stored);
    if (static_cast<int>(attempt.pixels.width) != heif_image_handle_get_width(picture) ||
        static_cast<int>(attempt.pixels.height) != heif_image_handle_get_height(picture))
        throw CannotRender{"It is cropped in a way that libheif and PhotoSafe understand differently."};
}

Attempt decode_picture(const heif_context* context, const heif_image_handle* picture,
                       std::span<const Plugin> order, std::uint64_t limit, bool planes_do = false)
{
    const int width = heif_image_handle_get_width(picture), height = heif_image_handle_get_height(picture);
    check_size(static_cast<std::uint64_t>(std::max(width, 0)),
               static_cast<std::uint64_t>(std::max(height, 0)), limit);
    const bool alpha = heif_image_handle_has_alpha_channel(picture) != 0;
    const bool transform = is_cropped(context, picture);
    const bool may_be_planes = planes_do && !alpha && !transform && may_have_planes(picture);
    std::string reasons;
    for (const Plugin& plugin : order) {
        const Options options{heif_decoding_options_alloc()};
        if (!options) throw CannotRender{"Memory ran out."};
        options->convert_hdr_to_8bit = 1;
        options->decoder_id = plugin.id;
        options->ignore_transformations = transform ? 1 : 0;
        heif_image* image = nullptr;
        const auto decode = [&](heif_colorspace space, heif_chroma chroma) {
            return heif_decode_image(picture, &image, space, chroma, options.get());
        };
        const heif_chroma rgb = alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
        heif_error error = may_be_planes ? decode(heif_colorspace_undefined, heif_chroma_undefined)
                                         : decode(heif_colorspace_RGB, rgb);
        if (may_be_planes && error.code == heif_error_Ok && image) {
            if (auto planes = planes_of(std::exchange(image, nullptr), limit))
                return {.pixels = {}, .planes = std::move(planes), .decoder = plugin.name};
            error = decode(heif_colorspace_RGB, rgb);
        }
        if (error.code == heif_error_Ok && image) {
            Attempt attempt = pixels_of(image, alpha, limit);
            if (transform) transform_attempt(context, picture, attempt);
            attempt.decoder = plugin.name;
            return attempt;
        }
        if (error.code == heif_error_Memory_allocation_error) {
            throw CannotRender{std::string{"It needs too much memory: "} +
                               (error.message ? error.message : "") + '.'};
        }
        reasons += (reasons.empty() ? "" : "; ") + std::string{plugin.name} + ": " +
                   (error.message ? error.message : "no reason given");
    }
    if (reasons.empty()) throw CannotRender{"No decoder for it is installed."};
    throw CannotRender{"It can't be decoded (" + reasons + ")."};
}

/// Whether `part` shows what `whole` does, upright too: about the same shape.
bool same_shape(const Pixels& part, const heif_image_handle* whole)
{
    const double a = static_cast<double>(part.width) / part.height;
    const double b = static_cast<double>(heif_image_handle_get_width(whole)) /
                     std::max(1, heif_image_handle_get_height(whole));
    return std::abs(a / b - 1) < 0.03;
}

/// The largest embedded thumbnail, if one is there and its longer edge is at least `least`.
std::optional<Attempt> decode_thumbnail(const heif_context* context, const heif_image_handle* picture,
                                        std::uint32_t least, std::span<const Plugin> order,
                                        std::uint64_t limit)
{
    std::array<heif_item_id, 8> ids{};
    const int count =
        heif_image_handle_get_list_of_thumbnail_IDs(picture, ids.data(), static_cast<int>(ids.size()));
    HeifHandle best;
    for (int i = 0; i < count; ++i) {
        heif_image_handle* raw = nullptr;
        if (heif_image_handle_get_thumbnail(picture, ids[static_cast<std::size_t>(i)], &raw).code !=
            heif_error_Ok)
            continue;
        HeifHandle one{raw};
        const auto edge = [](const heif_image_handle* h) {
            return std::max(heif_image_handle_get_width(h), heif_image_handle_get_height(h));
        };
        if (!best || edge(one.get()) > edge(best.get())) best = std::move(one);
    }
    if (!best) return std::nullopt;
    const int edge =
        std::max(heif_image_handle_get_width(best.get()), heif_image_handle_get_height(best.get()));
    if (edge <= 0 || static_cast<std::uint32_t>(edge) < least) return std::nullopt;
    try {
        Attempt attempt = decode_picture(context, best.get(), order, limit);
        if (same_shape(attempt.pixels, picture)) return attempt;
    } catch (const CannotRender&) {
        return std::nullopt; // the picture itself decides what is said of this file
    }
    return std::nullopt;
}

/// What is left where libheif refuses the whole file: the thumbnail in the EXIF that Exiv2 finds. Throws what
/// libheif said where there is none.
Decoded decode_exif_picture(std::span<const std::uint8_t> file, const DecodeOptions& options,
                            const std::string& reason)
{
    Told told = read_beside(file);
    if (told.thumbnail.empty()) throw CannotRender{reason};
    Decoded decoded;
    decoded.pixels = decode_jpeg(told.thumbnail, options.wanted_edge, options.pixel_limit).pixels;
    decoded.beside = std::move(told.beside);
    decoded.lost = std::move(told.lost);
    decoded.orientation = decoded.stored_orientation = told.orientation;
    decoded.decoder = "libjpeg";
    decoded.from_preview = true;
    decoded.trouble = reason;
    return decoded;
}

} // namespace

Decoded decode_heif(std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    HeifContext context;
    HeifHandle picture;
    try {
        context = open_heif(file, options.pixel_limit);
        picture = main_picture(context.get());
    } catch (const CannotRender& error) {
        return decode_exif_picture(file, options, error.what());
    }
    Decoded decoded;
    decoded.stored_orientation = heif_orientation(context.get(), picture.get()).value_or(1);
    read_heif_blocks(picture.get(), decoded.beside);
    read_profile(picture.get(), decoded);
    read_lost(file, context.get(), picture.get(), decoded.lost);
    const std::vector<Plugin> order = plugins(file, options.hevc);
    const auto take = [&](Attempt attempt) {
        decoded.pixels = std::move(attempt.pixels);
        decoded.planes = std::move(attempt.planes);
        decoded.decoder = std::move(attempt.decoder);
        decoded.cropped = attempt.cropped;
        if (!attempt.opaque) decoded.lost.emplace_back("alpha");
    };
    if (options.preview_edge > 0) {
        if (auto thumbnail = decode_thumbnail(context.get(), picture.get(), options.preview_edge, order,
                                              options.pixel_limit)) {
            take(std::move(*thumbnail));
            decoded.embedded = true;
            return decoded;
        }
    }
    try {
        take(decode_picture(context.get(), picture.get(), order, options.pixel_limit, options.planes_do));
    } catch (const CannotRender& error) {
        auto thumbnail = decode_thumbnail(context.get(), picture.get(), 1, order, options.pixel_limit);
        if (!thumbnail) {
            Decoded by_exif = decode_exif_picture(file, options, error.what());
            by_exif.lost.insert(by_exif.lost.end(), decoded.lost.begin(), decoded.lost.end());
            return by_exif;
        }
        take(std::move(*thumbnail));
        decoded.from_preview = true;
        decoded.trouble = error.what();
    }
    return decoded;
}

/// A picture is decoded into buffers of many megabytes. Given back to the system after each, they would come
/// back as pages to be cleared one by one.
static void keep_large_buffers()
{
    constexpr int largest = 32 << 20; // glibc takes no more
    (void)mallopt(M_MMAP_THRESHOLD, largest);
    (void)mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

void prepare_decoders()
{
    quieten_libavcodec();
    keep_large_buffers();
    check_heif(heif_init(nullptr), "Starting libheif");
    // A first look at the decoders loads their libraries.
    std::array<const heif_decoder_descriptor*, 16> found{};
    (void)heif_get_decoder_descriptors(heif_compression_undefined, found.data(), found.size());
}

} // namespace photosafe::worker

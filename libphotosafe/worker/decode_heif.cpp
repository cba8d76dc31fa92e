// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/decode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include <libheif/heif.h>
#include <libheif/heif_properties.h>

#include "core/handle.hpp"
#include "worker/colour.hpp"

namespace photosafe::worker {

namespace {

using Context = std::unique_ptr<heif_context, FreeWith<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, FreeWith<heif_image_handle_release>>;
using Options = std::unique_ptr<heif_decoding_options, FreeWith<heif_decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, FreeWith<heif_nclx_color_profile_free>>;

constexpr std::size_t most_beside = 16u << 20; // bytes of EXIF, XMP or profile

void check(const heif_error& error, std::string_view doing)
{
    if (error.code == heif_error_Ok) return;
    throw CannotRender{std::string{doing} + ": " + (error.message ? error.message : "no reason given") + '.'};
}

Context read(std::span<const std::uint8_t> file, std::uint64_t limit)
{
    Context context{heif_context_alloc()};
    if (!context) throw CannotRender{"Memory ran out."};
    heif_context_set_max_decoding_threads(context.get(), 0); // other pictures have the other processors
    const auto edge = static_cast<int>(std::sqrt(static_cast<double>(limit)));
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    if (auto* limits = heif_context_get_security_limits(context.get())) limits->max_image_size_pixels = limit;
    (void)edge;
#else
    heif_context_set_maximum_image_size_limit(context.get(), edge);
#endif
    check(heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr),
          "libheif refuses it");
    return context;
}

Bytes block(const heif_image_handle* picture, heif_item_id id)
{
    const std::size_t size = heif_image_handle_get_metadata_size(picture, id);
    if (size == 0 || size > most_beside) return {};
    Bytes bytes(size);
    if (heif_image_handle_get_metadata(picture, id, bytes.data()).code != heif_error_Ok) return {};
    return bytes;
}

/// The TIFF block of an EXIF item: four bytes tell how far behind them it begins.
Bytes tiff_of(const Bytes& item)
{
    if (item.size() < 4) return {};
    const std::size_t skip = std::size_t{item[0]} << 24 | std::size_t{item[1]} << 16 |
                             std::size_t{item[2]} << 8 | std::size_t{item[3]};
    if (skip >= item.size() - 4) return {};
    auto begin = item.begin() + 4 + static_cast<std::ptrdiff_t>(skip);
    constexpr std::array<std::uint8_t, 6> name{'E', 'x', 'i', 'f', 0, 0};
    if (item.end() - begin > 6 && std::equal(name.begin(), name.end(), begin)) begin += 6;
    return {begin, item.end()};
}

void read_beside(const heif_image_handle* picture, Beside& beside)
{
    const int count = heif_image_handle_get_number_of_metadata_blocks(picture, nullptr);
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::clamp(count, 0, 64)));
    ids.resize(static_cast<std::size_t>(heif_image_handle_get_list_of_metadata_block_IDs(
        picture, nullptr, ids.data(), static_cast<int>(ids.size()))));
    for (const heif_item_id id : ids) {
        const char* type = heif_image_handle_get_metadata_type(picture, id);
        const char* content = heif_image_handle_get_metadata_content_type(picture, id);
        if (type && std::string_view{type} == "Exif" && beside.exif.empty()) {
            beside.exif = tiff_of(block(picture, id));
        } else if (content && std::string_view{content} == "application/rdf+xml" && beside.xmp.empty()) {
            const Bytes packet = block(picture, id);
            beside.xmp.assign(packet.begin(), packet.end());
        }
    }
}

/// The profile as it stands in the file; else one made of the numbers (nclx) that stand for it.
void read_profile(const heif_image_handle* picture, Decoded& decoded)
{
    const std::size_t size = heif_image_handle_get_raw_color_profile_size(picture);
    if (size > 0 && size <= most_beside) {
        decoded.beside.icc.resize(size);
        check(heif_image_handle_get_raw_color_profile(picture, decoded.beside.icc.data()),
              "Its colour profile");
    }
    heif_color_profile_nclx* raw = nullptr;
    if (heif_image_handle_get_nclx_color_profile(picture, &raw).code != heif_error_Ok) return;
    const Nclx nclx{raw};
    if (decoded.beside.icc.empty())
        decoded.beside.icc = profile_of_primaries(static_cast<int>(nclx->color_primaries));
    if (nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_PQ ||
        nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_HLG) {
        decoded.lost.emplace_back("hdr_transfer");
    }
}

std::string lost_name(std::string_view type)
{
    const auto has = [&](std::string_view word) { return type.find(word) != std::string_view::npos; };
    if (has("hdrgainmap")) return "hdr_gain_map";
    if (has("disparity") || has("depth") || type == "urn:mpeg:hevc:2015:auxid:2" ||
        type == "urn:mpeg:mpegB:cicp:systems:auxiliary:depth")
        return "depth";
    if (has("alpha") || type == "urn:mpeg:hevc:2015:auxid:1") return "alpha";
    const std::string_view last = type.substr(type.find_last_of(":/") + 1);
    return (has("matte") ? "matte:" : "aux:") + std::string{last.substr(0, 64)};
}

void read_lost(heif_context* context, const heif_image_handle* picture, std::vector<std::string>& lost)
{
    const auto add = [&](std::string what) {
        if (std::find(lost.begin(), lost.end(), what) == lost.end()) lost.push_back(std::move(what));
    };
    const int filter = LIBHEIF_AUX_IMAGE_FILTER_OMIT_ALPHA;
    const int count = heif_image_handle_get_number_of_auxiliary_images(picture, filter);
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::clamp(count, 0, 64)));
    ids.resize(static_cast<std::size_t>(heif_image_handle_get_list_of_auxiliary_image_IDs(
        picture, filter, ids.data(), static_cast<int>(ids.size()))));
    for (const heif_item_id id : ids) {
        heif_image_handle* raw = nullptr;
        if (heif_image_handle_get_auxiliary_image_handle(picture, id, &raw).code != heif_error_Ok) continue;
        const Handle auxiliary{raw};
        const char* type = nullptr;
        if (heif_image_handle_get_auxiliary_type(auxiliary.get(), &type).code != heif_error_Ok) continue;
        if (type) add(lost_name(type));
        heif_image_handle_release_auxiliary_type(auxiliary.get(), &type);
    }
    if (heif_image_handle_has_alpha_channel(picture)) add("alpha");
    if (heif_image_handle_has_depth_image(picture)) add("depth");
    if (heif_image_handle_get_luma_bits_per_pixel(picture) > 8) add("bit_depth");
    if (heif_context_get_number_of_top_level_images(context) > 1) add("further_pictures");
}

/// Pixels that keep libheif's own buffer alive.
Pixels pixels_of(heif_image* raw, std::uint64_t limit)
{
    const std::shared_ptr<heif_image> image{raw, [](heif_image* one) { heif_image_release(one); }};
    int stride = 0;
    const std::uint8_t* bytes = heif_image_get_plane_readonly(raw, heif_channel_interleaved, &stride);
    const int width = heif_image_get_width(raw, heif_channel_interleaved);
    const int height = heif_image_get_height(raw, heif_channel_interleaved);
    if (!bytes || width <= 0 || height <= 0 || stride < 3 * width)
        throw CannotRender{"libheif gave no pixels."};
    check_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), limit);
    return {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
            static_cast<std::size_t>(stride), std::shared_ptr<const std::uint8_t>{image, bytes}};
}

/// The one orientation that does what two do in turn, found by doing it.
int both(int first, int second)
{
    const Canvas probe = make_canvas(2, 3);
    for (std::uint8_t i = 0; i < 18; ++i) probe.bytes[i] = i;
    const Pixels wanted = turn_upright(turn_upright(probe.pixels, first), second);
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Pixels got = turn_upright(probe.pixels, orientation);
        if (got.width == wanted.width && std::equal(got.rgb.get(), got.rgb.get() + 18, wanted.rgb.get())) {
            return orientation;
        }
    }
    return 1;
}

/// What HEIF's own properties ask for. Libheif has done it already when it gives the pixels.
int stored_orientation([[maybe_unused]] const heif_context* context,
                       [[maybe_unused]] const heif_image_handle* picture)
{
    int orientation = 1;
#if LIBHEIF_HAVE_VERSION(1, 16, 0)
    const heif_item_id id = heif_image_handle_get_item_id(picture);
    std::array<heif_property_id, 8> properties{};
    const int count = heif_item_get_transformation_properties(context, id, properties.data(),
                                                              static_cast<int>(properties.size()));
    for (int i = 0; i < std::clamp(count, 0, 8); ++i) {
        const heif_property_id property = properties[static_cast<std::size_t>(i)];
        const int angle = heif_item_get_property_transform_rotation_ccw(context, id, property);
        if (angle > 0) orientation = both(orientation, angle == 90 ? 8 : angle == 180 ? 3 : 6);
        const auto mirror = heif_item_get_property_transform_mirror(context, id, property);
        if (mirror == heif_transform_mirror_direction_horizontal) orientation = both(orientation, 2);
        if (mirror == heif_transform_mirror_direction_vertical) orientation = both(orientation, 4);
    }
#endif
    return orientation;
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

struct Attempt {
    Pixels pixels;
    std::string decoder;
};

Attempt decode_picture(const heif_image_handle* picture, std::span<const Plugin> order, std::uint64_t limit)
{
    const int width = heif_image_handle_get_width(picture), height = heif_image_handle_get_height(picture);
    check_size(static_cast<std::uint64_t>(std::max(width, 0)),
               static_cast<std::uint64_t>(std::max(height, 0)), limit);
    std::string reason = "no decoder for it is installed";
    for (const Plugin& plugin : order) {
        const Options options{heif_decoding_options_alloc()};
        if (!options) throw CannotRender{"Memory ran out."};
        options->convert_hdr_to_8bit = 1;
        options->decoder_id = plugin.id;
        heif_image* image = nullptr;
        const heif_error error = heif_decode_image(picture, &image, heif_colorspace_RGB,
                                                   heif_chroma_interleaved_RGB, options.get());
        if (error.code == heif_error_Ok && image) return {pixels_of(image, limit), plugin.name};
        if (error.code == heif_error_Memory_allocation_error) {
            throw CannotRender{std::string{"It needs too much memory: "} +
                               (error.message ? error.message : "") + '.'};
        }
        reason = std::string{plugin.name} + ": " + (error.message ? error.message : "no reason given");
    }
    throw CannotRender{"It can't be decoded (" + reason + ")."};
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
std::optional<Attempt> decode_thumbnail(const heif_image_handle* picture, std::uint32_t least,
                                        std::span<const Plugin> order, std::uint64_t limit)
{
    std::array<heif_item_id, 8> ids{};
    const int count =
        heif_image_handle_get_list_of_thumbnail_IDs(picture, ids.data(), static_cast<int>(ids.size()));
    Handle best;
    for (int i = 0; i < count; ++i) {
        heif_image_handle* raw = nullptr;
        if (heif_image_handle_get_thumbnail(picture, ids[static_cast<std::size_t>(i)], &raw).code !=
            heif_error_Ok)
            continue;
        Handle one{raw};
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
        Attempt attempt = decode_picture(best.get(), order, limit);
        if (same_shape(attempt.pixels, picture)) return attempt;
    } catch (const CannotRender&) {
        return std::nullopt; // the picture itself decides what is said of this file
    }
    return std::nullopt;
}

} // namespace

Decoded decode_heif(std::span<const std::uint8_t> file, const DecodeOptions& options)
{
    const Context context = read(file, options.pixel_limit);
    heif_image_handle* raw = nullptr;
    check(heif_context_get_primary_image_handle(context.get(), &raw), "It has no main picture");
    const Handle picture{raw};
    Decoded decoded;
    decoded.stored_orientation = stored_orientation(context.get(), picture.get());
    read_beside(picture.get(), decoded.beside);
    read_profile(picture.get(), decoded);
    read_lost(context.get(), picture.get(), decoded.lost);
    const std::vector<Plugin> order = plugins(file, options.hevc);
    const auto take = [&](Attempt attempt) {
        decoded.pixels = std::move(attempt.pixels);
        decoded.decoder = std::move(attempt.decoder);
    };
    if (options.preview_edge > 0) {
        if (auto thumbnail =
                decode_thumbnail(picture.get(), options.preview_edge, order, options.pixel_limit)) {
            take(std::move(*thumbnail));
            decoded.embedded = true;
            return decoded;
        }
    }
    try {
        take(decode_picture(picture.get(), order, options.pixel_limit));
    } catch (const CannotRender& error) {
        auto thumbnail = decode_thumbnail(picture.get(), 1, order, options.pixel_limit);
        if (!thumbnail) throw;
        take(std::move(*thumbnail));
        decoded.from_preview = true;
        decoded.trouble = error.what();
    }
    return decoded;
}

void prepare_decoders()
{
    quieten_libavcodec();
    check(heif_init(nullptr), "Starting libheif");
    // A first look at the decoders loads their libraries.
    std::array<const heif_decoder_descriptor*, 16> found{};
    (void)heif_get_decoder_descriptors(heif_compression_undefined, found.data(), found.size());
}

} // namespace photosafe::worker

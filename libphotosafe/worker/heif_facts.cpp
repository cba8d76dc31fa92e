// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/heif_facts.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "worker/colour.hpp"
#include "worker/exif_copy.hpp"
#include "worker/heif.hpp"
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
#include <libheif/heif_items.h>
#endif

namespace photosafe::worker {

namespace {

constexpr std::uint64_t most_pixels = std::uint64_t{1} << 30; // nothing is decoded, and more is no picture

std::uint32_t positive(int number) { return static_cast<std::uint32_t>(std::max(number, 0)); }

#if LIBHEIF_HAVE_VERSION(1, 19, 0)

constexpr std::uint32_t four(const char (&name)[5])
{
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) code = code << 8 | static_cast<std::uint8_t>(name[i]);
    return code;
}

std::string codec_of_item(std::uint32_t type)
{
    switch (type) {
    case four("hvc1"): return "hevc";
    case four("av01"): return "av1";
    case four("avc1"): return "h264";
    case four("jpeg"): return "jpeg";
    case four("j2k1"): return "jpeg2000";
    case four("vvc1"): return "vvc";
    case four("unci"): return "uncompressed";
    default: return {};
    }
}

/// A grid is coded as its first tile is.
void read_grid(const heif_context* context, const heif_image_handle* picture, Metadata& facts)
{
    heif_item_id id = heif_image_handle_get_item_id(picture);
    if (heif_item_get_item_type(context, id) == four("grid")) {
        heif_image_tiling tiling{};
        tiling.version = 1;
        if (heif_image_handle_get_image_tiling(picture, 0, &tiling).code == heif_error_Ok)
            facts.tiles = tiling.num_columns * tiling.num_rows;
        if (heif_image_handle_get_grid_image_tile_id(picture, 0, 0, 0, &id).code != heif_error_Ok) return;
    }
    facts.codec = codec_of_item(heif_item_get_item_type(context, id));
}

bool has_stereo_pair(const heif_context* context)
{
    int count = 0;
    heif_entity_group* groups = heif_context_get_entity_groups(context, four("ster"), 0, &count);
    if (groups) heif_entity_groups_release(groups, count);
    return count > 0;
}

#endif

std::string codec_of_brand(std::span<const std::uint8_t> file)
{
    if (file.size() < 12) return {};
    const std::string_view brand{reinterpret_cast<const char*>(file.data()) + 8, 4};
    for (const std::string_view hevc : {"heic", "heix", "heim", "heis", "hevc", "hevx"}) {
        if (brand == hevc) return "hevc";
    }
    if (brand == "avif" || brand == "avis") return "av1";
    return brand == "jpeg" ? "jpeg" : "";
}

void read_thumbnails(const heif_image_handle* picture, Metadata& facts)
{
    std::array<heif_item_id, 16> ids{};
    const int count =
        heif_image_handle_get_list_of_thumbnail_IDs(picture, ids.data(), static_cast<int>(ids.size()));
    for (int i = 0; i < count; ++i) {
        heif_image_handle* raw = nullptr;
        if (heif_image_handle_get_thumbnail(picture, ids[static_cast<std::size_t>(i)], &raw).code !=
            heif_error_Ok)
            continue;
        const HeifHandle thumbnail{raw};
        facts.aux.push_back("thumbnail " + std::to_string(heif_image_handle_get_ispe_width(raw)) + 'x' +
                            std::to_string(heif_image_handle_get_ispe_height(raw)));
    }
}

int orientation_of(const heif_context* context, const heif_image_handle* picture, const Bytes& exif)
{
    if (const auto known = heif_orientation(context, picture)) return *known;
    // This libheif shows only whether the sides have changed places; the tag is believed where it fits that.
    const bool changed =
        (heif_image_handle_get_ispe_width(picture) > heif_image_handle_get_ispe_height(picture)) !=
        (heif_image_handle_get_width(picture) > heif_image_handle_get_height(picture));
    const int tag = exif_orientation(exif);
    if (changed) return tag >= 5 ? tag : 6;
    return tag < 5 ? tag : 1;
}

void read_picture(std::span<const std::uint8_t> file, heif_context* context, const heif_image_handle* picture,
                  const Bytes& exif, Metadata& facts)
{
    facts.orientation = orientation_of(context, picture, exif);
    facts.width = positive(heif_image_handle_get_width(picture));
    facts.height = positive(heif_image_handle_get_height(picture));
    if (facts.orientation >= 5) std::swap(facts.width, facts.height); // libheif gives them as turned
    if (const int depth = heif_image_handle_get_luma_bits_per_pixel(picture); depth > 0)
        facts.bit_depth = depth;
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    read_grid(context, picture, facts);
    facts.spatial = has_stereo_pair(context);
#endif
    if (facts.codec.empty()) facts.codec = codec_of_brand(file);
    facts.aux = heif_auxiliaries(file, picture);
    read_thumbnails(picture, facts);
    const HeifColour colour = read_heif_colour(picture);
    facts.colour_profile = colour.icc.empty() ? colour.primaries ? "nclx" : "" : profile_name(colour.icc);
    if (colour.hdr) facts.hdr = true;
}

} // namespace

Beside read_heif_facts(std::span<const std::uint8_t> file, Metadata& facts)
{
    Beside beside;
    try {
        const HeifContext context = open_heif(file, most_pixels);
        const HeifHandle picture = main_picture(context.get());
        read_heif_blocks(picture.get(), beside);
        read_picture(file, context.get(), picture.get(), beside.exif, facts);
    } catch (const CannotRender& trouble) {
        facts.troubles.emplace_back(trouble.what());
    }
    return beside;
}

} // namespace photosafe::worker

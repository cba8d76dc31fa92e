// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/heif.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#if LIBHEIF_HAVE_VERSION(1, 16, 0)
#include <libheif/heif_properties.h>
#endif

#include "worker/file_text.hpp"
#include "worker/pixels.hpp"

namespace photosafe::worker {

namespace {

#if LIBHEIF_HAVE_VERSION(1, 18, 0)
constexpr auto free_auxiliary_type = heif_image_handle_release_auxiliary_type;
#else
constexpr auto free_auxiliary_type = heif_image_handle_free_auxiliary_types; // as it was called
#endif

constexpr std::size_t most_beside = 16u << 20; // bytes of EXIF, XMP or profile

/// At most 64 of the numbers that libheif lists by a count and a function that fills an array.
template <class Fill>
std::vector<heif_item_id> item_ids(int count, Fill&& fill)
{
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::clamp(count, 0, 64)));
    const int filled = fill(ids.data(), static_cast<int>(ids.size()));
    ids.resize(std::min(ids.size(), static_cast<std::size_t>(std::max(filled, 0))));
    return ids;
}

Bytes block(const heif_image_handle* picture, heif_item_id id)
{
    const std::size_t size = heif_image_handle_get_metadata_size(picture, id);
    if (size == 0 || size > most_beside) return {};
    Bytes bytes(size);
    if (heif_image_handle_get_metadata(picture, id, bytes.data()).code != heif_error_Ok) return {};
    return bytes;
}

} // namespace

Bytes tiff_of_heif(const Bytes& item)
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

namespace {

std::string auxiliary_name(std::string_view type)
{
    const auto has = [&](std::string_view word) { return type.find(word) != std::string_view::npos; };
    if (has("hdrgainmap")) return "hdr_gain_map";
    if (has("disparity") || has("depth") || type == "urn:mpeg:hevc:2015:auxid:2" ||
        type == "urn:mpeg:mpegB:cicp:systems:auxiliary:depth")
        return "depth";
    if (has("alpha") || type == "urn:mpeg:hevc:2015:auxid:1") return "alpha";
    std::string name = has("matte") ? "matte:" : "aux:";
    for (const char c : type.substr(type.find_last_of(":/") + 1).substr(0, 64)) {
        if (c > ' ' && c <= '~') name += c;
    }
    return name;
}

} // namespace

int both_orientations(int first, int second)
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

void check_heif(const heif_error& error, std::string_view doing)
{
    if (error.code == heif_error_Ok) return;
    // Parts of the file are in it: names of boxes, above all.
    std::string reason = clean_text(error.message ? error.message : "no reason given");
    while (!reason.empty() && reason.back() == '.') reason.pop_back();
    throw CannotRender{std::string{doing} + ": " + reason + '.'};
}

HeifContext open_heif(std::span<const std::uint8_t> file, std::uint64_t pixel_limit)
{
    HeifContext context{heif_context_alloc()};
    if (!context) throw CannotRender{"Memory ran out."};
    heif_context_set_max_decoding_threads(context.get(), 0); // other pictures have the other processors
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    if (auto* limits = heif_context_get_security_limits(context.get())) {
        limits->max_image_size_pixels = pixel_limit;
        // Its own limit of a block is less than the colours of the largest picture need.
        limits->max_memory_block_size =
            std::max<std::uint64_t>(limits->max_memory_block_size, 3 * pixel_limit + (64u << 20));
        limits->max_items = 10'000; // 200 megapixels have 822
        limits->max_number_of_tiles = 4096;
        limits->max_color_profile_size = most_beside;
    }
#else
    heif_context_set_maximum_image_size_limit(context.get(),
                                              static_cast<int>(std::sqrt(static_cast<double>(pixel_limit))));
#endif
    check_heif(heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr),
               "libheif refuses it");
    return context;
}

HeifHandle main_picture(heif_context* context)
{
    heif_image_handle* raw = nullptr;
    check_heif(heif_context_get_primary_image_handle(context, &raw), "It has no main picture");
    return HeifHandle{raw};
}

void read_heif_blocks(const heif_image_handle* picture, Beside& beside)
{
    const auto ids = item_ids(
        heif_image_handle_get_number_of_metadata_blocks(picture, nullptr), [&](heif_item_id* to, int room) {
            return heif_image_handle_get_list_of_metadata_block_IDs(picture, nullptr, to, room);
        });
    for (const heif_item_id id : ids) {
        const char* type = heif_image_handle_get_metadata_type(picture, id);
        const char* content = heif_image_handle_get_metadata_content_type(picture, id);
        if (type && std::string_view{type} == "Exif" && beside.exif.empty()) {
            beside.exif = tiff_of_heif(block(picture, id));
        } else if (content && std::string_view{content} == "application/rdf+xml" && beside.xmp.empty()) {
            const Bytes packet = block(picture, id);
            beside.xmp.assign(packet.begin(), packet.end());
        }
    }
}

HeifColour read_heif_colour(const heif_image_handle* picture)
{
    HeifColour colour;
    const std::size_t size = heif_image_handle_get_raw_color_profile_size(picture);
    if (size > 0 && size <= most_beside) {
        colour.icc.resize(size);
        check_heif(heif_image_handle_get_raw_color_profile(picture, colour.icc.data()), "Its colour profile");
    }
    heif_color_profile_nclx* raw = nullptr;
    if (heif_image_handle_get_nclx_color_profile(picture, &raw).code != heif_error_Ok) return colour;
    const HeifNclx nclx{raw};
    colour.primaries = static_cast<int>(nclx->color_primaries);
    colour.hdr = nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_PQ ||
                 nclx->transfer_characteristics == heif_transfer_characteristic_ITU_R_BT_2100_0_HLG;
    return colour;
}

std::vector<std::string> heif_auxiliaries(std::span<const std::uint8_t> file,
                                          const heif_image_handle* picture)
{
    std::vector<std::string> names;
    const auto add = [&](std::string name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    };
    constexpr int filter = LIBHEIF_AUX_IMAGE_FILTER_OMIT_ALPHA;
    const auto ids = item_ids(
        heif_image_handle_get_number_of_auxiliary_images(picture, filter), [&](heif_item_id* to, int room) {
            return heif_image_handle_get_list_of_auxiliary_image_IDs(picture, filter, to, room);
        });
    for (const heif_item_id id : ids) {
        heif_image_handle* raw = nullptr;
        if (heif_image_handle_get_auxiliary_image_handle(picture, id, &raw).code != heif_error_Ok) continue;
        const HeifHandle auxiliary{raw};
        const char* type = nullptr;
        if (heif_image_handle_get_auxiliary_type(auxiliary.get(), &type).code != heif_error_Ok) continue;
        if (type) add(auxiliary_name(type));
        free_auxiliary_type(auxiliary.get(), &type);
    }
    // The brand of files with a tone map after ISO 21496-1, which is derived from picture and gain map.
    if (heif_has_compatible_brand(file.data(), static_cast<int>(std::min<std::size_t>(file.size(), 4096)),
                                  "tmap") == 1)
        add("hdr_gain_map");
    if (heif_image_handle_has_alpha_channel(picture)) add("alpha");
    if (heif_image_handle_has_depth_image(picture)) add("depth");
    return names;
}

#if LIBHEIF_HAVE_VERSION(1, 16, 0)

namespace {

constexpr int most_properties = 255; ///< of an item: the box that ties them to it counts in a byte

/// The properties that transform an item, in the order in which that is to be done.
std::vector<heif_property_id> transformations(const heif_context* context, heif_item_id id)
{
    std::vector<heif_property_id> properties(most_properties);
    const int count =
        heif_item_get_transformation_properties(context, id, properties.data(), most_properties);
    properties.resize(static_cast<std::size_t>(std::clamp(count, 0, most_properties)));
    return properties;
}

/// EXIF's number for what this property does; 1 for nothing, or a crop.
int turn_of(const heif_context* context, heif_item_id id, heif_property_id property)
{
    const int angle = heif_item_get_property_transform_rotation_ccw(context, id, property);
    if (angle > 0) return angle == 90 ? 8 : angle == 180 ? 3 : 6;
    const auto mirror = heif_item_get_property_transform_mirror(context, id, property);
    return mirror == heif_transform_mirror_direction_horizontal ? 2
           : mirror == heif_transform_mirror_direction_vertical ? 4
                                                                : 1;
}

/// Those of them that crop.
std::vector<heif_property_id> crops(const heif_context* context, heif_item_id id)
{
    std::vector<heif_property_id> properties(most_properties);
    const int count = heif_item_get_properties_of_type(context, id, heif_item_property_type_transform_crop,
                                                       properties.data(), most_properties);
    properties.resize(static_cast<std::size_t>(std::clamp(count, 0, most_properties)));
    return properties;
}

} // namespace

std::optional<int> heif_orientation(const heif_context* context, const heif_image_handle* picture)
{
    int orientation = 1;
    const heif_item_id id = heif_image_handle_get_item_id(picture);
    for (const heif_property_id property : transformations(context, id))
        orientation = both_orientations(orientation, turn_of(context, id, property));
    return orientation;
}

bool is_cropped(const heif_context* context, const heif_image_handle* picture)
{
    const heif_item_id id = heif_image_handle_get_item_id(picture);
    return !crops(context, id).empty();
}

Pixels transformed(const heif_context* context, const heif_image_handle* picture, Pixels pixels)
{
    const heif_item_id id = heif_image_handle_get_item_id(picture);
    const auto borders = crops(context, id);
    for (const heif_property_id property : transformations(context, id)) {
        if (std::ranges::find(borders, property) == borders.end()) {
            pixels = turn_upright(pixels, turn_of(context, id, property));
            continue;
        }
        int left = 0, top = 0, right = 0, bottom = 0;
        const int width = static_cast<int>(pixels.width), height = static_cast<int>(pixels.height);
        heif_item_get_property_transform_crop_borders(context, id, property, width, height, &left, &top,
                                                      &right, &bottom);
        pixels = cropped(pixels, left, top, right, bottom);
    }
    return pixels;
}

#else

std::optional<int> heif_orientation(const heif_context*, const heif_image_handle*) { return std::nullopt; }
bool is_cropped(const heif_context*, const heif_image_handle*) { return false; }
Pixels transformed(const heif_context*, const heif_image_handle*, Pixels pixels) { return pixels; }

#endif

} // namespace photosafe::worker

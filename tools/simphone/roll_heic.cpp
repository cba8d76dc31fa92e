// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_heic.hpp"

#include "roll_bytes.hpp"
#include "roll_exif.hpp"
#include "roll_random.hpp"

#include <array>
#include <stdexcept>
#include <vector>

namespace simphone {
namespace {

// ISO/IEC 23008-12 (HEIF). Numbers of properties count from 1 in the order of `properties`.
enum Property : unsigned {
    tile_config = 1,
    tile_size,
    full_size,
    rotation,
    depth,
    colour,
    thumbnail_config,
    thumbnail_size,
    first_auxiliary
};
constexpr unsigned essential = 0x80;

// What real iPhones put beside a picture: the URN that says what it is, and our word for it.
struct Auxiliary {
    const char* name;
    const char* urn;
};
constexpr std::array<Auxiliary, 3> known_auxiliaries{
    {{"hdr_gain_map", "urn:com:apple:photo:2020:aux:hdrgainmap"},
     {"depth", "urn:mpeg:hevc:2015:auxid:2"},
     {"portrait_effects_matte", "urn:com:apple:photo:2018:aux:portraiteffectsmatte"}}};

// The camera's own pictures have a gain map, and one in four was taken in portrait mode.
std::size_t auxiliary_count(const RollFile& file)
{
    const bool taken = file.kind == FileKind::heic || file.kind == FileKind::heic_live;
    if (!taken || !file.camera || file.camera->make != "Apple") return 0;
    return derive_seed(file.seed, "portrait") % 4 == 0 ? known_auxiliaries.size() : 1;
}

struct Item {
    std::string type;
    std::string data;
    std::vector<unsigned> properties;
    bool hidden = false;
    bool in_meta = false; ///< lies in the idat box
};

std::string picture_size(unsigned width, unsigned height)
{
    return full_box("ispe", 0, 0, Bytes{}.u32(width).u32(height).take());
}

unsigned quarter_turns(int orientation)
{
    switch (orientation) {
    case 3: return 2;
    case 6: return 3; // HEIF turns anticlockwise, EXIF's 6 wants a quarter clockwise
    case 8: return 1;
    default: return 0;
    }
}

std::string properties(const RollFile& file, const TiledPicture& picture)
{
    const CodedPicture& tile = picture.tiles.front();
    const CodedPicture& thumbnail = picture.thumbnail;
    // Display P3 primaries, sRGB curve, BT.601 matrix, full range.
    const std::string colours = Bytes{}.text("nclx").u16(12).u16(13).u16(6).u8(0x80).take();
    std::string auxiliary_types;
    for (std::size_t i = 0; i < auxiliary_count(file); ++i)
        auxiliary_types += full_box("auxC", 0, 0, Bytes{}.text(known_auxiliaries[i].urn).u8(0).take());
    return box("ipco", box("hvcC", tile.hvcc) + picture_size(tile.width, tile.height) +
                           picture_size(picture.width, picture.height) +
                           box("irot", Bytes{}.u8(quarter_turns(file.orientation)).take()) +
                           full_box("pixi", 0, 0, Bytes{}.u8(3).u8(8).u8(8).u8(8).take()) +
                           box("colr", colours) + box("hvcC", thumbnail.hvcc) +
                           picture_size(thumbnail.width, thumbnail.height) + auxiliary_types);
}

std::vector<Item> make_items(const RollFile& file, const TiledPicture& picture)
{
    const bool grid = picture.tiles.size() > 1;
    std::vector<Item> items;
    for (const auto& tile : picture.tiles) {
        std::vector<unsigned> own{colour, essential | tile_config, tile_size};
        if (!grid) own = {colour, essential | tile_config, full_size, depth, essential | rotation};
        items.push_back({"hvc1", tile.slices, own, grid, false});
    }
    if (grid) {
        const std::string layout = Bytes{}
                                       .u16(0)
                                       .u8(picture.rows - 1)
                                       .u8(picture.columns - 1)
                                       .u16(picture.width)
                                       .u16(picture.height)
                                       .take();
        items.push_back({"grid", layout, {colour, full_size, depth, essential | rotation}, false, true});
    }
    items.push_back({"hvc1",
                     picture.thumbnail.slices,
                     {colour, essential | thumbnail_config, thumbnail_size, essential | rotation},
                     false,
                     false});
    const std::string exif = exif_block(file, {});
    items.push_back({"Exif", Bytes{}.u32(6).text("Exif").u16(0).text(exif).take(), {}, true, false});
    items.push_back({"mime", xmp_packet(file), {}, true, false});
    // They show the same scene: the thumbnail's own bytes will do.
    for (std::size_t i = 0; i < auxiliary_count(file); ++i)
        items.push_back({"hvc1",
                         picture.thumbnail.slices,
                         {essential | thumbnail_config, thumbnail_size,
                          static_cast<unsigned>(first_auxiliary + i), essential | rotation},
                         true,
                         false});
    return items;
}

std::string item_infos(const std::vector<Item>& items)
{
    Bytes infos;
    infos.u16(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        Bytes info;
        info.u16(i + 1).u16(0).text(items[i].type).u8(0);
        if (items[i].type == "mime") info.text("application/rdf+xml").u8(0);
        infos.text(full_box("infe", 2, items[i].hidden ? 1 : 0, info.str()));
    }
    return full_box("iinf", 0, 0, infos.str());
}

std::string references(std::size_t primary, std::size_t tiles, std::size_t auxiliaries)
{
    Bytes all;
    if (tiles > 1) {
        Bytes parts;
        parts.u16(primary).u16(tiles);
        for (std::size_t i = 1; i <= tiles; ++i) parts.u16(i);
        all.text(box("dimg", parts.str()));
    }
    const auto points_at_primary = [&](const char* type, std::size_t from) {
        all.text(box(type, Bytes{}.u16(from).u16(1).u16(primary).take()));
    };
    points_at_primary("thmb", primary + 1);
    points_at_primary("cdsc", primary + 2);
    points_at_primary("cdsc", primary + 3);
    for (std::size_t i = 0; i < auxiliaries; ++i) points_at_primary("auxl", primary + 4 + i);
    return full_box("iref", 0, 0, all.str());
}

std::string associations(const std::vector<Item>& items)
{
    Bytes list;
    std::size_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].properties.empty()) continue;
        ++count;
        list.u16(i + 1).u8(items[i].properties.size());
        for (const unsigned property : items[i].properties) list.u8(property);
    }
    return full_box("ipma", 0, 0, Bytes{}.u32(count).text(list.str()).take());
}

std::string locations(const std::vector<Item>& items, std::size_t media_data)
{
    Bytes list;
    list.u8(0x44).u8(0).u16(items.size());
    std::size_t at = media_data;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Item& item = items[i];
        list.u16(i + 1).u16(item.in_meta ? 1 : 0).u16(0).u16(1);
        list.u32(item.in_meta ? 0 : at).u32(item.data.size());
        if (!item.in_meta) at += item.data.size();
    }
    return full_box("iloc", 1, 0, list.str());
}

} // namespace

std::vector<std::string> auxiliaries(const RollFile& file)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < auxiliary_count(file); ++i) names.emplace_back(known_auxiliaries[i].name);
    return names;
}

std::string assemble_heic(const RollFile& file, const TiledPicture& picture, std::uint64_t noise_bytes)
{
    const std::vector<Item> items = make_items(file, picture);
    const std::size_t tiles = picture.tiles.size();
    const std::size_t primary = tiles > 1 ? tiles + 1 : 1;
    const std::string brands =
        box("ftyp", Bytes{}.text("heic").u32(0).text("mif1").text("MiHE").text("heic").take());
    const std::string handler = full_box("hdlr", 0, 0, Bytes{}.u32(0).text("pict").zeros(14).take());
    const std::string reference =
        full_box("dref", 0, 0, Bytes{}.u32(1).text(full_box("url ", 0, 1, {})).take());
    std::string in_meta;
    std::string media;
    for (const Item& item : items) (item.in_meta ? in_meta : media) += item.data;

    const auto meta_with = [&](std::size_t media_data) {
        return full_box("meta", 0, 0,
                        handler + box("dinf", reference) +
                            full_box("pitm", 0, 0, Bytes{}.u16(primary).take()) + item_infos(items) +
                            references(primary, tiles, auxiliary_count(file)) +
                            box("iprp", properties(file, picture) + associations(items)) +
                            box("idat", in_meta) + locations(items, media_data));
    };
    const std::size_t media_data =
        brands.size() + meta_with(0).size() + 8; // its size doesn't depend on places
    return brands + meta_with(media_data) +
           Bytes{}.u32(media.size() + 8 + noise_bytes).text("mdat").text(media).take();
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// ISO/IEC 14496-12 (meta, iinf, iloc, pitm) and 23008-12 (iprp).
#include "worker/heif_boxes.hpp"

#include <algorithm>
#include <vector>

#include "worker/heif.hpp"
#include "worker/iso_box.hpp"

namespace photosafe::worker {

namespace {

constexpr ByteOrder big = ByteOrder::big;
constexpr std::size_t most_items = 10'000, most_bytes = 16u << 20;

/// A version and flags stand before what most boxes have.
constexpr std::size_t full = 4;

/// Reads numbers one after the other. Behind the end all are 0.
class Cursor {
public:
    explicit Cursor(ByteView bytes) : bytes_{bytes} {}
    std::uint64_t take(std::size_t count)
    {
        const std::uint64_t at = at_;
        at_ += count;
        switch (count) {
        case 1: return bytes_.u8(at);
        case 2: return bytes_.u16(at, big);
        case 4: return bytes_.u32(at, big);
        case 8: return bytes_.u64(at, big);
        default: return 0; // a number of no bytes is 0
        }
    }
    bool over() const { return at_ >= bytes_.size(); }

private:
    ByteView bytes_;
    std::uint64_t at_ = 0;
};

std::uint32_t main_item(ByteView meta)
{
    const ByteView box = find_box(meta, "pitm");
    return box.u8(0) == 0 ? box.u16(full, big) : box.u32(full, big);
}

struct Item {
    std::uint32_t id = 0;
    std::string_view type, content;
};

std::vector<Item> items_of(ByteView meta)
{
    std::vector<Item> items;
    const ByteView box = find_box(meta, "iinf");
    ByteView entries = box.part(full + (box.u8(0) == 0 ? 2 : 4));
    while (const auto entry = next_box(entries)) {
        const std::uint8_t version = entry->content.u8(0);
        if (entry->name != "infe" || version < 2 || items.size() == most_items) continue;
        const std::size_t wide = version == 2 ? 2 : 4;
        Cursor from{entry->content.part(full)};
        Item item{static_cast<std::uint32_t>(from.take(wide)), entry->content.text(full + wide + 2, 4), {}};
        const std::string_view names = entry->content.part(full + wide + 6).text();
        const std::size_t content = names.find('\0'); // behind the item's name
        if (content != std::string_view::npos) {
            item.content = names.substr(content + 1);
            item.content = item.content.substr(0, item.content.find('\0'));
        }
        items.push_back(item);
    }
    return items;
}

/// The bytes of an item, of as many parts as it has.
Bytes bytes_of(ByteView file, ByteView meta, std::uint32_t wanted)
{
    const ByteView box = find_box(meta, "iloc");
    const std::uint8_t version = box.u8(0);
    const std::size_t offset_bytes = box.u8(full) >> 4, length_bytes = box.u8(full) & 15;
    const std::size_t base_bytes = box.u8(full + 1) >> 4,
                      index_bytes = version == 0 ? 0 : box.u8(full + 1) & 15;
    Cursor from{box.part(full + 2)};
    const std::uint64_t count = from.take(version < 2 ? 2 : 4);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, most_items) && !from.over(); ++i) {
        const std::uint64_t id = from.take(version < 2 ? 2 : 4);
        const std::uint64_t method = version == 0 ? 0 : from.take(2) & 15;
        from.take(2); // another file, which there never is
        const std::uint64_t base = from.take(base_bytes), parts = from.take(2);
        const ByteView place = method == 1 ? find_box(meta, "idat") : method == 0 ? file : ByteView{};
        Bytes result;
        for (std::uint64_t p = 0; p < parts && !from.over(); ++p) {
            from.take(index_bytes);
            const std::uint64_t offset = base + from.take(offset_bytes), length = from.take(length_bytes);
            if (id != wanted || result.size() >= most_bytes) continue;
            const ByteView part = place.part(offset, std::min<std::uint64_t>(length, most_bytes));
            result.insert(result.end(), part.bytes().begin(), part.bytes().end());
        }
        if (id == wanted) return result;
    }
    return {};
}

/// The numbers of an item's properties, counted from 1.
std::vector<std::size_t> properties_of(ByteView associations, std::uint32_t wanted)
{
    const std::uint8_t version = associations.u8(0);
    const bool wide = (associations.u8(3) & 1) != 0;
    std::vector<std::size_t> numbers;
    Cursor from{associations.part(full)};
    const std::uint64_t count = from.take(4);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, most_items) && !from.over(); ++i) {
        const std::uint64_t id = from.take(version == 0 ? 2 : 4);
        for (std::uint64_t n = from.take(1); n > 0; --n) {
            const std::uint64_t number = wide ? from.take(2) & 0x7fff : from.take(1) & 0x7f;
            if (id == wanted) numbers.push_back(static_cast<std::size_t>(number));
        }
    }
    return numbers;
}

void take_property(const IsoBox& box, HeifBoxes& found)
{
    if (box.name == "ispe") {
        found.width = box.content.u32(full, big);
        found.height = box.content.u32(full + 4, big);
    } else if (box.name == "irot") { // quarters of a turn, against the clock
        constexpr int turns[] = {1, 8, 3, 6};
        found.orientation = both_orientations(found.orientation, turns[box.content.u8(0) & 3]);
    } else if (box.name == "imir") {
        found.orientation = both_orientations(found.orientation, (box.content.u8(0) & 1) == 1 ? 2 : 4);
    } else if (box.name == "colr" && (box.content.text(0, 4) == "prof" || box.content.text(0, 4) == "rICC")) {
        const ByteView icc = box.content.part(4, most_bytes);
        found.icc.assign(icc.bytes().begin(), icc.bytes().end());
    }
}

} // namespace

HeifBoxes read_heif_boxes(ByteView file)
{
    HeifBoxes found;
    const ByteView meta = find_box(file, "meta").part(full);
    const ByteView properties = find_box(meta, "iprp");
    std::vector<IsoBox> all;
    ByteView rest = find_box(properties, "ipco");
    while (const auto box = next_box(rest))
        if (all.size() < most_items) all.push_back(*box);
    for (const std::size_t number : properties_of(find_box(properties, "ipma"), main_item(meta)))
        if (number > 0 && number <= all.size()) take_property(all[number - 1], found);
    for (const Item& item : items_of(meta)) {
        if (item.type == "Exif" && found.exif.empty())
            found.exif = tiff_of_heif(bytes_of(file, meta, item.id));
        if (item.type == "mime" && item.content == "application/rdf+xml" && found.xmp.empty()) {
            const Bytes packet = bytes_of(file, meta, item.id);
            found.xmp.assign(packet.begin(), packet.end());
        }
    }
    return found;
}

} // namespace photosafe::worker

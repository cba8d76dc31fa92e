// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif_copy.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

namespace photosafe::worker {

namespace {

enum Tag : std::uint16_t {
    image_width = 0x0100,
    image_length = 0x0101,
    make = 0x010f,
    orientation_tag = 0x0112,
    thumbnail_offset = 0x0201,
    thumbnail_bytes = 0x0202,
    xmp_packet = 0x02bc,
    iptc_block = 0x83bb,
    photoshop_block = 0x8649,
    exif_folder = 0x8769,
    gps_folder = 0x8825,
    interop_folder = 0xa005,
    maker_note = 0x927c,
    colour_space = 0xa001,
    pixel_width = 0xa002,
    pixel_height = 0xa003,
    subject_area = 0x9214,
    subject_location = 0xa214,
    interop_index = 0x0001,
    white_point = 0x013e,
    primaries = 0x013f,
    gamma_tag = 0xa500,
};
constexpr std::uint16_t type_short = 3, type_long = 4, type_folder = 13;
constexpr std::size_t entry_bytes = 12;
constexpr std::size_t most_entries = 2000;

/// Where an entry of a folder stands, and what it says of its value.
struct Entry {
    std::size_t at = 0; ///< of the entry itself
    std::uint16_t tag = 0, type = 0;
    std::size_t value = 0, bytes = 0; ///< where its value is, and how much of the block that is
};

struct Directory {
    std::size_t at = 0;
    std::vector<Entry> entries;
    std::size_t next = 0; ///< where the offset of the following folder stands; 0: the block ends before it

    const Entry* find(std::uint16_t tag) const
    {
        const auto found =
            std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.tag == tag; });
        return found == entries.end() ? nullptr : &*found;
    }
};

inline std::size_t type_bytes(std::uint16_t type)
{
    switch (type) {
    case 1:
    case 2:
    case 6:
    case 7: return 1;
    case 3:
    case 8: return 2;
    case 4:
    case 9:
    case 11:
    case 13: return 4;
    case 5:
    case 10:
    case 12: return 8;
    default: return 0;
    }
}

/// A TIFF block, its bytes in either order. Reads and writes nothing outside of it. `Block` holds them:
/// `Bytes`, or a span that is only read.
template <class Block>
class Tiff {
public:
    explicit Tiff(Block& block) : block_{&block} {}

    bool valid()
    {
        if (block_->size() < 8) return false;
        const std::string_view order{reinterpret_cast<const char*>(block_->data()), 2};
        big_ = order == "MM";
        return (big_ || order == "II") && u16(2) == 42 && directory(u32(4)).has_value();
    }

    std::uint32_t u16(std::size_t at) const { return number(at, 2); }
    std::uint32_t u32(std::size_t at) const { return number(at, 4); }

    void put(std::size_t at, std::uint32_t value, std::size_t size)
    {
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t shift = 8 * (big_ ? size - 1 - i : i);
            (*block_)[at + i] = static_cast<std::uint8_t>(value >> shift);
        }
    }

    void wipe(std::size_t at, std::size_t size)
    {
        if (at >= block_->size()) return;
        std::memset(block_->data() + at, 0, std::min(size, block_->size() - at));
    }

    std::optional<Directory> directory(std::size_t at) const
    {
        if (at < 8 || at > block_->size() || block_->size() - at < 2) return std::nullopt;
        const std::size_t count = u16(at);
        if (count > most_entries || (block_->size() - at - 2) / entry_bytes < count) return std::nullopt;
        Directory result{.at = at, .entries = {}, .next = at + 2 + count * entry_bytes};
        if (block_->size() - result.next < 4) result.next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            Entry entry{.at = at + 2 + i * entry_bytes};
            entry.tag = static_cast<std::uint16_t>(u16(entry.at));
            entry.type = static_cast<std::uint16_t>(u16(entry.at + 2));
            const std::uint64_t bytes = std::uint64_t{u32(entry.at + 4)} * type_bytes(entry.type);
            entry.value = bytes <= 4 ? entry.at + 8 : u32(entry.at + 8);
            const std::size_t room = entry.value <= block_->size() ? block_->size() - entry.value : 0;
            entry.bytes = bytes <= room ? static_cast<std::size_t>(bytes) : 0;
            result.entries.push_back(entry);
        }
        return result;
    }

    Directory first() const { return *directory(u32(4)); }

    std::optional<Directory> below(const Directory& from, std::uint16_t tag) const
    {
        const Entry* entry = from.find(tag);
        const bool named = entry && (entry->type == type_long || entry->type == type_folder);
        return named ? directory(u32(entry->at + 8)) : std::nullopt;
    }

    /// As many as there are entries of that tag.
    std::vector<Directory> all_below(const Directory& from, std::uint16_t tag) const
    {
        std::vector<Directory> result;
        for (const Entry& entry : from.entries) {
            const bool names = entry.tag == tag && (entry.type == type_long || entry.type == type_folder);
            auto found = names ? directory(u32(entry.at + 8)) : std::nullopt;
            if (found) result.push_back(std::move(*found));
        }
        return result;
    }

    std::optional<Directory> following(const Directory& from) const
    {
        return from.next && u32(from.next) ? directory(u32(from.next)) : std::nullopt;
    }

    std::optional<std::uint32_t> whole_number(const Directory& from, std::uint16_t tag) const
    {
        const Entry* entry = from.find(tag);
        if (!entry || u32(entry->at + 4) != 1) return std::nullopt;
        if (entry->type == type_short) return u16(entry->value);
        if (entry->type == type_long) return u32(entry->value);
        return std::nullopt;
    }

    void set_number(const Directory& from, std::uint16_t tag, std::uint32_t value)
    {
        const Entry* entry = from.find(tag);
        if (!entry || !whole_number(from, tag)) return;
        if (entry->type == type_short && value > 0xffff) return;
        put(entry->value, value, entry->type == type_short ? 2 : 4);
    }

    /// Takes all entries of a tag, and their values, out of their folder, which is read anew after.
    void remove(Directory& from, std::uint16_t tag)
    {
        if (!from.find(tag)) return;
        const std::size_t count = from.entries.size();
        const std::size_t end = from.at + 2 + count * entry_bytes + (from.next ? 4 : 0);
        std::uint8_t* const data = block_->data();
        std::size_t kept = from.at + 2;
        for (const Entry& entry : from.entries) {
            if (entry.tag == tag) {
                if (entry.bytes > 4) wipe(entry.value, entry.bytes);
                continue;
            }
            std::memmove(data + kept, data + entry.at, entry_bytes);
            kept += entry_bytes;
        }
        put(from.at, static_cast<std::uint32_t>((kept - from.at - 2) / entry_bytes), 2);
        if (from.next) std::memmove(data + kept, data + end - 4, 4);
        if (from.next) kept += 4;
        wipe(kept, end - kept);
        from = *directory(from.at);
    }

    /// Appends the first folder once more with an orientation, where it has none.
    void add_orientation(int value)
    {
        const Directory old = first();
        Bytes entries;
        const auto put_new = [&] {
            const std::size_t at = entries.size();
            entries.resize(at + entry_bytes, 0);
            return at;
        };
        if (block_->size() % 2) block_->push_back(0);
        const std::size_t at = block_->size();
        std::size_t added = SIZE_MAX;
        for (const Entry& entry : old.entries) {
            if (added == SIZE_MAX && entry.tag > orientation_tag) added = put_new();
            entries.insert(entries.end(), block_->begin() + static_cast<std::ptrdiff_t>(entry.at),
                           block_->begin() + static_cast<std::ptrdiff_t>(entry.at + entry_bytes));
        }
        if (added == SIZE_MAX) added = put_new();
        block_->resize(at + 2, 0);
        block_->insert(block_->end(), entries.begin(), entries.end());
        block_->resize(block_->size() + 4, 0);
        put(at, static_cast<std::uint32_t>(old.entries.size() + 1), 2);
        put(at + 2 + added, orientation_tag, 2);
        put(at + 2 + added + 2, type_short, 2);
        put(at + 2 + added + 4, 1, 4);
        put(at + 2 + added + 8, static_cast<std::uint32_t>(value), 2);
        put(4, static_cast<std::uint32_t>(at), 4);
    }

    /// How far the folder and its values reach.
    std::size_t reach(const Directory& from) const
    {
        std::size_t end = from.at + 2 + from.entries.size() * entry_bytes + (from.next ? 4 : 0);
        for (const Entry& entry : from.entries) {
            if (entry.bytes > 0) end = std::max(end, entry.value + entry.bytes);
        }
        return end;
    }

private:
    std::uint32_t number(std::size_t at, std::size_t size) const
    {
        if (at > block_->size() || block_->size() - at < size) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value = value << 8 | (*block_)[at + (big_ ? i : size - 1 - i)];
        }
        return value;
    }

    Block* block_;
    bool big_ = false;
};

/// Forgets the thumbnail, and cuts it off where nothing that is kept stands behind it.
void drop_thumbnail(Bytes& exif, Tiff<Bytes>& tiff)
{
    const Directory first = tiff.first();
    const auto second = tiff.following(first);
    if (first.next) tiff.put(first.next, 0, 4);
    if (!second) return;
    std::size_t kept = tiff.reach(first);
    for (const std::uint16_t tag : {exif_folder, gps_folder}) {
        const auto below = tiff.below(first, tag);
        if (!below) continue;
        kept = std::max(kept, tiff.reach(*below));
        if (const auto inner = tiff.below(*below, interop_folder)) kept = std::max(kept, tiff.reach(*inner));
    }
    const auto at = tiff.whole_number(*second, thumbnail_offset);
    if (at && *at >= kept && *at < exif.size()) exif.resize(second->at >= kept ? kept : *at);
}

/// The GPS folders that this one names: one, unless somebody hides another.
void drop_gps(Tiff<Bytes>& tiff, Directory& from)
{
    for (const auto& gps : tiff.all_below(from, gps_folder)) {
        for (const Entry& entry : gps.entries) {
            if (entry.bytes > 4) tiff.wipe(entry.value, entry.bytes);
        }
        tiff.wipe(gps.at, 2 + gps.entries.size() * entry_bytes);
    }
    from = *tiff.directory(from.at);
    tiff.remove(from, gps_folder);
}

/// Places: the GPS folder, which some programs have below that of EXIF, XMP and IPTC where they stand inside
/// (beside it they have a segment of their own), and the maker notes of those who write places there too
/// (Apple doesn't).
void drop_places(Bytes& exif, Tiff<Bytes>& tiff, std::vector<std::string>& lost)
{
    Directory first = tiff.first();
    drop_gps(tiff, first);
    for (const std::uint16_t tag : {xmp_packet, iptc_block, photoshop_block}) tiff.remove(first, tag);
    auto below = tiff.below(first, exif_folder);
    if (!below) return;
    drop_gps(tiff, *below);
    if (!below->find(maker_note)) return;
    const Entry* maker = first.find(make);
    const std::string_view name =
        maker ? std::string_view{reinterpret_cast<const char*>(exif.data()) + maker->value, maker->bytes}
              : std::string_view{};
    if (name.starts_with("Apple")) return;
    tiff.remove(*below, maker_note);
    lost.emplace_back("maker_note");
}

/// A point of the stored picture, as shares of its width and height, where it is once turned upright.
struct Place {
    double x, y;
};
Place turned(Place at, int orientation)
{
    switch (orientation) {
    case 2: return {1 - at.x, at.y};
    case 3: return {1 - at.x, 1 - at.y};
    case 4: return {at.x, 1 - at.y};
    case 5: return {at.y, at.x};
    case 6: return {1 - at.y, at.x};
    case 7: return {1 - at.y, 1 - at.x};
    case 8: return {at.y, 1 - at.x};
    default: return at;
    }
}

/// Brings the place of a subject (a middle, and after it a diameter, or a width and a height) to where the
/// rendition shows it. False where it can't be told where that is.
bool move_subject(Tiff<Bytes>& tiff, const Entry& entry, double width, double height,
                  const BesideChange& change)
{
    const std::size_t count = entry.bytes / 2;
    const bool swapped = change.turned_by >= 5;
    const double across = swapped ? height : width, down = swapped ? width : height;
    const double ratio =
        width > 0 && height > 0 && change.height > 0 ? across * change.height / (down * change.width) : 0;
    if (entry.type != type_short || count < 2 || count > 4 || ratio < 0.97 || ratio > 1.03) return false;
    const auto number = [&](std::size_t i) { return static_cast<double>(tiff.u16(entry.value + 2 * i)); };
    const auto put = [&](std::size_t i, double value) {
        tiff.put(entry.value + 2 * i,
                 static_cast<std::uint32_t>(std::lround(std::clamp(value, 0.0, 65535.0))), 2);
    };
    const Place middle = turned({number(0) / width, number(1) / height}, change.turned_by);
    const double scale = change.width / across;
    const double third = count > 2 ? number(2) : 0, fourth = count > 3 ? number(3) : 0;
    put(0, middle.x * change.width);
    put(1, middle.y * change.height);
    if (count == 3) put(2, third * scale);
    if (count == 4) put(2, (swapped ? fourth : third) * scale);
    if (count == 4) put(3, (swapped ? third : fourth) * scale);
    return true;
}

/// Whether a value claims to lie where the block keeps its order: nothing may be written there.
bool is_in_structure(const Tiff<Bytes>& tiff, const Entry& entry, const Directory& first,
                     const Directory& below)
{
    constexpr std::size_t header = 8, inline_bytes = 4;
    if (entry.bytes <= inline_bytes) return false;
    const auto overlaps = [&](const Directory& folder) {
        const std::size_t end = folder.at + 2 + folder.entries.size() * entry_bytes + (folder.next ? 4 : 0);
        return entry.value < end && folder.at < entry.value + entry.bytes;
    };
    if (entry.value < header || overlaps(first) || overlaps(below)) return true;
    const auto gps = tiff.below(first, gps_folder), interop = tiff.below(below, interop_folder);
    return (gps && overlaps(*gps)) || (interop && overlaps(*interop));
}

/// False where the block lies about where things are.
bool move_subjects(Tiff<Bytes>& tiff, Directory& below, const BesideChange& change,
                   std::vector<std::string>& lost)
{
    const auto width = tiff.whole_number(below, pixel_width), height = tiff.whole_number(below, pixel_height);
    if (change.turned_by == 1 && !change.cropped && width == change.width && height == change.height)
        return true;
    bool gone = false;
    for (const std::uint16_t tag : {subject_area, subject_location}) {
        const Entry* const entry = below.find(tag);
        if (!entry) continue;
        if (is_in_structure(tiff, *entry, tiff.first(), below)) return false;
        if (!change.cropped && move_subject(tiff, *entry, width.value_or(0), height.value_or(0), change))
            continue;
        tiff.remove(below, tag);
        gone = true;
    }
    if (gone) lost.emplace_back("subject_area");
    return true;
}

/// `R03`, Adobe RGB, or `R98`, sRGB; empty where it isn't told.
template <class Block>
std::string_view interop_of(const Bytes& exif, const Tiff<Block>& tiff, const Directory& below)
{
    const auto folder = tiff.below(below, interop_folder);
    const Entry* const index = folder ? folder->find(interop_index) : nullptr;
    if (!index || index->bytes != 4) return {};
    return {reinterpret_cast<const char*>(exif.data()) + index->value, 3};
}

void tell_srgb(Bytes& exif, Tiff<Bytes>& tiff, Directory& below)
{
    Directory first = tiff.first();
    for (const std::uint16_t tag : {white_point, primaries}) tiff.remove(first, tag);
    tiff.remove(below, gamma_tag);
    if (!tiff.valid()) return; // the caller deals with it
    tiff.set_number(below, colour_space, 1);
    const std::string_view told = interop_of(exif, tiff, below);
    if (told != "R03") return;
    constexpr std::string_view srgb = "R98";
    std::copy(srgb.begin(), srgb.end(),
              exif.begin() + (told.data() - reinterpret_cast<const char*>(exif.data())));
}

/// Of a block that can't be changed as it has to be nothing stays but how the pixels are turned.
void give_up(Bytes& exif, const BesideChange& change, std::vector<std::string>& lost)
{
    exif.clear();
    lost.emplace_back("exif");
    change_exif(exif, change, lost);
}

} // namespace

void change_exif(Bytes& exif, const BesideChange& change, std::vector<std::string>& lost)
{
    Tiff tiff{exif};
    if (!exif.empty() && !tiff.valid()) {
        exif.clear();
        lost.emplace_back("exif");
    }
    if (exif.empty()) {
        if (change.orientation == 1) return;
        exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0};
        (void)tiff.valid();
    }
    if (auto second = tiff.following(tiff.first()); second && change.strip_location) drop_gps(tiff, *second);
    if (tiff.valid()) drop_thumbnail(exif, tiff);
    if (tiff.valid() && change.strip_location) drop_places(exif, tiff, lost);
    if (!tiff.valid())
        return give_up(exif, change, lost); // a place that claims to lie in the header was wiped there
    Directory first = tiff.first();
    tiff.set_number(first, image_width, change.width);
    tiff.set_number(first, image_length, change.height);
    if (auto below = tiff.below(first, exif_folder)) {
        if (!move_subjects(tiff, *below, change, lost)) return give_up(exif, change, lost);
        tiff.set_number(*below, pixel_width, change.width);
        tiff.set_number(*below, pixel_height, change.height);
        if (change.srgb) tell_srgb(exif, tiff, *below);
        if (!tiff.valid()) return give_up(exif, change, lost);
        first = tiff.first();
    }
    if (tiff.whole_number(first, orientation_tag)) {
        tiff.set_number(first, orientation_tag, static_cast<std::uint32_t>(change.orientation));
    } else if (change.orientation != 1) {
        tiff.add_orientation(change.orientation);
    }
}

int exif_orientation(const Bytes& exif)
{
    Tiff tiff{exif};
    if (!tiff.valid()) return 1;
    const auto value = tiff.whole_number(tiff.first(), orientation_tag);
    return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
}

bool tells_adobe_rgb(const Bytes& exif)
{
    constexpr std::uint32_t srgb = 1, adobe = 2; // the latter by some cameras; the standard has none for it
    Tiff tiff{exif};
    if (!tiff.valid()) return false;
    const auto below = tiff.below(tiff.first(), exif_folder);
    const auto space = below ? tiff.whole_number(*below, colour_space) : std::nullopt;
    return below && space != srgb && (space == adobe || interop_of(exif, tiff, *below) == "R03");
}

std::span<const std::uint8_t> exif_thumbnail(const Bytes& exif)
{
    Tiff tiff{exif};
    if (!tiff.valid()) return {};
    const auto second = tiff.following(tiff.first());
    if (!second) return {};
    const auto at = tiff.whole_number(*second, thumbnail_offset);
    const auto bytes = tiff.whole_number(*second, thumbnail_bytes);
    if (!at || !bytes || *at > exif.size() || exif.size() - *at < *bytes) return {};
    return std::span{exif}.subspan(*at, *bytes);
}

} // namespace photosafe::worker

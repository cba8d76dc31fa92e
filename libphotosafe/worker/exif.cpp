// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

#include <libexif/exif-data.h>

#include "core/handle.hpp"
#include "worker/exiv2_exif.hpp"
#include "worker/tiff.hpp"
#include "worker/tiff_check.hpp"

namespace photosafe::worker {

namespace {

using Data = std::unique_ptr<ExifData, FreeWith<exif_data_unref>>;

constexpr std::string_view header{"Exif\0\0", 6};
constexpr std::size_t most_for_libexif = 0xfffe - header.size(); // it cuts off what is behind

enum Tag : std::uint16_t {
    image_description = 0x010e,
    make = 0x010f,
    model = 0x0110,
    orientation = 0x0112,
    software = 0x0131,
    rating = 0x4746,
    original_time = 0x9003,
    digitized_time = 0x9004,
    original_offset = 0x9011,
    digitized_offset = 0x9012,
    maker_note = 0x927c,
    user_comment = 0x9286,
    original_fraction = 0x9291,
    digitized_fraction = 0x9292,
    xp_title = 0x9c9b,
    xp_comment = 0x9c9c,
    xp_keywords = 0x9c9e,
    custom_rendered = 0xa401,
    lens_model = 0xa434,
};

ExifFolder folder_of(ExifIfd folder)
{
    switch (folder) {
    case EXIF_IFD_0: return ExifFolder::image;
    case EXIF_IFD_1: return ExifFolder::thumbnail;
    case EXIF_IFD_EXIF: return ExifFolder::photo;
    case EXIF_IFD_GPS: return ExifFolder::gps;
    case EXIF_IFD_INTEROPERABILITY: return ExifFolder::interop;
    default: return ExifFolder::other;
    }
}

std::string key_of(ExifIfd folder, ExifTag tag)
{
    static constexpr const char* names[] = {"Image", "Thumbnail", "Photo", "GPSInfo", "Iop"};
    std::string key = std::string{"Exif."} + names[folder] + '.';
    if (const char* name = exif_tag_get_name_in_ifd(tag, folder)) return key + name;
    char number[8];
    std::snprintf(number, sizeof number, "0x%04x", static_cast<unsigned>(tag));
    return key + number;
}

ExifValues values_of(const ExifData& data)
{
    ExifValues result;
    const ByteOrder order = exif_data_get_byte_order(const_cast<ExifData*>(&data)) == EXIF_BYTE_ORDER_MOTOROLA
                                ? ByteOrder::big
                                : ByteOrder::little;
    for (int i = 0; i < EXIF_IFD_COUNT; ++i) {
        const auto folder = static_cast<ExifIfd>(i);
        const ExifContent* content = data.ifd[i];
        for (unsigned e = 0; content && e < content->count; ++e) {
            const ExifEntry* entry = content->entries[e];
            if (!entry->data) continue;
            result.values.push_back(
                {folder_of(folder), static_cast<std::uint16_t>(entry->tag),
                 static_cast<std::uint16_t>(entry->format), static_cast<std::uint32_t>(entry->components),
                 std::span<const std::uint8_t>{entry->data, entry->size}, order, key_of(folder, entry->tag)});
        }
    }
    return result;
}

/// A block as libexif has taken it apart; the values' bytes are in `data`.
struct Loaded {
    Data data;
    ExifValues values;
};

Loaded load(ByteView block)
{
    Loaded result;
    std::vector<std::uint8_t> bytes; // libexif knows a block by what precedes it in a JPEG
    bytes.reserve(header.size() + block.size());
    bytes.assign(header.begin(), header.end());
    bytes.insert(bytes.end(), block.bytes().begin(), block.bytes().end());
    result.data.reset(exif_data_new());
    if (!result.data) throw std::bad_alloc{};
    // Nothing is to be left out or made up.
    exif_data_unset_option(result.data.get(), EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_unset_option(result.data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_load_data(result.data.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
    result.values = values_of(*result.data);
    return result;
}

std::string utf16_of(const ExifValues& values, std::uint16_t tag)
{
    const ExifValue* value = values.find(ExifFolder::image, tag);
    return value ? clean_utf16(value->bytes.bytes(), ByteOrder::little) : std::string{};
}

/// A comment has eight bytes before it that name its encoding.
std::string comment_of(const ExifValue& value)
{
    const ByteView text = value.bytes.part(8);
    if (value.bytes.text(0, 7) == "UNICODE") return clean_utf16(text.bytes(), value.order);
    return clean_text(text.text());
}

/// What is there goes before what a container's own text chunks have said.
void replace(std::string& to, std::string text)
{
    if (!text.empty()) to = std::move(text);
}

void take_words(const ExifValues& values, Gathered& found)
{
    replace(found.exif.title, utf16_of(values, xp_title));
    replace(found.exif.caption, utf16_of(values, xp_comment));
    replace(found.exif.caption, values.text(ExifFolder::image, image_description));
    const std::string keywords = utf16_of(values, xp_keywords);
    for (std::size_t at = 0; at < keywords.size();) { // one after the other, with semicolons between
        const std::size_t end = std::min(keywords.find(';', at), keywords.size());
        found.exif.keywords.push_back(clean_text(std::string_view{keywords}.substr(at, end - at)));
        at = end + 1;
    }
    const auto stars = values.whole(ExifFolder::image, rating);
    if (stars && *stars >= 0 && *stars <= 5) {
        found.exif.rating = static_cast<int>(*stars);
    } else if (stars) {
        found.trouble("EXIF has a rating that is none: " + std::to_string(*stars) + '.');
    }
}

void take_camera(const ExifValues& values, Metadata& facts)
{
    facts.make = values.text(ExifFolder::image, make);
    facts.model = values.text(ExifFolder::image, model);
    facts.software = values.text(ExifFolder::image, software);
    facts.lens = values.text(ExifFolder::photo, lens_model);
}

void take_orientation(const ExifValues& values, Gathered& found)
{
    const auto value = values.whole(ExifFolder::image, orientation);
    if (!value || *value == 0) return; // 0: it isn't known
    if (*value > 0 && *value <= 8) {
        found.facts.orientation = static_cast<int>(*value);
    } else {
        found.trouble("EXIF has an orientation that is none: " + std::to_string(*value) + '.');
    }
}

/// A time out of EXIF's folder or, where none is there, out of the first, in which TIFF/EP has it and by it
/// DNG. What only EXIF's folder has of fraction and offset belongs to that one then.
ExifClock clock_of(const ExifValues& values, Tag time, Tag fraction, Tag offset)
{
    const auto of_photo = [&](Tag tag) { return values.text(ExifFolder::photo, tag); };
    const ExifClock clock{of_photo(time), of_photo(fraction), of_photo(offset)};
    if (clock.time.find_first_not_of(" :") != std::string::npos) return clock; // blanks: it isn't known
    std::string first = values.text(ExifFolder::image, time);
    if (first.empty()) return clock;
    const auto of_either = [&](Tag tag, const std::string& otherwise) {
        std::string text = values.text(ExifFolder::image, tag);
        return text.empty() ? otherwise : text;
    };
    return {std::move(first), of_either(fraction, clock.fraction), of_either(offset, clock.offset)};
}

void take_times(const ExifValues& values, TimeClues& time)
{
    time.original = clock_of(values, original_time, original_fraction, original_offset);
    time.digitized = clock_of(values, digitized_time, digitized_fraction, digitized_offset);
}

} // namespace

void take_exif(const ExifValues& values, Gathered& found)
{
    constexpr std::int64_t apple_panorama = 6;
    take_camera(values, found.facts);
    take_orientation(values, found);
    take_times(values, found.time);
    take_gps(values, found);
    take_words(values, found);
    const bool apple = found.facts.make == "Apple";
    if (const ExifValue* comment = values.find(ExifFolder::photo, user_comment))
        found.facts.screenshot = comment_of(*comment) == "Screenshot";
    found.facts.panorama = apple && values.whole(ExifFolder::photo, custom_rendered) == apple_panorama;
    if (const ExifValue* note = values.find(ExifFolder::photo, maker_note))
        take_apple_note(note->bytes, found);
    for (const ExifValue& value : values.values) {
        found.raw(value.key, value.folder == ExifFolder::photo && value.tag == user_comment
                                 ? comment_of(value)
                                 : value.shown());
    }
}

void read_exif(ByteView block, Gathered& found)
{
    if (block.size() == 0) return;
    const auto tiff = TiffBlock::open(block);
    const auto first = tiff ? tiff->folder(tiff->first) : std::nullopt;
    if (first) check_exif(*tiff, found);
    if (block.size() <= most_for_libexif) {
        const Loaded loaded = load(block);
        if (!loaded.values.values.empty()) return take_exif(loaded.values, found);
    }
    const Exiv2Values others = exiv2_exif(block);
    if (!others.values.values.empty()) return take_exif(others.values, found);
    const bool says_nothing = first && first->entries.size() <= 1; // one: a pointer to a folder as empty
    if (!says_nothing) found.trouble("EXIF is there and can't be read.");
}

} // namespace photosafe::worker

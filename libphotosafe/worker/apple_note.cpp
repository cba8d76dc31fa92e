// SPDX-License-Identifier: LGPL-2.1-or-later
// Apple's maker note: `Apple iOS`, a zero, a version, the byte order, then a folder as TIFF has it whose
// offsets count from the note's own beginning.
#include "worker/exif.hpp"

#include <cstdio>

#include "worker/plist.hpp"
#include "worker/tiff.hpp"

namespace photosafe::worker {

namespace {

constexpr std::string_view name{"Apple iOS\0", 10};
constexpr std::size_t order_at = 12, folder_at = 14;

enum Tag : std::uint16_t {
    run_time = 0x0003,
    acceleration = 0x0008,
    hdr_image_type = 0x000a,
    burst_uuid = 0x000b,
    content_identifier = 0x0011,
    image_capture_type = 0x0014,
    live_photo_video_index = 0x0017,
};

std::string key_of(std::uint16_t tag)
{
    switch (tag) {
    case run_time: return "Exif.Apple.RunTime";
    case acceleration: return "Exif.Apple.AccelerationVector";
    case hdr_image_type: return "Exif.Apple.HDRImageType";
    case burst_uuid: return "Exif.Apple.BurstUUID";
    case content_identifier: return "Exif.Apple.ContentIdentifier";
    case image_capture_type: return "Exif.Apple.ImageCaptureType";
    case live_photo_video_index: return "Exif.Apple.LivePhotoVideoIndex";
    default: break;
    }
    char text[24];
    std::snprintf(text, sizeof text, "Exif.Apple.0x%04x", static_cast<unsigned>(tag));
    return text;
}

/// How long the phone had run, `value/timescale` in seconds: a small property list inside the note.
std::string shown_run_time(ByteView bytes)
{
    if (bytes.text(0, 6) != "bplist") return {};
    const PlistDictionary time{bytes};
    const auto value = time.number("value"), scale = time.number("timescale");
    return value && scale ? std::to_string(*value) + '/' + std::to_string(*scale) : std::string{};
}

std::optional<int> small(const std::optional<std::int64_t>& value)
{
    if (!value || *value < INT32_MIN || *value > INT32_MAX) return std::nullopt;
    return static_cast<int>(*value);
}

} // namespace

void take_apple_note(ByteView note, Gathered& found)
{
    if (note.text(0, name.size()) != name) return; // another brand's
    const std::string_view mark = note.text(order_at, 2);
    const TiffBlock block{note, mark == "II" ? ByteOrder::little : ByteOrder::big, folder_at};
    const auto folder = mark == "MM" || mark == "II" ? block.folder(folder_at) : std::nullopt;
    if (!folder) return found.trouble("Apple's maker note can't be read.");

    Metadata& facts = found.facts;
    for (const TiffEntry& entry : folder->entries) {
        if (entry.value.size() == 0 && entry.count > 0) {
            found.trouble("Apple's maker note points outside of itself.");
            continue;
        }
        const ExifValue value{ExifFolder::other, entry.tag,   entry.type,       entry.count,
                              entry.value,       block.order, key_of(entry.tag)};
        switch (entry.tag) {
        case content_identifier: facts.content_id = value.text(); break;
        case burst_uuid: facts.burst_id = value.text(); break;
        case live_photo_video_index: facts.live_index = value.whole(); break;
        case image_capture_type: facts.capture_type = small(value.whole()); break;
        case hdr_image_type:
            if (value.whole() == 3 || value.whole() == 4)
                facts.hdr = value.whole() == 3 || facts.hdr == true; // 4: the plain one of two
            break;
        default: break;
        }
        std::string text = entry.tag == run_time ? shown_run_time(entry.value) : std::string{};
        found.raw(value.key, text.empty() ? value.shown() : std::move(text));
    }
}

} // namespace photosafe::worker

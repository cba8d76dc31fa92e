// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/jpeg_parts.hpp"

#include <string_view>

#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

constexpr std::string_view exif_name{"Exif\0\0", 6};
constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
constexpr std::string_view iptc_name{"Photoshop 3.0\0", 14};
constexpr std::string_view icc_name{"ICC_PROFILE\0", 12};
constexpr std::size_t most_icc = 64; // of 64 KiB each
constexpr std::size_t most_segments = 10'000;
constexpr std::size_t furthest_marker = 64 * 1024;

/// Frame headers, but for those numbers among them that are something else (DHT, JPG, DAC).
bool is_frame(std::uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

void take_segment(JpegParts& parts, std::uint8_t marker, ByteView segment)
{
    const auto named = [&](std::string_view name) { return segment.text(0, name.size()) == name; };
    if (is_frame(marker) && parts.width == 0) {
        parts.bit_depth = segment.u8(0);
        parts.height = segment.u16(1, ByteOrder::big);
        parts.width = segment.u16(3, ByteOrder::big);
    } else if (marker == 0xe1 && named(exif_name) && parts.exif.size() == 0) {
        parts.exif = segment.part(exif_name.size());
    } else if (marker == 0xe1 && named(xmp_name) && parts.xmp.size() == 0) {
        parts.xmp = segment.part(xmp_name.size());
    } else if (marker == 0xed && named(iptc_name) && iptc_in(parts.iptc).size() == 0) {
        const ByteView blocks = segment.part(iptc_name.size()); // the records may be in a later one only
        if (parts.iptc.size() == 0 || iptc_in(blocks).size() > 0) parts.iptc = blocks;
    } else if (marker == 0xe2 && named(icc_name) && parts.icc.size() < most_icc) {
        parts.icc.push_back(segment.part(icc_name.size() + 2)); // behind its number and the count
    }
}

} // namespace

JpegParts read_jpeg_parts(ByteView file)
{
    constexpr std::uint8_t start_of_scan = 0xda, end_of_image = 0xd9;
    JpegParts parts;
    std::uint64_t at = 2;
    for (std::size_t i = 0; i < most_segments; ++i) {
        if (!file.has(at, 4)) {
            parts.trouble = "The JPEG ends before its picture begins.";
            return parts;
        }
        if (file.u8(at) != 0xff) { // garbage, behind which libjpeg looks for the next one too
            parts.trouble = "The JPEG has no marker at byte " + std::to_string(at) + '.';
            const std::size_t next = file.text(at, furthest_marker).find('\xff');
            if (next == std::string_view::npos) return parts;
            at += next;
            continue;
        }
        const std::uint8_t marker = file.u8(at + 1);
        if (marker == 0xff) { // fill
            ++at;
            continue;
        }
        if (marker == start_of_scan || marker == end_of_image) break;
        const bool alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
        const std::uint16_t length = alone ? 0 : file.u16(at + 2, ByteOrder::big);
        if (!alone && length < 2) {
            parts.trouble = "The JPEG has a segment without a length at byte " + std::to_string(at) + '.';
            return parts;
        }
        if (!alone) take_segment(parts, marker, file.part(at + 4, length - 2u));
        at += 2u + length;
    }
    if (parts.width == 0 || parts.height == 0) parts.trouble = "The JPEG doesn't say how large it is.";
    return parts;
}

} // namespace photosafe::worker

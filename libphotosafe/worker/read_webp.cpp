// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

constexpr ByteOrder little = ByteOrder::little;

/// Of a picture without an extended header, the lossy and the lossless form.
void read_size(std::string_view name, ByteView chunk, Metadata& facts)
{
    if (name == "VP8 ") {
        if (chunk.u24(3, ByteOrder::big) != 0x9d012a) return;
        facts.width = chunk.u16(6, little) & 0x3fff;
        facts.height = chunk.u16(8, little) & 0x3fff;
    } else if (chunk.u8(0) == 0x2f) {
        const std::uint32_t bits = chunk.u32(1, little);
        facts.width = (bits & 0x3fff) + 1;
        facts.height = (bits >> 14 & 0x3fff) + 1;
    }
}

} // namespace

void read_webp(ByteView file, Gathered& found)
{
    constexpr std::size_t first_chunk = 12, most_chunks = 1'000'000;
    Metadata& facts = found.facts;
    facts.codec = "webp";
    facts.bit_depth = 8;
    std::uint64_t milliseconds = 0;
    std::uint64_t at = first_chunk;
    for (std::size_t i = 0; i < most_chunks && file.has(at, 8); ++i) {
        const std::string_view name = file.text(at, 4);
        const std::uint32_t length = file.u32(at + 4, little);
        const ByteView chunk = file.part(at + 8, length);
        if (chunk.size() < length) {
            found.trouble("The WebP ends within a chunk.");
        }
        at += 8 + std::uint64_t{length} + length % 2;
        if (name == "VP8X") {
            facts.width = chunk.u24(4, little) + 1;
            facts.height = chunk.u24(7, little) + 1;
        } else if ((name == "VP8 " || name == "VP8L") && facts.width == 0) {
            read_size(name, chunk, facts);
        } else if (name == "ANMF") {
            milliseconds += chunk.u24(12, little);
        } else if (name == "EXIF") {
            // By the standard it begins with TIFF's header; some programs leave before it what JPEG has.
            read_exif(chunk.text(0, 6) == std::string_view{"Exif\0\0", 6} ? chunk.part(6) : chunk, found);
        } else if (name == "XMP ") {
            read_xmp(chunk, found);
        } else if (name == "ICCP") {
            facts.colour_profile = name_of_profile(chunk);
        }
    }
    if (milliseconds > 0) facts.duration_s = static_cast<double>(milliseconds) / 1000;
    if (facts.width == 0) found.trouble("The WebP doesn't say how large it is.");
}

} // namespace photosafe::worker

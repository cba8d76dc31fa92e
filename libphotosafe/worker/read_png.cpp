// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif.hpp"
#include "worker/exiv2_file.hpp"
#include "worker/inflate.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_text_bytes = 4u << 20, most_profile = 8u << 20;
constexpr std::size_t most_chunks = 1'000'000;

/// A text chunk: a keyword, a zero, and what follows.
struct Text {
    std::string_view keyword;
    ByteView rest;
};

Text split(ByteView chunk)
{
    const std::size_t zero = chunk.text().find('\0');
    if (zero == std::string_view::npos) return {};
    return {chunk.text().substr(0, zero), chunk.part(zero + 1)};
}

void take_words(std::string_view keyword, std::string text, Gathered& found)
{
    if (keyword == "Title") found.exif.title = text;
    if (keyword == "Description" && found.exif.caption.empty()) found.exif.caption = text;
    if (keyword == "Software") found.xmp_camera.software = text;
    found.raw("PNG." + clean_text(keyword), std::move(text));
}

void read_international(ByteView chunk, Gathered& found)
{
    const auto [keyword, rest] = split(chunk);
    const bool packed = rest.u8(0) == 1;
    ByteView text = rest.part(2);
    for (int names = 0; names < 2; ++names) { // of the language, and of the keyword in it
        const std::size_t zero = text.text().find('\0');
        if (zero == std::string_view::npos) return found.trouble("The PNG has a text without an end.");
        text = text.part(zero + 1);
    }
    Bytes unpacked;
    if (packed) {
        auto bytes = inflated(text, most_text_bytes);
        if (!bytes) return found.trouble("The PNG has a packed text that can't be read.");
        unpacked = std::move(*bytes);
        text = ByteView{unpacked};
    }
    if (keyword == "XML:com.adobe.xmp") return read_xmp(text, found);
    take_words(keyword, clean_text(text.text()), found);
}

void read_profile(ByteView chunk, Gathered& found)
{
    const auto profile = inflated(split(chunk).rest.part(1), most_profile);
    if (!profile) return found.trouble("The PNG has a colour profile that can't be read.");
    found.facts.colour_profile = name_of_profile(ByteView{*profile});
}

/// What ImageMagick writes: EXIF, XMP or IPTC as hexadecimal text.
bool is_hex_profile(std::string_view keyword) { return keyword.starts_with("Raw profile type "); }

} // namespace

void read_png(ByteView file, Gathered& found)
{
    constexpr std::size_t signature = 8, around = 12; // length, name and checksum
    found.facts.codec = "png";
    bool ended = false, hex = false;
    std::uint64_t at = signature;
    for (std::size_t i = 0; i < most_chunks && !ended && file.has(at, around); ++i) {
        const std::uint32_t length = file.u32(at, ByteOrder::big);
        const std::string_view name = file.text(at + 4, 4);
        const ByteView chunk = file.part(at + 8, length);
        if (chunk.size() < length) break;
        at += std::uint64_t{length} + around;
        if (name == "IHDR") {
            found.facts.width = chunk.u32(0, ByteOrder::big);
            found.facts.height = chunk.u32(4, ByteOrder::big);
            found.facts.bit_depth = chunk.u8(8);
        } else if (name == "eXIf") {
            // Some programs leave the name before it that JPEG has.
            read_exif(chunk.text(0, 6) == std::string_view{"Exif\0\0", 6} ? chunk.part(6) : chunk, found);
        } else if (name == "iTXt") {
            read_international(chunk, found);
        } else if (name == "tEXt") {
            const Text text = split(chunk);
            take_words(text.keyword, clean_text(text.rest.text()), found);
        } else if (name == "zTXt") {
            hex |= is_hex_profile(split(chunk).keyword);
        } else if (name == "iCCP") {
            read_profile(chunk, found);
        }
        ended = name == "IEND";
    }
    if (!ended) found.trouble("The PNG ends before its end.");
    if (hex) read_exiv2_file(file, found);
}

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>

#include "worker/exif.hpp"
#include "worker/inflate.hpp"
#include "worker/pictures.hpp"
#include "worker/png_chunk.hpp"
#include "worker/png_profile.hpp"
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

/// A text without a language: as it is, or packed.
void read_text(ByteView chunk, bool packed, PngProfiles& profiles, Gathered& found)
{
    auto [keyword, rest] = split(chunk);
    Bytes unpacked;
    if (packed) {
        auto bytes = inflated(rest.part(1), most_profile); // behind the way in which it is packed
        if (!bytes) return found.trouble("The PNG has a packed text that can't be read.");
        unpacked = std::move(*bytes);
        rest = ByteView{unpacked};
    }
    if (PngProfiles::is_one(keyword)) return profiles.take(keyword, rest, found);
    take_words(keyword, clean_text(rest.text()), found);
}

/// Whether it is a length by the standard, which begins at one and leaves out the highest bit.
bool is_length(std::uint32_t pixels) { return pixels > 0 && pixels <= 0x7fff'ffff; }

void read_header(ByteView chunk, Gathered& found)
{
    const std::uint32_t width = chunk.u32(0, ByteOrder::big), height = chunk.u32(4, ByteOrder::big);
    if (!is_length(width) || !is_length(height)) return;
    found.facts.width = width;
    found.facts.height = height;
    found.facts.bit_depth = chunk.u8(8);
}

/// Some programs leave the name before it that JPEG has.
ByteView exif_in(ByteView block)
{
    constexpr std::string_view name{"Exif\0\0", 6};
    return block.text(0, name.size()) == name ? block.part(name.size()) : block;
}

} // namespace

void read_png(ByteView file, Gathered& found)
{
    found.facts.codec = "png";
    bool ended = false, has_exif = false;
    PngProfiles profiles;
    ByteView rest = png_chunks(file);
    for (std::size_t i = 0; i < most_chunks && !ended; ++i) {
        const auto chunk = next_chunk(rest);
        if (!chunk || chunk->cut) break;
        const auto [name, content] = std::pair{chunk->name, chunk->content};
        if (name == "IHDR") {
            read_header(content, found);
        } else if (name == "eXIf") {
            read_exif(exif_in(content), found);
            has_exif = true;
        } else if (name == "iTXt") {
            read_international(content, found);
        } else if (name == "tEXt" || name == "zTXt") {
            read_text(content, name == "zTXt", profiles, found);
        } else if (name == "iCCP") {
            read_profile(content, found);
        }
        ended = name == "IEND";
    }
    if (!ended) found.trouble("The PNG ends before its end.");
    if (found.facts.width == 0) found.trouble("The PNG doesn't say how large it is.");
    if (!has_exif) read_exif(exif_in(ByteView{profiles.exif}), found);
}

} // namespace photosafe::worker

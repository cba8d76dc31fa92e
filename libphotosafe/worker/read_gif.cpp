// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

constexpr ByteOrder little = ByteOrder::little;
constexpr std::size_t most_profile = 8u << 20;

std::size_t colour_table(std::uint8_t flags)
{
    return flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

/// A run of sub-blocks, each with its length before it, up to an empty one: where it ends. 0: the file does.
std::uint64_t end_of_blocks(ByteView file, std::uint64_t at)
{
    while (file.has(at, 1)) {
        const std::uint8_t length = file.u8(at);
        at += 1u + length;
        if (length == 0) return at;
    }
    return 0;
}

/// The bytes of such a run, without the lengths.
std::vector<std::uint8_t> joined(ByteView file, std::uint64_t at)
{
    std::vector<std::uint8_t> result;
    while (const std::uint8_t length = file.u8(at)) {
        const ByteView block = file.part(at + 1, length);
        if (result.size() > most_profile) break;
        result.insert(result.end(), block.bytes().begin(), block.bytes().end());
        at += 1u + length;
    }
    return result;
}

void take_application(ByteView file, std::uint64_t at, std::uint64_t end, Gathered& found)
{
    const std::string_view name = file.text(at + 1, 11);
    const std::uint64_t data = at + 12;
    if (name == "XMP DataXMP") {
        // The packet stands there without lengths; 258 bytes behind it lead whoever looks for some to the
        // end.
        constexpr std::uint64_t trailer = 258;
        if (end > data + trailer) read_xmp(file.part(data, end - data - trailer), found);
    } else if (name == "ICCRGBG1012") {
        found.facts.colour_profile = name_of_profile(ByteView{joined(file, data)});
    }
}

} // namespace

void read_gif(ByteView file, Gathered& found)
{
    Metadata& facts = found.facts;
    facts.codec = "gif";
    facts.width = file.u16(6, little);
    facts.height = file.u16(8, little);
    facts.bit_depth = 8;
    std::uint64_t hundredths = 0;
    std::uint64_t at = 13 + colour_table(file.u8(10));
    bool ended = false;
    while (!ended && file.has(at, 2)) {
        const std::uint8_t block = file.u8(at);
        const std::uint8_t label = file.u8(at + 1);
        std::uint64_t data = at + 2;
        if (block == 0x2c) { // a picture: its place, its colours, how its codes begin
            data = at + 11 + colour_table(file.u8(at + 9));
        } else if (block != 0x21) {
            ended = block == 0x3b;
            break;
        }
        const std::uint64_t end = end_of_blocks(file, data);
        if (end == 0) break;
        if (block == 0x21 && label == 0xf9) hundredths += file.u16(data + 2, little);
        if (block == 0x21 && label == 0xff) take_application(file, data, end, found);
        at = end;
    }
    ended |= file.u8(at) == 0x3b;
    if (!ended) found.trouble("The GIF ends before its end.");
    if (hundredths > 0) facts.duration_s = static_cast<double>(hundredths) / 100;
}

} // namespace photosafe::worker

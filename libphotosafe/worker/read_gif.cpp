// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/gif_block.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

void read_gif(ByteView file, Gathered& found)
{
    constexpr ByteOrder little = ByteOrder::little;
    constexpr std::size_t most_profile = 8u << 20;
    Metadata& facts = found.facts;
    facts.codec = "gif";
    facts.width = file.u16(6, little);
    facts.height = file.u16(8, little);
    facts.bit_depth = 8;
    std::uint64_t hundredths = 0;
    GifBlocks blocks{file};
    while (const auto block = blocks.next()) {
        if (block->kind == GifBlock::extension && block->label == GifBlock::control)
            hundredths += block->content.u16(2, little);
        if (block->is_of("XMP DataXMP")) read_xmp(block->xmp(), found);
        if (block->is_of("ICCRGBG1012"))
            facts.colour_profile = name_of_profile(ByteView{block->joined(most_profile)});
    }
    if (!blocks.ended()) found.trouble("The GIF ends before its end.");
    if (hundredths > 0) facts.duration_s = static_cast<double>(hundredths) / 100;
}

} // namespace photosafe::worker

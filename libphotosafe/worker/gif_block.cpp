// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/gif_block.hpp"

namespace photosafe::worker {

namespace {

constexpr std::uint8_t end_of_file = 0x3b;

std::size_t colour_table(std::uint8_t flags)
{
    return flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

/// A run of sub-blocks up to an empty one: where it ends. 0: the file does.
std::uint64_t end_of_blocks(ByteView file, std::uint64_t at)
{
    while (file.has(at, 1)) {
        const std::uint8_t length = file.u8(at);
        at += 1u + length;
        if (length == 0) return at;
    }
    return 0;
}

} // namespace

std::vector<std::uint8_t> GifBlock::joined(std::size_t most) const
{
    std::vector<std::uint8_t> result;
    std::uint64_t at = 1u + content.u8(0);
    while (const std::uint8_t length = content.u8(at)) {
        const ByteView block = content.part(at + 1, length);
        if (result.size() > most) break;
        result.insert(result.end(), block.bytes().begin(), block.bytes().end());
        at += 1u + length;
    }
    return result;
}

GifBlocks::GifBlocks(ByteView file) : file_{file}, at_{13 + colour_table(file.u8(10))} {}

std::optional<GifBlock> GifBlocks::next()
{
    if (!file_.has(at_, 2)) return std::nullopt;
    GifBlock block{file_.u8(at_), file_.u8(at_ + 1), {}};
    std::uint64_t data = at_ + 2;
    if (block.kind == GifBlock::picture) { // its place, its colours, how its codes begin
        data = at_ + 11 + colour_table(file_.u8(at_ + 9));
    } else if (block.kind != GifBlock::extension) {
        return std::nullopt;
    }
    const std::uint64_t end = end_of_blocks(file_, data);
    if (end == 0) return std::nullopt;
    block.content = file_.part(data, end - data);
    at_ = end;
    return block;
}

bool GifBlocks::ended() const { return file_.u8(at_) == end_of_file; }

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// A chunk of a PNG.
struct PngChunk {
    std::string_view name;
    ByteView content;
    ByteView summed;            ///< what its checksum is of: name and content
    std::uint32_t checksum = 0; ///< CRC-32; 0 where the file ends before it
    bool cut = false;           ///< its content claims to be longer than the file
};

/// Its chunks, in a row.
inline ByteView png_chunks(ByteView file)
{
    constexpr std::size_t signature = 8;
    return file.part(signature);
}

/// Takes chunk after chunk: `while (auto chunk = next_chunk(rest))`. None at the end, and where no name is
/// left.
inline std::optional<PngChunk> next_chunk(ByteView& rest)
{
    constexpr std::size_t name = 4, around = 12; // length, name and checksum
    if (!rest.has(0, around)) return std::nullopt;
    const std::uint64_t length = rest.u32(0, ByteOrder::big);
    const PngChunk chunk{rest.text(4, name), rest.part(8, length), rest.part(4, name + length),
                         rest.u32(8 + length, ByteOrder::big), !rest.has(8, length)};
    rest = rest.part(length + around);
    return chunk;
}

} // namespace photosafe::worker

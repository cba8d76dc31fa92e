// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// A box of ISO base media files: HEIF, JPEG XL.
struct IsoBox {
    std::string_view name;
    ByteView content;
    bool cut = false; ///< it claims to be longer than what holds it
};

/// Takes box after box from a place where they stand in a row: `while (auto box = next_box(rest))`. None at
/// the end, and where what follows is no box.
inline std::optional<IsoBox> next_box(ByteView& rest)
{
    if (!rest.has(0, 8)) return std::nullopt;
    std::uint64_t size = rest.u32(0, ByteOrder::big), header = 8;
    if (size == 1) {
        size = rest.u64(8, ByteOrder::big);
        header = 16;
    } else if (size == 0) { // to the end
        size = rest.size();
    }
    if (size < header) return std::nullopt;
    const IsoBox box{rest.text(4, 4), rest.part(header, size - header), size > rest.size()};
    rest = rest.part(size);
    return box;
}

/// The first of that name; empty where none is.
inline ByteView find_box(ByteView boxes, std::string_view name)
{
    while (const auto box = next_box(boxes))
        if (box->name == name) return box->content;
    return {};
}

} // namespace photosafe::worker

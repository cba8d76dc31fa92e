// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// A block of a GIF: a picture, or an extension.
struct GifBlock {
    static constexpr std::uint8_t picture = 0x2c, extension = 0x21;
    static constexpr std::uint8_t control = 0xf9, application = 0xff; ///< what an extension is

    std::uint8_t kind = 0;
    std::uint8_t label = 0; ///< of an extension
    ByteView content;       ///< its sub-blocks, each with its length before it, with the empty one at the end

    /// An application's extension is named by its first sub-block.
    bool is_of(std::string_view application_name) const
    {
        return kind == extension && label == application && content.text(1, 11) == application_name;
    }
    /// The packet of one of `XMP DataXMP`. It stands there without lengths; 258 bytes behind it lead whoever
    /// looks for some to the end.
    ByteView xmp() const
    {
        constexpr std::size_t name = 12, trailer = 258;
        if (content.size() <= name + trailer) return {};
        return content.part(name, content.size() - name - trailer);
    }
    /// Its bytes behind the first sub-block, without the lengths, up to `most`.
    std::vector<std::uint8_t> joined(std::size_t most) const;
};

/// Goes from block to block: `while (auto block = blocks.next())`.
class GifBlocks {
public:
    explicit GifBlocks(ByteView file);

    /// None at the end, and where the file ends before that.
    std::optional<GifBlock> next();
    /// Whether the mark of its end was reached.
    bool ended() const;

private:
    ByteView file_;
    std::uint64_t at_ = 0;
};

} // namespace photosafe::worker

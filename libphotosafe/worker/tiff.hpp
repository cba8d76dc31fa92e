// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// An entry of a TIFF folder. `value` is empty where it would lie outside of the block.
struct TiffEntry {
    std::uint16_t tag = 0, type = 0;
    std::uint32_t count = 0;
    ByteView value;
};

/// A folder. What claims more than `most_entries` is taken for none.
struct TiffFolder {
    static constexpr std::size_t most_entries = 1000;

    std::vector<TiffEntry> entries;
    std::uint32_t next = 0; ///< where the following one is; 0: none

    const TiffEntry* find(std::uint16_t tag) const;
};

/// A block that consists of TIFF folders: a TIFF file, a RAW, an EXIF block, Apple's maker note. It is looked
/// at here only to learn what a file is, how large its pictures are, and what libexif doesn't tell; EXIF
/// itself is libexif's.
struct TiffBlock {
    ByteView bytes;
    ByteOrder order = ByteOrder::big;
    std::uint32_t first = 0; ///< where the first folder is

    /// By a header: `II` or `MM`, a number that tells the kind, the place of the first folder.
    static std::optional<TiffBlock> open(ByteView bytes);

    /// None for a folder that lies outside or has more entries than fit.
    std::optional<TiffFolder> folder(std::uint32_t at) const;
    /// The element `index` of a BYTE, SHORT or LONG.
    std::optional<std::uint32_t> number(const TiffEntry& entry, std::size_t index = 0) const;
    std::optional<std::uint32_t> number(const TiffFolder& folder, std::uint16_t tag) const;
    /// The folders that an entry points to, at most eight.
    std::vector<TiffFolder> below(const TiffFolder& folder, std::uint16_t tag) const;
};

/// Bytes of one element of a TIFF type; 0 for types that nobody knows.
std::size_t tiff_type_bytes(std::uint16_t type) noexcept;

} // namespace photosafe::worker

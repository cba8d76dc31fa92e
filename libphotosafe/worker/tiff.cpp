// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/tiff.hpp"

#include <algorithm>

namespace photosafe::worker {

namespace {

constexpr std::size_t entry_bytes = 12;
constexpr std::size_t most_below = 8;

} // namespace

std::size_t tiff_type_bytes(std::uint16_t type) noexcept
{
    switch (type) {
    case 1: // BYTE
    case 2: // ASCII
    case 6: // SBYTE
    case 7: // UNDEFINED
        return 1;
    case 3: // SHORT
    case 8: // SSHORT
        return 2;
    case 4:  // LONG
    case 9:  // SLONG
    case 11: // FLOAT
    case 13: // IFD
        return 4;
    case 5:  // RATIONAL
    case 10: // SRATIONAL
    case 12: // DOUBLE
    case 16: // LONG8, which Apple uses too
    case 17: // SLONG8
        return 8;
    default: return 0;
    }
}

const TiffEntry* TiffFolder::find(std::uint16_t tag) const
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const TiffEntry& one) { return one.tag == tag; });
    return found == entries.end() ? nullptr : &*found;
}

std::optional<TiffBlock> TiffBlock::open(ByteView bytes)
{
    const std::string_view mark = bytes.text(0, 2);
    if (bytes.size() < 8 || (mark != "II" && mark != "MM")) return std::nullopt;
    TiffBlock block{bytes, mark == "MM" ? ByteOrder::big : ByteOrder::little, 0};
    block.first = bytes.u32(4, block.order);
    return block;
}

std::optional<TiffFolder> TiffBlock::folder(std::uint32_t at) const
{
    if (at == 0 || !bytes.has(at, 2)) return std::nullopt;
    const std::size_t count = bytes.u16(at, order);
    if (count > TiffFolder::most_entries || !bytes.has(std::uint64_t{at} + 2, count * entry_bytes))
        return std::nullopt;
    TiffFolder result;
    result.next = bytes.u32(std::uint64_t{at} + 2 + count * entry_bytes, order);
    result.entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t from = std::uint64_t{at} + 2 + i * entry_bytes;
        TiffEntry entry{bytes.u16(from, order), bytes.u16(from + 2, order), bytes.u32(from + 4, order), {}};
        const std::uint64_t size = std::uint64_t{entry.count} * tiff_type_bytes(entry.type);
        const std::uint64_t place = size <= 4 ? from + 8 : bytes.u32(from + 8, order);
        if (bytes.has(place, size)) entry.value = bytes.part(place, size);
        result.entries.push_back(entry);
    }
    return result;
}

std::optional<std::uint32_t> TiffBlock::number(const TiffEntry& entry, std::size_t index) const
{
    const std::size_t size = tiff_type_bytes(entry.type);
    if (index >= entry.count || !entry.value.has(index * size, size)) return std::nullopt;
    switch (entry.type) {
    case 1: return entry.value.u8(index);
    case 3: return entry.value.u16(index * 2, order);
    case 4:
    case 13: return entry.value.u32(index * 4, order);
    default: return std::nullopt;
    }
}

std::optional<std::uint32_t> TiffBlock::number(const TiffFolder& folder, std::uint16_t tag) const
{
    const TiffEntry* entry = folder.find(tag);
    return entry ? number(*entry) : std::nullopt;
}

std::vector<TiffFolder> TiffBlock::below(const TiffFolder& from, std::uint16_t tag) const
{
    std::vector<TiffFolder> result;
    const TiffEntry* entry = from.find(tag);
    if (!entry) return result;
    for (std::size_t i = 0; i < std::min<std::size_t>(entry->count, most_below); ++i) {
        const auto at = number(*entry, i);
        auto found = at ? folder(*at) : std::nullopt;
        if (found) result.push_back(std::move(*found));
    }
    return result;
}

} // namespace photosafe::worker

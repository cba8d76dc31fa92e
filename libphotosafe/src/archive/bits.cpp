// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/bits.hpp"

#include <photosafe/error.hpp>

namespace photosafe {

namespace {

constexpr std::size_t bitmap_bytes = 512;

[[noreturn]] void damaged()
{
    throw ArchiveError{ErrorCode::damaged,
                       "The catalog's index for queries makes no sense; run photosafe rebuild"};
}

} // namespace

std::vector<std::byte> encoded(const Bits& bits)
{
    std::vector<std::byte> result;
    if (bits.count() < bitmap_bytes / 2) {
        bits.for_each([&](unsigned at) {
            result.push_back(static_cast<std::byte>(at & 0xff));
            result.push_back(static_cast<std::byte>(at >> 8));
        });
        return result;
    }
    result.reserve(bitmap_bytes);
    for (const std::uint64_t word : bits.words)
        for (int shift = 0; shift < 64; shift += 8)
            result.push_back(static_cast<std::byte>(word >> shift & 0xff));
    return result;
}

void add_encoded(std::span<const std::byte> bytes, Bits& to)
{
    const auto value = [&](std::size_t at) { return std::to_integer<std::uint64_t>(bytes[at]); };
    if (bytes.size() == bitmap_bytes) {
        for (std::size_t i = 0; i < bitmap_bytes; ++i) to.words[i / 8] |= value(i) << i % 8 * 8;
        return;
    }
    if (bytes.size() > bitmap_bytes || bytes.size() % 2 != 0) damaged();
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const auto place = static_cast<unsigned>(value(i) | value(i + 1) << 8);
        if (place >= bitmap_bytes * 8) damaged();
        to.set(place);
    }
}

} // namespace photosafe

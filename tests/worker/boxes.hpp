// SPDX-License-Identifier: LGPL-2.1-or-later
// Boxes of ISO-BMFF and QuickTime, for tests that build their own files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace photosafe::test {

/// A number in big-endian order.
inline std::string number(std::uint64_t value, int bytes)
{
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        text += static_cast<char>(shift < 64 ? value >> shift & 0xff : 0);
    return text;
}
inline std::string u8(std::uint64_t value) { return number(value, 1); }
inline std::string u16(std::uint64_t value) { return number(value, 2); }
inline std::string u32(std::uint64_t value) { return number(value, 4); }
inline std::string u64(std::uint64_t value) { return number(value, 8); }

inline std::string box(std::string_view type, std::string_view content)
{
    return u32(content.size() + 8) + std::string{type} + std::string{content};
}
inline std::string full_box(std::string_view type, std::string_view content, unsigned version = 0,
                            unsigned flags = 0)
{
    return box(type, u8(version) + number(flags, 3) + std::string{content});
}

} // namespace photosafe::test

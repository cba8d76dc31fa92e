// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace photosafe {

/// A set of places in a chunk (slot.hpp), 0 to 4,095.
struct Bits {
    std::array<std::uint64_t, 64> words{};

    void set(unsigned at) noexcept { words[at / 64] |= std::uint64_t{1} << at % 64; }
    bool has(unsigned at) const noexcept { return (words[at / 64] >> at % 64 & 1) != 0; }
    bool empty() const noexcept
    {
        std::uint64_t any = 0;
        for (const std::uint64_t word : words) any |= word;
        return any == 0;
    }
    unsigned count() const noexcept
    {
        int sum = 0;
        for (const std::uint64_t word : words) sum += std::popcount(word);
        return static_cast<unsigned>(sum);
    }
    /// Calls `visit` with each place in the set, the first first.
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (unsigned i = 0; i < words.size(); ++i) {
            for (std::uint64_t word = words[i]; word != 0; word &= word - 1)
                visit(i * 64 + static_cast<unsigned>(std::countr_zero(word)));
        }
    }
    Bits& operator|=(const Bits& other) noexcept
    {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] |= other.words[i];
        return *this;
    }
    Bits& operator&=(const Bits& other) noexcept
    {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
        return *this;
    }
    /// Takes out what is in `other`.
    Bits& operator-=(const Bits& other) noexcept
    {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] &= ~other.words[i];
        return *this;
    }
    bool operator==(const Bits&) const = default;
};

/// As `member.bits` has it: fewer than 256 places as a list of them, two bytes each, the low one first; more
/// as 512 bytes of bits, the lowest first.
std::vector<std::byte> encoded(const Bits& bits);
/// Adds what was encoded to `to`. Throws ArchiveError{damaged} for bytes that `encoded` doesn't make.
void add_encoded(std::span<const std::byte> bytes, Bits& to);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace simphone {

/// splitmix64: turns any number into a well mixed one. Used to seed and to derive independent streams.
constexpr std::uint64_t mix(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

/// xoshiro256**. Written out because the distributions of <random> differ between standard libraries, and a
/// roll must be the same bytes everywhere for the same seed.
class Random {
public:
    explicit Random(std::uint64_t seed)
    {
        for (auto& word : state_) word = seed = mix(seed);
    }

    std::uint64_t next()
    {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// 0 … bound-1; the bias of the plain remainder is far below anything a roll could show.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

    /// low … high, both included.
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
    }

    bool chance(unsigned percent) { return below(100) < percent; }

    /// 0 … 1 in steps of 1/1000000, so that no rounding mode can show.
    double fraction() { return static_cast<double>(below(1'000'001)) / 1e6; }

    /// Overwrites `size` bytes at `out`, little end first on every machine of ours.
    void fill(char* out, std::size_t size)
    {
        while (size >= sizeof(std::uint64_t)) {
            const std::uint64_t word = next();
            std::memcpy(out, &word, sizeof word);
            out += sizeof word;
            size -= sizeof word;
        }
        const std::uint64_t word = next();
        std::memcpy(out, &word, size);
    }

private:
    std::array<std::uint64_t, 4> state_{};
};

/// A stream of its own for each purpose, so that a new option doesn't change what an old one draws.
inline std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0)
{
    std::uint64_t result = mix(seed);
    for (const char c : purpose) result = mix(result ^ static_cast<unsigned char>(c));
    return mix(result ^ index);
}

/// A version 4 UUID in upper case, as iOS writes them.
inline std::string make_uuid(Random& random)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string text;
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
        std::uint64_t nibble = random.below(16);
        if (i == 12) nibble = 4;
        if (i == 16) nibble = 8 + nibble % 4;
        text += digits[nibble];
    }
    return text;
}

} // namespace simphone

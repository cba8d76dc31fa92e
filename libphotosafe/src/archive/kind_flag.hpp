// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "archive/trait.hpp"

namespace photosafe {

/// What a file or its shot is, as bits. The place of its bit is the number of the trait: never give it to
/// another.
enum class KindFlag : std::int64_t {
    photo = 1,
    video = 2,
    raw = 4,
    live = 8,
    burst = 16,
    screenshot = 32,
    panorama = 64,
    slow_motion = 128,
    edited = 256,
    spatial = 512,
};

/// The words for them in a query.
struct KindWord {
    std::string_view word;
    KindFlag flag;
};
inline constexpr std::array kind_words{
    KindWord{"photo", KindFlag::photo},       KindWord{"video", KindFlag::video},
    KindWord{"raw", KindFlag::raw},           KindWord{"live", KindFlag::live},
    KindWord{"burst", KindFlag::burst},       KindWord{"screenshot", KindFlag::screenshot},
    KindWord{"panorama", KindFlag::panorama}, KindWord{"slow_motion", KindFlag::slow_motion},
    KindWord{"edited", KindFlag::edited},     KindWord{"spatial", KindFlag::spatial},
};

constexpr std::int64_t trait(KindFlag flag) noexcept
{
    return trait(TraitKind::kind, std::countr_zero(static_cast<std::uint64_t>(flag)));
}

} // namespace photosafe

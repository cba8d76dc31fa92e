// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include <photosafe/asset.hpp>
#include <photosafe/metadata.hpp>

namespace photosafe {

// A trait is something that an asset is or has, or isn't and hasn't: to be a Live Photo, to come from this
// camera, to have this keyword. A trait is known by its number, kind << 32 | number within its kind; the
// numbers of a kind that can be ranged over have the order of what they stand for. Those of cameras, lenses,
// keywords, people and devices are rows of the table `trait`, whose names and words are in `label`.

enum class TraitKind : std::int64_t {
    every = 0, ///< WholeSet
    kind,      ///< the place of a KindFlag's bit
    has,       ///< HasFact
    rating,    ///< one more than the rating
    parse,     ///< ParseState
    state,     ///< AssetState
    size,      ///< bin_of its bytes
    duration,  ///< bin_of its milliseconds
    imported,  ///< the local day of its import, since 1970
    camera,
    lens,
    keyword,
    person,
    device,
    album, ///< of a phone
};
constexpr std::int64_t trait_kind_count = 15;

/// Sets that every query begins with.
enum class WholeSet : std::int64_t {
    files, ///< all assets
    shots, ///< of each shot the one that stands for it
};

/// What a file may tell or not.
enum class HasFact : std::int64_t {
    location,
    time,
    title,
    caption,
    keywords,
    people,
    rating,
    camera,
    lens,
    depth,
    hdr,
    favorite, ///< on the phone, as the next
    hidden,
};
/// The words for them in a query.
struct HasWord {
    std::string_view word;
    HasFact fact;
};
inline constexpr std::array has_words{
    HasWord{"location", HasFact::location}, HasWord{"time", HasFact::time},
    HasWord{"title", HasFact::title},       HasWord{"caption", HasFact::caption},
    HasWord{"keywords", HasFact::keywords}, HasWord{"people", HasFact::people},
    HasWord{"rating", HasFact::rating},     HasWord{"camera", HasFact::camera},
    HasWord{"lens", HasFact::lens},         HasWord{"depth", HasFact::depth},
    HasWord{"hdr", HasFact::hdr},
};

constexpr int trait_number_bits = 32;
constexpr std::int64_t last_trait_number = (std::int64_t{1} << trait_number_bits) - 1;

constexpr std::int64_t trait(TraitKind kind, std::int64_t number) noexcept
{
    return static_cast<std::int64_t>(kind) << trait_number_bits | number;
}
constexpr std::int64_t trait(WholeSet set) noexcept
{
    return trait(TraitKind::every, static_cast<std::int64_t>(set));
}
constexpr std::int64_t trait(HasFact fact) noexcept
{
    return trait(TraitKind::has, static_cast<std::int64_t>(fact));
}
constexpr std::int64_t trait(ParseState state) noexcept
{
    return trait(TraitKind::parse, static_cast<std::int64_t>(state));
}
constexpr std::int64_t trait(AssetState state) noexcept
{
    return trait(TraitKind::state, static_cast<std::int64_t>(state));
}
constexpr std::int64_t trait_of_rating(int rating) noexcept { return trait(TraitKind::rating, rating + 1); }

/// The bin of an amount: four to each doubling, so that one holds a few percent of all. It grows with the
/// amount.
constexpr std::int64_t bin_of(std::uint64_t amount) noexcept
{
    if (amount < 4) return static_cast<std::int64_t>(amount);
    const int width = static_cast<int>(std::bit_width(amount));
    return std::int64_t{width - 1} << 2 | static_cast<std::int64_t>(amount >> (width - 3) & 3);
}

} // namespace photosafe

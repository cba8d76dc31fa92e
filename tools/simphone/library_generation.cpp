// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_generation.hpp"

#include <array>
#include <stdexcept>

namespace simphone {
namespace {

// From public forensic queries and real libraries. Guessed are the keywords' number of iOS 11, and versions
// of the model where no library of that iOS was at hand (all but 13, 16 and 18).
constexpr std::array<Generation, 10> known{{
    {"ios11", 110, 11415, 27, 20, 31},
    {"ios12", 120, 12331, 30, 23, 34},
    {"ios13", 130, 13703, 34, 26, 37},
    {"ios14", 140, 14305, 3, 26, 36},
    {"ios15", 150, 15331, 3, 27, 38},
    {"ios16", 160, 16502, 3, 28, 40},
    {"ios17", 170, 17115, 3, 28, 40},
    {"ios17.6", 176, 17601, 3, 29, 41},
    {"ios18", 180, 18600, 3, 30, 47},
    {"ios26", 260, 19410, 3, 33, 52},
}};

} // namespace

std::span<const Generation> generations() { return known; }

const Generation& find_generation(std::string_view name)
{
    for (const Generation& generation : known)
        if (generation.name == name) return generation;
    throw std::invalid_argument("“" + std::string{name} + "” is no generation of Photos' library");
}

} // namespace simphone

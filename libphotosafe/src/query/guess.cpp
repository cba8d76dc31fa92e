// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/guess.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace photosafe {

namespace {

/// How many letters have to be changed, added or left out.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t corner = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
            corner = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words)
{
    constexpr std::size_t longest = 20;
    if (typed.size() < 2 || typed.size() > longest) return {};
    const auto far = [&](std::string_view word) {
        return word.starts_with(typed) ? 1 : distance(word, typed);
    };
    const auto nearest = std::ranges::min_element(words, {}, far);
    if (nearest == words.end() || far(*nearest) > std::min<std::size_t>(2, typed.size() / 2)) return {};
    return *nearest;
}

std::string listed(std::span<const std::string_view> words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace photosafe::worker {

/// What becomes of a list that others change too. Each entry is known by a text.
struct ListMerge {
    std::vector<std::size_t> kept;    ///< of those there
    std::vector<std::size_t> added;   ///< of those wanted
    std::vector<std::string> written; ///< to be remembered as ours

    bool changes(std::size_t there) const { return kept.size() != there || !added.empty(); }
};

/// What we wrote and want no more goes, what we want and never wrote comes. What we wrote and isn't there any
/// more, somebody has removed: it stays away. What was there before us is not ours.
inline ListMerge merge_lists(const std::vector<std::string>& there, const std::vector<std::string>& written,
                             const std::vector<std::string>& wanted)
{
    const std::set<std::string> is_there{there.begin(), there.end()},
        was_written{written.begin(), written.end()}, is_wanted{wanted.begin(), wanted.end()};
    ListMerge result;
    for (std::size_t i = 0; i < there.size(); ++i)
        if (!was_written.contains(there[i]) || is_wanted.contains(there[i])) result.kept.push_back(i);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool ours = was_written.contains(wanted[i]);
        const bool fresh = !ours && !is_there.contains(wanted[i]);
        if (fresh) result.added.push_back(i);
        if (ours || fresh) result.written.push_back(wanted[i]);
    }
    return result;
}

} // namespace photosafe::worker

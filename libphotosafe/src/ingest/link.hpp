// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ingest/evidence.hpp"

namespace photosafe {

/// To which shot a content belongs, and why. A shot is known by the part that leads it: a picture before a
/// RAW before a movie before an edit before a sidecar.
struct Link {
    std::size_t leader = 0;   ///< index of that part; its own where it is the leader
    std::size_t position = 0; ///< among all contents, in the order in which parts lead
    Role role = Role::other;
    GroupReason reason = GroupReason::first;
};

/// The shots that these contents make. The same contents make the same shots in whatever order they stand,
/// and contents that have nothing to do with each other change nothing for each other.
///
/// Names only propose. A movie is the moving half of a picture when both have one content identifier, or when
/// folder and stem are equal, the times no more than three seconds apart, and their identifiers don't differ.
/// Edits, RAWs and sidecars belong to what their name says, unless both have a camera's time and those are of
/// two moments. What is left over is a shot of its own: a wrong pair is worse than none.
std::vector<Link> link_parts(std::span<const Evidence> contents);

/// When a shot was taken.
struct ShotTime {
    std::optional<Instant> taken; ///< none where no zone is known
    std::string local;            ///< wall time there
    TimeSource source = TimeSource::none;
    bool by_our_clock = false; ///< `local` is what clocks in this computer's zone showed: nobody knows better
};

/// When the shot was taken that `leader` leads: what the leader says of itself, with the zone of the moving
/// half where it has none; else what the best of the other parts says; else the time of the leader's file.
ShotTime shot_time(std::span<const Evidence> contents, std::span<const Link> links, std::size_t leader);

} // namespace photosafe

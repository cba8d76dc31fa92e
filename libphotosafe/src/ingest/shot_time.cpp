// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/time.hpp"
#include "ingest/link.hpp"
#include "ingest/moment.hpp"
#include "media/capture_time.hpp"

namespace photosafe {

namespace {

/// Whether a time can be used: a worker's answer is as little believed as the file that it read.
bool is_usable(const CaptureTime& time)
{
    const bool told = time.source != TimeSource::none && time.source != TimeSource::file_birth &&
                      time.source != TimeSource::file_modified;
    return told && (time.instant || from_rfc3339(time.local + 'Z'));
}

ShotTime time_of(const CaptureTime& time)
{
    if (from_rfc3339(time.local + 'Z')) return {time.instant, time.local, time.source, false};
    return {time.instant, to_local(*time.instant), time.source, true};
}

ShotTime time_of_file(const Evidence& leader)
{
    if (leader.seen.empty()) return {Instant{}, to_local(Instant{}), TimeSource::file_modified, true};
    const Sighting& first = leader.seen.front();
    const Instant when = first.born.value_or(first.modified);
    return {when, to_local(when), first.born ? TimeSource::file_birth : TimeSource::file_modified, true};
}

} // namespace

ShotTime shot_time(std::span<const Evidence> contents, std::span<const Link> links, std::size_t leader)
{
    std::vector<std::size_t> parts;
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (links[i].leader == leader && contents[i].facts) parts.push_back(i);
    }
    std::sort(parts.begin(), parts.end(),
              [&](std::size_t a, std::size_t b) { return links[a].position < links[b].position; });
    const auto taken = [&](std::size_t i) -> const CaptureTime& { return contents[i].facts->taken; };
    for (const std::size_t i : parts) {
        // A movie's UTC is that of its rendering, where it is an edit.
        const bool rendered = links[i].role == Role::edited_video && !is_from_camera(taken(i));
        if (rendered || !is_usable(taken(i))) continue;
        CaptureTime time = taken(i);
        for (const std::size_t half : parts) {
            if (links[half].role == Role::live_video) time = with_zone_of(time, taken(half));
        }
        return time_of(time);
    }
    return time_of_file(contents[leader]);
}

} // namespace photosafe

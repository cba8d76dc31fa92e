// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>
#include <cstdlib>
#include <string>

#include <photosafe/metadata.hpp>

#include "core/text.hpp"

namespace photosafe::test {

/// What metadata.hpp promises of facts, whatever the file was: aborts where it isn't so.
inline void check_sound(const Metadata& facts)
{
    const auto demand = [](bool kept) {
        if (!kept) std::abort();
    };
    const auto text = [&](const std::string& value) {
        demand(value.size() <= 4096 && is_utf8(value));
        for (std::string_view rest = value; !rest.empty();) {
            const Character next = first_character(rest);
            demand(next.code && !is_control(*next.code));
            rest.remove_prefix(next.bytes);
        }
    };
    for (const std::string* value :
         {&facts.mime, &facts.taken.local, &facts.make, &facts.model, &facts.lens, &facts.software,
          &facts.content_id, &facts.burst_id, &facts.codec, &facts.title, &facts.caption, &facts.label,
          &facts.location, &facts.colour_profile, &facts.edited_by})
        text(*value);
    for (const auto* list : {&facts.keywords, &facts.aux, &facts.troubles})
        for (const std::string& value : *list) text(value);
    for (const RawTag& tag : facts.raw) {
        text(tag.key);
        text(tag.value);
    }
    for (const Region& region : facts.people) {
        text(region.name);
        for (const double number : {region.x, region.y, region.width, region.height})
            demand(std::isfinite(number));
    }
    if (facts.position) {
        demand(std::abs(facts.position->latitude) <= 90 && std::abs(facts.position->longitude) <= 180);
        demand(std::isfinite(facts.position->altitude_m.value_or(0)));
    }
    for (const auto& number : {facts.duration_s, facts.frame_rate})
        demand(!number || (std::isfinite(*number) && *number >= 0));
    demand(facts.orientation >= 1 && facts.orientation <= 8);
    demand(!facts.rating || (*facts.rating >= -1 && *facts.rating <= 5));
    demand(!facts.taken.offset_minutes || std::abs(*facts.taken.offset_minutes) <= 24 * 60);
}

} // namespace photosafe::test

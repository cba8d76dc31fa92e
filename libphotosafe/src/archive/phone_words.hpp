// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>

#include <photosafe/metadata.hpp>
#include <photosafe/phone_library.hpp>

namespace photosafe {

/// Adds what the phone says of an item and its original doesn't say itself: title, caption, keywords, people,
/// place, burst, and what it is.
inline void add_phone_words(Metadata& original, const PhoneAsset& item)
{
    for (const auto& [own, phones] :
         {std::pair{&original.title, &item.title}, std::pair{&original.caption, &item.caption},
          std::pair{&original.burst_id, &item.burst_uuid}})
        if (own->empty()) *own = *phones;
    for (const std::string& keyword : item.keywords)
        if (std::ranges::find(original.keywords, keyword) == original.keywords.end())
            original.keywords.push_back(keyword);
    for (const std::string& person : item.people)
        if (std::ranges::find(original.people, person, &Region::name) == original.people.end())
            original.people.push_back({.name = person});
    if (!original.position) original.position = item.position;
    original.screenshot |= item.subtype == PhoneSubtype::screenshot;
    original.panorama |= item.subtype == PhoneSubtype::panorama;
    original.slow_motion |= item.subtype == PhoneSubtype::slow_motion;
}

} // namespace photosafe

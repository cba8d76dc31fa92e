// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/metadata.hpp>

namespace photosafe {

/// Adds what a sidecar (`IMG_0042.xmp`) tells of its original and the original doesn't tell itself: rating,
/// title, caption, label, location, keywords, people.
inline void add_sidecar_words(Metadata& original, const Metadata& sidecar)
{
    if (!original.rating) original.rating = sidecar.rating;
    for (const auto text : {&Metadata::title, &Metadata::caption, &Metadata::label, &Metadata::location})
        if ((original.*text).empty()) original.*text = sidecar.*text;
    if (original.keywords.empty()) original.keywords = sidecar.keywords;
    if (original.people.empty()) original.people = sidecar.people;
}

} // namespace photosafe

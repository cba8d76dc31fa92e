// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/metadata.hpp>

namespace photosafe {

/// SQL: 0 for an asset in whose places, in all of them, other content was seen later. A sidecar that was
/// changed at its source tells nothing any more.
#define PHOTOSAFE_SEEN_LAST(asset_id)                                                                        \
    "ifnull((SELECT max(NOT EXISTS(SELECT 1 FROM place q WHERE q.source=p.source AND q.path=p.path "         \
    "AND (q.seen, q.id) > (p.seen, p.id))) FROM place p WHERE p.asset=" asset_id "), 1)"

/// Adds what a sidecar (`IMG_0042.xmp`) tells of its original and the original doesn't tell itself: rating,
/// title, caption, label, location, keywords, people. No stars are no word: cameras write them into each
/// file.
inline void add_sidecar_words(Metadata& original, const Metadata& sidecar)
{
    if (original.rating.value_or(0) == 0 && sidecar.rating) original.rating = sidecar.rating;
    for (const auto text : {&Metadata::title, &Metadata::caption, &Metadata::label, &Metadata::location})
        if ((original.*text).empty()) original.*text = sidecar.*text;
    if (original.keywords.empty()) original.keywords = sidecar.keywords;
    if (original.people.empty()) original.people = sidecar.people;
}

} // namespace photosafe

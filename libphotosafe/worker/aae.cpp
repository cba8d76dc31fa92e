// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/aae.hpp"

#include "core/time.hpp"
#include "worker/plist.hpp"
#include "worker/sniff.hpp"

namespace photosafe::worker {

void read_aae(ByteView file, Gathered& found)
{
    const PlistDictionary recipe{file};
    if (!recipe.is_one()) return found.trouble("The recipe of the edit can't be read.");
    for (const char* key :
         {"adjustmentFormatIdentifier", "adjustmentFormatVersion", "adjustmentEditorBundleID"}) {
        std::string text = recipe.text(key);
        if (!text.empty()) found.raw(std::string{"AAE."} + key, std::move(text));
    }
    Metadata& facts = found.facts;
    facts.edited_by = recipe.text("adjustmentEditorBundleID");
    // Apps of before iOS 8 didn't say who they are, only whose form the recipe has.
    if (facts.edited_by.empty()) facts.edited_by = recipe.text("adjustmentFormatIdentifier");
    facts.edited_at = recipe.instant("adjustmentTimestamp");
    if (!facts.edited_at && recipe.has("adjustmentTimestamp"))
        found.trouble("The recipe of the edit has a time that can't be read.");
    if (facts.edited_at) found.raw("AAE.adjustmentTimestamp", to_rfc3339(*facts.edited_at));
}

void check_plist(ByteView file, Gathered& found)
{
    if (file.size() <= largest_plist && !PlistDictionary{file}.is_list())
        found.trouble("The property list can't be read.");
}

} // namespace photosafe::worker

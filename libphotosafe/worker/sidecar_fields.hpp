// SPDX-License-Identifier: LGPL-2.1-or-later
// Which XMP properties tell what of the facts.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "media/sidecar_facts.hpp"

namespace photosafe::worker {

/// One fact, and the properties that tell it together: who has changed one of them has changed the fact.
struct SidecarField {
    const char* name; ///< by which `photosafe:Written` knows it
    std::vector<const char*> keys;
    std::map<std::string, std::string> wanted; ///< by key; empty: the fact is absent
    bool by_language = false;                  ///< told in its default language
};
std::vector<SidecarField> fields_of(const SidecarFacts& facts);

/// A fact that is a list without an order, and the property that tells it.
struct SidecarList {
    const char* name;
    const char* key;
    std::vector<std::string> wanted;
};
std::vector<SidecarList> lists_of(const SidecarFacts& facts);

/// `text` as XML can hold it; nothing, where nothing is left.
std::string xml_text(std::string_view text);

} // namespace photosafe::worker

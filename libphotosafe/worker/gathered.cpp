// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/gathered.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "worker/file_text.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_troubles = 32, most_keywords = 1000, most_raw = 2000;

/// The first that isn't empty.
std::string first_of(std::initializer_list<const std::string*> texts)
{
    for (const std::string* text : texts)
        if (!text->empty()) return *text;
    return {};
}

void add_keywords(Metadata& facts, const std::vector<std::string>& from)
{
    auto& all = facts.keywords;
    for (const std::string& word : from) {
        if (word.empty() || std::find(all.begin(), all.end(), word) != all.end()) continue;
        if (all.size() == most_keywords) {
            facts.troubles.push_back("It has more than " + std::to_string(most_keywords) +
                                     " keywords, of which the first are taken.");
            return;
        }
        all.push_back(word);
    }
}

void weigh_words(Metadata& facts, const Words& xmp, const Words& iptc, const Words& exif)
{
    facts.title = first_of({&facts.title, &xmp.title, &iptc.title, &exif.title});
    facts.caption = first_of({&facts.caption, &xmp.caption, &iptc.caption, &exif.caption});
    facts.label = first_of({&facts.label, &xmp.label, &iptc.label, &exif.label});
    facts.location = first_of({&xmp.location, &iptc.location});
    // No stars are no word: cameras write them everywhere.
    for (const auto& rating : {xmp.rating, exif.rating})
        if (facts.rating.value_or(0) == 0 && rating) facts.rating = rating;
    for (const Words* words : {&xmp, &iptc, &exif}) add_keywords(facts, words->keywords);
}

void weigh_camera(Metadata& facts, const XmpCamera& xmp)
{
    facts.make = first_of({&facts.make, &xmp.make});
    facts.model = first_of({&facts.model, &xmp.model});
    facts.lens = first_of({&facts.lens, &xmp.lens});
    facts.software = first_of({&facts.software, &xmp.software});
    if (!facts.position) facts.position = xmp.position;
}

} // namespace

void Gathered::trouble(std::string sentence)
{
    auto& all = facts.troubles;
    if (all.size() < most_troubles && std::find(all.begin(), all.end(), sentence) == all.end())
        all.push_back(std::move(sentence));
}

void Gathered::raw(std::string key, std::string value)
{
    if (facts.raw.size() < most_raw) facts.raw.push_back({std::move(key), std::move(value)});
}

std::string joined_names(const std::vector<std::string>& names)
{
    std::string text;
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (name->empty() || std::find(names.begin(), name, *name) != name) continue;
        text += (text.empty() ? "" : ", ") + *name;
    }
    return std::string{cut_at_character(text, most_text)};
}

Metadata weighed(Gathered&& found)
{
    Metadata facts = std::move(found.facts);
    if (facts.taken.source == TimeSource::none) facts.taken = weigh(found.time, facts.troubles);
    weigh_words(facts, found.xmp, found.iptc, found.exif);
    weigh_camera(facts, found.xmp_camera);
    return facts;
}

} // namespace photosafe::worker

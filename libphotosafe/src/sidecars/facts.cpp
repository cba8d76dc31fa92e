// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sidecars/facts.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "archive/phone_words.hpp"

namespace photosafe {

namespace {

/// The value of the first of these tags that is there.
std::string first_of(const std::vector<RawTag>& tags, std::initializer_list<std::string_view> keys)
{
    for (const std::string_view key : keys) {
        for (const RawTag& tag : tags)
            if (tag.key == key && !tag.value.empty()) return tag.value;
    }
    return {};
}

PlaceNames place_of(const std::vector<RawTag>& tags)
{
    return {.city = first_of(tags, {"Xmp.photoshop.City", "Iptc.Application2.City"}),
            .state = first_of(tags, {"Xmp.photoshop.State", "Iptc.Application2.ProvinceState"}),
            .country = first_of(tags, {"Xmp.photoshop.Country", "Iptc.Application2.CountryName"}),
            .country_code = first_of(tags, {"Xmp.iptc.CountryCode", "Iptc.Application2.CountryCode"}),
            .location = first_of(tags, {"Xmp.iptc.Location", "Iptc.Application2.SubLocation"})};
}

} // namespace

std::optional<SidecarFacts> sidecar_facts(Catalog& catalog, const Asset& asset)
{
    auto metadata = catalog.metadata().read(asset.id);
    if (!metadata) return std::nullopt;
    SidecarFacts facts;
    for (const PhoneItemRecord& one : catalog.phones().items_of(asset.id)) {
        add_phone_words(*metadata, one.item);
        facts.favourite |= one.item.favorite;
    }
    facts.rating = metadata->rating;
    facts.title = std::move(metadata->title);
    facts.caption = std::move(metadata->caption);
    facts.label = std::move(metadata->label);
    facts.keywords = std::move(metadata->keywords);
    for (Region& region : metadata->people) {
        if (!region.name.empty()) facts.people.push_back({region.name, std::move(region)});
    }
    facts.place = place_of(metadata->raw);
    facts.position = metadata->position;
    facts.taken = std::move(metadata->taken);
    facts.width = metadata->width;
    facts.height = metadata->height;
    return facts;
}

} // namespace photosafe

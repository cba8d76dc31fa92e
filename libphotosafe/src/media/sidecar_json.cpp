// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/sidecar_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/bounded.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

void bound(SidecarFacts& facts)
{
    for (std::string* text :
         {&facts.title, &facts.caption, &facts.label, &facts.place.city, &facts.place.state,
          &facts.place.country, &facts.place.country_code, &facts.place.location, &facts.taken.local})
        (void)keep_text(*text);
    if (facts.keywords.size() > list_limit) facts.keywords.resize(list_limit);
    for (std::string& keyword : facts.keywords) (void)keep_text(keyword);
    if (facts.people.size() > list_limit) facts.people.resize(list_limit);
    for (SidecarPerson& person : facts.people) (void)keep_text(person.name);
}

void set(Json& json, const char* key, const std::string& text)
{
    if (!text.empty()) json[key] = text;
}

bool is_finite(const Region& region)
{
    return std::isfinite(region.x) && std::isfinite(region.y) && std::isfinite(region.width) &&
           std::isfinite(region.height);
}

Json people_of(const std::vector<SidecarPerson>& people)
{
    Json list = Json::array();
    for (const SidecarPerson& person : people) {
        Json one{{"name", person.name}};
        if (const auto& at = person.region; at && is_finite(*at))
            one["region"] = {at->x, at->y, at->width, at->height};
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace

std::string to_text(SidecarFacts facts)
{
    bound(facts);
    Json json{{"form", 1}}; // another one when a later PhotoSafe tells the same facts otherwise
    if (facts.rating) json["rating"] = *facts.rating;
    if (facts.favourite) json["favourite"] = true;
    set(json, "title", facts.title);
    set(json, "caption", facts.caption);
    set(json, "label", facts.label);
    set(json, "city", facts.place.city);
    set(json, "state", facts.place.state);
    set(json, "country", facts.place.country);
    set(json, "country_code", facts.place.country_code);
    set(json, "location", facts.place.location);
    set(json, "taken_local", facts.taken.local);
    if (!facts.keywords.empty()) json["keywords"] = facts.keywords;
    if (!facts.people.empty()) json["people"] = people_of(facts.people);
    if (const auto& at = facts.position; at && std::isfinite(at->latitude) && std::isfinite(at->longitude)) {
        json["position"] = {at->latitude, at->longitude};
        if (at->altitude_m && std::isfinite(*at->altitude_m)) json["position"].push_back(*at->altitude_m);
    }
    if (facts.taken.instant) json["taken"] = facts.taken.instant->time_since_epoch().count();
    if (facts.taken.offset_minutes) json["taken_offset"] = *facts.taken.offset_minutes;
    if (facts.width > 0 && facts.height > 0) json["size"] = {facts.width, facts.height};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SidecarFacts sidecar_facts_of(std::string_view text)
try {
    const Json json = Json::parse(text);
    SidecarFacts facts;
    if (json.contains("rating")) facts.rating = json.at("rating").get<int>();
    facts.favourite = json.value("favourite", false);
    facts.title = json.value("title", "");
    facts.caption = json.value("caption", "");
    facts.label = json.value("label", "");
    facts.place = {json.value("city", ""), json.value("state", ""), json.value("country", ""),
                   json.value("country_code", ""), json.value("location", "")};
    facts.taken.local = json.value("taken_local", "");
    facts.keywords = json.value("keywords", std::vector<std::string>{});
    for (const Json& one : json.value("people", Json::array())) {
        SidecarPerson person{one.at("name").get<std::string>(), {}};
        if (const auto region = one.find("region"); region != one.end())
            person.region = Region{{},
                                   region->at(0).get<double>(),
                                   region->at(1).get<double>(),
                                   region->at(2).get<double>(),
                                   region->at(3).get<double>()};
        facts.people.push_back(std::move(person));
    }
    if (const auto at = json.find("position"); at != json.end()) {
        facts.position = GeoPoint{at->at(0).get<double>(), at->at(1).get<double>(), {}};
        if (at->size() > 2) facts.position->altitude_m = at->at(2).get<double>();
    }
    if (json.contains("taken"))
        facts.taken.instant = Instant{std::chrono::nanoseconds{json.at("taken").get<std::int64_t>()}};
    if (json.contains("taken_offset")) facts.taken.offset_minutes = json.at("taken_offset").get<int>();
    if (const auto size = json.find("size"); size != json.end()) {
        facts.width = size->at(0).get<std::uint32_t>();
        facts.height = size->at(1).get<std::uint32_t>();
    }
    return facts;
} catch (const Json::exception& error) {
    throw MediaError{ErrorCode::protocol,
                     std::string{"The facts of a sidecar can't be read: "} + error.what()};
}

} // namespace photosafe

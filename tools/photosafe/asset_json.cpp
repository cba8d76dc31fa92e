// SPDX-License-Identifier: LGPL-2.1-or-later
#include "asset_json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <photosafe/query.hpp>

#include "human.hpp"

namespace photosafe::cli {
namespace {

/// Absent facts are left out.
void set(Json& object, const char* key, const std::string& text)
{
    if (!text.empty()) object[key] = json_name(text);
}
template <class Value>
void set(Json& object, const char* key, const std::optional<Value>& value)
{
    if (value) object[key] = *value;
}
void set(Json& object, const char* key, const std::vector<std::string>& texts)
{
    for (const std::string& text : texts) object[key].push_back(json_name(text));
}
void set_if(Json& object, const char* key, bool yes)
{
    if (yes) object[key] = true;
}

/// The instant with the offset that the wall clock had where it was taken: `2024-05-31T14:03:22.5+02:00`.
std::string taken_text(Instant taken, const std::string& local)
{
    using namespace std::chrono;
    int y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0;
    if (std::sscanf(local.c_str(), "%d-%d-%dT%d:%d:%d", &y, &m, &d, &hour, &minute, &second) != 6)
        return rfc3339(taken);
    const auto wall = sys_days{year{y} / m / d} + hours{hour} + minutes{minute} + seconds{second};
    const auto offset = round<minutes>(wall - floor<seconds>(taken)).count();
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < 0 ? '-' : '+',
                  static_cast<int>(std::abs(offset) / 60 % 100), static_cast<int>(std::abs(offset) % 60));
    return local + text.data();
}

void add_identity(Json& object, const Asset& asset)
{
    object["id"] = asset.id;
    object["sha256"] = sha256_hex(asset.digest);
    object["xxh128"] = xxh128_hex(asset.digest);
    object["path"] = json_name(asset.path);
    object["bytes"] = asset.bytes;
    object["name"] = json_name(asset.name);
    object["role"] = name(asset.role);
    object["group"] = asset.group;
    object["group_reason"] = name(asset.group_reason);
    object["state"] = name(asset.state);
    object["imported"] = json_instant(asset.imported);
    if (asset.verified) object["verified"] = json_instant(*asset.verified);
    if (asset.taken) object["taken"] = taken_text(*asset.taken, asset.taken_local);
    set(object, "taken_local", asset.taken_local);
    set(object, "taken_source", asset.taken_source);
}

void add_picture(Json& object, const Metadata& m)
{
    set(object, "mime", m.mime);
    set(object, "taken_offset_minutes", m.taken.offset_minutes);
    if (m.width > 0) object["width"] = m.width;
    if (m.height > 0) object["height"] = m.height;
    object["orientation"] = m.orientation;
    set(object, "duration_s", m.duration_s);
    set(object, "frame_rate", m.frame_rate);
    set(object, "codec", m.codec);
    set(object, "bit_depth", m.bit_depth);
    set(object, "colour_profile", m.colour_profile);
    set_if(object, "hdr", m.hdr.value_or(false));
    set(object, "aux", m.aux);
}

void add_camera(Json& object, const Metadata& m)
{
    set(object, "make", m.make);
    set(object, "model", m.model);
    set(object, "lens", m.lens);
    set(object, "software", m.software);
    if (m.position) {
        object["latitude"] = m.position->latitude;
        object["longitude"] = m.position->longitude;
        set(object, "altitude_m", m.position->altitude_m);
    }
    set(object, "content_id", m.content_id);
    set(object, "burst_id", m.burst_id);
}

void add_words(Json& object, const Metadata& m)
{
    set(object, "rating", m.rating);
    set(object, "title", m.title);
    set(object, "caption", m.caption);
    set(object, "label", m.label);
    set(object, "location", m.location);
    set(object, "keywords", m.keywords);
    for (const Region& one : m.people)
        object["people"].push_back({{"name", json_name(one.name)},
                                    {"x", one.x},
                                    {"y", one.y},
                                    {"width", one.width},
                                    {"height", one.height}});
    set(object, "edited_by", m.edited_by);
    if (m.edited_at) object["edited_at"] = json_instant(*m.edited_at);
}

Json phone_json(const PhoneItemRecord& one)
{
    Json object{{"source", json_name(one.source)}, {"path", json_name(one.item.path)}};
    set(object, "uuid", one.item.uuid);
    set(object, "original_name", one.item.original_name);
    set(object, "time_zone", one.item.time_zone);
    set(object, "app", one.item.app);
    object["provenance"] = name(one.item.provenance);
    object["subtype"] = name(one.item.subtype);
    set_if(object, "trashed", one.item.trashed);
    set_if(object, "edited", one.item.edited);
    set_if(object, "burst_picked", one.item.burst_picked);
    set_if(object, "in_shared_library", one.item.in_shared_library);
    object["first_seen"] = json_instant(one.first_seen);
    if (one.gone) object["gone"] = json_instant(*one.gone);
    return object;
}

} // namespace

Json json_of(const Found& found)
{
    Json object = object_of("asset");
    add_identity(object, found.asset);
    set(object, "kind", found.kinds);
    add_picture(object, found.metadata);
    add_camera(object, found.metadata);
    add_words(object, found.metadata);
    if (!found.phone.empty()) {
        const auto any = [&](bool PhoneAsset::*fact) {
            return std::ranges::any_of(found.phone,
                                       [&](const PhoneItemRecord& one) { return one.item.*fact; });
        };
        object["favorite"] = any(&PhoneAsset::favorite);
        object["hidden"] = any(&PhoneAsset::hidden);
        for (const std::string& album : found.albums) object["albums"].push_back(json_name(album));
        for (const PhoneItemRecord& one : found.phone) object["phone"].push_back(phone_json(one));
    }
    for (const Place& place : found.places)
        object["sources"].push_back({{"device", json_name(place.source)},
                                     {"path", json_name(place.path)},
                                     {"size", place.bytes},
                                     {"modified", json_instant(place.modified)},
                                     {"seen", json_instant(place.seen)}});
    object["parse"] = name(found.parse.state);
    if (!found.parse.reason.empty()) object["parse_reason"] = json_sentence(found.parse.reason);
    for (const std::string& trouble : found.metadata.troubles)
        object["troubles"].push_back(json_sentence(trouble));
    object["key"] = found.key;
    return object;
}

} // namespace photosafe::cli

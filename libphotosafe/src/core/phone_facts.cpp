// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/phone_facts.hpp"

#include <algorithm>

#include "core/phone_object.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_path = 1024;
constexpr std::size_t longest_uuid = 64;

// Every word that a fact may be. What has no word here can't come over.
constexpr std::array localities{Locality::unknown, Locality::on_phone, Locality::only_in_icloud};
constexpr std::array subtypes{
    PhoneSubtype::unknown,     PhoneSubtype::still,      PhoneSubtype::panorama,
    PhoneSubtype::live,        PhoneSubtype::screenshot, PhoneSubtype::video,
    PhoneSubtype::slow_motion, PhoneSubtype::time_lapse, PhoneSubtype::screen_recording};
constexpr std::array provenances{
    Provenance::unknown,     Provenance::local,           Provenance::icloud,    Provenance::shared_album,
    Provenance::shared_link, Provenance::shared_with_you, Provenance::referenced};
constexpr std::array media_kinds{MediaKind::unknown, MediaKind::photo, MediaKind::video};
constexpr std::array roles{Role::original, Role::live_video,   Role::raw,
                           Role::edited,   Role::edited_video, Role::sidecar};
constexpr std::array album_kinds{PhoneAlbum::Kind::album, PhoneAlbum::Kind::folder, PhoneAlbum::Kind::shared,
                                 PhoneAlbum::Kind::import_session, PhoneAlbum::Kind::project};
constexpr std::array orders{PhoneAlbum::Order::unknown, PhoneAlbum::Order::manual,
                            PhoneAlbum::Order::oldest_first, PhoneAlbum::Order::newest_first,
                            PhoneAlbum::Order::title};

// What is empty or usual is left out.

void put(Json& json, const char* key, const std::string& text)
{
    if (!text.empty()) json[key] = text;
}
void put(Json& json, const char* key, bool flag)
{
    if (flag) json[key] = true;
}
void put(Json& json, const char* key, const std::optional<Instant>& instant)
{
    if (instant) json[key] = to_rfc3339(*instant);
}
template <class T>
void put_number(Json& json, const char* key, const std::optional<T>& number)
{
    if (number) json[key] = *number;
}
void put(Json& json, const char* key, const std::vector<std::string>& texts)
{
    if (!texts.empty()) json[key] = texts;
}
template <class T>
void put_word(Json& json, const char* key, T fact)
{
    if (fact != T{}) json[key] = name(fact);
}

PhoneResource resource_of(const Json& json)
{
    const PhoneObject object{json};
    PhoneResource resource;
    resource.role = object.word("role", roles);
    resource.video = object.flag("video");
    resource.bytes = object.count("bytes", INT64_MAX);
    resource.locality = object.word("locality", localities);
    return resource;
}

} // namespace

bool is_phone_uuid(std::string_view text)
{
    return !text.empty() && text.size() <= longest_uuid && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    });
}

bool is_phone_path(std::string_view path)
{
    if (path.empty() || path.size() > longest_path || !is_utf8(path) ||
        path.find('\0') != std::string_view::npos)
        return false;
    for (std::size_t at = path[0] == '/' ? 1 : 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = path.substr(at, end - at);
        if (part.empty() || part == "." || part == "..") return false;
        at = end + 1;
    }
    return true;
}

bool keep_caption(std::string& text)
{
    std::string result;
    bool cut = false;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string one = text.substr(at, end - at);
        cut |= keep_text(one);
        if (at > 0) result += '\n';
        result += one;
        at = end + 1;
    }
    if (result.size() > text_limit) {
        result = cut_at_character(result, text_limit);
        cut = true;
    }
    text = std::move(result);
    return cut;
}

bool is_kept_caption(std::string_view text)
{
    if (text.size() > text_limit) return false;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (!is_kept_text(text.substr(at, end - at))) return false;
        at = end + 1;
    }
    return true;
}

Json phone_asset_json(const PhoneAsset& asset)
{
    Json json = Json::object();
    put(json, "uuid", asset.uuid);
    put(json, "path", asset.path);
    put(json, "original_name", asset.original_name);
    put_word(json, "kind", asset.kind);
    put_word(json, "subtype", asset.subtype);
    put_word(json, "provenance", asset.provenance);
    put(json, "app", asset.app);
    put(json, "created", asset.created);
    put(json, "added", asset.added);
    put(json, "modified", asset.modified);
    put(json, "time_zone", asset.time_zone);
    put_number(json, "offset_minutes", asset.offset_minutes);
    if (asset.position) {
        json["latitude"] = asset.position->latitude;
        json["longitude"] = asset.position->longitude;
    }
    put(json, "favorite", asset.favorite);
    put(json, "hidden", asset.hidden);
    put(json, "trashed", asset.trashed);
    put(json, "trashed_at", asset.trashed_at);
    put(json, "edited", asset.edited);
    put(json, "edited_at", asset.edited_at);
    put(json, "edited_by", asset.edited_by);
    put(json, "title", asset.title);
    put(json, "caption", asset.caption);
    put(json, "keywords", asset.keywords);
    put(json, "people", asset.people);
    put(json, "burst_uuid", asset.burst_uuid);
    put(json, "burst_picked", asset.burst_picked);
    put(json, "burst_key", asset.burst_key);
    if (!asset.shown) json["shown"] = false;
    put(json, "live_uuid", asset.live_uuid);
    put(json, "in_shared_library", asset.in_shared_library);
    for (const PhoneResource& resource : asset.resources) {
        Json one = Json::object();
        put_word(one, "role", resource.role);
        put(one, "video", resource.video);
        put_number(one, "bytes", resource.bytes);
        put_word(one, "locality", resource.locality);
        json["resources"].push_back(std::move(one));
    }
    put_word(json, "locality", asset.locality);
    return json;
}

PhoneAsset phone_asset_of(const Json& json)
{
    const PhoneObject object{json};
    PhoneAsset asset;
    asset.uuid = object.checked("uuid", is_phone_uuid);
    asset.path = object.checked("path", is_phone_path);
    asset.original_name = object.text("original_name");
    asset.kind = object.word("kind", media_kinds);
    asset.subtype = object.word("subtype", subtypes);
    asset.provenance = object.word("provenance", provenances);
    asset.app = object.text("app");
    asset.created = object.instant("created");
    asset.added = object.instant("added");
    asset.modified = object.instant("modified");
    asset.time_zone = object.text("time_zone");
    if (const auto minutes = object.number("offset_minutes")) {
        if (*minutes < -most_offset_minutes || *minutes > most_offset_minutes)
            refuse_phone_fact("offset_minutes");
        asset.offset_minutes = static_cast<int>(*minutes);
    }
    if (object.member("latitude") != nullptr)
        asset.position = GeoPoint{object.degrees("latitude", 90), object.degrees("longitude", 180), {}};
    asset.favorite = object.flag("favorite");
    asset.hidden = object.flag("hidden");
    asset.trashed = object.flag("trashed");
    asset.trashed_at = object.instant("trashed_at");
    asset.edited = object.flag("edited");
    asset.edited_at = object.instant("edited_at");
    asset.edited_by = object.text("edited_by");
    asset.title = object.text("title");
    asset.caption = object.checked("caption", is_kept_caption);
    asset.keywords = object.texts("keywords");
    asset.people = object.texts("people");
    asset.burst_uuid = object.text("burst_uuid");
    asset.burst_picked = object.flag("burst_picked");
    asset.burst_key = object.flag("burst_key");
    asset.shown = object.flag("shown", true);
    asset.live_uuid = object.text("live_uuid");
    asset.in_shared_library = object.flag("in_shared_library");
    for (const Json& one : object.list("resources", phone_list_limit))
        asset.resources.push_back(resource_of(one));
    asset.locality = object.word("locality", localities);
    return asset;
}

Json phone_album_json(const PhoneAlbum& album)
{
    Json json = Json::object();
    put_word(json, "kind", album.kind);
    put(json, "uuid", album.uuid);
    put(json, "title", album.title);
    put(json, "owner", album.owner);
    put_word(json, "order", album.order);
    put(json, "created", album.created);
    put(json, "trashed", album.trashed);
    return json;
}

PhoneAlbum phone_album_of(const Json& json)
{
    const PhoneObject object{json};
    PhoneAlbum album;
    album.kind = object.word("kind", album_kinds);
    album.uuid = object.checked("uuid", is_phone_uuid);
    album.title = object.text("title");
    album.owner = object.text("owner");
    album.order = object.word("order", orders);
    album.created = object.instant("created");
    album.trashed = object.flag("trashed");
    return album;
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/phone_library_json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/bounded.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_path = 1024;
constexpr std::size_t longest_uuid = 64;

// What is empty or usual is left out.

std::int64_t nanoseconds(Instant instant) { return instant.time_since_epoch().count(); }

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
    if (instant) json[key] = nanoseconds(*instant);
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

std::string line(const char* key, Json&& json)
{
    return Json{{key, std::move(json)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
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

std::string library_line(const PhoneLibrary& library)
{
    Json json = Json::object();
    put(json, "uuid", library.uuid);
    put_number(json, "model_version", library.model_version);
    put(json, "asset_table", library.asset_table);
    put(json, "album_table", library.album_table);
    return line("library", std::move(json));
}

std::string asset_line(const PhoneAsset& asset)
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
    return line("asset", std::move(json));
}

std::string album_line(const PhoneAlbum& album)
{
    Json json = Json::object();
    put_word(json, "kind", album.kind);
    put(json, "uuid", album.uuid);
    put(json, "title", album.title);
    put(json, "owner", album.owner);
    put_number(json, "parent", album.parent);
    put_word(json, "order", album.order);
    put_number(json, "key", album.key);
    put(json, "created", album.created);
    put(json, "trashed", album.trashed);
    return line("album", std::move(json));
}

std::string members_line(const PhoneAlbum& album, std::size_t first)
{
    const std::size_t last = std::min(album.members.size(), first + members_of_a_line);
    Json list = Json::array();
    for (std::size_t i = first; i < last; ++i) list.push_back(album.members[i]);
    return line("members", std::move(list));
}

std::string trouble_line(const std::string& trouble) { return line("trouble", trouble); }

std::string end_line(std::size_t assets, std::size_t albums)
{
    return line("end", {{"assets", assets}, {"albums", albums}});
}

} // namespace photosafe

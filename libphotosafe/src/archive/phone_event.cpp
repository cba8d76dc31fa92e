// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/phone_event.hpp"

#include <nlohmann/json.hpp>

#include "core/digest.hpp"
#include "core/phone_facts.hpp"
#include "core/phone_object.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_key = 4096; // a path, or a title
constexpr std::size_t most_keys = 5'000'000;
constexpr std::size_t most_files = 8;

bool is_key(std::string_view text) { return !text.empty() && text.size() <= longest_key && is_utf8(text); }
bool is_any_utf8(std::string_view text) { return is_utf8(text); }

std::vector<std::string> keys(const PhoneObject& line, const char* name)
{
    std::vector<std::string> result;
    for (const nlohmann::json& one : line.list(name, most_keys)) {
        if (!one.is_string() || !is_key(one.get_ref<const std::string&>())) refuse_phone_fact(name);
        result.push_back(one.get<std::string>());
    }
    return result;
}

const nlohmann::json& inner(const PhoneObject& line, const char* name)
{
    const nlohmann::json* found = line.member(name);
    if (found == nullptr) refuse_phone_fact(name);
    return *found;
}

std::string optional_key(const PhoneObject& line, const char* name) { return line.checked(name, is_key); }

Instant instant(const PhoneObject& line, const char* name)
{
    const auto value = line.instant(name);
    if (!value) refuse_phone_fact(name);
    return *value;
}

std::uint64_t count(const PhoneObject& line, const char* name)
{
    return line.count(name, INT64_MAX).value_or(0);
}

} // namespace

const std::string& phone_key(const PhoneAsset& asset) noexcept
{
    return asset.uuid.empty() ? asset.path : asset.uuid;
}

const std::string& phone_key(const PhoneAlbum& album) noexcept
{
    return album.uuid.empty() ? album.title : album.uuid;
}

Json json(const LibraryFound& e)
{
    Json line{{"type", "library"}};
    if (!e.uuid.empty()) line["uuid"] = e.uuid;
    if (e.model_version) line["model_version"] = *e.model_version;
    return line;
}

Json json(const ItemTold& e)
{
    Json line{{"type", "item"}};
    if (e.original) line["original"] = hex(*e.original);
    line["item"] = phone_asset_json(e.item);
    return line;
}

Json json(const ItemsGone& e) { return {{"type", "items_gone"}, {"items", e.keys}}; }

Json json(const AlbumTold& e)
{
    Json line{{"type", "album"}, {"album", phone_album_json(e.album)}};
    if (!e.folder.empty()) line["folder"] = e.folder;
    if (!e.key_item.empty()) line["key"] = e.key_item;
    line["place"] = e.place;
    line["members"] = e.members;
    return line;
}

Json json(const AlbumsGone& e) { return {{"type", "albums_gone"}, {"albums", e.keys}}; }

Json json(const Looked& e)
{
    Json line{{"type", "looked"}, {"at", to_rfc3339(e.at)}};
    if (!e.trouble.empty()) {
        line["trouble"] = e.trouble;
        return line;
    }
    Json files = Json::array();
    for (const SourceFile& file : e.files)
        files.push_back(
            {{"path", file.path}, {"bytes", file.bytes}, {"modified", to_rfc3339(file.modified)}});
    line["files"] = std::move(files);
    line["items"] = e.items;
    line["albums"] = e.albums;
    if (!e.troubles.empty()) line["troubles"] = e.troubles;
    return line;
}

LibraryFound library_found(const nlohmann::json& json)
{
    const PhoneObject line{json};
    return {.uuid = line.checked("uuid", is_phone_uuid), .model_version = line.number("model_version")};
}

ItemTold item_told(const nlohmann::json& json)
{
    const PhoneObject line{json};
    ItemTold e{.item = phone_asset_of(inner(line, "item")), .original = {}};
    if (phone_key(e.item).empty()) refuse_phone_fact("item");
    if (const std::string digits = line.text("original"); !digits.empty()) {
        e.original.emplace();
        if (!from_hex(digits, *e.original)) refuse_phone_fact("original");
    }
    return e;
}

ItemsGone items_gone(const nlohmann::json& json) { return {keys(PhoneObject{json}, "items")}; }

AlbumTold album_told(const nlohmann::json& json)
{
    const PhoneObject line{json};
    AlbumTold e{.album = phone_album_of(inner(line, "album")),
                .folder = optional_key(line, "folder"),
                .key_item = optional_key(line, "key"),
                .place = count(line, "place"),
                .members = keys(line, "members")};
    if (phone_key(e.album).empty()) refuse_phone_fact("album");
    return e;
}

AlbumsGone albums_gone(const nlohmann::json& json) { return {keys(PhoneObject{json}, "albums")}; }

Looked looked(const nlohmann::json& json)
{
    const PhoneObject line{json};
    Looked e{.at = instant(line, "at"),
             .files = {},
             .items = count(line, "items"),
             .albums = count(line, "albums"),
             .trouble = line.checked("trouble", is_any_utf8),
             .troubles = line.texts("troubles")};
    for (const nlohmann::json& one : line.list("files", most_files)) {
        const PhoneObject file{one};
        e.files.push_back({.path = file.checked("path", is_any_utf8),
                           .bytes = count(file, "bytes"),
                           .modified = instant(file, "modified"),
                           .born = {}});
    }
    return e;
}

} // namespace photosafe

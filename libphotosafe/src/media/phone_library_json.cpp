// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/phone_library_json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace photosafe {

namespace {

using Json = nlohmann::json;

void put(Json& json, const char* key, const std::string& text)
{
    if (!text.empty()) json[key] = text;
}
template <class T>
void put_number(Json& json, const char* key, const std::optional<T>& number)
{
    if (number) json[key] = *number;
}

std::string line(const char* key, Json&& json)
{
    return Json{{key, std::move(json)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string library_line(const PhoneLibrary& library)
{
    Json json = Json::object();
    put(json, "uuid", library.uuid);
    put_number(json, "model_version", library.model_version);
    put(json, "asset_table", library.asset_table);
    put(json, "album_table", library.album_table);
    return line("library", std::move(json));
}

std::string asset_line(const PhoneAsset& asset) { return line("asset", phone_asset_json(asset)); }

std::string album_line(const PhoneAlbum& album)
{
    Json json = phone_album_json(album);
    put_number(json, "parent", album.parent);
    put_number(json, "key", album.key);
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
std::string lost_fact_line(const std::string& lost) { return line("lost_fact", lost); }

std::string end_line(std::size_t assets, std::size_t albums)
{
    return line("end", {{"assets", assets}, {"albums", albums}});
}

} // namespace photosafe

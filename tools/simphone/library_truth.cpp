// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_truth.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace simphone {
namespace {

using Json = nlohmann::ordered_json;

void put_text(Json& row, const char* key, const std::string& text)
{
    if (!text.empty()) row[key] = text;
}

const char* locality_of(const LibraryAsset& asset)
{
    const LibraryResource& original = asset.resources.front();
    return original.local ? "on_phone" : "only_in_icloud";
}

Json names(const std::vector<std::size_t>& numbers, const std::vector<std::string>& of)
{
    Json list = Json::array();
    for (const std::size_t number : numbers)
        if (!of[number].empty()) list.push_back(of[number]); // a person nobody named has none
    return list;
}

Json resource_row(const LibraryResource& resource)
{
    return {{"role", resource.role},   {"path", resource.path},   {"movie", resource.movie},
            {"bytes", resource.bytes}, {"local", resource.local}, {"in_icloud", resource.in_icloud}};
}

Json asset_row(const Library& library, const LibraryAsset& asset)
{
    Json row{{"uuid", asset.uuid},
             {"shot", asset.shot},
             {"path", asset.folder + "/" + asset.name},
             {"original_name", asset.original_name},
             {"kind", asset.movie ? "video" : "photo"},
             {"subtype", asset.subtype},
             {"provenance", asset.provenance},
             {"locality", locality_of(asset)},
             {"created_ns", asset.created_ns},
             {"added_ns", asset.added_ns},
             {"modified_ns", asset.modified_ns},
             {"favourite", asset.favourite},
             {"hidden", asset.hidden},
             {"trashed", asset.trashed},
             {"edited", asset.edited_ns.has_value()},
             {"only_in_log", asset.late}};
    if (asset.trashed_ns) row["trashed_ns"] = *asset.trashed_ns;
    if (asset.edited_ns) row["edited_ns"] = *asset.edited_ns;
    if (asset.offset_minutes) row["offset_minutes"] = *asset.offset_minutes;
    if (asset.place)
        row["gps"] = {{"latitude", asset.place->latitude}, {"longitude", asset.place->longitude}};
    put_text(row, "app", asset.app);
    put_text(row, "caption", asset.caption);
    put_text(row, "title", asset.title);
    put_text(row, "burst_uuid", asset.burst_uuid);
    if (!asset.burst_uuid.empty()) row["burst_pick"] = asset.burst_pick;
    put_text(row, "group_uuid", asset.group_uuid);
    if (Json list = names(asset.keywords, library.keywords); !list.empty()) row["keywords"] = std::move(list);
    if (Json list = names(asset.people, library.people); !list.empty()) row["people"] = std::move(list);
    row["resources"] = Json::array();
    for (const LibraryResource& resource : asset.resources)
        row["resources"].push_back(resource_row(resource));
    return row;
}

Json album_row(const Library& library, const LibraryAlbum& album)
{
    static constexpr const char* kinds[] = {"album", "folder", "shared", "import_session"};
    static constexpr const char* orders[] = {"manual", "oldest_first", "newest_first"};
    Json row{
        {"uuid", album.uuid},         {"kind", kinds[static_cast<int>(album.kind)]},
        {"title", album.title},       {"created_ns", album.created_ns},
        {"position", album.position}, {"order", orders[album.sort_key == 0 ? 0 : album.ascending ? 1 : 2]},
        {"trashed", album.trashed},   {"only_in_log", album.late}};
    if (album.parent) row["parent"] = library.albums[*album.parent].uuid;
    if (album.key) row["key"] = library.assets[*album.key].uuid;
    put_text(row, "owner", album.owner);
    row["members"] = Json::array();
    for (const std::size_t member : album.members) row["members"].push_back(library.assets[member].uuid);
    return row;
}

template <class Rows, class MakeRow>
void write_rows(std::ostream& out, const char* key, const Rows& rows, MakeRow make_row)
{
    out << ",\n\"" << key << "\": [";
    const char* separator = "\n";
    for (const auto& row : rows) {
        out << separator << make_row(row).dump();
        separator = ",\n";
    }
    out << "\n]";
}

} // namespace

void write_library_truth(std::ostream& out, const Library& library, const Generation& generation,
                         const LibraryOptions& options)
{
    out << "\"library\": {\n\"generation\": " << Json(generation.name).dump()
        << ",\n\"model_version\": " << generation.model_version
        << ",\n\"asset_table\": " << Json(generation.asset_table()).dump()
        << ",\n\"album_assets\": " << Json(generation.album_assets()).dump()
        << ",\n\"oddities\": " << Json(options.oddities).dump()
        << ",\n\"unlisted_shots\": " << Json(library.unlisted).dump()
        << ",\n\"written_ns\": " << library.written_ns;
    write_rows(out, "assets", library.assets,
               [&](const LibraryAsset& asset) { return asset_row(library, asset); });
    write_rows(out, "albums", library.albums,
               [&](const LibraryAlbum& album) { return album_row(library, album); });
    out << "\n}";
}

} // namespace simphone

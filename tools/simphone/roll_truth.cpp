// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_truth.hpp"

#include "roll_heic.hpp"
#include "roll_names.hpp"
#include "roll_time.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace simphone {
namespace {

using Json = nlohmann::ordered_json;

// A name that is no UTF-8 is told in hex, as PhotoSafe's own JSON does.
Json path_json(const std::string& path)
{
    try {
        Json text = path;
        static_cast<void>(text.dump());
        return text;
    } catch (const Json::type_error&) {
        static constexpr char digits[] = "0123456789abcdef";
        std::string hex;
        for (const char c : path) {
            const auto byte = static_cast<unsigned char>(c);
            (hex += digits[byte >> 4]) += digits[byte & 15];
        }
        return {{"bytes_hex", hex}};
    }
}

void put_text(Json& row, const char* key, const std::string& text)
{
    if (!text.empty()) row[key] = text;
}

void put_scene(Json& row, const std::optional<Camera>& camera, const std::optional<Place>& place)
{
    if (camera) {
        row["make"] = camera->make;
        row["model"] = camera->model;
        row["lens"] = camera->lens;
        row["software"] = camera->software;
    }
    if (place)
        row["gps"] = {
            {"latitude", place->latitude}, {"longitude", place->longitude}, {"altitude", place->altitude}};
}

void put_moment(Json& row, const Moment& moment)
{
    if (moment.utc_ns == 0) return; // of files that were given to us nothing is known
    row["captured"] = rfc3339(moment);
    row["captured_ns"] = moment.utc_ns;
    row["zone"] = zone_text(moment);
}

Json file_row(const Roll& roll, const RollFile& file)
{
    Json row{{"path", path_json(file.path)},
             {"bytes", file.bytes},
             {"sha256", file.sha256},
             {"kind", name_of(file.kind)},
             {"role", file.role}};
    if (file.shot < roll.shots.size()) row["shot"] = file.shot;
    row["importable"] = file.importable;
    put_text(row, "why_not", file.why_not);
    row["mtime_ns"] = file.mtime_ns;
    row["birthtime_ns"] = file.birthtime_ns;
    put_moment(row, file.captured);
    put_text(row, "content_identifier", file.content_identifier);
    put_text(row, "burst_uuid", file.burst_uuid);
    if (file.width > 0) {
        row["width"] = file.width;
        row["height"] = file.height;
        row["orientation"] = file.orientation;
    }
    if (file.seconds > 0) {
        row["seconds"] = file.seconds;
        row["fps"] = file.fps;
    }
    put_scene(row, file.camera, file.place);
    const auto beside = auxiliaries(file.same_as ? roll.files[*file.same_as] : file);
    if (!beside.empty()) row["aux"] = beside;
    if (file.same_as) row["same_as"] = path_json(roll.files[*file.same_as].path);
    return row;
}

Json shot_row(const Roll& roll, const Shot& shot)
{
    Json row{{"id", shot.id}, {"kind", name_of(shot.kind)}};
    put_text(row, "uuid", shot.uuid);
    put_moment(row, shot.captured);
    put_scene(row, shot.camera, shot.place);
    put_text(row, "content_identifier", shot.content_identifier);
    put_text(row, "burst_uuid", shot.burst_uuid);
    put_text(row, "original_name", shot.original_name);
    row["edited"] = shot.edited;
    Json files = Json::array();
    for (const std::size_t index : shot.files)
        files.push_back({{"path", path_json(roll.files[index].path)}, {"role", roll.files[index].role}});
    row["files"] = std::move(files);
    for (const std::size_t index : shot.absent) {
        const RollFile& file = roll.absent[index];
        row["absent"].push_back(
            {{"path", file.path}, {"role", file.role}, {"bytes", file.bytes}, {"in_icloud", file.in_icloud}});
    }
    return row;
}

std::map<std::string, std::vector<std::size_t>> by_content(const Roll& roll)
{
    std::map<std::string, std::vector<std::size_t>> result;
    for (std::size_t i = 0; i < roll.files.size(); ++i) result[roll.files[i].sha256].push_back(i);
    return result;
}

Json totals(const Roll& roll, std::size_t contents)
{
    std::uint64_t bytes = 0, importable = 0, importable_bytes = 0;
    std::set<std::string> folders, importable_contents;
    std::map<std::string, std::uint64_t> file_kinds, shot_kinds;
    for (const auto& file : roll.files) {
        bytes += file.bytes;
        if (file.importable) {
            ++importable;
            importable_bytes += file.bytes;
            importable_contents.insert(file.sha256);
        }
        folders.insert(folder_of(file.path));
        ++file_kinds[name_of(file.kind)];
    }
    for (const auto& shot : roll.shots) ++shot_kinds[name_of(shot.kind)];
    return {{"shots", roll.shots.size()},
            {"files", roll.files.size()},
            {"bytes", bytes},
            {"importable_files", importable},
            {"importable_bytes", importable_bytes},
            {"importable_contents", importable_contents.size()},
            {"contents", contents},
            {"folders_with_files", folders.size()},
            {"files_by_kind", file_kinds},
            {"shots_by_kind", shot_kinds},
            {"skipped", roll.skipped}};
}

// Row by row: the whole as one tree would need a gigabyte for a roll of 100,000 files.
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

void write_truth(const Roll& roll, const std::string& made_with, const std::filesystem::path& path,
                 const std::function<void(std::ostream&)>& more)
{
    const auto contents = by_content(roll);
    std::vector<std::vector<std::size_t>> duplicates;
    for (const auto& [sha256, files] : contents)
        if (files.size() > 1) duplicates.push_back(files);

    const std::filesystem::path draft = path.string() + ".part";
    std::ofstream out{draft, std::ios::binary | std::ios::trunc};
    out << "{\n\"schema\": 1,\n\"made_with\": " << Json(made_with).dump()
        << ",\n\"totals\": " << totals(roll, contents.size()).dump();
    write_rows(out, "duplicates", duplicates, [&](const auto& files) {
        Json paths = Json::array();
        for (const std::size_t index : files) paths.push_back(path_json(roll.files[index].path));
        return paths;
    });
    write_rows(out, "shots", roll.shots, [&](const Shot& shot) { return shot_row(roll, shot); });
    write_rows(out, "files", roll.files, [&](const RollFile& file) { return file_row(roll, file); });
    if (more) more(out << ",\n");
    out << "\n}\n";
    out.close();
    if (!out) throw std::runtime_error("Writing " + draft.string() + " failed");
    std::filesystem::rename(draft, path);
}

std::string summary(const Roll& roll)
{
    std::uint64_t bytes = 0;
    for (const auto& file : roll.files) bytes += file.bytes;
    const std::uint64_t tenths = (bytes + 50'000) / 100'000;
    return std::to_string(roll.shots.size()) + " shots, " + std::to_string(roll.files.size()) + " files, " +
           std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

} // namespace simphone

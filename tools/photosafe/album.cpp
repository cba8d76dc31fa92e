// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <algorithm>

#include <photosafe/archive.hpp>

#include "escape.hpp"
#include "human.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "action",
     .kind = Kind::argument,
     .metavar = "ACTION",
     .fallback = "list",
     .choices = "list show",
     .help = "list: all albums. show: what is in one. Default: list."},
    {.name = "name",
     .kind = Kind::argument,
     .metavar = "NAME",
     .help = "Title of an album, or its number in the list."},
    {.name = "all",
     .help = "Also albums that are gone from the phone, are in its bin, or that Photos makes by itself "
             "(imports)."},
};

constexpr Example examples[] = {
    {"photosafe album", "The albums of all phones that were imported."},
    {"photosafe album show Rome", "What is in the album Rome, in its order."},
    {"photosafe find album:Rome favorite:yes", "Favourites of that album."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::no_archive};

std::string full_title(const PhoneAlbumRecord& one)
{
    return one.folder.empty() ? one.album.title : one.folder + "/" + one.album.title;
}

bool is_usual(const PhoneAlbumRecord& one)
{
    return !one.gone && !one.album.trashed &&
           (one.album.kind == PhoneAlbum::Kind::album || one.album.kind == PhoneAlbum::Kind::shared);
}

Json json_of(const PhoneAlbumRecord& one)
{
    Json object = object_of("album");
    object["id"] = one.id;
    object["whose"] = "phone";
    object["source"] = json_name(one.source);
    object["source_name"] = json_name(one.source_name);
    object["library"] = one.library;
    if (!one.album.uuid.empty()) object["uuid"] = one.album.uuid;
    object["kind"] = name(one.album.kind);
    object["title"] = json_name(one.album.title);
    if (!one.folder.empty()) object["folder"] = json_name(one.folder);
    if (!one.album.owner.empty()) object["owner"] = json_name(one.album.owner);
    object["order"] = name(one.album.order);
    object["items"] = one.items;
    object["stored"] = one.stored;
    if (one.key_asset) object["key_asset"] = *one.key_asset;
    if (one.album.created) object["created"] = json_instant(*one.album.created);
    if (one.album.trashed) object["trashed"] = true;
    if (one.gone) object["gone"] = json_instant(*one.gone);
    return object;
}

Json json_of(const PhoneItemRecord& one, const std::optional<std::string>& path)
{
    Json object = object_of("member");
    if (!one.item.uuid.empty()) object["uuid"] = one.item.uuid;
    object["path"] = json_name(one.item.path);
    if (!one.item.original_name.empty()) object["name"] = json_name(one.item.original_name);
    object["favorite"] = one.item.favorite;
    if (one.asset) object["asset"] = *one.asset;
    if (path) object["asset_path"] = json_name(*path);
    if (one.gone) object["gone"] = json_instant(*one.gone);
    return object;
}

ExitCode list_albums(const Archive& archive, const Run& run)
{
    const bool all = run.settings.flag("all");
    std::vector<std::vector<Cell>> rows{
        {{"ID", true}, {"ALBUM"}, {"KIND"}, {"ITEMS", true}, {"STORED", true}, {"OF"}}};
    std::uint64_t shown = 0;
    for (const PhoneAlbumRecord& one : archive.phone_albums()) {
        if (!all && !is_usual(one)) continue;
        ++shown;
        run.terminal.object(json_of(one));
        rows.push_back({{std::to_string(one.id), true},
                        {full_title(one)},
                        {std::string{name(one.album.kind)} + (one.gone            ? ", gone"
                                                              : one.album.trashed ? ", in the bin"
                                                                                  : "")},
                        {count_text(one.items), true},
                        {count_text(one.stored), true},
                        {one.source_name}});
    }
    if (shown == 0)
        run.terminal.line(
            "No album is known. They come from a phone's own library, which `photosafe import` reads.");
    else
        run.terminal.lines(table_lines(rows));
    run.terminal.summary("album", {{"action", "list"}, {"albums", shown}});
    return ExitCode::ok;
}

/// The one album that is meant. Throws UsageError where it is none, or several.
PhoneAlbumRecord album_named(const Archive& archive, const std::string& typed)
{
    std::vector<PhoneAlbumRecord> found;
    for (PhoneAlbumRecord& one : archive.phone_albums()) {
        if (one.album.kind == PhoneAlbum::Kind::folder) continue;
        if (std::to_string(one.id) == typed) return std::move(one);
        if (one.album.title == typed || full_title(one) == typed) found.push_back(std::move(one));
    }
    // One that is still on a phone is meant before those that were.
    if (std::ranges::any_of(found, is_usual))
        std::erase_if(found, [](const auto& one) { return !is_usual(one); });
    if (found.empty())
        throw UsageError("There is no album `" + printable(typed) + "`; `photosafe album list` names all.");
    if (found.size() > 1)
        throw UsageError("`" + printable(typed) +
                         "` is the title of several albums; take its number from `photosafe album list`.");
    return std::move(found.front());
}

ExitCode show_album(const Archive& archive, const Run& run)
{
    const PhoneAlbumRecord album = album_named(archive, run.settings.text("name"));
    run.terminal.object(json_of(album));
    run.terminal.line(full_title(album) + ", " + count_text(album.items, "item") + ", of " +
                      album.source_name + ":");
    for (const PhoneItemRecord& one : archive.members(album)) {
        std::optional<std::string> path;
        if (one.asset) path = archive.path_of(*one.asset);
        run.terminal.object(json_of(one, path));
        run.terminal.line("  " + (path ? *path : one.item.path + "  (not in the archive)"));
    }
    run.terminal.summary("album", {{"action", "show"}, {"items", album.items}, {"stored", album.stored}});
    return ExitCode::ok;
}

ExitCode run_album(const Run& run)
{
    const Archive archive = Archive::open(run.settings.archive(), Access::read);
    const bool named = run.settings.given("name");
    if (run.settings.text("action") == "list") {
        if (named) throw UsageError("`photosafe album list` takes no NAME; `show` does.");
        return list_albums(archive, run);
    }
    if (!named) throw UsageError("`photosafe album show` wants the NAME of an album.");
    return show_album(archive, run);
}

} // namespace

const Command album_command = {
    .name = "album",
    .purpose = "list the albums of imported phones, or show what is in one",
    .description = "Albums are read from the phone's own library at each import, with their folders, their "
                   "order and their key "
                   "picture. They are the phone's: what is renamed, added or taken out there is so here "
                   "after the next import. A "
                   "picture that was deleted from the phone stays in the albums that it was in.\n\n"
                   "STORED says of how many items the archive has the original; the others are only in "
                   "iCloud, or were not imported.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import find status",
    .run = run_album,
};

} // namespace photosafe::cli

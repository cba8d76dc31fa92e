// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_planner.hpp"

#include <algorithm>

namespace simphone {
namespace {

constexpr std::int64_t second = 1'000'000'000;

} // namespace

std::size_t LibraryPlanner::add_album(LibraryAlbum::Kind kind, const std::string& title,
                                      std::optional<std::size_t> parent)
{
    LibraryAlbum album;
    album.kind = kind;
    album.uuid = make_uuid(random_);
    album.title = title;
    album.parent = parent;
    const std::size_t number = library_.albums.size();
    album.created_ns =
        library_.written_ns - static_cast<std::int64_t>(1 + random_.below(30 * 86'400)) * second;
    // Later albums often come first: positions aren't those of the rows.
    album.position = number % 2 == 0 ? 100'000 + static_cast<std::int64_t>(number) * 1024
                                     : 100'000 - static_cast<std::int64_t>(number) * 1024;
    library_.albums.push_back(std::move(album));
    return number;
}

/// Puts `count` different assets into it, in an order of its own, and perhaps chooses a key picture.
void LibraryPlanner::fill(std::size_t number, std::size_t count)
{
    LibraryAlbum& album = library_.albums[number];
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < library_.assets.size(); ++i) {
        const std::string& provenance = library_.assets[i].provenance;
        if (provenance != "shared_album" && provenance != "synced") all.push_back(i);
    }
    album.members = some_of(all, std::min(count, all.size()), "assets are there");
    if (!album.members.empty() && random_.chance(70))
        album.key = album.members[random_.below(album.members.size())];
}

void LibraryPlanner::add_albums()
{
    using Kind = LibraryAlbum::Kind;
    const std::size_t journeys = add_album(Kind::folder, "Reisen ✈️", {});
    const std::size_t italy = add_album(Kind::folder, "Italien", journeys);
    fill(add_album(Kind::album, "Roma 2024", italy), 12);
    fill(add_album(Kind::album, "Küste", italy), 7);
    fill(add_album(Kind::album, "Roma 2024", {}), 3); // the same name once more
    add_album(Kind::album, "Empty", journeys);
    add_album(Kind::folder, "Nothing in it", {});
    const std::size_t deleted = add_album(Kind::album, "Deleted", {});
    fill(deleted, 4);
    library_.albums[deleted].trashed = true;

    const std::size_t everything = add_album(Kind::album, "Everything", {});
    fill(everything, library_.assets.size());
    for (const bool ascending : {true, false}) {
        const std::size_t dated = add_album(Kind::album, ascending ? "Oldest first" : "Newest first", {});
        fill(dated, 9);
        LibraryAlbum& album = library_.albums[dated];
        album.sort_key = 1;
        album.ascending = ascending;
        std::stable_sort(album.members.begin(), album.members.end(), [&](std::size_t a, std::size_t b) {
            const std::int64_t one = library_.assets[a].created_ns, other = library_.assets[b].created_ns;
            return ascending ? one < other : other < one;
        });
    }
    const auto of_provenance = [&](const char* provenance) {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < library_.assets.size(); ++i)
            if (library_.assets[i].provenance == provenance) found.push_back(i);
        return found;
    };
    if (auto members = of_provenance("shared_album"); !members.empty()) {
        LibraryAlbum& album = library_.albums[add_album(Kind::shared, "Family", {})];
        album.members = std::move(members);
        album.owner = "Grace Hopper";
    }
    if (auto members = of_provenance("imported"); !members.empty())
        library_.albums[add_album(Kind::import_session, "", {})].members = std::move(members);
    for (std::size_t i = 0; i < library_.assets.size() / 500; ++i) // a large library has many
        fill(add_album(Kind::album, "Album " + std::to_string(i + 1),
                       i % 3 == 0 ? std::optional{italy} : std::nullopt),
             40);
    const std::size_t late = add_album(Kind::album, "Made a minute ago", journeys);
    fill(late, 5);
    library_.albums[late].late = true;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library.hpp"

#include "library_planner.hpp"
#include "roll_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace simphone {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::string upper_extension(const std::string& path)
{
    std::string extension = extension_of(path);
    for (char& c : extension) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return extension;
}

bool is_movie(const std::string& path)
{
    static constexpr std::array movies{".MOV", ".MP4", ".M4V", ".3GP"};
    return std::find(movies.begin(), movies.end(), upper_extension(path)) != movies.end();
}

std::string uti_of(const std::string& path)
{
    static constexpr std::array<std::pair<const char*, const char*>, 8> types{
        {{".HEIC", "public.heic"},
         {".JPG", "public.jpeg"},
         {".JPEG", "public.jpeg"},
         {".PNG", "public.png"},
         {".GIF", "com.compuserve.gif"},
         {".MOV", "com.apple.quicktime-movie"},
         {".MP4", "public.mpeg-4"},
         {".DNG", "com.adobe.raw-image"}}};
    const std::string extension = upper_extension(path);
    for (const auto& [known, type] : types)
        if (extension == known) return type;
    return "public.data";
}

std::string resource_role(const RollFile& file)
{
    if (file.role == "edited_render") return "edited";
    if (file.role == "adjustments") return "sidecar";
    if (file.role == "primary" || file.role == "burst_frame" || file.role == "part") return "original";
    return file.role;
}

std::string subtype_of(const Shot& shot, const RollFile& file)
{
    if (file.kind == FileKind::slow_motion) return "slow_motion";
    if (is_movie(file.path)) return "video";
    if (file.kind == FileKind::screenshot_png) return "screenshot";
    return shot.content_identifier.empty() ? "still" : "live";
}

std::string provenance_of(const RollFile& file, ShotKind kind)
{
    if (file.kind == FileKind::shared_copy) return "shared_album";
    if (file.kind == FileKind::synced_copy) return "synced";
    if (file.path.starts_with("PhotoData/CPLAssets/") || file.path.find("CLOUD/") != std::string::npos)
        return "icloud";
    if (kind == ShotKind::imported || kind == ShotKind::own) return "imported";
    return kind == ShotKind::saved || kind == ShotKind::gif ? "app" : "camera";
}

} // namespace

LibraryPlanner::LibraryPlanner(const Roll& roll, std::uint64_t seed, const LibraryOptions& options)
    : roll_{roll}, options_{options}, random_{derive_seed(seed, "library")}
{
}

Library LibraryPlanner::plan()
{
    library_.people = {"Ada Lovelace", "José Álvarez", "Гагарин", "小林", "", "O’Brien, \"Bob\""};
    library_.keywords = {"Beach", "Familie", "Kids & pets", "2024", "日本", "to print"};
    choose_unlisted();
    for (const Shot& shot : roll_.shots)
        if (!std::binary_search(library_.unlisted.begin(), library_.unlisted.end(), shot.id)) add_shot(shot);
    mark();
    add_albums();
    return std::move(library_);
}

void LibraryPlanner::choose_unlisted()
{
    std::vector<std::size_t> free;
    for (const Shot& shot : roll_.shots)
        if (!shot.files.empty() && shot.absent.empty() && roll_.files[shot.files.front()].importable)
            free.push_back(shot.id);
    library_.unlisted = some_of(free, options_.unlisted, "shots can stay out of the database");
    std::sort(library_.unlisted.begin(), library_.unlisted.end());
}

/// `count` of them, in the order they were drawn; they are taken out of `from`.
std::vector<std::size_t> LibraryPlanner::some_of(std::vector<std::size_t>& from, std::size_t count,
                                                 const std::string& what)
{
    if (count > from.size()) throw std::invalid_argument("only " + std::to_string(from.size()) + " " + what);
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = random_.below(from.size());
        drawn.push_back(from[at]);
        from[at] = from.back();
        from.pop_back();
    }
    return drawn;
}

// A frame of a burst is an asset of its own, and so is each of a person's own files that isn't about another.
void LibraryPlanner::add_shot(const Shot& shot)
{
    const bool apart = shot.kind == ShotKind::burst || shot.kind == ShotKind::own;
    const std::size_t first = library_.assets.size();
    const auto each = [&](auto&& act) {
        for (const std::size_t index : shot.files) act(roll_.files[index], true);
        for (const std::size_t index : shot.absent) act(roll_.absent[index], false);
    };
    each([&](const RollFile& file, bool here) {
        const bool begins = file.role == "primary" || (apart && resource_role(file) == "original");
        if (begins) add_asset(shot, file, here);
    });
    if (library_.assets.size() == first) return; // sidecars alone are nobody's picture
    each([&](const RollFile& file, bool here) {
        const std::string role = resource_role(file);
        if (role == "original" || role == "metadata_stub") return;
        add_resource(library_.assets[first], role, file, here);
    });
}

void LibraryPlanner::add_asset(const Shot& shot, const RollFile& file, bool here)
{
    LibraryAsset asset;
    const bool is_first = library_.assets.empty() || library_.assets.back().shot != shot.id;
    asset.uuid = is_first && !shot.uuid.empty() ? shot.uuid : make_uuid(random_);
    asset.shot = shot.id;
    asset.folder = folder_of(file.path);
    asset.name = stem_of(file.path) + extension_of(file.path);
    asset.original_name = shot.original_name.empty()
                              ? asset.name
                              : stem_of(shot.original_name) + extension_of(shot.original_name);
    asset.uti = uti_of(file.path);
    asset.movie = is_movie(file.path);
    asset.subtype = subtype_of(shot, file);
    asset.provenance = provenance_of(file, shot.kind);
    if (asset.provenance == "app") asset.app = "net.whatsapp.WhatsApp";
    const bool dated = file.captured.utc_ns != 0;
    asset.created_ns = dated ? file.captured.utc_ns : file.mtime_ns;
    if (dated) asset.offset_minutes = file.captured.offset_minutes;
    asset.added_ns = std::max(asset.created_ns, file.birthtime_ns) + 2 * second;
    asset.modified_ns = asset.added_ns;
    asset.place = file.place;
    asset.width = file.width;
    asset.height = file.height;
    asset.orientation = file.orientation;
    asset.seconds = file.seconds;
    asset.group_uuid = file.kind == FileKind::heic_live ? shot.content_identifier : std::string{};
    if (!file.burst_uuid.empty()) {
        // Photos' own pick and stack top is the first frame; a person has picked some others.
        asset.burst_uuid = file.burst_uuid;
        asset.burst_pick = is_first ? 4 + 16 : random_.chance(25) ? 8 : 2;
    }
    add_resource(asset, "original", file, here);
    library_.assets.push_back(std::move(asset));
    library_.written_ns = std::max(library_.written_ns, library_.assets.back().added_ns);
}

void LibraryPlanner::add_resource(LibraryAsset& asset, const std::string& role, const RollFile& file,
                                  bool here)
{
    LibraryResource resource{role,
                             file.path,
                             is_movie(file.path),
                             file.bytes,
                             here || !file.in_icloud,
                             asset.provenance == "icloud" || file.in_icloud};
    if (role == "edited" || role == "edited_video") {
        asset.edited_ns = file.mtime_ns;
        asset.modified_ns = std::max(asset.modified_ns, file.mtime_ns);
        library_.written_ns = std::max(library_.written_ns, file.mtime_ns);
    } else if (role == "sidecar" && asset.subtype == "slow_motion")
        asset.edited_ns = asset.created_ns; // where it is slow is an edit, too
    asset.resources.push_back(std::move(resource));
}

// What people do with their pictures.
void LibraryPlanner::mark()
{
    auto& assets = library_.assets;
    library_.written_ns += 3600 * second;
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        LibraryAsset& asset = assets[i];
        asset.late = i >= assets.size() - (assets.size() + 9) / 10;
        const bool absent =
            !asset.resources.front().local || roll_.shots[asset.shot].kind == ShotKind::vanished;
        if (asset.provenance == "shared_album" || asset.provenance == "synced") continue;
        if (!absent && asset.burst_uuid.empty()) own.push_back(i);
        describe(asset);
    }
    for (const std::size_t i : some_of(own, options_.trashed, "pictures can be put into the trash")) {
        assets[i].trashed = true;
        assets[i].trashed_ns =
            library_.written_ns - static_cast<std::int64_t>(random_.below(20 * 86'400)) * second;
    }
    const std::size_t hidden = options_.hidden.value_or(std::min(own.size(), (assets.size() + 30) / 40));
    for (const std::size_t i : some_of(own, hidden, "pictures can be hidden")) assets[i].hidden = true;
    for (std::size_t i = 0; i < assets.size() && library_.late_favourites.size() < 2; ++i)
        if (assets[i].favourite && !assets[i].late) library_.late_favourites.push_back(i);
}

void LibraryPlanner::describe(LibraryAsset& asset)
{
    static constexpr std::array captions{"Auf dem Weg zum Strand", "“The” picture\nwith a second line",
                                         "Großmutter & ich 🎂", "東京タワー",
                                         "100 % of it; DROP TABLE ZASSET;--"};
    static constexpr std::array titles{"Sunset", "Der Hund", "Untitled (3)"};
    asset.favourite = random_.chance(8);
    if (random_.chance(10)) asset.caption = captions[random_.below(captions.size())];
    if (random_.chance(5)) asset.title = titles[random_.below(titles.size())];
    const auto draw = [&](unsigned percent, std::size_t of) {
        std::vector<std::size_t> drawn;
        while (drawn.size() < of && random_.chance(percent)) {
            const std::size_t one = random_.below(of);
            if (std::find(drawn.begin(), drawn.end(), one) == drawn.end()) drawn.push_back(one);
        }
        return drawn;
    };
    asset.keywords = draw(15, library_.keywords.size());
    if (!asset.movie) asset.people = draw(25, library_.people.size());
}

Library plan_library(const Roll& roll, std::uint64_t seed, const LibraryOptions& options)
{
    return LibraryPlanner{roll, seed, options}.plan();
}

} // namespace simphone

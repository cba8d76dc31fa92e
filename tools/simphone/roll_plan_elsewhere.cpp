// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_planner.hpp"
#include "roll_time.hpp"

#include <array>

namespace simphone {
namespace {

void not_importable(RollFile& file, const char* reason)
{
    file.importable = false;
    file.why_not = reason;
}

} // namespace

// A number that the camera has used, so that the same name is in two folders with different contents.
void Planner::twin_name(std::string& stem, const std::string& extension)
{
    for (const auto& file : roll_.files)
        if (file.path.starts_with("DCIM/1") && file.role == "primary" &&
            extension_of(file.path) == extension && stem_of(file.path).starts_with("IMG_")) {
            stem = stem_of(file.path);
            if (random_.chance(50)) return;
        }
}

std::string Planner::free_path(const std::string& folder, const std::string& stem,
                               const std::string& extension) const
{
    std::string path = folder + "/" + stem + extension;
    for (unsigned number = 1; taken_.contains(path); ++number) {
        path = folder;
        path.append("/IMG_").append(four_digits(number)).append(extension);
    }
    return path;
}

// Pictures that came through other apps keep names of four letters and four digits; a few tools leave them in
// DCIM itself.
void Planner::saved(Shot& shot)
{
    shot.camera.reset();
    shot.place.reset();
    RollFile file = picture(shot, Format::jpeg);
    file.orientation = 1;
    std::string name;
    for (int i = 0; i < 4; ++i) name += static_cast<char>('A' + random_.below(26));
    name += four_digits(static_cast<unsigned>(random_.below(10'000)));
    const bool loose = shot.id % 3 == 1;
    const std::string folder = loose ? "DCIM" : "DCIM/" + counter_.next().folder;
    add(shot, file, FileKind::jpeg, "primary", free_path(folder, name, ".JPG"));
}

// Read from a camera's card on the phone.
void Planner::imported(Shot& shot)
{
    shot.camera = card_camera();
    std::string stem = "IMG_0001";
    twin_name(stem, ".JPG");
    add(shot, picture(shot, Format::jpeg), FileKind::jpeg, "primary",
        free_path("DCIM/100IMPRT", stem, ".JPG"));
}

// Originals that the phone fetched: file times are those of the download, and the halves of a Live Photo have
// unrelated names; only the content identifier joins them.
void Planner::icloud(Shot& shot, bool live)
{
    if (live) shot.content_identifier = make_uuid(random_);
    const auto fetched =
        later(shot.captured, static_cast<double>(random_.between(86'400, 30'000'000))).utc_ns;
    RollFile still = picture(shot, Format::heic);
    still.mtime_ns = still.birthtime_ns = fetched;
    shot.original_name = counter_.next().stem() + ".HEIC";
    if (classic() && !live) {
        std::string stem = "IMG_0001";
        twin_name(stem, ".HEIC");
        add(shot, still, FileKind::heic, "primary", free_path("DCIM/100CLOUD", stem, ".HEIC"));
        return;
    }
    const std::string group = "PhotoData/CPLAssets/group" + std::to_string(random_.between(1, 255));
    const RollFile added = add(shot, still, live ? FileKind::heic_live : FileKind::heic, "primary",
                               group + "/" + shot.uuid + ".HEIC");
    if (live) {
        RollFile half = video(shot, FileKind::live_video, 3, 30);
        half.mtime_ns = half.birthtime_ns = fetched;
        half.orientation = added.orientation;
        half.picture = added.picture;
        add(shot, half, FileKind::live_video, "live_video", group + "/" + make_uuid(random_) + ".MOV");
    }
    if (random_.chance(25)) edit(shot, added);
}

void Planner::shared_album(Shot& shot)
{
    RollFile file = picture(shot, Format::jpeg);
    file.orientation = 1;
    not_importable(file, "a reduced copy in a shared album");
    const std::string folder = "PhotoData/PhotoCloudSharingData/" +
                               std::to_string(200'000'000 + options_.seed % 1'000'000) + "/" +
                               make_uuid(random_) + "/100CLOUD";
    add(shot, file, FileKind::shared_copy, "primary", free_path(folder, "IMG_0001", ".JPG"));
}

void Planner::synced(Shot& shot)
{
    RollFile file = picture(shot, Format::jpeg);
    file.orientation = 1;
    not_importable(file, "a reduced copy that a computer synced to the phone");
    add(shot, file, FileKind::synced_copy, "primary",
        free_path("PhotoData/Sync/100SYNCD", "IMG_0001", ".JPG"));
}

// Thumbnails and stubs of metadata carry the names of originals. Some belong to originals that aren't on the
// phone.
void Planner::stubs()
{
    constexpr std::size_t shots_with_stubs = 12;
    const std::size_t count = std::min(shots_with_stubs, roll_.shots.size());
    for (std::size_t i = 0; i < count; ++i) {
        Shot& shot = roll_.shots[i];
        if (shot.files.empty()) continue;
        const RollFile original = roll_.files[shot.files.front()];
        if (!original.path.starts_with("DCIM/") || !original.camera) continue;
        RollFile thumbnail = picture(shot, Format::jpeg);
        thumbnail.camera.reset();
        thumbnail.content_identifier.clear();
        thumbnail.orientation = 1;
        thumbnail.width = 160;
        thumbnail.height = 120;
        thumbnail.wanted_bytes = 0;
        not_importable(thumbnail, "a thumbnail");
        add(shot, thumbnail, FileKind::thumbnail, "thumbnail",
            "PhotoData/Thumbnails/V2/" + original.path + "/5005.JPG");
        RollFile stub = thumbnail;
        stub.why_not = "a stub of metadata";
        add(shot, stub, FileKind::metadata_stub, "metadata_stub", "PhotoData/Metadata/" + original.path);
    }
}

// What else lies there and is nobody's picture. It belongs to no shot, and its times are those of the last
// one.
void Planner::litter()
{
    Shot nobody;
    nobody.id = roll_.shots.size();
    static constexpr std::array paths{
        "DCIM/.MISC/Incoming.plist", "DCIM/.MISC/Info.plist", "PhotoData/MISC/DCIM_APPLE.plist",
        "PhotoData/AlbumsMetadata/8F0F5E9A-0D5C-4C43-9E5A-0F6A3C1B7A11.albummetadata"};
    for (const char* path : paths) {
        RollFile file;
        file.shot = nobody.id;
        file.captured = journey_.now();
        file.format = Format::plist;
        file.mtime_ns = std::max<std::int64_t>(1, journey_.now().utc_ns);
        not_importable(file, "no picture");
        add(nobody, file, FileKind::junk, "junk", path);
    }
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// Shots that Photos knows of and that aren't on the phone, wholly or in part: "Optimise iPhone Storage".
#include "roll_planner.hpp"

namespace simphone {
namespace {

constexpr double live_seconds = 3;
constexpr unsigned usual_fps = 30;

} // namespace

// Five ways in turn: all of a photo, of a Live Photo, of a movie; the original of an edit whose rendering is
// here; the moving half of a Live Photo whose still is here.
void Planner::only_in_icloud(Shot& shot, std::size_t number)
{
    enum class Way { photo, live, edited, moving_half, movie };
    const auto way = static_cast<Way>(number % 5);
    const auto name = counter_.next();
    const auto gone = [&](RollFile file, FileKind kind, const std::string& role, const std::string& ext) {
        const std::string cloud = "PhotoData/CPLAssets/group" + std::to_string(1 + shot.id % 255) + "/" +
                                  (role == "live_video" ? make_uuid(random_) : shot.uuid) + ext;
        RollFile& added =
            add_absent(shot, std::move(file), kind, role, number % 2 == 0 ? name.path(ext) : cloud);
        added.in_icloud = true;
        return added;
    };
    shot.original_name = name.stem() + (way == Way::movie ? ".MOV" : ".HEIC");
    if (way == Way::movie) {
        gone(video(shot, FileKind::movie, 12, usual_fps), FileKind::movie, "primary", ".MOV");
        return;
    }
    if (way == Way::live || way == Way::moving_half) shot.content_identifier = make_uuid(random_);
    const RollFile still = picture(shot, Format::heic);
    if (way == Way::moving_half)
        add(shot, still, FileKind::heic_live, "primary", name.path(".HEIC"));
    else {
        const RollFile original =
            gone(still, way == Way::live ? FileKind::heic_live : FileKind::heic, "primary", ".HEIC");
        if (way == Way::edited) edit(shot, original);
    }
    if (!shot.content_identifier.empty())
        gone(video(shot, FileKind::live_video, live_seconds, usual_fps), FileKind::live_video, "live_video",
             ".MOV");
}

// The database says that it is here, and it isn't: removed behind Photos' back, or not there any more.
void Planner::vanished(Shot& shot)
{
    add_absent(shot, picture(shot, Format::heic), FileKind::heic, "primary", counter_.next().path(".HEIC"));
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_planner.hpp"
#include "roll_time.hpp"

#include <array>
#include <utility>

namespace simphone {
namespace {

constexpr double live_seconds = 3;
constexpr unsigned usual_fps = 30;

// What Photos renders of an edit is upright.
RollFile upright(RollFile render)
{
    if (render.orientation >= 5) std::swap(render.width, render.height);
    render.orientation = 1;
    return render;
}

} // namespace

void Planner::photo(Shot& shot, bool live, bool edited)
{
    if (live) shot.content_identifier = make_uuid(random_);
    const auto name = counter_.next();
    const RollFile still = add(shot, picture(shot, Format::heic), live ? FileKind::heic_live : FileKind::heic,
                               "primary", name.path(".HEIC"));
    if (live) {
        RollFile half = video(shot, FileKind::live_video, live_seconds, usual_fps);
        half.orientation = still.orientation;
        half.picture = still.picture;
        add(shot, half, FileKind::live_video, "live_video", name.path(".MOV"));
    }
    if (edited) edit(shot, still);
}

// An edit has a recipe, a rendered picture and, of a Live Photo, a rendered movie. The rendered halves carry
// a content identifier of their own (seen in files exported from real phones).
void Planner::edit(Shot& shot, const RollFile& original)
{
    shot.edited = true;
    const bool live = !shot.content_identifier.empty();
    const bool render_heic = random_.chance(40);
    RollFile render = upright(original);
    render.format = render_heic ? Format::heic : Format::jpeg;
    render.picture = (original.picture + 1) % static_cast<unsigned>(options_.pictures);
    render.mtime_ns = render.birthtime_ns =
        later(shot.captured, static_cast<double>(random_.between(60, 900'000))).utc_ns;
    RollFile moving = live ? video(shot, FileKind::edited_video, live_seconds, usual_fps) : RollFile{};
    if (live) {
        render.content_identifier = moving.content_identifier = make_uuid(random_);
        moving.orientation = 1;
        moving.picture = render.picture;
        moving.mtime_ns = moving.birthtime_ns = render.mtime_ns;
    }
    RollFile recipe;
    recipe.format = Format::aae;
    recipe.shot = shot.id;
    recipe.captured = shot.captured;
    recipe.mtime_ns = recipe.birthtime_ns = render.mtime_ns;
    const std::string path = original.path;
    if (path.starts_with("DCIM/") && classic())
        edit_in_dcim(shot, render, moving, recipe);
    else
        edit_in_mutations(shot, render, moving, recipe, path);
}

void Planner::edit_in_dcim(Shot& shot, const RollFile& render, const RollFile& moving, const RollFile& recipe)
{
    const std::string folder = folder_of(render.path);
    const std::string digits = stem_of(render.path).substr(4);
    const std::string extension = render.format == Format::heic ? ".HEIC" : ".JPG";
    add(shot, render, FileKind::edited_render, "edited_render", folder + "/IMG_E" + digits + extension);
    if (moving.fps > 0)
        add(shot, moving, FileKind::edited_video, "edited_video", folder + "/IMG_E" + digits + ".MOV");
    add(shot, recipe, FileKind::aae, "sidecar", folder + "/IMG_" + digits + ".AAE");
    // The recipe of what the camera itself did (a portrait, a filter) before the person's edit.
    if (random_.chance(50)) add(shot, recipe, FileKind::aae, "sidecar", folder + "/IMG_O" + digits + ".AAE");
}

void Planner::edit_in_mutations(Shot& shot, const RollFile& render, const RollFile& moving,
                                const RollFile& recipe, const std::string& original)
{
    const std::string asset = folder_of(original) + "/" + stem_of(original);
    const std::string folder = "PhotoData/Mutations/" + asset + "/Adjustments/";
    const std::string extension = render.format == Format::heic ? ".heic" : ".jpg";
    add(shot, render, FileKind::edited_render, "edited_render", folder + "FullSizeRender" + extension);
    if (moving.fps > 0)
        add(shot, moving, FileKind::edited_video, "edited_video", folder + "FullSizeRender.mov");
    RollFile binary = recipe;
    binary.format = Format::plist;
    add(shot, binary, FileKind::adjustments_plist, "adjustments", folder + "Adjustments.plist");
    if (original.starts_with("DCIM/")) add(shot, recipe, FileKind::aae, "sidecar", asset + ".AAE");
}

void Planner::jpeg(Shot& shot)
{
    add(shot, picture(shot, Format::jpeg), FileKind::jpeg, "primary", counter_.next().path(".JPG"));
}

void Planner::screenshot(Shot& shot)
{
    static constexpr std::array<std::pair<unsigned, unsigned>, 3> screens{
        {{750, 1334}, {1170, 2532}, {1179, 2556}}};
    shot.camera.reset();
    shot.place.reset();
    RollFile file = picture(shot, Format::png);
    file.orientation = 1;
    const bool small = options_.width < 1000;
    std::tie(file.width, file.height) = screens[small ? 0 : 1 + shot.id % 2];
    file.picture = static_cast<unsigned>(random_.below(3));
    add(shot, file, FileKind::screenshot_png, "primary", counter_.next().path(".PNG"));
}

void Planner::movie(Shot& shot, bool slow_motion)
{
    const auto name = counter_.next();
    const FileKind kind = slow_motion ? FileKind::slow_motion : FileKind::movie;
    RollFile file =
        video(shot, kind, static_cast<double>(random_.between(2, 20)), slow_motion ? 240 : usual_fps);
    add(shot, file, kind, "primary", name.path(".MOV"));
    if (!slow_motion) return;
    // Where the slow part begins and ends is a recipe, too.
    RollFile recipe;
    recipe.format = Format::aae;
    recipe.shot = shot.id;
    recipe.captured = shot.captured;
    recipe.fps = file.fps;
    add(shot, recipe, FileKind::aae, "sidecar", name.path(".AAE"));
}

void Planner::sparse_movie(Shot& shot)
{
    RollFile file = video(shot, FileKind::movie, 60, usual_fps);
    file.wanted_bytes = options_.sparse_movie_bytes;
    add(shot, file, FileKind::movie, "primary", counter_.next().path(".MOV"));
}

void Planner::burst(Shot& shot)
{
    shot.burst_uuid = make_uuid(random_);
    const auto frames = random_.between(3, 9);
    const Format format = random_.chance(50) ? Format::heic : Format::jpeg;
    for (std::int64_t i = 0; i < frames; ++i) {
        RollFile frame = picture(shot, format);
        frame.burst_uuid = shot.burst_uuid;
        frame.orientation = 1;
        frame.captured = later(shot.captured, 0.1 * static_cast<double>(i));
        add(shot, frame, FileKind::burst, i == 0 ? "primary" : "burst_frame",
            counter_.next().path(format == Format::heic ? ".HEIC" : ".JPG"));
    }
}

void Planner::raw(Shot& shot, bool with_jpeg)
{
    const auto name = counter_.next();
    const RollFile file = picture(shot, Format::dng);
    RollFile negative = file;
    negative.wanted_bytes *= 8; // ProRAW: about eight times its picture
    add(shot, negative, FileKind::raw_dng, with_jpeg ? "raw" : "primary", name.path(".DNG"));
    if (!with_jpeg) return;
    RollFile developed = file;
    developed.format = Format::jpeg;
    add(shot, developed, FileKind::raw_jpeg, "primary", name.path(".JPG"));
}

// The same bytes once more under a new number: a picture saved twice.
void Planner::duplicate(Shot& shot)
{
    for (std::size_t i = roll_.files.size(); i-- > 0;) {
        const RollFile original = roll_.files[i];
        const bool still = original.kind == FileKind::heic || original.kind == FileKind::jpeg;
        if (!still || original.same_as || original.role != "primary") continue;
        shot.captured = original.captured;
        shot.camera = original.camera;
        shot.place = original.place;
        RollFile copy = original;
        copy.shot = shot.id;
        copy.same_as = i;
        copy.mtime_ns = copy.birthtime_ns = journey_.now().utc_ns;
        add(shot, copy, original.kind, "primary", counter_.next().path(extension_of(original.path)));
        return;
    }
    shot.kind = ShotKind::photo; // nothing yet to repeat
    photo(shot, false, false);
}

void Planner::gif(Shot& shot)
{
    shot.camera.reset();
    shot.place.reset();
    RollFile file = picture(shot, Format::gif);
    file.width = file.height = 8;
    file.orientation = 1;
    file.wanted_bytes = 0;
    add(shot, file, FileKind::gif, "primary", counter_.next().path(".GIF"));
}

} // namespace simphone

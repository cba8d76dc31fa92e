// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_pictures.hpp"
#include "roll_planner.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace simphone {
namespace {

// A usual phone: mostly Live Photos. The weights add up to 100.
constexpr std::array<std::pair<ShotKind, unsigned>, 19> usual_mix{{{ShotKind::live_photo, 42},
                                                                   {ShotKind::photo, 17},
                                                                   {ShotKind::screenshot, 8},
                                                                   {ShotKind::movie, 5},
                                                                   {ShotKind::jpeg, 5},
                                                                   {ShotKind::edited_photo, 4},
                                                                   {ShotKind::edited_live, 3},
                                                                   {ShotKind::saved, 3},
                                                                   {ShotKind::icloud_photo, 2},
                                                                   {ShotKind::icloud_live, 2},
                                                                   {ShotKind::raw_jpeg, 1},
                                                                   {ShotKind::raw, 1},
                                                                   {ShotKind::slow_motion, 1},
                                                                   {ShotKind::burst, 1},
                                                                   {ShotKind::imported, 1},
                                                                   {ShotKind::duplicate, 1},
                                                                   {ShotKind::gif, 1},
                                                                   {ShotKind::shared_album, 1},
                                                                   {ShotKind::synced, 1}}};

// In the middle of a small roll the numbers wrap; a large one has room for a whole turn.
unsigned first_number(const RollOptions& options)
{
    if (options.first_number) return *options.first_number;
    constexpr std::size_t last = 9999;
    return static_cast<unsigned>(std::max<std::size_t>(1, last - std::min(last - 1, options.items / 2)));
}

} // namespace

Planner::Planner(const RollOptions& options)
    : options_{options}, random_{derive_seed(options.seed, "plan")}, journey_{options.seed, options.items},
      counter_{first_number(options)}
{
    if (options.width < 64 || options.height < 64 || options.width > 16384 || options.height > 16384)
        throw std::invalid_argument("a picture is 64x64 to 16384x16384");
    if (options.tile < 64) throw std::invalid_argument("a tile is at least 64 wide");
    if (options.pictures == 0) throw std::invalid_argument("at least one picture must be drawn");
    if (options.first_number && (*options.first_number < 1 || *options.first_number > 9999))
        throw std::invalid_argument("the first number is 1 to 9999");
}

Roll Planner::plan()
{
    for (std::size_t i = 0; i < options_.items; ++i) {
        journey_.advance();
        Shot shot = begin_shot(choose(i));
        make(shot);
        roll_.shots.push_back(std::move(shot));
    }
    if (options_.sparse_movie_bytes > 0) {
        journey_.advance();
        Shot shot = begin_shot(ShotKind::movie);
        sparse_movie(shot);
        roll_.shots.push_back(std::move(shot));
    }
    for (std::size_t i = 0; i < options_.only_in_icloud; ++i) {
        journey_.advance();
        Shot shot = begin_shot(ShotKind::only_in_icloud);
        only_in_icloud(shot, i);
        roll_.shots.push_back(std::move(shot));
    }
    for (std::size_t i = 0; i < options_.vanished; ++i) {
        journey_.advance();
        Shot shot = begin_shot(ShotKind::vanished);
        vanished(shot);
        roll_.shots.push_back(std::move(shot));
    }
    stubs();
    litter();
    return std::move(roll_);
}

// Without a mix of the caller's the first shots are one of each kind, so that a small roll has everything.
ShotKind Planner::choose(std::size_t index)
{
    if (options_.mix.empty() && index < usual_mix.size()) return usual_mix[index].first;
    std::uint64_t total = 0;
    const auto sum = [&](const auto& weights) {
        for (const auto& [kind, weight] : weights) total += weight;
    };
    const auto pick = [&](const auto& weights) {
        std::uint64_t left = random_.below(total);
        for (const auto& [kind, weight] : weights) {
            if (left < weight) return kind;
            left -= weight;
        }
        return ShotKind::photo;
    };
    if (options_.mix.empty()) {
        sum(usual_mix);
        return pick(usual_mix);
    }
    sum(options_.mix);
    if (total == 0) throw std::invalid_argument("the mix has no weight");
    return pick(options_.mix);
}

void Planner::make(Shot& shot)
{
    switch (shot.kind) {
    case ShotKind::photo: return photo(shot, false, false);
    case ShotKind::live_photo: return photo(shot, true, false);
    case ShotKind::edited_photo: return photo(shot, false, true);
    case ShotKind::edited_live: return photo(shot, true, true);
    case ShotKind::jpeg: return jpeg(shot);
    case ShotKind::screenshot: return screenshot(shot);
    case ShotKind::movie: return movie(shot, false);
    case ShotKind::slow_motion: return movie(shot, true);
    case ShotKind::burst: return burst(shot);
    case ShotKind::raw_jpeg: return raw(shot, true);
    case ShotKind::raw: return raw(shot, false);
    case ShotKind::saved: return saved(shot);
    case ShotKind::imported: return imported(shot);
    case ShotKind::icloud_photo: return icloud(shot, false);
    case ShotKind::icloud_live: return icloud(shot, true);
    case ShotKind::duplicate: return duplicate(shot);
    case ShotKind::gif: return gif(shot);
    case ShotKind::shared_album: return shared_album(shot);
    case ShotKind::synced: return synced(shot);
    case ShotKind::bulk:
    case ShotKind::own:
    case ShotKind::only_in_icloud:
    case ShotKind::vanished: throw std::invalid_argument("no such kind of shot can be asked for");
    }
}

Shot Planner::begin_shot(ShotKind kind)
{
    Shot shot;
    shot.id = roll_.shots.size();
    shot.kind = kind;
    shot.captured = journey_.now();
    shot.place = journey_.place();
    shot.camera = phone_camera(shot.captured);
    shot.uuid = make_uuid(random_);
    return shot;
}

RollFile Planner::picture(const Shot& shot, Format format)
{
    RollFile file;
    file.format = format;
    file.shot = shot.id;
    file.captured = shot.captured;
    file.camera = shot.camera;
    file.place = shot.place;
    file.content_identifier = shot.content_identifier;
    file.width = options_.width;
    file.height = options_.height;
    file.picture = static_cast<unsigned>(random_.below(options_.pictures));
    static constexpr std::array orientations{1, 6, 1, 3, 6, 1, 8};
    file.orientation = orientations[turned_++ % orientations.size()];
    file.wanted_bytes = wanted(options_.photo_bytes);
    return file;
}

RollFile Planner::video(const Shot& shot, FileKind kind, double seconds, unsigned fps)
{
    RollFile file = picture(shot, Format::mov);
    file.kind = kind;
    file.width = PictureBank::movie_width;
    file.height = PictureBank::movie_height;
    file.seconds = seconds;
    file.fps = fps;
    // The half of a Live Photo is about as large as its picture.
    if (kind == FileKind::movie || kind == FileKind::slow_motion)
        file.wanted_bytes = wanted(options_.movie_bytes);
    return file;
}

RollFile& Planner::add(Shot& shot, RollFile file, FileKind kind, const std::string& role,
                       const std::string& path)
{
    if (!taken_.insert(path).second) throw std::logic_error("two files want the name " + path);
    file.kind = kind;
    file.role = role;
    file.path = path;
    file.seed = derive_seed(options_.seed, path);
    if (file.mtime_ns == 0) file.mtime_ns = file.captured.utc_ns;
    if (file.birthtime_ns == 0) file.birthtime_ns = file.mtime_ns;
    shot.files.push_back(roll_.files.size());
    roll_.files.push_back(std::move(file));
    return roll_.files.back();
}

RollFile& Planner::add_absent(Shot& shot, RollFile file, FileKind kind, const std::string& role,
                              const std::string& path)
{
    if (!taken_.insert(path).second) throw std::logic_error("two files want the name " + path);
    file.kind = kind;
    file.role = role;
    file.path = path;
    file.seed = derive_seed(options_.seed, path);
    file.mtime_ns = file.birthtime_ns = file.captured.utc_ns;
    constexpr std::uint64_t usual = 2'000'000;
    file.bytes = std::max(file.wanted_bytes, usual + file.seed % usual); // nobody makes it, so it is said
    shot.absent.push_back(roll_.absent.size());
    roll_.absent.push_back(std::move(file));
    return roll_.absent.back();
}

// Between six and fourteen tenths of the mean.
std::uint64_t Planner::wanted(std::uint64_t mean)
{
    return mean / 10 * 6 + (mean == 0 ? 0 : random_.below(mean / 10 * 8 + 1));
}

bool Planner::classic()
{
    return options_.layout == Layout::classic || (options_.layout == Layout::mixed && random_.chance(50));
}

Roll plan_roll(const RollOptions& options) { return Planner{options}.plan(); }

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_names.hpp"
#include "roll_random.hpp"
#include "roll_scenes.hpp"

#include <set>
#include <string>

namespace simphone {

/// Fills a Roll shot by shot. One object makes one roll.
class Planner {
public:
    explicit Planner(const RollOptions& options);

    Roll plan();

private:
    // In DCIM, as the camera makes them.
    void photo(Shot& shot, bool live, bool edited);
    void jpeg(Shot& shot);
    void screenshot(Shot& shot);
    void movie(Shot& shot, bool slow_motion);
    void sparse_movie(Shot& shot);
    void burst(Shot& shot);
    void raw(Shot& shot, bool with_jpeg);
    void duplicate(Shot& shot);
    void gif(Shot& shot);
    // In DCIM, from elsewhere.
    void saved(Shot& shot);
    void imported(Shot& shot);
    // Outside of DCIM.
    void icloud(Shot& shot, bool live);
    void shared_album(Shot& shot);
    void synced(Shot& shot);
    void stubs();
    void litter();
    // Not on the phone, wholly or in part.
    void only_in_icloud(Shot& shot, std::size_t number);
    void vanished(Shot& shot);

    void edit(Shot& shot, const RollFile& original);
    void edit_in_dcim(Shot& shot, const RollFile& render, const RollFile& video, const RollFile& recipe);
    void edit_in_mutations(Shot& shot, const RollFile& render, const RollFile& video, const RollFile& recipe,
                           const std::string& original);

    void make(Shot& shot);
    ShotKind choose(std::size_t index);
    Shot begin_shot(ShotKind kind);
    /// A picture as this shot has it; path, kind and role are the caller's.
    RollFile picture(const Shot& shot, Format format);
    RollFile video(const Shot& shot, FileKind kind, double seconds, unsigned fps);
    /// Gives it a number of its own, where the path is free.
    RollFile& add(Shot& shot, RollFile file, FileKind kind, const std::string& role, const std::string& path);
    /// A file that Photos knows of and that isn't there.
    RollFile& add_absent(Shot& shot, RollFile file, FileKind kind, const std::string& role,
                         const std::string& path);
    std::string free_path(const std::string& folder, const std::string& stem,
                          const std::string& extension) const;
    std::uint64_t wanted(std::uint64_t mean);
    bool classic();
    void twin_name(std::string& stem, const std::string& extension);

    const RollOptions& options_;
    Random random_;
    Journey journey_;
    CameraCounter counter_;
    Roll roll_;
    std::set<std::string> taken_;
    unsigned turned_ = 0;
};

} // namespace simphone

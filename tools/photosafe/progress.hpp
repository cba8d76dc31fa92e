// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace photosafe::cli {

class Terminal;

/// How far long work is. Without `bytes_total` it is counted in items alone.
struct Amount {
    std::uint64_t items_done = 0, items_total = 0;
    std::uint64_t bytes_done = 0, bytes_total = 0;
    std::string current{};
};

/// Bytes a second over the last ten seconds; a whole run's average would hide that a link became slow.
class Pace {
public:
    using Clock = std::chrono::steady_clock;
    void add(std::uint64_t bytes_done, Clock::time_point now);
    /// None until there is something to measure.
    std::optional<double> bytes_per_second() const;

private:
    struct Sample {
        std::uint64_t bytes;
        Clock::time_point time;
    };
    std::deque<Sample> samples_;
};

/// `12 of 311 files, 1.2 of 4.2 GB, 38 MB/s, 1 min 20 s left  …/IMG_0042.MOV`, at most `columns` wide.
std::string progress_text(const Amount& amount, std::optional<double> bytes_per_second, std::size_t columns);

/// Shows how far long work is: redrawn in place on a terminal; elsewhere a line at the start, one every
/// 30 seconds, one at the end.
class Progress {
public:
    /// `doing` begins each line: "Copying".
    Progress(Terminal& terminal, std::string_view doing);
    void update(const Amount& amount, Pace::Clock::time_point now = Pace::Clock::now());
    /// Ends it: the redrawn line goes, a log gets its last one. Nothing when there was nothing to show.
    void finish();

private:
    Terminal& terminal_;
    std::string doing_;
    Pace pace_;
    Amount last_;
    std::optional<Pace::Clock::time_point> logged_;
};

} // namespace photosafe::cli

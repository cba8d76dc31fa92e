// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

namespace photosafe {

/// When long work tells its caller how far it is: ten times a second, and at its end. Threads: one at a time.
class ProgressPace {
public:
    /// Whether it is time to tell again. `now`: it is, whatever the clock says.
    bool due(bool now)
    {
        const auto time = Clock::now();
        if (!now && time - told_ < interval) return false;
        told_ = time;
        return true;
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds interval{100};
    Clock::time_point told_{};
};

} // namespace photosafe

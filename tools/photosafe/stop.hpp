// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace photosafe::cli {

class Terminal;

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request: the first one ends work where everything is safe,
/// the second one ends the process at once.
///
/// Threads: make it before any other thread, for they inherit what it blocks.
class StopOnSignal {
public:
    explicit StopOnSignal(Terminal& terminal);
    ~StopOnSignal();
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;

    std::stop_token token() const noexcept { return stop_.get_token(); }
    /// Asks for the stop without a signal and without a word; returns at once.
    void stop_now() noexcept;

private:
    void watch();
    void take_signal();

    Terminal& terminal_;
    std::stop_source stop_;
    int signals_;
    int wake_;
    std::atomic<bool> quit_{false};
    std::thread watcher_;
};

} // namespace photosafe::cli

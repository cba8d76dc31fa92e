// SPDX-License-Identifier: LGPL-2.1-or-later
// Things that happen later, one after the other, on a thread of their own.
#pragma once

#include "link.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace simphone {

/// Threads: any. What hasn't happened when it is destroyed doesn't happen.
class Timer {
public:
    Timer();
    ~Timer();
    /// After this nothing happens any more.
    void stop();
    void in(std::chrono::nanoseconds delay, std::function<void()> deed);

private:
    void run();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Instant, std::function<void()>> deeds_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace simphone

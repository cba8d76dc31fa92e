// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timer.hpp"

namespace simphone {

Timer::Timer() : thread_([this] { run(); }) {}

Timer::~Timer() { stop(); }

void Timer::stop()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Timer::in(std::chrono::nanoseconds delay, std::function<void()> deed)
{
    {
        const std::lock_guard lock(mutex_);
        deeds_.emplace(Clock::now() + delay, std::move(deed));
    }
    changed_.notify_all();
}

void Timer::run()
{
    std::unique_lock lock(mutex_);
    while (!ending_) {
        if (deeds_.empty()) {
            changed_.wait(lock);
        } else if (const Instant next = deeds_.begin()->first; next > Clock::now()) {
            changed_.wait_until(lock, next);
        } else {
            auto node = deeds_.extract(deeds_.begin());
            lock.unlock();
            node.mapped()();
            lock.lock();
        }
    }
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "link.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace simphone {
namespace {

/// What an idle cable saves up: enough to make good a late wake-up, too little to be noticed.
constexpr double burst_bytes = 256.0 * 1024;

/// A busy machine wakes us late. That is not the cable's time, and is made good up to this.
constexpr auto most_made_good = std::chrono::milliseconds(20);

} // namespace

void sleep_until(Instant when)
{
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
    const timespec deadline{static_cast<time_t>(since / 1'000'000'000),
                            static_cast<long>(since % 1'000'000'000)};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) == EINTR) {
    }
}

LinkModel Link::model() const
{
    const std::lock_guard lock(mutex_);
    return model_;
}

void Link::change(LinkModel model)
{
    const std::lock_guard lock(mutex_);
    model_ = model;
    limited_ = model.bytes_per_second != 0;
    delays_ = model.latency.count() != 0 || model.service_time.count() != 0;
}

void Link::pass(std::size_t bytes)
{
    if (!limited_) return;
    Instant done;
    {
        const std::lock_guard lock(mutex_);
        if (model_.bytes_per_second == 0) return;
        const auto rate = static_cast<double>(model_.bytes_per_second);
        const auto span = [rate](double n) {
            return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(n / rate));
        };
        const Instant earliest = Clock::now() - span(burst_bytes) - std::exchange(woken_late_, {});
        free_at_ = std::max(free_at_, earliest) + span(static_cast<double>(bytes));
        done = free_at_;
    }
    if (done <= Clock::now()) return;
    sleep_until(done);
    const std::lock_guard lock(mutex_);
    woken_late_ = std::min<Clock::duration>(woken_late_ + (Clock::now() - done), most_made_good);
}

void ReplyTimes::wait(Instant arrival)
{
    if (!link_.delays()) return;
    const LinkModel model = link_.model();
    served_ = std::max(served_, arrival) + model.service_time;
    const Instant leaves = served_ + model.latency;
    if (leaves > Clock::now()) sleep_until(leaves);
}

} // namespace simphone

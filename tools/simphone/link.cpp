// SPDX-License-Identifier: LGPL-2.1-or-later
#include "link.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace simphone {
namespace {

/// A busy machine wakes us late, and reading a file takes it time. Neither is the cable's time: a reply that could have
/// left counts from then, but from no longer ago than this, so that a client that takes nothing saves nothing up.
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

void Link::pass(std::size_t bytes, Instant ready)
{
    if (!limited_) return;
    Instant done;
    {
        const std::lock_guard lock(mutex_);
        if (model_.bytes_per_second == 0) return;
        const std::chrono::duration<double> span(static_cast<double>(bytes) /
                                                 static_cast<double>(model_.bytes_per_second));
        free_at_ = std::max({free_at_, ready, Clock::now() - most_made_good}) +
                   std::chrono::duration_cast<Clock::duration>(span);
        done = free_at_;
    }
    if (done > Clock::now()) sleep_until(done);
}

Instant ReplyTimes::wait(Instant arrival)
{
    if (!link_.delays()) return arrival;
    const LinkModel model = link_.model();
    served_ = std::max(served_, arrival) + model.service_time;
    const Instant leaves = served_ + model.latency;
    if (leaves > Clock::now()) sleep_until(leaves);
    return leaves;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// A model of the cable: how long a request takes, how many bytes a second all connections share.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace simphone {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;

struct LinkModel {
    std::chrono::nanoseconds latency{};      ///< from request to reply; overlaps for requests in flight
    std::chrono::nanoseconds service_time{}; ///< the phone's own time for a request; serial in a connection
    std::uint64_t bytes_per_second = 0;      ///< shared by all connections, both ways; 0 is without limit
};

/// Sleeps until `when`, by an absolute deadline, so that lateness doesn't add up.
void sleep_until(Instant when);

/// The cable of one phone. Threads: any.
class Link {
public:
    explicit Link(LinkModel model) : model_(model) {}

    LinkModel model() const;
    void change(LinkModel model);
    /// Is there a bandwidth limit?
    bool limited() const { return limited_; }
    bool delays() const { return delays_; }
    /// Returns when `bytes` more have passed the cable, which they could have entered at `ready`: the time that a cable
    /// lay idle is lost. Whoever asks first passes first.
    void pass(std::size_t bytes, Instant ready);

private:
    mutable std::mutex mutex_;
    LinkModel model_;
    std::atomic<bool> limited_{model_.bytes_per_second != 0};
    std::atomic<bool> delays_{model_.latency.count() != 0 || model_.service_time.count() != 0};
    Instant free_at_{};
};

/// When the replies of one connection may leave. Threads: one.
class ReplyTimes {
public:
    explicit ReplyTimes(const Link& link) : link_(link) {}
    /// Waits until the reply to a request that arrived at `arrival` may leave. Returns that time.
    Instant wait(Instant arrival);

private:
    const Link& link_;
    Instant served_{};
};

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// A thread for each client; every one of them is joined.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <thread>

namespace simphone {

/// Threads: one starts and joins. Not detached threads, because OpenSSL's own of each thread is freed only
/// when that has really ended.
class Crew {
public:
    explicit Crew(std::size_t most) : most_(most) {}
    ~Crew() { join(); }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// False when there are too many already.
    bool start(std::function<void()> work)
    {
        members_.remove_if([](Member& member) {
            if (!member.done) return false;
            member.thread.join();
            return true;
        });
        if (members_.size() >= most_) return false;
        Member& member = members_.emplace_back();
        member.thread = std::thread([work = std::move(work), &member] {
            work();
            member.done = true;
        });
        return true;
    }
    void join()
    {
        for (Member& member : members_) member.thread.join();
        members_.clear();
    }

private:
    struct Member {
        std::thread thread;
        std::atomic<bool> done{false};
    };
    std::size_t most_;
    std::list<Member> members_;
};

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// The faults of one phone: which of them a request meets.
#pragma once

#include "fault.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace simphone {

/// What a request is, for faults.
struct FaultEvent {
    std::string op; ///< "FileRead", "StartService", "Connect"
    std::string path;
    std::string service; ///< "com.apple.afc", "lockdown"; of StartService: the one that is asked for
    bool afc = false;
    std::uint64_t connection = 0; ///< n-th service connection of the phone
    bool has_range = false;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint64_t sent_before = 0; ///< bytes the phone has sent
    std::uint64_t reply_size = 0;  ///< 0 where it isn't known yet
};

/// Threads: any.
class Faults {
public:
    void add(Fault fault);
    void clear();
    bool any() const { return armed_ != 0; }
    /// Those that act now, in the order they were added. Each is counted. `at` of a cut, stall or unplug that
    /// waits for a number of bytes is the byte of this reply.
    std::vector<Fault> meet(FaultStage stage, const FaultEvent& event);
    std::vector<Fault> all() const;

    /// Ends all stalls that go on until then.
    void release() { ++released_; }
    std::uint64_t released() const { return released_; }

private:
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
    std::atomic<std::size_t> armed_{0};
    std::atomic<std::uint64_t> released_{0};
};

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// A place to call C libraries that block for long, can't be cancelled, die of SIGPIPE, and use select().
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/descriptor.hpp"

namespace photosafe {

/// Hands descriptors that were opened apart over to the one who waits.
class Handover {
public:
    explicit Handover(int socket) noexcept : socket_{socket} {}
    /// The other side gets a descriptor of its own for the same open file. Errors: DeviceError `io`.
    void give(int fd) const;

private:
    int socket_;
};

/// Blocks every signal in the calling thread, so that the process's own threads get them, and a broken
/// connection is an error of the call instead of a SIGPIPE.
void block_signals() noexcept;

/// Work that runs on a thread of its own, with all signals blocked and with a descriptor table of its own:
/// what it opens gets low numbers, however many descriptors the process has. That is what select() needs:
/// libraries that use it (libimobiledevice, libusbmuxd) abort or corrupt memory from descriptor 1024 on.
///
/// The work must own all that it uses: one who doesn't want to wait any longer leaves it to end by itself.
class Apart {
public:
    /// Errors: DeviceError `io` when there are no descriptors or threads left.
    explicit Apart(std::function<void(const Handover&)> work);
    Apart(Apart&&) noexcept = default;
    Apart& operator=(Apart&&) = delete;
    /// Leaves the thread to itself, where nobody has waited for its end.
    ~Apart();

    /// Waits for the end of the work; returns what was handed over, in that order. Errors: those of the work;
    /// `timeout` after `deadline`; `cancelled` soon after a stop was asked for.
    std::vector<Descriptor> wait(std::chrono::milliseconds deadline, std::stop_token stop);

private:
    struct State {
        std::mutex mutex;
        std::condition_variable_any changed;
        bool begun = false;
        bool own_table = false;
        bool finished = false;
        std::exception_ptr error;
    };
    static void run(State& state, const std::function<void(const Handover&)>& work, int socket);

    std::shared_ptr<State> state_ = std::make_shared<State>();
    Descriptor socket_;
    std::thread thread_;
};

} // namespace photosafe

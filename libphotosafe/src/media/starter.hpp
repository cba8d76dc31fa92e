// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "media/worker_process.hpp"

namespace photosafe {

/// A thread that starts workers. A worker is killed when the thread that started it ends, so that none
/// outlives a host that was killed; so it must not be the thread of just any caller.
class Starter {
public:
    Starter(std::filesystem::path program, const MediaOptions& options);
    ~Starter();
    Starter(const Starter&) = delete;
    Starter& operator=(const Starter&) = delete;

    /// Throws MediaError{not_found}. Any thread may ask.
    std::unique_ptr<WorkerProcess> start();

private:
    using Task = std::packaged_task<std::unique_ptr<WorkerProcess>()>;
    void run(const std::stop_token& stop);

    const std::filesystem::path program_;
    const MediaOptions options_;
    std::mutex mutex_;
    std::condition_variable_any asked_;
    std::deque<Task> tasks_;
    std::jthread thread_; ///< last: it uses the others
};

} // namespace photosafe

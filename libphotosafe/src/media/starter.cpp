// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/starter.hpp"

#include <csignal>
#include <system_error>
#include <utility>

namespace photosafe {

Starter::Starter(std::filesystem::path program, const MediaOptions& options)
    : program_{std::move(program)}, options_{options}
{
    // The host's signals are for the host's threads.
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    } catch (const std::system_error& error) {
        (void)pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw MediaError{ErrorCode::not_found,
                         std::string{"Pictures can't be read now: Starting a thread: "} + error.what() + '.'};
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Starter::~Starter() = default;

std::unique_ptr<WorkerProcess> Starter::start()
{
    Task task{[this] { return std::make_unique<WorkerProcess>(program_, options_); }};
    auto started = task.get_future();
    {
        const std::scoped_lock lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    asked_.notify_one();
    return started.get();
}

void Starter::run(const std::stop_token& stop)
{
    for (;;) {
        Task task;
        {
            std::unique_lock lock{mutex_};
            if (!asked_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
}

} // namespace photosafe

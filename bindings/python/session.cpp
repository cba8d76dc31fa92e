// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <chrono>

namespace photosafe::python {

void Session::serve(const std::function<void()>& work)
{
    std::exception_ptr failure;
    std::thread worker{[&] {
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock{mutex_};
        finished_ = true;
        changed_.notify_all();
    }};
    {
        const py::gil_scoped_release others_may;
        wait_and_answer();
        worker.join();
    }
    if (raised_) {
        if (failure) add_context(raised_, failure);
        std::rethrow_exception(raised_);
    }
    if (failure) std::rethrow_exception(failure);
}

void Session::wait_and_answer()
{
    std::unique_lock lock{mutex_};
    while (!finished_) {
        constexpr std::chrono::milliseconds between_looks_for_signals{100};
        changed_.wait_for(lock, between_looks_for_signals, [&] { return finished_ || wanted_; });
        if (finished_) return;
        if (InCall::ending()) stop_.request_stop();
        calling_ = wanted_ != nullptr;
        const std::function<void()>* const wanted = wanted_;
        lock.unlock();
        {
            const py::gil_scoped_acquire mine;
            attempt([&] {
                if (wanted) (*wanted)();
                if (PyErr_CheckSignals() != 0) throw py::error_already_set{};
            });
        }
        lock.lock();
        if (!wanted) continue;
        wanted_ = nullptr;
        calling_ = false;
        changed_.notify_all();
    }
}

void Session::attempt(const std::function<void()>& call)
{
    try {
        call();
    } catch (...) {
        // The first counts; a second Ctrl-C, while the work ends, changes nothing.
        if (!raised_) raised_ = std::current_exception();
        stop_.request_stop();
    }
}

void Session::call(const std::function<void()>& call)
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !wanted_ || finished_; });
    if (finished_ || stop_.stop_requested()) return;
    wanted_ = &call;
    changed_.notify_all();
    changed_.wait(lock, [&] { return wanted_ != &call || (finished_ && !calling_); });
    if (wanted_ == &call) wanted_ = nullptr; // the work has ended before it was made
}

} // namespace photosafe::python

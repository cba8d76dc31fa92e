// SPDX-License-Identifier: LGPL-2.1-or-later
#include "in_call.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <unistd.h>

namespace photosafe::python {

namespace {

std::mutex mutex;
std::condition_variable left;
int threads_inside = 0;                    ///< the mutex's
thread_local int calls_of_this_thread = 0; ///< one within the other
std::atomic<bool> is_ending{false};
std::thread::id last; ///< the thread that ends Python; set before `is_ending`, with the GIL

/// Called with the GIL by the thread that ends Python, when other threads may still run. Work that hears of
/// it ends within moments; whatever doesn't is left to its fate.
void end()
{
    last = std::this_thread::get_id();
    is_ending = true;
    const py::gil_scoped_release others_may;
    constexpr std::chrono::seconds longest{30};
    std::unique_lock lock{mutex};
    left.wait_for(lock, longest, [] { return threads_inside == 0; });
}

void enter()
{
    if (calls_of_this_thread++ > 0) return;
    const std::lock_guard lock{mutex};
    ++threads_inside;
}

} // namespace

InCall::InCall()
{
    if (calls_of_this_thread == 0 && ending()) {
        const py::gil_scoped_release for_good;
        for (;;) ::pause();
    }
    enter();
}

InCall::InCall(const InCall&) noexcept { enter(); }

InCall::~InCall()
{
    if (--calls_of_this_thread > 0) return;
    const std::lock_guard lock{mutex};
    if (--threads_inside == 0) left.notify_all();
}

bool InCall::ending() noexcept { return is_ending && std::this_thread::get_id() != last; }

void bind_end(py::module_& module)
{
    module.def("_end", &end);
    py::module_::import("atexit").attr("register")(module.attr("_end"));
}

} // namespace photosafe::python

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "in_call.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace photosafe::python {

namespace {

std::atomic<int> calls{0};
std::atomic<bool> is_ending{false};
thread_local int calls_of_this_thread = 0; ///< one within the other
std::thread::id last; ///< the thread that ends Python; set before `is_ending`, with the GIL

/// Called with the GIL by the thread that ends Python, when other threads may still run. Work that hears of
/// it ends within moments; whatever doesn't is left to its fate.
void end()
{
    last = std::this_thread::get_id();
    is_ending = true;
    const py::gil_scoped_release others_may;
    constexpr std::chrono::seconds longest{30};
    const auto limit = std::chrono::steady_clock::now() + longest;
    while (calls > 0 && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
}

} // namespace

InCall::InCall()
{
    if (calls_of_this_thread == 0 && ending()) {
        const py::gil_scoped_release for_good;
        for (;;) std::this_thread::sleep_for(std::chrono::hours{1});
    }
    ++calls_of_this_thread;
    ++calls;
}

InCall::InCall(const InCall&) noexcept
{
    ++calls_of_this_thread;
    ++calls;
}

InCall::~InCall()
{
    --calls_of_this_thread;
    --calls;
}

bool InCall::ending() noexcept { return is_ending && std::this_thread::get_id() != last; }

void bind_end(py::module_& module)
{
    module.def("_end", &end);
    py::module_::import("atexit").attr("register")(module.attr("_end"));
}

} // namespace photosafe::python

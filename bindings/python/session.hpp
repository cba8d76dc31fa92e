// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <type_traits>

#include "in_call.hpp"
#include "values.hpp"

namespace photosafe::python {

/// A piece of the library's work that was called from Python. It runs on a thread of its own, without the
/// GIL; the thread that called waits, answers Ctrl-C within a tenth of a second, and makes the calls into
/// Python that the work asks for, so that they come from the thread that Python's objects belong to.
///
/// An exception of such a call, KeyboardInterrupt included, asks the work to stop and is what `run` throws.
class Session {
public:
    std::stop_token stop() const { return stop_.get_token(); }

    /// Throws what `work` throws. Called once, with the GIL.
    template <class Work>
    std::invoke_result_t<Work> run(const Work& work)
    {
        std::optional<std::invoke_result_t<Work>> result;
        serve([&] { result.emplace(work()); });
        return std::move(*result);
    }

    /// What hands its arguments to `function`, made Python's by `to_py`; nothing where that is None. It must
    /// not outlive this.
    template <class... Arguments>
    std::function<void(Arguments...)> callback(const py::object& function)
    {
        if (function.is_none()) return {};
        if (PyCallable_Check(function.ptr()) == 0) throw py::type_error{"A callback is a function, or None."};
        return [this, &function](Arguments... arguments) { call([&] { function(to_py(arguments)...); }); };
    }

    /// From a thread of the library's: makes `call` in the thread that called, with the GIL; nothing once the
    /// work is to stop or has ended.
    void call(const std::function<void()>& call);

private:
    void serve(const std::function<void()>& work);
    void wait_and_answer();
    /// With the GIL: makes this call; stops the work where it throws.
    void attempt(const std::function<void()>& call);

    const InCall in_call_;
    std::stop_source stop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    const std::function<void()>* wanted_ = nullptr; ///< the call that the work waits for
    bool calling_ = false;                          ///< it is being made
    bool finished_ = false;
    std::exception_ptr raised_; ///< by a call; the thread that called alone touches it
};

} // namespace photosafe::python

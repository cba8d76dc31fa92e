// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include <photosafe/error.hpp>
#include <pybind11/pybind11.h>

namespace photosafe::python {

namespace py = pybind11;

/// An object of the library that one thread at a time may use, as Python has it: its threads take turns, and
/// it can be closed before it is forgotten.
template <class T>
class Shared {
public:
    explicit Shared(std::unique_ptr<T> object) : object_{std::move(object)} {}

    /// Gives the object, for as long as it lives, to one thread.
    class Turn {
    public:
        /// Waits for its turn without the GIL, and answers Ctrl-C meanwhile. Throws Error{busy} within a
        /// callback of work that uses the same object, ValueError for one that is closed.
        explicit Turn(Shared& shared) : shared_{shared}
        {
            if (shared_.user_ == std::this_thread::get_id())
                throw Error{ErrorCode::busy,
                            "It is in use by the very call that calls this; open it a second time."};
            while (!take())
                if (PyErr_CheckSignals() != 0) throw py::error_already_set{};
            shared_.user_ = std::this_thread::get_id();
        }
        ~Turn()
        {
            shared_.user_ = std::thread::id{};
            shared_.mutex_.unlock();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        T& operator*() const { return *get(); }
        T* operator->() const { return get(); }
        void close() { shared_.object_.reset(); }

    private:
        bool take()
        {
            if (shared_.mutex_.try_lock()) return true;
            const py::gil_scoped_release others_may;
            return shared_.mutex_.try_lock_for(std::chrono::milliseconds{100});
        }
        T* get() const
        {
            if (!shared_.object_) throw py::value_error{"It is closed."};
            return shared_.object_.get();
        }
        Shared& shared_;
    };

    Turn turn() { return Turn{*this}; }

private:
    std::unique_ptr<T> object_;
    std::timed_mutex mutex_;
    std::atomic<std::thread::id> user_{};
};

} // namespace photosafe::python

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <photosafe/error.hpp>
#include <pybind11/pybind11.h>

#include "in_call.hpp"

namespace photosafe::python {

namespace py = pybind11;

/// How many turns this thread has: more than none within a callback.
inline thread_local int turns_held = 0;

/// An object of the library that one thread at a time may use, as Python has it: its threads take turns, and
/// it can be closed before it is forgotten.
template <class T>
class Shared {
public:
    explicit Shared(std::unique_ptr<T> object) : object_{std::move(object)} {}
    ~Shared() { destroy(std::move(object_)); }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    /// Gives the object, for as long as it lives, to one thread.
    class Turn {
    public:
        T& operator*() const { return *get(); }
        T* operator->() const { return get(); }
        void close() { destroy(std::move(shared_->object_)); }

        Turn(Turn&& other) noexcept : call_{other.call_}, shared_{std::exchange(other.shared_, nullptr)} {}
        Turn& operator=(Turn&&) = delete;
        ~Turn()
        {
            if (!shared_) return;
            --turns_held;
            shared_->user_ = std::thread::id{};
            shared_->mutex_.unlock();
        }

    private:
        friend Shared;
        /// Of one that is locked.
        explicit Turn(Shared& shared) : shared_{&shared}
        {
            shared.user_ = std::this_thread::get_id();
            ++turns_held;
        }
        T* get() const
        {
            if (!shared_->object_) throw py::value_error{"It is closed."};
            return shared_->object_.get();
        }
        InCall call_;
        Shared* shared_;
    };

    /// Waits for its turn without the GIL, and answers Ctrl-C meanwhile. Throws Error{busy} within a callback
    /// where another call is at it: that one may be waiting for this thread.
    Turn turn()
    {
        const InCall call;
        for (;;) {
            if (auto mine = turn_now()) return std::move(*mine);
            if (turns_held > 0)
                throw Error{
                    ErrorCode::busy,
                    "It is in use, by the call that calls this or by another one; open it a second time, or "
                    "use it when the work is done."};
            if (wait_a_moment()) return Turn{*this};
            if (PyErr_CheckSignals() != 0) throw py::error_already_set{};
        }
    }

    /// A turn where it is nobody's.
    std::optional<Turn> turn_now()
    {
        if (user_ == std::this_thread::get_id() || !mutex_.try_lock()) return std::nullopt;
        return Turn{*this};
    }

private:
    bool wait_a_moment()
    {
        const py::gil_scoped_release others_may;
        return mutex_.try_lock_for(std::chrono::milliseconds{100});
    }

    /// What an object does when it ends, others needn't wait for.
    static void destroy(std::unique_ptr<T> object)
    {
        if (!object) return;
        const py::gil_scoped_release others_may;
        object.reset();
    }

    std::unique_ptr<T> object_;
    std::timed_mutex mutex_;
    std::atomic<std::thread::id> user_{};
};

/// The turns of both, of which none is held while the other is waited for.
template <class One, class Other>
std::pair<typename Shared<One>::Turn, typename Shared<Other>::Turn> both(Shared<One>& one,
                                                                         Shared<Other>& other)
{
    for (;;) {
        {
            auto first = one.turn();
            if (auto second = other.turn_now()) return {std::move(first), std::move(*second)};
            if (turns_held > 1) return {std::move(first), other.turn()}; // which says that it is busy
        }
        (void)other.turn(); // waits
    }
}

} // namespace photosafe::python

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "session.hpp"

namespace photosafe::python {

/// Tells a function of Python's what a phone notices ("Unlock it"), by way of the call that is at work at it.
/// The library tells it from any thread.
class Notices : public std::enable_shared_from_this<Notices> {
public:
    explicit Notices(py::object function);

    /// For DeviceOptions; empty where nobody listens.
    std::function<void(const std::string&)> teller();
    /// With the GIL: lets go of the function, and with it of what that refers to.
    void forget();

    /// While it lives, this session is at work.
    class During {
    public:
        During(std::shared_ptr<Notices> notices, Session& session);
        ~During();
        During(const During&) = delete;
        During& operator=(const During&) = delete;

    private:
        std::shared_ptr<Notices> notices_;
    };

private:
    void tell(const std::string& text);

    std::mutex mutex_; ///< held while it is told: the session lives as long
    Session* session_ = nullptr;
    py::object function_;
};

} // namespace photosafe::python

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "notices.hpp"

#include <utility>

namespace photosafe::python {

Notices::Notices(py::object function) : function_{std::move(function)}
{
    if (!function_.is_none() && PyCallable_Check(function_.ptr()) == 0)
        throw py::type_error{"on_notice is a function, or None."};
}

std::function<void(const std::string&)> Notices::teller()
{
    if (function_.is_none()) return {};
    return [self = shared_from_this()](const std::string& text) { self->tell(text); };
}

void Notices::forget() { function_ = py::object{}; }

void Notices::tell(const std::string& text)
{
    const std::lock_guard lock{mutex_};
    if (!session_) return; // nobody waits for this phone
    session_->call([&] {
        if (function_) function_(to_py(text));
    });
}

Notices::During::During(std::shared_ptr<Notices> notices, Session& session) : notices_{std::move(notices)}
{
    const std::lock_guard lock{notices_->mutex_};
    notices_->session_ = &session;
}

Notices::During::~During()
{
    // What is being told now is so by a session that has ended, and waits for nobody.
    const std::lock_guard lock{notices_->mutex_};
    notices_->session_ = nullptr;
}

} // namespace photosafe::python

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <pybind11/pybind11.h>

namespace photosafe::python {

namespace py = pybind11;

/// A call of Python's that is in the library, for as long as it lives. Python ends its daemon threads where
/// they next want the GIL, which code of ours can't survive: so it waits until they are out before it ends.
class InCall {
public:
    /// With the GIL. When Python is ending, a thread that isn't in another call never comes back from here,
    /// but for the last one.
    InCall();
    InCall(const InCall& other) noexcept; ///< of the same call
    InCall& operator=(const InCall&) = delete;
    ~InCall();

    /// Whether work should end, since Python does.
    static bool ending() noexcept;
};

/// Has Python wait for what is in the library when it ends.
void bind_end(py::module_& module);

} // namespace photosafe::python

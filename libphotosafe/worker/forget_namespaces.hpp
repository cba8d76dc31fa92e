// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <exiv2/exiv2.hpp>

namespace photosafe::worker {

/// Exiv2 has a namespace that it didn't know for as long as the process lives, and a worker reads many files.
struct ForgetNamespaces {
    ForgetNamespaces() = default;
    ForgetNamespaces(const ForgetNamespaces&) = delete;
    ForgetNamespaces& operator=(const ForgetNamespaces&) = delete;
    ~ForgetNamespaces() { Exiv2::XmpProperties::unregisterNs(); }
};

} // namespace photosafe::worker

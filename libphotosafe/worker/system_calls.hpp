// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "media/facts.hpp"

namespace photosafe::worker {

/// The jail's list of system calls, by seccomp: what isn't on it kills the process.
JailPart limit_system_calls(int socket);

} // namespace photosafe::worker

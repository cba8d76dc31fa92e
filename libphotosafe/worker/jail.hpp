// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "media/facts.hpp"

namespace photosafe::worker {

/// Closes all descriptors but the standard ones and `socket`, and empties the environment. Call it first.
void leave_host(int socket);

/// Gives up, for good, all that reading a picture doesn't need. From here on this process can compute, read
/// files that are handed to it over `socket`, and answer there. Everything else kills it: opening,
/// connecting, starting programs, processes or threads, reaching other processes, making memory executable,
/// moving the offset of a file that it shares with the library. `memory_bytes` of address space may be taken
/// beyond what is in use now.
///
/// What this kernel hasn't got is left out, and said. On other systems than Linux that is all of it.
std::vector<JailPart> enter_jail(int socket, std::uint64_t memory_bytes);

// Its parts, in the order of entering.

JailPart limit_resources(std::uint64_t memory_bytes);
JailPart drop_privileges();
JailPart close_file_system();            ///< by Landlock
JailPart limit_system_calls(int socket); ///< by seccomp: a list, and what isn't on it kills

} // namespace photosafe::worker

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/find_worker.hpp"

#include <system_error>

#include <dlfcn.h>

namespace photosafe {

namespace fs = std::filesystem;

fs::path find_worker()
{
    constexpr const char* program = "photosafe-media-worker";
    std::error_code error;
    Dl_info here{};
    if (::dladdr(reinterpret_cast<const void*>(&find_worker), &here) == 0 || !here.dli_fname) return program;
    fs::path folder = fs::canonical(here.dli_fname, error).parent_path();
    if (error) folder = fs::path{here.dli_fname}.parent_path();
    // PHOTOSAFE_LIBEXEC is relative to the folder of the library, or absolute if it was configured so.
    const fs::path installed = (folder / PHOTOSAFE_LIBEXEC / program).lexically_normal();
    const fs::path built = folder / "worker" / program;
    return !fs::exists(installed, error) && fs::exists(built, error) ? built : installed;
}

} // namespace photosafe

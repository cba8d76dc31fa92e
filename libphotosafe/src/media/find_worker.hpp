// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>

namespace photosafe {

/// The media worker that belongs to this library: the installed one, which lies where it lay at the time of
/// the installation relative to libphotosafe.so, wherever both have been moved to since; else the one that
/// was built beside the library. The path may lead nowhere: starting it will tell.
std::filesystem::path find_worker();

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cli.hpp"

namespace photosafe::cli {

/// `status --device`: is everything on the phone safe?
ExitCode run_assess(const Run& run);

} // namespace photosafe::cli

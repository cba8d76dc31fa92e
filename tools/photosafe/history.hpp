// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cli.hpp"

namespace photosafe::cli {

/// `device history`: what phones had, as imports saw it.
ExitCode run_history(const Run& run);

} // namespace photosafe::cli

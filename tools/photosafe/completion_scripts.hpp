// SPDX-License-Identifier: LGPL-2.1-or-later
// Completion scripts, made from the option table.
#pragma once

#include <string>

namespace photosafe::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

} // namespace photosafe::cli

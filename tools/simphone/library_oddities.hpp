// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "library_generation.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace simphone {

/// What can be wrong with a phone's database.
struct OddityInfo {
    std::string_view name, what;
};
std::span<const OddityInfo> oddities();
/// Throws std::invalid_argument for a name that is none of them.
void check_oddity(std::string_view name);

/// Makes it so in the `Photos.sqlite` below `root`. Throws std::runtime_error.
void plant_oddity(std::string_view name, const Generation& generation, const std::filesystem::path& root);

} // namespace simphone

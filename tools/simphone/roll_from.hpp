// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <filesystem>

namespace simphone {

enum class Naming { camera, keep };
enum class Take { copy, hard_link };

/// Lays the pictures, movies and sidecars of any folder out as a camera roll: files of one stem in one folder
/// stay together. Nothing in `from` is changed; what is no picture is counted in `skipped`. Throws
/// std::system_error.
Roll lay_out(const std::filesystem::path& from, const std::filesystem::path& root, Naming naming, Take take);

} // namespace simphone

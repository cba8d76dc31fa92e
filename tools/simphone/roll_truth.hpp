// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <filesystem>
#include <string>

namespace simphone {

/// Writes what is true of a written roll as JSON; `made_with` is the command's options, kept for the reader.
/// The file appears whole or not at all. Throws std::runtime_error.
void write_truth(const Roll& roll, const std::string& made_with, const std::filesystem::path& path);

/// "1203 shots, 2210 files, 41.2 MB"
std::string summary(const Roll& roll);

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

namespace simphone {

/// Writes what is true of a written roll as JSON; `made_with` is the command's options, kept for the reader.
/// `more` writes further members, if there are any. The file appears whole or not at all. Throws
/// std::runtime_error.
void write_truth(const Roll& roll, const std::string& made_with, const std::filesystem::path& path,
                 const std::function<void(std::ostream&)>& more = {});

/// "1203 shots, 2210 files, 41.2 MB"
std::string summary(const Roll& roll);

} // namespace simphone

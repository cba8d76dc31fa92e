// SPDX-License-Identifier: LGPL-2.1-or-later
// The user's config.toml and the archive's photosafe.toml.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace photosafe::cli {

/// One value of a settings file, as text, and where it stands.
struct ConfigValue {
    std::vector<std::string> texts;
    std::string where; ///< `/home/anna/.config/photosafe/config.toml:3`
};

/// By key: `archive`, `import.from`.
using ConfigFile = std::map<std::string, ConfigValue>;

/// Empty when there is no such file. Throws UsageError that names file and line.
ConfigFile read_config_file(const std::filesystem::path& file);

/// Makes `archive = "…"` the first line of the user's file, or makes the file; all that stands in it stays.
/// Throws UsageError where the path can't be written in TOML, std::system_error for the disk.
void add_archive_to_config(const std::filesystem::path& file, const std::filesystem::path& archive);

} // namespace photosafe::cli

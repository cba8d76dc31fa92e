// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli.hpp"

namespace photosafe::cli {

/// What was typed, sorted by the option table; nothing is looked up or opened yet.
struct Arguments {
    const Command* command = nullptr; ///< none: `photosafe` alone, or with --help or --version
    std::map<const Option*, std::vector<std::string>> given;

    /// Whether the option of this name was typed, global or the verb's.
    bool has(std::string_view name) const;
    const std::vector<std::string>* find(std::string_view name) const;
};

/// Throws UsageError. `--help` and `--version` excuse everything else that is missing.
Arguments parse_arguments(int argc, const char* const* argv);

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
// Help and manual pages, made from the option table and the prose beside it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli.hpp"

namespace photosafe::cli {

/// `photosafe import [--from SOURCE]… [--since TIME]`
std::string synopsis(const Command& command);

/// What `photosafe help VERB` prints, at most `columns` wide.
std::vector<std::string> help_lines(const Command& command, std::size_t columns);
/// What `photosafe help` prints.
std::vector<std::string> overview_lines(std::size_t columns);

/// The page of section 1, in roff with the man macros. Of `photosafe` itself for photosafe_command.
std::string manual_page(const Command& command, std::string_view version);

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli.hpp"

namespace photosafe::cli {

/// How an option is typed: `-n, --dry-run`, `--from SOURCE`, `--wait, --no-wait`, `DIR`.
std::string typed_form(const Option& option);
/// The words in a list separated by spaces.
std::vector<std::string> words(std::string_view list);
/// The paragraphs of a text, between empty lines.
std::vector<std::string_view> paragraphs(std::string_view text);

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <photosafe/query.hpp>

#include "cli.hpp"

namespace photosafe::cli {

/// The words of the argument `query`, as one text.
std::string query_text(const Run& run);

/// Tells what is wrong with a query: the query, with a mark below the place.
ExitCode explain(const QueryError& error, const std::string& query, Terminal& terminal);

} // namespace photosafe::cli

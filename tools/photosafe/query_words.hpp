// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/query.hpp>

#include "cli.hpp"

namespace photosafe::cli {

/// Does `work` with the query that the words of the argument `query` are. Tells what is wrong with one that
/// can't be, or that asks what no catalog knows: the query, with a mark below the place.
ExitCode with_query(const Run& run, const std::function<ExitCode(const Query&)>& work);

/// The originals that it finds, by Asset::id, the oldest first.
std::vector<std::int64_t> found_by(const Archive& archive, const Query& query, const Run& run);

} // namespace photosafe::cli

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include <photosafe/read_metadata.hpp>

#include "cli.hpp"
#include "json.hpp"

namespace photosafe::cli {

/// Reads what originals say of themselves, with its progress shown; `again`: of all of them.
MetadataReport read_metadata(Archive& archive, const Run& run, bool again);

/// What could not be read, and what to do; nothing where all was.
std::vector<std::string> lines_of(const MetadataReport& report);
Json json_of(const MetadataReport& report);

} // namespace photosafe::cli

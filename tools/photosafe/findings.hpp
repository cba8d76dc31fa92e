// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/doctor.hpp>

namespace photosafe::cli {

class Terminal;

/// What an archive's figures mean, and what to do next. The gravest first; nothing when all is well.
std::vector<Finding> findings_of(const ArchiveSummary& summary, const std::vector<std::string>& warnings,
                                 const std::string& root, Instant now);

/// Each as an object; for people `problem  what it is` and below it what to do. Those that are ok are left
/// out unless `all`.
void show(const std::vector<Finding>& findings, bool all, Terminal& terminal);

} // namespace photosafe::cli

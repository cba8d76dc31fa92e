// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "media/phone_library_json.hpp"
#include "worker/phone_database.hpp"

namespace photosafe::worker {

/// Takes one line of the answer, without its end.
using LineSink = std::function<void(std::string_view line)>;

/// Reads what Photos' database says, of a phone, a Mac or a backup, whatever its version: `Photos.sqlite`,
/// and the log that lay beside it, which is applied. What a version lacks is empty and told as a trouble.
///
/// Throws MediaError: unreadable (no database, damaged, encrypted, not Photos'), timeout, out_of_memory.
/// Lines that were given before are then of no use.
void read_phone_library(const DatabaseFile& file, std::chrono::steady_clock::duration time_limit,
                        const LineSink& put, const PhoneLibraryLimits& limits = {});

/// The same for a job: the lines, each with its end, of the database that `request` gives the sizes of. It
/// may take as long as the library waits.
std::vector<std::uint8_t> phone_library_lines(int fd, const nlohmann::json& request);

} // namespace photosafe::worker

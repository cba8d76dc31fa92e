// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include <photosafe/phone_library.hpp>

#include "media/phone_library_json.hpp"

namespace photosafe::test {

enum class Log { with, without };

/// What the reader says of a `Photos.sqlite` and of the `-wal` beside it, as lines. The files aren't opened
/// by SQLite.
std::string library_lines(const std::filesystem::path& database, Log log = Log::with,
                          const PhoneLibraryLimits& limits = {},
                          std::chrono::milliseconds time_limit = std::chrono::seconds{60});
/// The same, read back.
PhoneLibrary read_library(const std::filesystem::path& database, Log log = Log::with);

/// Runs `simphone make-roll FOLDER OPTIONS`, and returns the truth of it.
nlohmann::json make_roll(const std::filesystem::path& folder, const std::string& options);

/// The item with this identifier; fails the test where there is none.
const PhoneAsset& asset_of(const PhoneLibrary& library, const std::string& uuid);
const PhoneAlbum& album_of(const PhoneLibrary& library, const std::string& uuid);

} // namespace photosafe::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes, durations, dates and tables as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/asset.hpp>

namespace photosafe::cli {

std::string count_text(std::uint64_t count);                            // 1,204
std::string count_text(std::uint64_t count, std::string_view singular); // 1 file, 1,204 files
std::string bytes_text(std::uint64_t bytes);                            // 4.2 GB, decimal units
std::string duration_text(std::chrono::seconds duration);               // 3 min 12 s
std::string age_text(Instant then, Instant now);                        // 9 days ago
std::string local_time_text(Instant instant);                           // 2024-06-02 18:12
std::string rfc3339(Instant instant);                                   // 2024-06-02T18:12:04+02:00

/// One cell of a table.
struct Cell {
    std::string text;
    bool right = false; ///< aligned
};
/// The rows with their columns aligned, two spaces between them, as wide as they are displayed.
std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows);

/// A row of a closing table: what, how many, and a note where it is any.
std::vector<Cell> count_row(std::string_view what, std::uint64_t count, std::string_view note = {});

/// `text` broken into lines of at most `columns`, each after `indent` spaces.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t indent);

} // namespace photosafe::cli

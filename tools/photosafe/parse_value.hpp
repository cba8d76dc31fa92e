// SPDX-License-Identifier: LGPL-2.1-or-later
// What people type for a size, a duration, a day. Each throws UsageError with a sentence about what was
// typed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>

namespace photosafe::cli {

/// `50G`, `1.5 TB`, `4096`, `64MiB`. Letters alone are decimal, as sizes are printed.
std::uint64_t parse_size(std::string_view text);
/// `30s`, `500ms`, `2m`, `1h`; a number alone is seconds.
std::chrono::milliseconds parse_duration(std::string_view text);
/// `20d`, `2w`, `12h` before `now`, or a day, `2024-05-01`, from its first local second.
Instant parse_since(std::string_view text, Instant now);
/// `2.5%`, `1/30`, `50G`.
FixitySubset parse_subset(std::string_view text);
/// `photos`, `videos`, `photos,videos`.
IngestFilter parse_only(std::string_view text);
unsigned parse_number(std::string_view text);
/// Any number; 0 stands for no limit.
unsigned parse_limit(std::string_view text);
/// The edge of a picture; what a JPEG can't have is refused.
std::uint32_t parse_pixels(std::string_view text);
bool parse_yes_no(std::string_view text);

} // namespace photosafe::cli

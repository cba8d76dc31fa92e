// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

#include "core/sqlite.hpp"

namespace photosafe {

/// The columns of the table `metadata` that hold what was read, in the order of `bind_metadata`. A macro, so
/// that a whole statement can be one literal.
#define PHOTOSAFE_METADATA_COLUMNS                                                                           \
    "kind, mime, taken, taken_local, taken_offset, taken_source, width, height, orientation, make, model, "  \
    "lens, software, latitude, longitude, altitude_m, content_id, burst_id, live_index, hdr, capture_type, " \
    "duration_s, frame_rate, codec, slow_motion, spatial, panorama, screenshot, rating, title, caption, "    \
    "label, location, bit_depth, colour_profile, tiles, edited_by, edited_at, keywords, people, aux, "       \
    "troubles"
constexpr int metadata_column_count = 42;
/// As many parameters.
#define PHOTOSAFE_METADATA_PARAMETERS                                                                        \
    "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"

/// The kind and the source of a time that `name` gives these words; unknown and none for any other.
MediaKind media_kind_named(const std::string& word);
TimeSource time_source_named(const std::string& word);

/// Binds the facts, all but the raw tags, to the parameters from `at` on; an absent fact is NULL.
void bind_metadata(Statement& row, int at, const Metadata& metadata);
/// The facts in the columns from `at` on. Codes: damaged.
Metadata metadata_of(const Statement& row, int at);

/// Raw tags as `tags.raw` has them; empty where there are none.
std::string text_of_tags(const std::vector<RawTag>& tags);
/// What `text_of_tags` wrote. Codes: damaged.
std::vector<RawTag> tags_of(const std::string& text);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <photosafe/asset.hpp>
#include <photosafe/metadata.hpp>

#include "core/sqlite.hpp"

namespace photosafe {

/// The columns of the table `asset` that make an Asset. A macro, so that a whole statement can be one
/// literal.
#define PHOTOSAFE_ASSET_COLUMNS                                                                              \
    "id, sha256, xxh128, path, bytes, name, role, shot, modified, taken, taken_local, taken_source, "        \
    "imported, "                                                                                             \
    "verified, state, group_reason"
constexpr int asset_column_count = 16;

/// The asset in these columns, the first of them at `at`.
Asset asset_of(const Statement& row, int at = 0);
/// The role that `name` gives this word; `other` for any other word.
Role role_named(const std::string& word);
/// The same of a reason; `unknown` for any other word.
GroupReason reason_named(const std::string& word);
/// The state that `name` gives this word; `pending` for any other word.
ParseState parse_state_named(const std::string& word);

} // namespace photosafe

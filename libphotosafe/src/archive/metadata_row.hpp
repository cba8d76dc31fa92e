// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <photosafe/metadata.hpp>

#include "core/sqlite.hpp"

namespace photosafe {

/// The columns of the table `metadata` that hold what was read, in the order of `bind_metadata`.
extern const char* const metadata_columns;
constexpr int metadata_column_count = 42;

/// Binds the facts to the parameters from `at` on; an absent fact is NULL.
void bind_metadata(Statement& row, int at, const Metadata& metadata);
/// The facts in the columns from `at` on. Codes: damaged. Without `raw`, the raw tags are left out.
Metadata metadata_of(const Statement& row, int at, bool raw);

} // namespace photosafe

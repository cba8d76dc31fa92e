// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library_columns.hpp"
#include "library_database.hpp"
#include "library_generation.hpp"

#include <string>

namespace simphone {

/// Makes all tables, the entities and what the library says of itself.
void create_tables(Database& database, const Generation& generation, const std::string& library_uuid);
/// Makes Photos' indexes and triggers. From then on only who has Core Data's functions can write.
void create_triggers(Database& database, const Generation& generation);
/// Writes down, for each entity, the last key that was given away.
void count_rows(Database& database, const Generation& generation);

} // namespace simphone

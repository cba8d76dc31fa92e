// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/sqlite.hpp"

namespace photosafe {

/// `PhSf`: what `PRAGMA application_id` says of a catalog.
constexpr std::int64_t catalog_application_id = 0x50685366;
/// The newest schema that this library knows; `PRAGMA user_version` of a catalog.
constexpr std::int64_t catalog_schema_version = 9;

/// From version 1 to 2: tables for what the originals say of themselves, and for asking.
extern const char* const schema_of_metadata;
/// From version 2 to 3: why an asset is in its shot.
extern const char* const schema_of_shots;
/// From version 3 to 4: a table for what was made of the originals.
extern const char* const schema_of_renditions;
/// From version 4 to 5: names of places in the facts and in the full text.
extern const char* const schema_of_locations;
/// From version 5 to 6: tables for what phones' own libraries say.
extern const char* const schema_of_phones;
/// From version 6 to 7: when items of phones were away.
extern const char* const schema_of_absences;
/// From version 7 to 8: positions and sizes where a query finds them with few reads.
extern const char* const schema_of_cold_reads;
/// From version 8 to 9: views that tell times before 1970 and parts of seconds.
extern const char* const schema_of_instants;

/// Makes an empty catalog, or brings an older one to the newest schema, in one transaction. Codes:
/// newer_version (made by a later PhotoSafe), damaged (not a catalog).
void migrate(Database& db);
/// As above, without changing anything: throws also when a migration would be due.
void check_schema(Database& db);

} // namespace photosafe

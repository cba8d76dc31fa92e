// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

#include <array>
#include <tuple>

#include "archive/search_index.hpp"

namespace photosafe {

namespace {

// Times are nanoseconds since 1970 UTC; digests and names on a phone are blobs, since a name may be no text.
// What others may rely on are the views, documented in docs/archive-format.md; the tables may change with the
// version.
constexpr const char* version_1 = R"sql(
CREATE TABLE source(
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name BLOB NOT NULL,
  model BLOB NOT NULL,
  version BLOB NOT NULL
);
CREATE TABLE run(
  id INTEGER PRIMARY KEY,
  manifest TEXT NOT NULL UNIQUE,
  applied INTEGER NOT NULL DEFAULT 0,
  sequence INTEGER NOT NULL,
  work TEXT NOT NULL,
  source INTEGER REFERENCES source(id),
  started INTEGER NOT NULL,
  finished INTEGER,
  version TEXT NOT NULL,
  seen INTEGER, stored INTEGER, known INTEGER, failed INTEGER, excluded INTEGER, stored_bytes INTEGER
);
CREATE TABLE shot(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  path_key TEXT NOT NULL UNIQUE
);
CREATE TABLE asset(
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  xxh128 BLOB NOT NULL,
  path TEXT NOT NULL UNIQUE,
  path_key TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  name BLOB NOT NULL,
  role TEXT NOT NULL,
  shot INTEGER NOT NULL REFERENCES shot(id),
  modified INTEGER NOT NULL,
  taken INTEGER,
  taken_local TEXT NOT NULL,
  taken_source TEXT NOT NULL,
  imported INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  verified INTEGER,
  state TEXT NOT NULL DEFAULT 'present'
);
CREATE INDEX asset_by_shot ON asset(shot);
CREATE INDEX asset_by_verified ON asset(verified);
CREATE INDEX asset_not_present ON asset(state) WHERE state <> 'present';
CREATE TABLE place(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source(id),
  path BLOB NOT NULL,
  asset INTEGER NOT NULL REFERENCES asset(id),
  bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  born INTEGER,
  seen INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id),
  UNIQUE(source, path, asset)
);
CREATE INDEX place_by_asset ON place(asset);
CREATE TABLE failure(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source(id),
  path BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason BLOB NOT NULL,
  run INTEGER NOT NULL REFERENCES run(id)
);
CREATE TABLE total(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  originals INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
INSERT INTO total VALUES(1, 0, 0);
CREATE TRIGGER total_add AFTER INSERT ON asset BEGIN
  UPDATE total SET originals = originals + 1, bytes = bytes + NEW.bytes WHERE id = 1;
END;

CREATE VIEW v1_asset AS
  SELECT a.id, lower(hex(a.sha256)) AS sha256, lower(hex(a.xxh128)) AS xxh128, a.path, a.bytes,
         CAST(a.name AS TEXT) AS name, a.role, a.shot AS "group",
         strftime('%Y-%m-%dT%H:%M:%SZ', a.modified / 1000000000, 'unixepoch') AS modified,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.taken / 1000000000, 'unixepoch') AS taken,
         a.taken_local, a.taken_source,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.imported / 1000000000, 'unixepoch') AS imported,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.verified / 1000000000, 'unixepoch') AS verified, a.state
  FROM asset a;
CREATE VIEW v1_place AS
  SELECT p.asset, CAST(s.key AS TEXT) AS source, CAST(p.path AS TEXT) AS path, hex(p.path) AS path_hex, p.bytes,
         strftime('%Y-%m-%dT%H:%M:%SZ', p.modified / 1000000000, 'unixepoch') AS modified,
         strftime('%Y-%m-%dT%H:%M:%SZ', p.born / 1000000000, 'unixepoch') AS born,
         strftime('%Y-%m-%dT%H:%M:%SZ', p.seen / 1000000000, 'unixepoch') AS seen
  FROM place p JOIN source s ON s.id = p.source;
CREATE VIEW v1_import AS
  SELECT r.manifest, CAST(s.key AS TEXT) AS source, CAST(s.name AS TEXT) AS source_name,
         strftime('%Y-%m-%dT%H:%M:%SZ', r.started / 1000000000, 'unixepoch') AS started,
         strftime('%Y-%m-%dT%H:%M:%SZ', r.finished / 1000000000, 'unixepoch') AS finished,
         r.version, r.seen, r.stored, r.known, r.failed, r.excluded, r.stored_bytes
  FROM run r JOIN source s ON s.id = r.source WHERE r.work = 'import';
CREATE VIEW v1_failure AS
  SELECT CAST(s.key AS TEXT) AS source, CAST(f.path AS TEXT) AS path, hex(f.path) AS path_hex, f.bytes, f.code,
         CAST(f.reason AS TEXT) AS reason
  FROM failure f JOIN source s ON s.id = f.source;
)sql";

/// Entry n brings version n to n + 1.
const std::array migrations{version_1,           schema_of_metadata, schema_of_shots,    schema_of_renditions,
                            schema_of_locations, schema_of_phones,   schema_of_absences, schema_of_cold_reads,
                            schema_of_instants};
static_assert(std::tuple_size_v<decltype(migrations)> == catalog_schema_version);

std::int64_t checked_version(Database& db)
{
    const std::int64_t version = db.number("PRAGMA user_version");
    const std::int64_t application = db.number("PRAGMA application_id");
    const bool empty =
        version == 0 && application == 0 && db.number("SELECT count(*) FROM sqlite_master") == 0;
    if (!empty && application != catalog_application_id) {
        throw ArchiveError{ErrorCode::damaged,
                           "catalog.sqlite is not a catalog of PhotoSafe; run photosafe rebuild"};
    }
    if (version > catalog_schema_version) {
        throw ArchiveError{ErrorCode::newer_version, "The catalog was made by a later PhotoSafe (schema " +
                                                         std::to_string(version) + ", this one knows " +
                                                         std::to_string(catalog_schema_version) +
                                                         "). Use that version; nothing was changed."};
    }
    return version;
}

} // namespace

void migrate(Database& db)
{
    if (checked_version(db) == catalog_schema_version) return;
    Transaction transaction{db};
    for (std::int64_t version = checked_version(db); version < catalog_schema_version; ++version) {
        db.run(migrations[static_cast<std::size_t>(version)]);
    }
    SearchIndex{db}.catch_up();
    db.run("PRAGMA application_id=" + std::to_string(catalog_application_id));
    db.run("PRAGMA user_version=" + std::to_string(catalog_schema_version));
    transaction.commit();
}

void check_schema(Database& db)
{
    if (checked_version(db) != catalog_schema_version) {
        throw ArchiveError{ErrorCode::damaged, "The catalog has an older schema; open it to write once "
                                               "(photosafe import) to bring it up to date"};
    }
}

} // namespace photosafe

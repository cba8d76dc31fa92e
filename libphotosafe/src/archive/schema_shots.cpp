// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// The frames of a burst stay shots of their own: which of them a person keeps is known later.
const char* const schema_of_shots = R"sql(
ALTER TABLE asset ADD COLUMN group_reason TEXT NOT NULL DEFAULT 'unknown';

DROP VIEW v1_asset;
CREATE VIEW v1_asset AS
  SELECT a.id, lower(hex(a.sha256)) AS sha256, lower(hex(a.xxh128)) AS xxh128, a.path, a.bytes,
         CAST(a.name AS TEXT) AS name, a.role, a.shot AS "group", a.group_reason,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.modified / 1000000000, 'unixepoch') AS modified,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.taken / 1000000000, 'unixepoch') AS taken,
         a.taken_local, a.taken_source,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.imported / 1000000000, 'unixepoch') AS imported,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.verified / 1000000000, 'unixepoch') AS verified, a.state
  FROM asset a;
CREATE VIEW v1_shot AS
  SELECT t.id AS "group", t.path, a.id AS main,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.taken / 1000000000, 'unixepoch') AS taken, a.taken_local, a.taken_source,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id) AS parts,
         (SELECT sum(p.bytes) FROM asset p WHERE p.shot = t.id) AS bytes,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role = 'live_video') > 0 AS live,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role IN ('edited', 'edited_video')) > 0 AS edited,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role = 'raw') > 0 AS raw
  FROM shot t JOIN asset a ON a.id = (
    SELECT p.id FROM asset p WHERE p.shot = t.id
    ORDER BY p.group_reason <> 'first', instr('original raw edited edited_video live_video other sidecar', p.role), p.id
    LIMIT 1);
CREATE VIEW v1_burst AS
  SELECT m.burst_id, a.shot AS "group", a.id AS asset, a.taken_local
  FROM metadata m JOIN asset a ON a.id = m.asset WHERE m.burst_id IS NOT NULL;
)sql";

} // namespace photosafe

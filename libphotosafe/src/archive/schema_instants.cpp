// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// SQLite's division goes towards 0, so that what is before 1970 has to be brought to whole seconds first.
#define BELOW_SECOND(column) "((" column " % 1000000000 + 1000000000) % 1000000000)"
#define WHOLE_SECONDS(column) "(" column " - " BELOW_SECOND(column) ") / 1000000000"
#define FRACTION(column) "rtrim(rtrim(printf('.%09d', " BELOW_SECOND(column) "), '0'), '.')"
// RFC 3339 in UTC of nanoseconds since 1970, with as many digits below the second as it takes.
#define UTC(column)                                                                                          \
    "strftime('%Y-%m-%dT%H:%M:%S', " WHOLE_SECONDS(column) ", 'unixepoch') || " FRACTION(column) " || 'Z'"

// Views with what may be of any time, to the nanosecond.
const char* const schema_of_instants = R"sql(
DROP VIEW v1_asset;
CREATE VIEW v1_asset AS
  SELECT a.id, lower(hex(a.sha256)) AS sha256, lower(hex(a.xxh128)) AS xxh128, a.path, a.bytes,
         CAST(a.name AS TEXT) AS name, a.role, a.shot AS "group", a.group_reason,
         )sql" UTC("a.modified") R"sql( AS modified, )sql" UTC("a.taken") R"sql( AS taken,
         a.taken_local, a.taken_source,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.imported / 1000000000, 'unixepoch') AS imported,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.verified / 1000000000, 'unixepoch') AS verified, a.state
  FROM asset a;
DROP VIEW v1_shot;
CREATE VIEW v1_shot AS
  SELECT t.id AS "group", t.path, a.id AS main, )sql" UTC("a.taken") R"sql( AS taken, a.taken_local, a.taken_source,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id) AS parts,
         (SELECT sum(p.bytes) FROM asset p WHERE p.shot = t.id) AS bytes,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role = 'live_video') > 0 AS live,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role IN ('edited', 'edited_video')) > 0 AS edited,
         (SELECT count(*) FROM asset p WHERE p.shot = t.id AND p.role = 'raw') > 0 AS raw
  FROM shot t JOIN asset a ON a.id = (
    SELECT p.id FROM asset p WHERE p.shot = t.id
    ORDER BY p.group_reason <> 'first', instr('original raw edited edited_video live_video other sidecar', p.role), p.id
    LIMIT 1);
DROP VIEW v1_place;
CREATE VIEW v1_place AS
  SELECT p.asset, CAST(s.key AS TEXT) AS source, CAST(p.path AS TEXT) AS path, hex(p.path) AS path_hex, p.bytes,
         )sql" UTC("p.modified") R"sql( AS modified, )sql" UTC("p.born") R"sql( AS born,
         strftime('%Y-%m-%dT%H:%M:%SZ', p.seen / 1000000000, 'unixepoch') AS seen
  FROM place p JOIN source s ON s.id = p.source;
DROP VIEW v1_metadata;
CREATE VIEW v1_metadata AS
  SELECT a.id AS asset, ifnull(m.state, 'pending') AS parse, nullif(m.reason, '') AS reason, m.kind, m.mime,
         )sql" UTC("m.taken") R"sql( AS taken, m.taken_local, m.taken_offset,
         m.taken_source, m.width, m.height, m.orientation, m.make, m.model, m.lens, m.software, m.latitude, m.longitude,
         m.altitude_m, m.content_id, m.burst_id, m.live_index, m.hdr, m.capture_type, m.duration_s, m.frame_rate,
         m.codec, m.slow_motion, m.spatial, m.panorama, m.screenshot, m.rating, m.title, m.caption, m.label,
         m.location, m.bit_depth, m.colour_profile, m.tiles, m.edited_by, )sql" UTC(
    "m.edited_at") R"sql( AS edited_at
  FROM asset a LEFT JOIN metadata m ON m.asset = a.id;
)sql";

} // namespace photosafe

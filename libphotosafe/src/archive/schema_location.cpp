// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// FTS5 takes no further column, so `words` is made anew, and `names` with it: both get their rows from the
// same hand. What originals say of places is known once they are read again (`photosafe metadata --again`).
const char* const schema_of_locations = R"sql(
ALTER TABLE metadata ADD COLUMN location TEXT;
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5(name, title, caption, location, prefix = '1 2 3',
                                      tokenize = 'unicode61 remove_diacritics 2');
DROP TABLE names;
CREATE VIRTUAL TABLE names USING fts5(name, content = '', detail = none, tokenize = 'trigram');
INSERT INTO due SELECT id, 1 FROM asset WHERE true ON CONFLICT(asset) DO UPDATE SET facts = 1;

DROP VIEW v1_metadata;
CREATE VIEW v1_metadata AS
  SELECT a.id AS asset, ifnull(m.state, 'pending') AS parse, nullif(m.reason, '') AS reason, m.kind, m.mime,
         strftime('%Y-%m-%dT%H:%M:%SZ', m.taken / 1000000000, 'unixepoch') AS taken, m.taken_local, m.taken_offset,
         m.taken_source, m.width, m.height, m.orientation, m.make, m.model, m.lens, m.software, m.latitude, m.longitude,
         m.altitude_m, m.content_id, m.burst_id, m.live_index, m.hdr, m.capture_type, m.duration_s, m.frame_rate,
         m.codec, m.slow_motion, m.spatial, m.panorama, m.screenshot, m.rating, m.title, m.caption, m.label,
         m.location, m.bit_depth, m.colour_profile, m.tiles, m.edited_by,
         strftime('%Y-%m-%dT%H:%M:%SZ', m.edited_at / 1000000000, 'unixepoch') AS edited_at
  FROM asset a LEFT JOIN metadata m ON m.asset = a.id;
)sql";

} // namespace photosafe

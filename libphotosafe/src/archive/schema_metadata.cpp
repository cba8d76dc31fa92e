// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// `metadata` holds all that was read of a file. `search` is what a query walks: one narrow row an asset, kept in
// the order of capture. Its `slot` is the local wall time, second << 28 | millisecond << 18, and then the first
// free number (24 of 1,024 milliseconds are none, and take what is too many). So the order of results is the
// table's own, an index on a column gives its rows in that order, and so do the full text, the keywords and the
// sources, which know assets by their slot. docs/design.md has more.
//
// Triggers fill `search` as assets come in. They cost an import a few microseconds an item; everything else is
// written when metadata is.
const char* const schema_of_metadata = R"sql(
CREATE TABLE camera(
  id INTEGER PRIMARY KEY,
  make TEXT NOT NULL,
  model TEXT NOT NULL,
  UNIQUE(make, model)
);
CREATE TABLE lens(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE keyword(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE metadata(
  asset INTEGER PRIMARY KEY REFERENCES asset(id),
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  versions TEXT NOT NULL,
  kind TEXT, mime TEXT,
  taken INTEGER, taken_local TEXT, taken_offset INTEGER, taken_source TEXT,
  width INTEGER, height INTEGER, orientation INTEGER,
  make TEXT, model TEXT, lens TEXT, software TEXT,
  latitude REAL, longitude REAL, altitude_m REAL,
  content_id TEXT, burst_id TEXT, live_index INTEGER, hdr INTEGER, capture_type INTEGER,
  duration_s REAL, frame_rate REAL, codec TEXT,
  slow_motion INTEGER, spatial INTEGER, panorama INTEGER, screenshot INTEGER,
  rating INTEGER, title TEXT, caption TEXT, label TEXT,
  bit_depth INTEGER, colour_profile TEXT, tiles INTEGER,
  edited_by TEXT, edited_at INTEGER,
  keywords TEXT, people TEXT, aux TEXT, troubles TEXT, raw TEXT
);
CREATE INDEX metadata_by_content_id ON metadata(content_id) WHERE content_id IS NOT NULL;
CREATE INDEX metadata_by_burst_id ON metadata(burst_id) WHERE burst_id IS NOT NULL;
CREATE TABLE search(
  slot INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL UNIQUE,
  main INTEGER NOT NULL,
  kinds INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  state INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  name TEXT NOT NULL,
  camera INTEGER, lens INTEGER, rating INTEGER, duration REAL, latitude REAL, longitude REAL
);
CREATE INDEX search_not_done ON search(state) WHERE state <> 1;
CREATE INDEX search_by_imported ON search(imported);
CREATE INDEX search_by_bytes ON search(bytes);
CREATE INDEX search_by_name ON search(name);
CREATE INDEX search_by_camera ON search(camera) WHERE camera IS NOT NULL;
CREATE INDEX search_by_lens ON search(lens) WHERE lens IS NOT NULL;
CREATE INDEX search_by_rating ON search(rating) WHERE rating IS NOT NULL;
CREATE INDEX search_by_duration ON search(duration) WHERE duration IS NOT NULL;
CREATE INDEX search_video ON search(slot) WHERE main AND kinds & 2;
CREATE INDEX search_raw ON search(slot) WHERE main AND kinds & 4;
CREATE INDEX search_live ON search(slot) WHERE main AND kinds & 8;
CREATE INDEX search_burst ON search(slot) WHERE main AND kinds & 16;
CREATE INDEX search_screenshot ON search(slot) WHERE main AND kinds & 32;
CREATE INDEX search_panorama ON search(slot) WHERE main AND kinds & 64;
CREATE INDEX search_slow_motion ON search(slot) WHERE main AND kinds & 128;
CREATE INDEX search_edited ON search(slot) WHERE main AND kinds & 256;
CREATE INDEX search_spatial ON search(slot) WHERE main AND kinds & 512;
CREATE TABLE keyword_use(keyword INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY(keyword, slot)) WITHOUT ROWID;
CREATE INDEX keyword_use_by_slot ON keyword_use(slot);
CREATE TABLE seen(source INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY(source, slot)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(name, title, caption, keywords, people, camera,
                                      tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE position USING rtree(slot, south, north, west, east);

-- What a file is by itself: its metadata's flags, and its part in the shot.
CREATE VIEW search_own AS
  SELECT a.id AS asset, a.shot, instr('original raw edited edited_video live_video other sidecar', a.role) AS rank,
         s.flags | CASE a.role WHEN 'live_video' THEN 10 WHEN 'raw' THEN 5 WHEN 'edited' THEN 257
                               WHEN 'edited_video' THEN 258 ELSE 0 END AS kinds
  FROM asset a JOIN search s ON s.asset = a.id;
-- What it is in its shot: an original, or else the best of the parts, stands for all, and is live, raw or edited
-- when a part of it is.
CREATE VIEW search_shot AS
  SELECT o.asset, o.rank = 1 OR NOT EXISTS(SELECT 1 FROM search_own p WHERE p.shot = o.shot AND
                                           (p.rank, p.asset) < (o.rank, o.asset)) AS main,
         o.kinds | CASE o.rank WHEN 1 THEN (SELECT max(p.kinds & 4) | max(p.kinds & 8) | max(p.kinds & 256)
                                            FROM search_own p WHERE p.shot = o.shot) ELSE 0 END AS kinds
  FROM search_own o;

CREATE TRIGGER search_add AFTER INSERT ON asset BEGIN
  INSERT INTO search(slot, asset, main, kinds, flags, state, imported, bytes, name)
    SELECT (SELECT CASE WHEN max(slot) IS NULL THEN c WHEN max(slot) < c + 262143 THEN max(slot) + 1
                   ELSE (SELECT max(slot) + 1 FROM search WHERE slot BETWEEN c AND c + 268435455) END
            FROM search WHERE slot BETWEEN c AND c + 262143),
           NEW.id, 1,
           CASE NEW.role WHEN 'live_video' THEN 10 WHEN 'raw' THEN 5 WHEN 'edited' THEN 257
                         WHEN 'edited_video' THEN 258 ELSE 0 END,
           0, 0, NEW.imported, NEW.bytes, lower(CAST(NEW.name AS TEXT))
    FROM (SELECT min(max(CAST(ifnull(strftime('%s', NEW.taken_local), NEW.modified / 1000000000) AS INTEGER),
                         -9223372036), 9223372036) * 268435456 AS c);
END;
CREATE TRIGGER search_add_part AFTER INSERT ON asset
WHEN EXISTS(SELECT 1 FROM asset WHERE shot = NEW.shot AND id <> NEW.id) BEGIN
  UPDATE search SET (main, kinds) = (SELECT v.main, v.kinds FROM search_shot v WHERE v.asset = search.asset)
    WHERE asset IN (SELECT id FROM asset WHERE shot = NEW.shot);
END;
CREATE TRIGGER search_change_part AFTER UPDATE OF shot, role ON asset
WHEN OLD.shot <> NEW.shot OR OLD.role <> NEW.role BEGIN
  UPDATE search SET (main, kinds) = (SELECT v.main, v.kinds FROM search_shot v WHERE v.asset = search.asset)
    WHERE asset IN (SELECT id FROM asset WHERE shot IN (OLD.shot, NEW.shot));
END;
CREATE TRIGGER seen_add AFTER INSERT ON place BEGIN
  INSERT OR IGNORE INTO seen SELECT NEW.source, slot FROM search WHERE asset = NEW.asset;
END;

INSERT INTO search(slot, asset, main, kinds, flags, state, imported, bytes, name)
  SELECT second * 268435456 + row_number() OVER (PARTITION BY second ORDER BY id) - 1,
         id, 1, 0, 0, 0, imported, bytes, lower(CAST(name AS TEXT))
  FROM (SELECT *, min(max(CAST(ifnull(strftime('%s', taken_local), modified / 1000000000) AS INTEGER),
                          -9223372036), 9223372036) AS second FROM asset);
UPDATE search SET (main, kinds) = (SELECT v.main, v.kinds FROM search_shot v WHERE v.asset = search.asset);
INSERT OR IGNORE INTO seen SELECT p.source, s.slot FROM place p JOIN search s ON s.asset = p.asset;

CREATE VIEW v1_metadata AS
  SELECT a.id AS asset, ifnull(m.state, 'pending') AS parse, nullif(m.reason, '') AS reason, m.kind, m.mime,
         strftime('%Y-%m-%dT%H:%M:%SZ', m.taken / 1000000000, 'unixepoch') AS taken, m.taken_local, m.taken_offset,
         m.taken_source, m.width, m.height, m.orientation, m.make, m.model, m.lens, m.software, m.latitude, m.longitude,
         m.altitude_m, m.content_id, m.burst_id, m.live_index, m.hdr, m.capture_type, m.duration_s, m.frame_rate,
         m.codec, m.slow_motion, m.spatial, m.panorama, m.screenshot, m.rating, m.title, m.caption, m.label,
         m.bit_depth, m.colour_profile, m.tiles, m.edited_by,
         strftime('%Y-%m-%dT%H:%M:%SZ', m.edited_at / 1000000000, 'unixepoch') AS edited_at
  FROM asset a LEFT JOIN metadata m ON m.asset = a.id;
CREATE VIEW v1_keyword AS
  SELECT m.asset, j.value AS keyword FROM metadata m, json_each(m.keywords) j;
CREATE VIEW v1_person AS
  SELECT m.asset, j.value ->> 'name' AS name, j.value ->> 'x' AS x, j.value ->> 'y' AS y,
         j.value ->> 'width' AS width, j.value ->> 'height' AS height
  FROM metadata m, json_each(m.people) j;
CREATE VIEW v1_auxiliary AS
  SELECT m.asset, j.value AS what FROM metadata m, json_each(m.aux) j;
CREATE VIEW v1_trouble AS
  SELECT m.asset, j.value AS trouble FROM metadata m, json_each(m.troubles) j;
CREATE VIEW v1_tag AS
  SELECT m.asset, j.value ->> 0 AS key, j.value ->> 1 AS value FROM metadata m, json_each(m.raw) j;
)sql";

} // namespace photosafe

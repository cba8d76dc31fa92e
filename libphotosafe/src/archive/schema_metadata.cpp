// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// `metadata` has one row an asset, kept in the order of capture: its `slot` is the stretch of time that the
// asset belongs to, and then a number within it (slot.hpp). A query deals in sets of slots. `member` holds
// them for all that an asset can be or have (trait.hpp), `words`, `names`, `labels` and `position` for text
// and places. docs/design.md has more.
//
// Triggers note in `due` whose slot, traits and words may have changed; SearchIndex::catch_up brings them up
// to date before the transaction ends. (`OR IGNORE` would do nothing there: the statement that fires a
// trigger decides about conflicts.)
const char* const schema_of_metadata = R"sql(
CREATE TABLE reader(id INTEGER PRIMARY KEY, versions TEXT NOT NULL UNIQUE);
CREATE TABLE metadata(
  slot INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL UNIQUE REFERENCES asset(id),
  time INTEGER NOT NULL,
  traits BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending',
  reason TEXT NOT NULL DEFAULT '',
  reader INTEGER REFERENCES reader(id),
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
  keywords TEXT, people TEXT, aux TEXT, troubles TEXT
);
CREATE INDEX metadata_by_time ON metadata(time, asset);
CREATE INDEX metadata_not_done ON metadata(state) WHERE state <> 'done';
CREATE INDEX metadata_by_content_id ON metadata(content_id) WHERE content_id IS NOT NULL;
CREATE INDEX metadata_by_burst_id ON metadata(burst_id) WHERE burst_id IS NOT NULL;
CREATE TABLE tags(asset INTEGER PRIMARY KEY REFERENCES asset(id), raw TEXT NOT NULL);

CREATE TABLE trait(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(kind, name));
CREATE TABLE label(id INTEGER PRIMARY KEY, trait INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX label_by_trait ON label(trait);
CREATE INDEX label_by_key ON label(key);
CREATE VIRTUAL TABLE labels USING fts5(text, content = 'label', content_rowid = 'id',
                                       tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE member(trait INTEGER NOT NULL, chunk INTEGER NOT NULL, bits BLOB NOT NULL,
                    PRIMARY KEY(trait, chunk)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(name, title, caption, prefix = '1 2 3',
                                      tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE names USING fts5(name, content = '', detail = none, tokenize = 'trigram');
CREATE VIRTUAL TABLE position USING rtree(slot, south, north, west, east, first, last);

CREATE TABLE due(asset INTEGER PRIMARY KEY, facts INTEGER NOT NULL);
CREATE TRIGGER due_asset AFTER INSERT ON asset BEGIN
  INSERT INTO due VALUES(NEW.id, 1);
END;
CREATE TRIGGER due_change AFTER UPDATE ON asset
WHEN OLD.shot <> NEW.shot OR OLD.role <> NEW.role OR OLD.state <> NEW.state OR OLD.modified <> NEW.modified OR
     OLD.taken_local <> NEW.taken_local OR OLD.taken_source <> NEW.taken_source BEGIN
  INSERT INTO due VALUES(NEW.id, 1) ON CONFLICT(asset) DO UPDATE SET facts = 1;
  INSERT INTO due SELECT id, 0 FROM asset WHERE shot = OLD.shot ORDER BY id LIMIT 1 ON CONFLICT(asset) DO NOTHING;
END;
CREATE TRIGGER due_place AFTER INSERT ON place BEGIN
  INSERT INTO due VALUES(NEW.asset, 0) ON CONFLICT(asset) DO NOTHING;
END;
INSERT INTO due SELECT id, 1 FROM asset;

DROP INDEX place_by_asset;
CREATE INDEX place_by_asset ON place(asset, source, path, bytes, modified, born, seen);

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
  SELECT t.asset, j.value ->> 0 AS key, j.value ->> 1 AS value FROM tags t, json_each(t.raw) j;
)sql";

} // namespace photosafe

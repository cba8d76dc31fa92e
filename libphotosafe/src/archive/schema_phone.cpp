// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// What phones' own libraries say: the sum of the events of phone_event.hpp. A library is of one source; a
// phone that was set up anew has another one, and what the old one said stays as it was. What is gone from a
// library keeps its row, with the run that missed it.
//
// The triggers do what those of schema_metadata.cpp do: what a query may ask for has changed.
const char* const schema_of_phones = R"sql(
CREATE TABLE library(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source(id),
  uuid TEXT NOT NULL,
  model_version INTEGER,
  UNIQUE(source, uuid)
);
ALTER TABLE run ADD COLUMN filter TEXT NOT NULL DEFAULT '{}';
ALTER TABLE run ADD COLUMN library INTEGER REFERENCES library(id);
CREATE TABLE look(
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  source INTEGER NOT NULL REFERENCES source(id),
  library INTEGER REFERENCES library(id),
  at INTEGER NOT NULL,
  items INTEGER, albums INTEGER,
  files TEXT NOT NULL,
  trouble TEXT,
  troubles TEXT NOT NULL
);
CREATE INDEX look_by_source ON look(source, id);
CREATE TABLE item(
  id INTEGER PRIMARY KEY,
  library INTEGER NOT NULL REFERENCES library(id),
  key TEXT NOT NULL,
  asset INTEGER REFERENCES asset(id),
  trashed INTEGER NOT NULL,
  facts TEXT NOT NULL,
  first_run INTEGER NOT NULL REFERENCES run(id),
  gone INTEGER REFERENCES run(id),
  UNIQUE(library, key)
);
CREATE INDEX item_by_asset ON item(asset) WHERE asset IS NOT NULL;
CREATE TABLE album(
  id INTEGER PRIMARY KEY,
  library INTEGER NOT NULL REFERENCES library(id),
  key TEXT NOT NULL,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  trashed INTEGER NOT NULL,
  facts TEXT NOT NULL,
  folder TEXT NOT NULL,
  key_item TEXT NOT NULL,
  first_run INTEGER NOT NULL REFERENCES run(id),
  gone INTEGER REFERENCES run(id),
  UNIQUE(library, key)
);
CREATE TABLE album_member(
  album INTEGER NOT NULL REFERENCES album(id),
  item INTEGER NOT NULL REFERENCES item(id),
  place INTEGER NOT NULL,
  PRIMARY KEY(album, item)
) WITHOUT ROWID;
CREATE INDEX album_member_by_item ON album_member(item);

CREATE TRIGGER due_item AFTER INSERT ON item WHEN NEW.asset IS NOT NULL BEGIN
  INSERT INTO due VALUES(NEW.asset, 1) ON CONFLICT(asset) DO UPDATE SET facts = 1;
END;
CREATE TRIGGER due_item_change AFTER UPDATE ON item BEGIN
  INSERT INTO due SELECT NEW.asset, 1 WHERE NEW.asset IS NOT NULL ON CONFLICT(asset) DO UPDATE SET facts = 1;
  INSERT INTO due SELECT OLD.asset, 1 WHERE OLD.asset IS NOT NULL ON CONFLICT(asset) DO UPDATE SET facts = 1;
END;
CREATE TRIGGER due_member AFTER INSERT ON album_member BEGIN
  INSERT INTO due SELECT asset, 0 FROM item WHERE id = NEW.item AND asset IS NOT NULL ON CONFLICT(asset) DO NOTHING;
END;
CREATE TRIGGER due_no_member AFTER DELETE ON album_member BEGIN
  INSERT INTO due SELECT asset, 0 FROM item WHERE id = OLD.item AND asset IS NOT NULL ON CONFLICT(asset) DO NOTHING;
END;
CREATE TRIGGER due_album AFTER UPDATE ON album
WHEN OLD.title <> NEW.title OR OLD.trashed <> NEW.trashed OR OLD.kind <> NEW.kind OR OLD.gone IS NOT NEW.gone BEGIN
  INSERT INTO due SELECT i.asset, 0 FROM album_member m JOIN item i ON i.id = m.item
    WHERE m.album = NEW.id AND i.asset IS NOT NULL ON CONFLICT(asset) DO NOTHING;
END;

CREATE VIEW v1_phone_item AS
  SELECT i.id, i.asset, CAST(s.key AS TEXT) AS source, l.uuid AS library, i.facts ->> 'uuid' AS uuid,
         i.facts ->> 'path' AS path, i.facts ->> 'original_name' AS original_name, i.facts ->> 'kind' AS kind,
         i.facts ->> 'subtype' AS subtype, i.facts ->> 'provenance' AS provenance, i.facts ->> 'app' AS app,
         i.facts ->> 'created' AS created, i.facts ->> 'added' AS added, i.facts ->> 'time_zone' AS time_zone,
         i.facts ->> 'latitude' AS latitude, i.facts ->> 'longitude' AS longitude,
         ifnull(i.facts ->> 'favorite', 0) AS favorite, ifnull(i.facts ->> 'hidden', 0) AS hidden, i.trashed,
         ifnull(i.facts ->> 'edited', 0) AS edited, i.facts ->> 'edited_by' AS edited_by,
         i.facts ->> 'title' AS title, i.facts ->> 'caption' AS caption, i.facts ->> 'burst_uuid' AS burst_uuid,
         ifnull(i.facts ->> 'burst_picked', 0) AS burst_picked, i.facts ->> 'live_uuid' AS live_uuid,
         ifnull(i.facts ->> 'in_shared_library', 0) AS in_shared_library,
         ifnull(i.facts ->> 'locality', 'unknown') AS locality, i.facts,
         strftime('%Y-%m-%dT%H:%M:%SZ', f.started / 1000000000, 'unixepoch') AS first_seen,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.started / 1000000000, 'unixepoch') AS gone
  FROM item i JOIN library l ON l.id = i.library JOIN source s ON s.id = l.source JOIN run f ON f.id = i.first_run
       LEFT JOIN run g ON g.id = i.gone;
CREATE VIEW v1_phone_album AS
  SELECT a.id, CAST(s.key AS TEXT) AS source, l.uuid AS library, a.facts ->> 'uuid' AS uuid, a.place, a.kind, a.title,
         a.facts ->> 'owner' AS owner, nullif(a.folder, '') AS folder, nullif(a.key_item, '') AS key_item,
         a.facts ->> 'order' AS "order", a.trashed,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.started / 1000000000, 'unixepoch') AS gone
  FROM album a JOIN library l ON l.id = a.library JOIN source s ON s.id = l.source LEFT JOIN run g ON g.id = a.gone;
CREATE VIEW v1_phone_member AS
  SELECT m.album, m.place, m.item, i.asset FROM album_member m JOIN item i ON i.id = m.item;
CREATE VIEW v1_phone_look AS
  SELECT r.manifest, CAST(s.key AS TEXT) AS source, l.uuid AS library, l.model_version,
         strftime('%Y-%m-%dT%H:%M:%SZ', k.at / 1000000000, 'unixepoch') AS at, k.items, k.albums, k.trouble
  FROM look k JOIN run r ON r.id = k.run JOIN source s ON s.id = k.source LEFT JOIN library l ON l.id = k.library;
)sql";

// An item that comes back keeps from when until when it was gone: the runs that missed it and saw it again.
const char* const schema_of_absences = R"sql(
CREATE TABLE item_absence(
  item INTEGER NOT NULL REFERENCES item(id),
  gone INTEGER NOT NULL REFERENCES run(id),
  back INTEGER NOT NULL REFERENCES run(id),
  PRIMARY KEY(item, gone)
) WITHOUT ROWID;
CREATE VIEW v1_phone_absence AS
  SELECT x.item, strftime('%Y-%m-%dT%H:%M:%SZ', g.started / 1000000000, 'unixepoch') AS gone,
         strftime('%Y-%m-%dT%H:%M:%SZ', b.started / 1000000000, 'unixepoch') AS back
  FROM item_absence x JOIN run g ON g.id = x.gone JOIN run b ON b.id = x.back;
)sql";

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// What was made of originals, or was tried in vain (then `path` is NULL). It can all be had again, so no
// manifest tells it: after a rebuild, rows come back as the files in renditions/ are met, which say the same
// at their ends.
const char* const schema_of_renditions = R"sql(
CREATE TABLE rendition(
  asset INTEGER NOT NULL REFERENCES asset(id),
  folder TEXT NOT NULL,
  options TEXT NOT NULL,
  path TEXT,
  bytes INTEGER, width INTEGER, height INTEGER,
  made INTEGER NOT NULL,
  reader INTEGER NOT NULL REFERENCES reader(id),
  decoder TEXT NOT NULL,
  from_preview INTEGER NOT NULL,
  embedded INTEGER NOT NULL,
  profile TEXT NOT NULL,
  lost TEXT NOT NULL,
  trouble TEXT NOT NULL,
  PRIMARY KEY(asset, folder)
) WITHOUT ROWID;
CREATE VIEW v1_rendition AS
  SELECT r.asset, r.folder, r.options, r.path, r.bytes, r.width, r.height,
         strftime('%Y-%m-%dT%H:%M:%SZ', r.made / 1000000000, 'unixepoch') AS made, v.versions,
         nullif(r.decoder, '') AS decoder, r.from_preview, r.embedded, nullif(r.profile, '') AS profile, r.lost,
         nullif(r.trouble, '') AS trouble
  FROM rendition r JOIN reader v ON v.id = r.reader;
)sql";

} // namespace photosafe

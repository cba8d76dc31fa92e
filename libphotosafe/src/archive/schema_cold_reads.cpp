// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/schema.hpp"

namespace photosafe {

// What a query reads of a catalog that isn't in memory. `position` has blocks on the scale of position_axis
// (slot.hpp), so that what lies at one place is together; `metadata.bytes` is the asset's, in the order of
// capture, where queries are.
const char* const schema_of_cold_reads = R"sql(
CREATE TABLE by_block AS SELECT * FROM position;
DELETE FROM position;
INSERT INTO position SELECT slot, south, north, west, east, first / 16, last / 16 FROM by_block;
DROP TABLE by_block;
ALTER TABLE metadata ADD COLUMN bytes INTEGER;
UPDATE metadata SET bytes = (SELECT a.bytes FROM asset a WHERE a.id = metadata.asset);
)sql";

} // namespace photosafe

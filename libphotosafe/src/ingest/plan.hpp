// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <photosafe/ingest.hpp>

namespace photosafe {

/// What is to become of a file. One byte, since there may be a hundred thousand of them.
enum class Fate : std::uint8_t { copy, known, failed, too_old, not_a_photo, not_a_video };

/// A listing, and the fate of each of its files. The files are sorted by shot.
struct Scan {
    Listing listing;
    std::vector<Fate> fates;
    IngestPlan figures;
};

/// Lists the source and asks the catalog. Changes nothing.
Scan scan(Source& source, const Archive& archive, const IngestOptions& options);

/// What is told of file `i` when nothing is to be done with it.
IngestedFile told(const Scan& scan, std::size_t i);
IngestedFile told(const SkippedEntry& entry);

} // namespace photosafe

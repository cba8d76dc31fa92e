// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <photosafe/ingest.hpp>

#include "phone/read_library.hpp"

namespace photosafe {

/// What is to become of a file. One byte, since there may be a hundred thousand of them.
enum class Fate : std::uint8_t {
    copy,
    known,
    failed,
    too_old,
    not_a_photo,
    not_a_video,
    // From here on by what the phone's own library says.
    trashed,
    hidden,
    of_shared_album,
    synced
};

/// A listing, and the fate of each of its files. The files are sorted by shot.
struct Scan {
    Listing listing;
    LibraryReading library;
    std::vector<Fate> fates;
    IngestPlan figures;
};

/// Lists the source, reads its own library, and asks the catalog. Changes nothing.
Scan scan(Source& source, const Archive& archive, const IngestOptions& options, const ReadLibrary& read);

/// Whether what is at this place of the source is in the archive already: seen before with this size and
/// time, and what came of it is still in its place. None: it isn't.
std::optional<std::int64_t> known_asset(Archive::Impl& archive, const std::string& source,
                                        const SourceFile& file);

/// What is told of file `i` when nothing is to be done with it.
IngestedFile told(const Scan& scan, std::size_t i);
IngestedFile told(const SkippedEntry& entry);
LibraryReport told(const LibraryReading& reading);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/read_metadata.hpp>

#include "ingest/ingest_with.hpp"
#include "ingest/read_pending.hpp"

namespace photosafe {

MetadataReport& MetadataReport::operator+=(const MetadataReport& later)
{
    read += later.read;
    failed += later.failed;
    regrouped += later.regrouped;
    pending = later.pending;
    absent = later.absent;
    killed = later.killed;
    if (trouble.empty()) trouble = later.trouble;
    return *this;
}

ReadMetadataPlan plan_read_metadata(const Archive& archive, const ReadMetadataOptions& options)
{
    const MetadataCounts counts = archive.impl().catalog.metadata().counts();
    return {.pending = counts.pending, .failed = counts.failed, .again = options.again ? counts.done : 0};
}

MetadataReport read_metadata(Archive& archive, const ReadMetadataOptions& options, MetadataReader& reader)
{
    require_write(archive);
    MetadataStore& store = archive.impl().catalog.metadata();
    // All at once: while a part of a shot is read anew and another isn't, the two may not know each other.
    if (options.again && reader.trouble().empty()) store.expect_all();
    std::optional<ManifestWriter> manifest;
    MetadataReport report = read_pending(archive.impl(), manifest, "metadata", reader,
                                         {.on_progress = options.on_progress, .stop = options.stop});
    report.pending = store.pending_count(reader.versions());
    report.trouble = reader.trouble();
    return report;
}

MetadataReport read_metadata(Archive& archive, const ReadMetadataOptions& options)
{
    return read_metadata(archive, options, *open_metadata_reader(options.media));
}

} // namespace photosafe

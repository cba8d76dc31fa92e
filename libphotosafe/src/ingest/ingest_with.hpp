// SPDX-License-Identifier: LGPL-2.1-or-later
// The works that read metadata, with a reader of the caller's.
#pragma once

#include <photosafe/ingest.hpp>
#include <photosafe/read_metadata.hpp>

#include "ingest/metadata_reader.hpp"

namespace photosafe {

IngestReport ingest(Source& source, Archive& archive, const IngestOptions& options, MetadataReader& metadata);
MetadataReport read_metadata(Archive& archive, const ReadMetadataOptions& options, MetadataReader& metadata);

} // namespace photosafe

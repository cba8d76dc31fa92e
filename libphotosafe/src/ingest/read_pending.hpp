// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include <photosafe/read_metadata.hpp>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "ingest/metadata_reader.hpp"

namespace photosafe {

struct ReadPendingOptions {
    std::function<void(const MetadataProgress&)> on_progress{};
    std::stop_token stop{};
};

/// Reads from the archive what is pending in its catalog, and notes what that changes in the run's manifest;
/// one is begun for `work` if there is none and it has to. What is told at the end is what it did, `trouble`
/// included; `pending` is the caller's to ask for.
MetadataReport read_pending(Archive::Impl& archive, std::optional<ManifestWriter>& manifest,
                            const std::string& work, MetadataReader& reader,
                            const ReadPendingOptions& options);

} // namespace photosafe

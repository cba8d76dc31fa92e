// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <photosafe/read_metadata.hpp>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "ingest/grouping.hpp"
#include "ingest/metadata_reader.hpp"

namespace photosafe {

/// Notes what a batch has come to, events and metadata, in one transaction of the catalog in which each sees
/// the ones before. The manifest's lines become durable first.
///
/// So whatever the catalog has of a file's metadata has been weighed for its shot, too: a process that is
/// killed leaves both or none.
class Recorder {
public:
    /// `manifest` is the run's. If it is none yet, one is begun for `work` as soon as there is an event.
    Recorder(Archive::Impl& archive, std::optional<ManifestWriter>& manifest, std::string work);

    Catalog& catalog() const noexcept { return archive_->catalog; }
    void add(Event event);
    /// Keeps what was read of the asset, or why that failed.
    void keep(std::int64_t asset, const Reading& reading, const std::string& versions);
    /// Notes what a new look at these shots changes.
    void regroup(const Grouping& shots);
    /// The same for the shots of these assets.
    void regroup(const std::set<std::int64_t>& assets);

    /// Makes all of it durable.
    void commit();
    /// How much was kept and regrouped.
    const MetadataReport& figures() const noexcept { return figures_; }

private:
    void begin();

    Archive::Impl* archive_;
    std::optional<ManifestWriter>* manifest_;
    std::string work_;
    Catalog::Batch rows_;
    std::vector<Event> events_;
    bool entered_ = false;
    bool begun_ = false; ///< the manifest was begun here
    MetadataReport figures_;
};

} // namespace photosafe

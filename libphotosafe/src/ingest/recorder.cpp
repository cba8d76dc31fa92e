// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/recorder.hpp"

#include <photosafe/version.hpp>

#include "core/time.hpp"

namespace photosafe {

Recorder::Recorder(Archive::Impl& archive, std::optional<ManifestWriter>& manifest, std::string work)
    : archive_{&archive}, manifest_{&manifest}, work_{std::move(work)}, rows_{archive.catalog}
{
    if (!manifest) return;
    rows_.enter(manifest->name());
    entered_ = true;
}

void Recorder::begin()
{
    const Begun begun{.work = work_,
                      .sequence = archive_->catalog.last_sequence() + 1,
                      .at = wall_now(),
                      .version = std::string{version()},
                      .source = {}};
    manifest_->emplace(archive_->root, begun);
    rows_.enter((*manifest_)->name());
    rows_.add(begun);
    entered_ = begun_ = true;
}

void Recorder::add(Event event)
{
    if (!entered_) begin();
    rows_.add(event);
    events_.push_back(std::move(event));
}

void Recorder::keep(std::int64_t asset, const Reading& reading, const std::string& versions)
{
    if (reading.metadata) {
        catalog().metadata().put(asset, *reading.metadata, versions);
        ++figures_.read;
    } else if (reading.tried()) {
        catalog().metadata().put_failed(asset, reading.failure, versions);
        ++figures_.failed;
    }
}

void Recorder::regroup(const Grouping& shots)
{
    for (Regrouped& change : shots.changes()) {
        add(std::move(change));
        ++figures_.regrouped;
    }
}

void Recorder::regroup(const std::set<std::int64_t>& assets)
{
    EvidenceFinder finder{catalog()};
    std::set<std::int64_t> looked_at;
    for (const std::int64_t asset : assets) {
        if (looked_at.contains(asset)) continue;
        const Grouping shots{catalog(), finder.around(asset)};
        for (const Evidence& one : shots.contents()) looked_at.insert(one.asset->id);
        regroup(shots);
    }
}

void Recorder::commit()
{
    if (events_.empty()) return rows_.commit();
    Stretch stretch = (*manifest_)->append(events_);
    if (begun_) stretch.from = 0;
    rows_.commit(stretch);
}

} // namespace photosafe

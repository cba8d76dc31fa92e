// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/read_pending.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "core/progress_pace.hpp"
#include "ingest/recorder.hpp"

namespace photosafe {

namespace {

// A batch shares a commit of the catalog. The next one is being read meanwhile.
constexpr std::size_t batch_files = 128;
constexpr std::size_t batches_ahead = 2;

/// One run over all that is pending.
class PendingReader {
public:
    PendingReader(Archive::Impl& archive, std::optional<ManifestWriter>& manifest, const std::string& work,
                  MetadataReader& reader, const ReadPendingOptions& options)
        : archive_{&archive}, manifest_{&manifest}, work_{&work}, reader_{&reader}, options_{&options}
    {
    }

    MetadataReport run();

private:
    struct Asked {
        PendingAsset asset;
        std::future<Reading> reading;
    };

    MetadataStore& store() const { return archive_->catalog.metadata(); }
    bool may_go_on() const { return !options_->stop.stop_requested() && reader_->trouble().empty(); }
    void ask();
    File open(const PendingAsset& asset) const;
    void keep();
    void tell(bool now);

    Archive::Impl* archive_;
    std::optional<ManifestWriter>* manifest_;
    const std::string* work_;
    MetadataReader* reader_;
    const ReadPendingOptions* options_;
    std::deque<Asked> asked_;
    PendingPlace place_;         ///< up to where the catalog has told of what is pending
    bool changed_ = false;       ///< something was kept since it began to tell: others may have come before
    std::set<std::int64_t> met_; ///< the catalog may tell of them again
    std::uint64_t absent_ = 0, killed_ = 0;
    MetadataReport report_;
    MetadataProgress progress_;
    ProgressPace pace_;
};

MetadataReport PendingReader::run()
{
    progress_.items_total = store().pending_count(reader_->versions());
    tell(true);
    while (may_go_on()) {
        ask();
        if (asked_.empty()) break;
        keep();
    }
    tell(true);
    report_.absent = absent_;
    report_.killed = killed_;
    return report_;
}

void PendingReader::ask()
{
    constexpr std::size_t most = batch_files * batches_ahead;
    while (asked_.size() + batch_files <= most && may_go_on()) {
        std::vector<PendingAsset> next = store().pending(reader_->versions(), batch_files, place_);
        if (next.empty()) {
            if (!std::exchange(changed_, false)) return;
            place_ = {};
            continue;
        }
        place_ = next.back().place;
        for (PendingAsset& asset : next) {
            if (!met_.insert(asset.id).second) continue;
            if (File file = open(asset)) {
                std::future<Reading> reading = reader_->read(std::move(file), options_->stop);
                asked_.push_back({std::move(asset), std::move(reading)});
            } else {
                ++absent_;
                ++progress_.items_done;
            }
        }
    }
}

/// None for a file that isn't what was stored: it would speak for another one, and what the manifests tell of
/// that one would be undone. It stays pending until it is back.
File PendingReader::open(const PendingAsset& asset) const
try {
    const auto known = archive_->catalog.find(asset.id);
    if (!known || known->state != AssetState::present) return {};
    File file = archive_->root.try_open_file(asset.path, O_RDONLY);
    const bool whole = file && S_ISREG(file.stat().st_mode) &&
                       static_cast<std::uint64_t>(file.stat().st_size) == asset.bytes;
    return whole ? std::move(file) : File{};
} catch (const ArchiveError&) { // the disk's trouble, not the file's
    return {};
}

/// The first batch of those that were asked.
void PendingReader::keep()
{
    std::vector<std::pair<PendingAsset, Reading>> batch;
    while (!asked_.empty() && batch.size() < batch_files) {
        batch.emplace_back(std::move(asked_.front().asset), asked_.front().reading.get());
        asked_.pop_front();
        ++progress_.items_done;
        progress_.current = batch.back().first.path;
        tell(false);
    }
    Recorder recorder{*archive_, *manifest_, *work_};
    std::set<std::int64_t> read;
    for (const auto& [asset, reading] : batch) {
        recorder.keep(asset.id, reading, reader_->versions());
        if (reading.tried()) {
            met_.erase(asset.id);
            read.insert(asset.id);
            changed_ = true;
        }
        killed_ += reading.killed ? 1 : 0;
    }
    recorder.regroup(read);
    recorder.commit();
    report_ += recorder.figures();
}

void PendingReader::tell(bool now)
{
    if (!options_->on_progress || progress_.items_total == 0 || !pace_.due(now)) return;
    options_->on_progress(progress_);
}

} // namespace

MetadataReport read_pending(Archive::Impl& archive, std::optional<ManifestWriter>& manifest,
                            const std::string& work, MetadataReader& reader,
                            const ReadPendingOptions& options)
{
    return PendingReader{archive, manifest, work, reader, options}.run();
}

} // namespace photosafe

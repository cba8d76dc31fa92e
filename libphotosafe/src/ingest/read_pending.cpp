// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/read_pending.hpp"

#include <algorithm>
#include <deque>
#include <set>

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
    std::future<Reading> begin_reading(const PendingAsset& asset) const;
    void keep();
    void tell(bool now);

    Archive::Impl* archive_;
    std::optional<ManifestWriter>* manifest_;
    const std::string* work_;
    MetadataReader* reader_;
    const ReadPendingOptions* options_;
    std::deque<Asked> asked_;
    std::set<std::int64_t> met_; ///< the catalog goes on telling of them until their answers are kept
    std::size_t left_out_ = 0;   ///< of them: could not be asked, and stay pending
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
    return report_;
}

void PendingReader::ask()
{
    constexpr std::size_t most = batch_files * batches_ahead;
    if (asked_.size() + batch_files > most) return;
    for (PendingAsset& asset : store().pending(reader_->versions(), most + left_out_)) {
        if (!met_.insert(asset.id).second) continue;
        std::future<Reading> reading = begin_reading(asset);
        asked_.push_back({std::move(asset), std::move(reading)});
    }
}

/// A file that isn't what was stored is not asked: it would speak for another one, and what the manifests
/// tell of that one would be undone. It stays pending until it is back.
std::future<Reading> PendingReader::begin_reading(const PendingAsset& asset) const
{
    const auto known = archive_->catalog.find(asset.id);
    if (known && known->state == AssetState::present) {
        try {
            File file = archive_->root.try_open_file(asset.path, O_RDONLY);
            const bool whole = file && S_ISREG(file.stat().st_mode) &&
                               static_cast<std::uint64_t>(file.stat().st_size) == asset.bytes;
            if (whole) return reader_->read(std::move(file), options_->stop);
        } catch (const ArchiveError&) { // the disk's trouble, not the file's
        }
    }
    std::promise<Reading> nobody_tried;
    nobody_tried.set_value({});
    return nobody_tried.get_future();
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
        } else {
            ++left_out_;
        }
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

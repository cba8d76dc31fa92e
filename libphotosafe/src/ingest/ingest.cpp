// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/ingest.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

#include <photosafe/version.hpp>

#include "archive/staged_file.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "ingest/finisher.hpp"
#include "ingest/ingest_with.hpp"
#include "ingest/plan.hpp"
#include "ingest/read_pending.hpp"
#include "ingest/selection.hpp"
#include "ingest/transfer.hpp"
#include "phone/tell_changes.hpp"

namespace photosafe {

namespace {

/// One ingest: scan, then passes over what is to be copied, then the closing line of the manifest.
class Ingest {
public:
    Ingest(Source& source, Archive& archive, const IngestOptions& options, MetadataReader& metadata,
           const ReadLibrary& read)
        : source_{&source}, archive_{&archive.impl()}, options_{&options}, metadata_{&metadata},
          scan_{scan(source, archive, options, read)}
    {
    }

    IngestReport run();

private:
    void begin();
    void pass(Finisher& finisher, std::vector<std::size_t> todo, bool last);
    void account(std::vector<Finished> finished, bool last);
    void settle_failure(Finished finished, bool last);
    void wait(std::chrono::milliseconds time) const;
    void count_unreached(const Error& cause);
    void tell_library();
    void read_pending();
    void close(bool disk_failed);
    void forget_old_transfers();
    void tell(const IngestedFile& file) const
    {
        if (options_->on_file) options_->on_file(file);
    }

    Source* source_;
    Archive::Impl* archive_;
    const IngestOptions* options_;
    MetadataReader* metadata_;
    Scan scan_;
    IngestReport report_;
    std::optional<ManifestWriter> manifest_;
    std::vector<Event> failures_;
    std::vector<std::size_t> again_; ///< failed in this pass
    std::optional<Progress> progress_;
};

void Ingest::begin()
{
    report_.source = scan_.figures.source;
    report_.seen = scan_.figures.seen;
    report_.library = told(scan_.library);
    const Begun begun{.work = "import",
                      .sequence = archive_->catalog.last_sequence() + 1,
                      .at = wall_now(),
                      .version = std::string{version()},
                      .source = report_.source,
                      .filter = options_->filter};
    manifest_.emplace(archive_->root, begun);
    const Event first = begun;
    archive_->catalog.apply(manifest_->name(), std::span{&first, 1}, manifest_->beginning());
    for (const SkippedEntry& entry : scan_.listing.skipped) {
        const IngestedFile file = told(entry);
        ++(entry.excluded ? report_.excluded : report_.failed);
        if (!entry.excluded)
            failures_.emplace_back(Failed{{report_.source.id, entry.path, 0, file.code, file.reason}});
        tell(file);
    }
    for (std::size_t i = 0; i < scan_.fates.size(); ++i) {
        if (scan_.fates[i] == Fate::copy) continue;
        ++(scan_.fates[i] == Fate::known ? report_.known : report_.excluded);
        if (options_->on_file) tell(told(scan_, i));
    }
}

IngestReport Ingest::run()
{
    begin();
    progress_.emplace(*options_, scan_.figures.to_copy, scan_.figures.bytes_to_copy);
    std::vector<std::size_t> todo;
    todo.reserve(scan_.figures.to_copy);
    for (std::size_t i = 0; i < scan_.fates.size(); ++i) {
        if (scan_.fates[i] == Fate::copy) todo.push_back(i);
    }
    Finisher finisher{*archive_,  manifest_,     report_.source, original_names(scan_.library.library),
                      *metadata_, options_->stop};
    std::optional<IngestInterrupted> interruption;
    try {
        try {
            for (unsigned attempt = 0; !todo.empty(); ++attempt) {
                if (attempt != 0) wait(options_->backoff * (1u << std::min(attempt - 1, 10u)));
                const bool last = attempt >= options_->retries;
                pass(finisher, std::move(todo), last);
                todo = std::exchange(again_, {});
                std::sort(todo.begin(), todo.end());
            }
        } catch (const Error&) {
            finisher.end(); // what was handed over comes to its end first; if that fails too, that is the
                            // cause to tell
            throw;
        }
        finisher.end();
        report_.metadata += finisher.metadata();
        tell_library();
        read_pending();
    } catch (const Error& cause) {
        account(finisher.take(), true);
        count_unreached(cause);
        report_.metadata = finisher.metadata();
        interruption.emplace(cause, report_);
    }
    close(interruption && !interruption->at_device());
    if (interruption) throw IngestInterrupted{*interruption};
    forget_old_transfers();
    return report_;
}

/// What failed or was left out today may be gone on with another day; all else came in, or is not there any
/// more.
void Ingest::forget_old_transfers()
{
    std::optional<std::set<std::string>> open;
    forget_transfers(archive_->root, report_.source.id, [&](const std::string& key) {
        if (!open) { // only now: nearly always there is nothing
            open.emplace();
            for (std::size_t i = 0; i < scan_.fates.size(); ++i) {
                const SourceFile& file = scan_.listing.files[i];
                if (scan_.fates[i] != Fate::known)
                    open->insert(staging_key(report_.source.id, file.path, file.bytes, file.modified));
            }
        }
        return open->contains(key);
    });
}

void Ingest::pass(Finisher& finisher, std::vector<std::size_t> todo, bool last)
{
    TransferStage transfer{*source_, *archive_, *options_, scan_, *progress_};
    transfer.begin(std::move(todo));
    try {
        while (!transfer.done()) {
            if (auto transferred = transfer.next()) {
                if (!finisher.put(std::move(*transferred))) break;
            }
            account(transfer.take_failed(), last);
            account(finisher.take(), last);
        }
    } catch (const Error&) {
        report_.read_bytes += transfer.take_read_bytes();
        throw;
    }
    report_.read_bytes += transfer.take_read_bytes();
    finisher.drain();
    account(finisher.take(), last);
    if (!transfer.done()) finisher.end(); // throws what it failed of
}

void Ingest::account(std::vector<Finished> finished, bool last)
{
    for (Finished& one : finished) {
        if (one.told.outcome == Outcome::failed) continue; // they may find the source gone, and end it all
        scan_.fates[one.index] = Fate::known;
        if (one.told.outcome == Outcome::stored) {
            ++report_.stored;
            report_.stored_bytes += one.told.file.bytes;
        } else {
            ++(one.told.outcome == Outcome::excluded ? report_.excluded : report_.known);
        }
        progress_->item_done();
        tell(one.told);
    }
    for (Finished& one : finished) {
        if (one.told.outcome == Outcome::failed) settle_failure(std::move(one), last);
    }
}

void Ingest::settle_failure(Finished finished, bool last)
{
    SourceFile& file = scan_.listing.files[finished.index];
    if (finished.changed && !last) {
        try {
            SourceFile now = source_->look(file.path);
            now.path = file.path; // by which it is sorted
            file = std::move(now);
        } catch (const Error& error) {
            if (ends_all(error)) throw;
            finished.told.code = name(error.code());
            finished.told.reason = error.what();
            last = error.code() == ErrorCode::not_found; // no other try can bring it
        }
    }
    if (!last) {
        again_.push_back(finished.index);
        return;
    }
    scan_.fates[finished.index] = Fate::failed;
    ++report_.failed;
    failures_.emplace_back(
        Failed{{report_.source.id, file.path, file.bytes, finished.told.code, finished.told.reason}});
    progress_->item_done();
    tell(finished.told);
}

void Ingest::wait(std::chrono::milliseconds time) const
{
    std::mutex mutex;
    std::condition_variable_any condition;
    std::unique_lock lock{mutex};
    condition.wait_for(lock, options_->stop, time, [] { return false; });
    if (options_->stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked for"};
}

void Ingest::count_unreached(const Error& cause)
{
    for (std::size_t i = 0; i < scan_.fates.size(); ++i) {
        if (scan_.fates[i] != Fate::copy) continue;
        scan_.fates[i] = Fate::failed;
        ++report_.failed;
        if (!options_->on_file) continue;
        IngestedFile file = told(scan_, i);
        file.code = name(cause.code());
        file.reason = std::string{"not reached: "} + cause.what();
        tell(file);
    }
}

/// Notes what the phone's own library says, now that the archive has what it speaks of.
void Ingest::tell_library()
{
    if (scan_.library.state == LibraryReading::State::none) return;
    std::unordered_map<std::string_view, const SourceFile*> here;
    here.reserve(scan_.fates.size());
    for (std::size_t i = 0; i < scan_.fates.size(); ++i)
        if (scan_.fates[i] == Fate::known) here.emplace(scan_.listing.files[i].path, &scan_.listing.files[i]);
    const OriginalOf original_of = [&](const PhoneAsset& item) -> std::optional<std::int64_t> {
        const auto found = here.find(item.path);
        if (found == here.end()) return std::nullopt;
        const SourceFile& file = *found->second;
        const auto place = archive_->catalog.seen(report_.source.id, file.path, file.bytes, file.modified);
        return place ? std::optional{place->asset} : std::nullopt;
    };
    tell_changes(archive_->catalog, report_.source.id, scan_.library, original_of,
                 [&](const std::vector<Event>& events) {
                     archive_->catalog.apply(manifest_->name(), events, manifest_->append(events));
                 });
}

/// What earlier imports could not read, or were killed before they noted it, is read from the archive itself.
void Ingest::read_pending()
{
    report_.metadata.trouble = metadata_->trouble();
    if (options_->metadata)
        report_.metadata +=
            photosafe::read_pending(*archive_, manifest_, "import", *metadata_,
                                    {.on_progress = options_->on_metadata, .stop = options_->stop});
    report_.metadata.pending = archive_->catalog.metadata().pending_count(metadata_->versions());
}

void Ingest::close(bool disk_failed)
{
    ImportRecord figures;
    figures.seen = report_.seen;
    figures.stored = report_.stored;
    figures.known = report_.known;
    figures.failed = report_.failed;
    figures.excluded = report_.excluded;
    figures.stored_bytes = report_.stored_bytes;
    std::vector<Event> events = std::move(failures_);
    events.emplace_back(Ended{.at = wall_now(), .figures = figures});
    try {
        const Stretch stretch = manifest_->append(events);
        archive_->catalog.apply(manifest_->name(), events, stretch);
    } catch (const ArchiveError&) {
        // Only an ingest that had already failed of this disk may end without its closing line; the archive
        // then tells of an import that was cut off, which is the truth.
        if (!disk_failed) throw;
    }
}

} // namespace

IngestReport ingest(Source& source, Archive& archive, const IngestOptions& options, MetadataReader& metadata)
{
    require_write(archive);
    return Ingest{source, archive, options, metadata, {}}.run();
}

IngestReport ingest(Source& source, Archive& archive, const IngestOptions& options)
{
    require_write(archive);
    const std::unique_ptr<MetadataReader> metadata =
        options.metadata ? open_metadata_reader(options.media)
                         : std::make_unique<MetadataReader>("It was not asked for");
    return Ingest{source, archive, options, *metadata,
                  options.phone_library ? library_reader(options.media) : ReadLibrary{}}
        .run();
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/finisher.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace photosafe {

namespace {

// A batch shares the syncs of its folders, the manifest and the catalog: large enough for them to weigh
// nothing, small enough that little is to be done again after a power cut.
constexpr std::size_t batch_files = 64;
constexpr std::uint64_t batch_bytes = 256u << 20;
constexpr std::chrono::seconds batch_age{2};
constexpr std::chrono::milliseconds reading_pace{2}; // how often it is looked whether workers are done
// Smaller files become durable together, as their batch is full, and larger ones while the next ones come in.
constexpr std::uint64_t shares_commit_below = 1u << 20;
constexpr std::size_t queue_files = 64;
// A reader that waits for its proof keeps its buffers: so many announced bytes of files may wait, the next
// waits with them.
constexpr std::uint64_t queue_bytes = 16u << 20;
constexpr std::uint64_t reader_bytes = 4u << 20;

} // namespace

Finisher::Finisher(Archive::Impl& archive, std::optional<ManifestWriter>& manifest, const SourceInfo& source,
                   OriginalNames names, MetadataReader& metadata, std::stop_token stop)
    : archive_{&archive}, manifest_{&manifest}, publisher_{archive, source, std::move(names)},
      metadata_{&metadata}, stop_{std::move(stop)}, thread_{[this] { run(); }}
{
}

Finisher::~Finisher()
{
    const std::scoped_lock lock{mutex_};
    ending_ = true;
    changed_.notify_all();
}

bool Finisher::put(Transferred transferred)
{
    std::unique_lock lock{mutex_};
    const auto has_room = [&] {
        std::uint64_t held = 0;
        for (const Transferred& one : queue_) held += std::min(one.file.bytes, reader_bytes);
        return queue_.size() < queue_files && held < queue_bytes;
    };
    changed_.wait(lock, [&] { return has_room() || failure_ || source_failure_; });
    if (failure_ || source_failure_) return false;
    queue_.push_back(std::move(transferred));
    ++busy_;
    changed_.notify_all();
    return true;
}

std::vector<Finished> Finisher::take()
{
    const std::scoped_lock lock{mutex_};
    return std::exchange(done_, {});
}

void Finisher::drain()
{
    std::unique_lock lock{mutex_};
    draining_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return busy_ == 0 || failure_; });
    draining_ = false;
}

void Finisher::end()
{
    {
        const std::scoped_lock lock{mutex_};
        ending_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Finisher::run()
{
    try {
        while (step()) {
        }
    } catch (...) { // handed to the thread that waits for it: end()
        const std::exception_ptr failure = std::current_exception();
        try {
            record_proven(); // it may be another file that failed
        } catch (const Error&) { // the first failure is told; what isn't recorded is copied again
        }
        lose(failure);
    }
}

/// One file, or one batch; false after the last.
bool Finisher::step()
{
    if (is_read()) record_proven();
    std::unique_lock lock{mutex_};
    const auto due = [&] {
        return !queue_.empty() || ending_ || (draining_ && (!batch_.empty() || !proven_.empty()));
    };
    const auto now = std::chrono::steady_clock::now();
    if (batch_.empty() && proven_.empty()) {
        changed_.wait(lock, due);
    } else if (proven_.empty()) {
        changed_.wait_until(lock, oldest_ + batch_age, due);
    } else if (!changed_.wait_for(lock, reading_pace, due) && (batch_.empty() || now - oldest_ < batch_age)) {
        return true; // perhaps it is read by now
    }
    if (queue_.empty()) {
        const bool last = ending_, all = ending_ || draining_;
        lock.unlock();
        if (!batch_.empty()) prove_batch();
        if (all) record_proven();
        if (last && source_failure_) std::rethrow_exception(source_failure_);
        return !last;
    }
    Transferred next = std::move(queue_.front());
    queue_.pop_front();
    changed_.notify_all();
    lock.unlock();
    if (batch_.empty()) oldest_ = std::chrono::steady_clock::now();
    settle(std::move(next));
    if (batch_.size() >= batch_files || batch_bytes_ >= batch_bytes ||
        std::chrono::steady_clock::now() - oldest_ >= batch_age) {
        prove_batch();
    }
    return true;
}

/// The disk has failed, or memory: nothing more can be done. What waits stays for the next ingest where that
/// is possible.
void Finisher::lose(std::exception_ptr failure)
{
    const std::scoped_lock lock{mutex_};
    failure_ = std::move(failure);
    queue_.clear();
    changed_.notify_all();
}

/// Proof from the source, then durability. Both wait for others, so they come before the batch is looked at
/// as a whole.
void Finisher::settle(Transferred transferred)
{
    try {
        transferred.reader->finish();
        transferred.reader.reset();
    } catch (const Error& error) {
        if (!ends_all(error)) return fail(transferred.index, transferred.file, error);
        // All of its bytes are here, only the word for it is missing: the next ingest goes on from there.
        // Others may have got their word before the source was lost.
        transferred.staged.keep();
        const std::scoped_lock lock{mutex_};
        if (!source_failure_) source_failure_ = std::current_exception();
        --busy_;
        changed_.notify_all();
        return;
    }
    transferred.staged.seal(transferred.file.modified);
    if (transferred.staged.bytes() >= shares_commit_below) transferred.staged.sync();
    batch_bytes_ += transferred.staged.bytes();
    batch_.push_back({transferred.index, std::move(transferred.file), std::move(transferred.staged)});
}

/// Whether all is known of what is proven.
bool Finisher::is_read() const
{
    const auto ready = [](const std::future<Reading>& reading) {
        return !reading.valid() || reading.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    };
    return !proven_.empty() && std::ranges::all_of(readings_, ready);
}

/// Names, manifest and catalog of what is proven.
void Finisher::record_proven()
{
    if (proven_.empty()) return;
    std::vector<Arrival> batch = std::exchange(proven_, {});
    for (std::size_t i = 0; i < batch.size(); ++i)
        if (readings_[i].valid()) batch[i].reading = readings_[i].get();
    readings_.clear();
    Recorder recorder{*archive_, *manifest_, "import"};
    publisher_.publish(batch, metadata_->versions(), recorder);
    publisher_.sync();
    recorder.commit();
    figures_ += recorder.figures();
    for (Arrival& one : batch) { // not a moment earlier: now it is safe
        if (one.error) {
            fail(one.index, one.file, *one.error);
            continue;
        }
        report({.index = one.index,
                .told = {.file = std::move(one.file),
                         .outcome = one.outcome,
                         .asset_path = std::move(one.path),
                         .digest = one.digest,
                         .code = {},
                         .reason = std::move(one.reason)},
                .changed = false});
    }
}

/// Proves that the disk gives them back as they were written, and has workers begin to read them. Then the
/// batch before is recorded, whose metadata was read meanwhile.
void Finisher::prove_batch()
{
    batch_bytes_ = 0;
    std::vector<Arrival> batch = std::exchange(batch_, {}), proven;
    std::vector<std::future<Reading>> readings;
    proven.reserve(batch.size());
    for (Arrival& one : batch) one.staged.sync();
    for (Arrival& one : batch) {
        try {
            one.staged.verify();
        } catch (const FixityError& error) {
            fail(one.index, one.file, error);
            continue;
        } catch (const ArchiveError& error) {
            if (error.code() != ErrorCode::unreadable && error.code() != ErrorCode::unsafe) throw;
            fail(one.index, one.file, error);
            continue;
        }
        readings.push_back(begin_reading(one));
        proven.push_back(std::move(one));
    }
    record_proven();
    proven_ = std::move(proven);
    readings_ = std::move(readings);
}

/// None for a content of which the archive knows already what it says.
std::future<Reading> Finisher::begin_reading(const Arrival& arrival)
{
    const auto asset = archive_->catalog.find(arrival.staged.digest());
    if (asset && !archive_->catalog.metadata().is_pending(asset->id)) return {};
    try {
        return metadata_->read(arrival.staged.open_to_read(), stop_);
    } catch (const ArchiveError&) {
        return {}; // no descriptor left, for one: it stays pending, and is read later
    }
}

void Finisher::fail(std::size_t index, const SourceFile& file, const Error& error)
{
    report({.index = index,
            .told = {.file = file,
                     .outcome = Outcome::failed,
                     .asset_path = {},
                     .digest = {},
                     .code = std::string{name(error.code())},
                     .reason = error.what()},
            .changed = error.code() == ErrorCode::changed || error.code() == ErrorCode::not_found});
}

void Finisher::report(Finished finished)
{
    const std::scoped_lock lock{mutex_};
    done_.push_back(std::move(finished));
    --busy_;
    changed_.notify_all();
}

} // namespace photosafe

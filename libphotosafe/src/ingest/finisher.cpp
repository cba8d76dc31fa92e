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
// Smaller files become durable together, as their batch is full, and larger ones while the next ones come in.
constexpr std::uint64_t shares_commit_below = 1u << 20;
constexpr std::size_t queue_files = 64;
// A reader that waits for its proof keeps its buffers: so many announced bytes of files may wait, the next
// waits with them.
constexpr std::uint64_t queue_bytes = 16u << 20;
constexpr std::uint64_t reader_bytes = 4u << 20;

} // namespace

bool ends_all(const Error& error)
{
    if (dynamic_cast<const DeviceError*>(&error) == nullptr) return error.code() == ErrorCode::cancelled;
    switch (error.code()) {
    case ErrorCode::device_absent:
    case ErrorCode::device_gone:
    case ErrorCode::device_locked:
    case ErrorCode::trust_pending:
    case ErrorCode::not_trusted:
    case ErrorCode::refused:
    case ErrorCode::cancelled: return true;
    default: return false;
    }
}

Finisher::Finisher(Archive::Impl& archive, ManifestWriter& manifest, const std::string& source)
    : archive_{&archive}, manifest_{&manifest}, publisher_{archive, source}, thread_{[this] { run(); }}
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
        for (const Transferred& one : queue_) held += std::min(one.proven.file.bytes, reader_bytes);
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
        lose(std::current_exception());
    }
}

/// One file, or one batch; false after the last.
bool Finisher::step()
{
    std::unique_lock lock{mutex_};
    const auto due = [&] { return !queue_.empty() || ending_ || (draining_ && !batch_.empty()); };
    if (batch_.empty())
        changed_.wait(lock, due);
    else
        changed_.wait_until(lock, oldest_ + batch_age, due);
    if (queue_.empty()) {
        const bool last = ending_;
        lock.unlock();
        if (!batch_.empty()) finish_batch();
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
        finish_batch();
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
    Proven& proven = transferred.proven;
    try {
        transferred.reader->finish();
        transferred.reader.reset();
    } catch (const Error& error) {
        if (!ends_all(error)) return fail(transferred.index, proven.file, error);
        // All of its bytes are here, only the word for it is missing: the next ingest goes on from there.
        // Others may have got their word before the source was lost.
        proven.staged.keep();
        const std::scoped_lock lock{mutex_};
        if (!source_failure_) source_failure_ = std::current_exception();
        --busy_;
        changed_.notify_all();
        return;
    }
    proven.staged.seal(proven.file.modified);
    if (proven.staged.bytes() >= shares_commit_below) proven.staged.sync();
    batch_bytes_ += proven.staged.bytes();
    batch_.push_back({transferred.index, std::move(proven)});
}

void Finisher::finish_batch()
{
    std::vector<Settled> batch = std::exchange(batch_, {});
    batch_bytes_ = 0;
    std::vector<Event> events;
    std::vector<Finished> finished;
    Catalog::Batch rows{archive_->catalog, manifest_->name()};
    for (Settled& one : batch) one.proven.staged.sync();
    for (Settled& one : batch) {
        Proven& proven = one.proven;
        try {
            proven.staged.verify();
            const Digest digest = proven.staged.digest();
            Published published = publisher_.publish(proven);
            for (Event& event : published.events) {
                rows.add(event);
                events.push_back(std::move(event));
            }
            finished.push_back({.index = one.index,
                                .told = {.file = proven.file,
                                         .outcome = published.outcome,
                                         .asset_path = published.path,
                                         .digest = digest,
                                         .code = {},
                                         .reason = {}},
                                .changed = false});
        } catch (const FixityError& error) {
            fail(one.index, proven.file, error);
        } catch (const ArchiveError& error) {
            if (error.code() != ErrorCode::unreadable && error.code() != ErrorCode::unsafe) throw;
            fail(one.index, proven.file, error);
        }
    }
    publisher_.sync();
    if (!events.empty()) {
        rows.commit(manifest_->append(events));
    }
    for (Finished& one : finished) report(std::move(one)); // not a moment earlier: now it is safe
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

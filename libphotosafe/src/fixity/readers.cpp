// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fixity/readers.hpp"

#include <algorithm>
#include <functional>

#include "core/digest.hpp"

namespace photosafe {

namespace {

/// Asked of the disk at once when a file is opened: a picture as a whole.
constexpr std::uint64_t read_ahead_bytes = 8u << 20;
/// So many readers for each processor: while one waits for the disk, another one computes.
constexpr unsigned readers_per_processor = 2;

FixityResult compare(const Folder& root, Asset asset, std::span<std::byte> buffer,
                     const std::function<bool()>& stopped)
{
    FixityResult result{.asset = std::move(asset),
                        .outcome = FixityOutcome::altered,
                        .bytes_read = 0,
                        .detail = {},
                        .stopped = false,
                        .failure = {}};
    try {
        const auto facts = root.stat(result.asset.path);
        if (!facts || !S_ISREG(facts->st_mode)) {
            result.outcome = FixityOutcome::missing;
            return result;
        }
        if (static_cast<std::uint64_t>(facts->st_size) != result.asset.bytes) return result;
        const File file = root.open_file(result.asset.path, O_RDONLY);
        file.drop_cache();
        (void)::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_SEQUENTIAL);
        (void)::posix_fadvise(file.fd(), 0, static_cast<off_t>(read_ahead_bytes), POSIX_FADV_WILLNEED);
        Digester digester;
        for (std::size_t n; (n = file.read_at(buffer, result.bytes_read)) != 0; result.bytes_read += n) {
            digester.update(buffer.first(n));
            if (stopped()) {
                result.stopped = true;
                return result;
            }
        }
        if (digester.digest() == result.asset.digest && result.bytes_read == result.asset.bytes) {
            result.outcome = FixityOutcome::matched;
        }
        file.drop_cache(); // a check of everything would push all else out of memory
    } catch (const ArchiveError& error) {
        result.outcome =
            error.code() == ErrorCode::not_found ? FixityOutcome::missing : FixityOutcome::unreadable;
        result.detail = error.what();
    } catch (...) { // handed to the thread that takes it
        result.failure = std::current_exception();
    }
    return result;
}

} // namespace

FixityReaders::FixityReaders(const Folder& root, unsigned threads, std::stop_token stop)
    : root_{&root}, stop_{std::move(stop)}
{
    if (threads == 0) threads = readers_per_processor * std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < std::min(threads, 64u); ++i)
        threads_.emplace_back([this](const std::stop_token& ending) { run(ending); });
}

void FixityReaders::ask(Asset asset)
{
    {
        const std::scoped_lock lock{mutex_};
        asked_.push_back(std::move(asset));
    }
    changed_.notify_all();
}

FixityResult FixityReaders::take()
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !done_.empty(); });
    FixityResult result = std::move(done_.front());
    done_.pop_front();
    if (result.failure) std::rethrow_exception(result.failure);
    return result;
}

void FixityReaders::run(const std::stop_token& ending)
{
    const auto stopped = [&] { return stop_.stop_requested() || ending.stop_requested(); };
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (;;) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, ending, [&] { return !asked_.empty(); }) || ending.stop_requested()) return;
        Asset asset = std::move(asked_.front());
        asked_.pop_front();
        lock.unlock();
        FixityResult result = compare(*root_, std::move(asset), buffer, stopped);
        lock.lock();
        done_.push_back(std::move(result));
        lock.unlock();
        changed_.notify_all();
    }
}

} // namespace photosafe

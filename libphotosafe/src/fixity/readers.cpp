// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fixity/readers.hpp"

#include <algorithm>

#include "core/digest.hpp"

namespace photosafe {

namespace {

FixityResult compare(const Folder& root, Asset asset, std::span<std::byte> buffer)
{
    FixityResult result{
        .asset = std::move(asset), .outcome = FixityOutcome::altered, .bytes_read = 0, .detail = {}};
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
        Digester digester;
        for (std::size_t n; (n = file.read_at(buffer, result.bytes_read)) != 0; result.bytes_read += n) {
            digester.update(buffer.first(n));
        }
        if (digester.digest() == result.asset.digest && result.bytes_read == result.asset.bytes) {
            result.outcome = FixityOutcome::matched;
        }
        file.drop_cache(); // a check of everything would push all else out of memory
    } catch (const ArchiveError& error) {
        result.outcome =
            error.code() == ErrorCode::not_found ? FixityOutcome::missing : FixityOutcome::unreadable;
        result.detail = error.what();
    }
    return result;
}

} // namespace

FixityReaders::FixityReaders(const Folder& root, unsigned threads) : root_{&root}
{
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < std::min(threads, 64u); ++i) threads_.emplace_back([this] { run(); });
}

FixityReaders::~FixityReaders()
{
    {
        const std::scoped_lock lock{mutex_};
        ending_ = true;
    }
    changed_.notify_all();
    threads_.clear();
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
    return result;
}

void FixityReaders::run()
{
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (;;) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return ending_ || !asked_.empty(); });
        if (ending_) return;
        Asset asset = std::move(asked_.front());
        asked_.pop_front();
        lock.unlock();
        FixityResult result = compare(*root_, std::move(asset), buffer);
        lock.lock();
        done_.push_back(std::move(result));
        lock.unlock();
        changed_.notify_all();
    }
}

} // namespace photosafe

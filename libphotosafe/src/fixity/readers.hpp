// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <photosafe/fixity.hpp>

#include "core/file.hpp"

namespace photosafe {

/// What reading one stored file came to.
struct FixityResult {
    Asset asset;
    FixityOutcome outcome = FixityOutcome::matched;
    std::uint64_t bytes_read = 0;
    std::string detail;           ///< what the disk said, for unreadable ones
    bool stopped = false;         ///< it was not read to its end, since a stop was asked for
    std::exception_ptr failure{}; ///< of this process (memory), which says nothing of the file
};

/// Threads that re-read stored files and compare them with their digests: one core can't hash as fast as a
/// disk reads.
class FixityReaders {
public:
    FixityReaders(const Folder& root, unsigned threads, std::stop_token stop);

    /// So many may be asked for and not taken yet.
    std::size_t depth() const noexcept { return threads_.size() * 4; }
    void ask(Asset asset);
    /// Waits for the next result. There must be one to come. Throws its `failure`.
    FixityResult take();

private:
    void run(const std::stop_token& ending);

    const Folder* root_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::stop_token stop_;
    std::deque<Asset> asked_;
    std::deque<FixityResult> done_;
    std::vector<std::jthread> threads_; ///< the last member: they use the others
};

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
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
    std::string detail; ///< what the disk said, for unreadable ones
};

/// Threads that re-read stored files and compare them with their digests: one core can't hash as fast as a
/// disk reads.
class FixityReaders {
public:
    FixityReaders(const Folder& root, unsigned threads);
    ~FixityReaders();

    /// So many may be asked for and not taken yet.
    std::size_t depth() const noexcept { return threads_.size() * 4; }
    void ask(Asset asset);
    /// Waits for the next result. There must be one to come.
    FixityResult take();

private:
    void run();

    const Folder* root_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Asset> asked_;
    std::deque<FixityResult> done_;
    bool ending_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "core/digest.hpp"
#include "core/file.hpp"

namespace photosafe {

/// Reads a large file back from the disk, past the page cache, while it is still being written: a thread of
/// its own follows the writer. What would otherwise begin after the last byte of a movie is then nearly done
/// with it.
///
/// Each stretch is written out and waited for, dropped from the page cache, and read: so it comes from the
/// disk. The caller's fsync at the end makes it durable, and doesn't write it again.
class ReadBack {
public:
    explicit ReadBack(const File& file);
    ~ReadBack();

    /// The file has been written until here.
    void advance(std::uint64_t written);
    /// Digest of the first `bytes` bytes as the disk gives them; waits for it. None where the file system
    /// can't write out a part of a file. Errors: ArchiveError.
    std::optional<Digest> finish(std::uint64_t bytes);

private:
    void run();
    bool follow(std::uint64_t until);

    File file_; ///< the same open file, by a descriptor of our own
    Digester digester_;
    std::uint64_t done_ = 0; ///< of the thread alone

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t written_ = 0;
    bool finishing_ = false;
    bool ending_ = false;
    bool ended_ = false;
    bool able_ = true;
    std::exception_ptr failure_;
    std::jthread thread_;
};

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <photosafe/media.hpp>
#include <photosafe/metadata.hpp>

#include "core/file.hpp"

namespace photosafe {

/// What came of reading one file. Neither facts nor a failure: nothing is known, and it stays pending.
struct Reading {
    std::optional<Metadata> metadata;
    std::string failure; ///< why it could not be read, a sentence
    bool killed = false; ///< the workers that read it were killed from outside

    bool tried() const noexcept { return metadata || !failure.empty(); }
};

/// Has files read by media workers, as many at once as there are workers.
///
/// Errors:  none of a file: they are its Reading. When the workers themselves are gone, `trouble` says so,
/// and
///          nothing more is tried.
/// Threads: `read` from any; the files are read on threads of its own.
class MetadataReader {
public:
    /// What reads a file: a WorkerPool, or a test. Throws MediaError; `not_found`: no file can be read any
    /// more.
    using Read = std::function<Metadata(int fd)>;

    struct Opened {
        Read read;            ///< called by all threads at once
        std::string versions; ///< of the libraries behind it
    };

    MetadataReader(Read read, std::string versions, unsigned threads);
    /// One that is opened on a thread of its own, for that takes a while; nothing waits for it before the
    /// first file is read. What `open` throws is the trouble.
    MetadataReader(std::function<Opened()> open, unsigned threads);
    /// Nothing can be read, since `trouble`.
    explicit MetadataReader(std::string trouble);
    ~MetadataReader();
    MetadataReader(const MetadataReader&) = delete;
    MetadataReader& operator=(const MetadataReader&) = delete;

    /// Begins to read; the file is the reader's until then. What has not begun when `stop` asks isn't tried.
    std::future<Reading> read(File file, std::stop_token stop = {});

    /// Waits until it is open.
    const std::string& versions() const;
    /// Why nothing can be read, a sentence; empty while that works. Waits until it is open.
    std::string trouble() const;

private:
    struct Job {
        File file;
        std::stop_token stop;
        std::promise<Reading> answer;
    };

    void open(const std::function<Opened()>& open);
    void run();
    Reading answer(const Job& job);

    Read read_;
    std::string versions_;
    bool open_ = true; ///< or it never will be
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::string trouble_;
    bool ending_ = false;
    std::vector<std::jthread> threads_;
};

/// A reader that has files read by media workers, the first of which is started now, on a thread. One that
/// only has a trouble where that can't be done.
std::unique_ptr<MetadataReader> open_metadata_reader(const MediaOptions& options);

} // namespace photosafe

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

    /// `versions` are those of the libraries behind `read`, which is called by so many threads at once.
    MetadataReader(Read read, std::string versions, unsigned threads);
    /// Nothing can be read, since `trouble`.
    explicit MetadataReader(std::string trouble);
    ~MetadataReader();
    MetadataReader(const MetadataReader&) = delete;
    MetadataReader& operator=(const MetadataReader&) = delete;

    /// Begins to read; the file is the reader's until then. What has not begun when `stop` asks isn't tried.
    std::future<Reading> read(File file, std::stop_token stop = {});

    const std::string& versions() const noexcept { return versions_; }
    /// Why nothing can be read, a sentence; empty while that works.
    std::string trouble() const;

private:
    struct Job {
        File file;
        std::stop_token stop;
        std::promise<Reading> answer;
    };

    void run();
    Reading answer(const Job& job);

    Read read_;
    std::string versions_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::string trouble_;
    bool ending_ = false;
    std::vector<std::jthread> threads_;
};

/// A reader that has files read by media workers; they are started now. One that only has a trouble where
/// that can't be done.
std::unique_ptr<MetadataReader> open_metadata_reader(const MediaOptions& options);

} // namespace photosafe

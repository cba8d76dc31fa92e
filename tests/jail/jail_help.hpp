// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "core/descriptor.hpp"
#include "media/worker_pool.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

constexpr bool sanitized =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#else
    false;
#endif

inline MediaOptions misbehaving(std::chrono::milliseconds limit = std::chrono::seconds{30},
                                unsigned workers = 1)
{
    return {.worker = MISBEHAVING_WORKER, .workers = workers, .time_limit = limit};
}

/// A file with an order for the misbehaving worker.
class Order {
public:
    explicit Order(std::string_view text) : path_{folder_.write("order", text)}
    {
        file_ = Descriptor{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
    }
    int fd() const { return file_.get(); }
    void change(std::string_view text) const { (void)folder_.write("order", text); }

private:
    TempFolder folder_;
    std::filesystem::path path_;
    Descriptor file_;
};

struct Outcome {
    std::optional<ErrorCode> code; ///< none: it has facts
    std::string text; ///< the error's, or the caption, which is the number of the worker's process
};

inline Outcome read(WorkerPool& pool, int fd)
try {
    return {std::nullopt, pool.read_metadata(fd).caption};
} catch (const MediaError& error) {
    return {error.code(), error.what()};
}
inline Outcome read(WorkerPool& pool, std::string_view order)
{
    const Order file{order};
    return read(pool, file.fd());
}

/// The number of the process of the next worker.
inline pid_t worker_of(WorkerPool& pool) { return std::stoi(read(pool, "ok").text); }

inline bool has(const WorkerPool& pool, std::string_view part)
{
    for (const JailPart& one : pool.facts().jail)
        if (one.name == part) return one.held;
    return false;
}

} // namespace photosafe::test

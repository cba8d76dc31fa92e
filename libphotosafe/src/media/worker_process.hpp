// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <sys/types.h>

#include <photosafe/error.hpp>
#include <photosafe/media.hpp>

#include "core/descriptor.hpp"
#include "media/facts.hpp"
#include "media/message.hpp"

namespace photosafe {

/// How a worker ended.
struct WorkerEnding {
    ErrorCode code = ErrorCode::crashed; ///< or timeout: its processor time was used up; or killed
    std::string how;                     ///< a sentence
};

/// One media worker, a child of this process. It is killed when its handle goes.
///
/// A worker also dies with the *thread* that started it; see Starter.
///
/// Nothing here depends on how the host program treats SIGCHLD, or disturbs it: only our own child is waited
/// for, and the host may have taken its status from us.
class WorkerProcess {
public:
    /// Starts it and waits until it has said hello. Throws MediaError{not_found}.
    WorkerProcess(const std::filesystem::path& program, const MediaOptions& options);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    const WorkerFacts& facts() const noexcept { return facts_; }
    unsigned jobs() const noexcept { return jobs_; } ///< that it has been given

    /// Whether it waits for a job: it hasn't ended, and hasn't said anything that it wasn't asked.
    bool ready() const;

    /// Gives it a file and takes the answer. Unless it is `done`, this worker is of no use any more.
    Delivery ask(int descriptor, const std::string& request, const Deadline& deadline, Message& answer);

    /// How it ended, once it has closed its end. One that only did that is killed after a second.
    WorkerEnding end();

private:
    void start(const std::filesystem::path& program, const MediaOptions& options);
    enum class Wait { ended, running, taken }; ///< taken: ended, and the host has its status
    struct Status {
        int signal = 0;                     ///< that ended it; 0: it ended by itself
        int code = 0;                       ///< with which it did
        std::chrono::microseconds used{-1}; ///< of processor time, in all its life; negative: not known
    };
    Wait wait(int milliseconds, Status& status) noexcept;
    static WorkerEnding ending_of(const Status& status);
    void kill() noexcept;

    pid_t pid_ = -1;    ///< -1: it has been waited for
    Descriptor handle_; ///< a pidfd, where the system has them: a number alone may be another's by now
    Descriptor socket_;
    WorkerFacts facts_;
    unsigned jobs_ = 0;
};

} // namespace photosafe

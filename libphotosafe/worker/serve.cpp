// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/serve.hpp"

#include <ctime>
#include <new>
#include <span>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/bounded.hpp"
#include "media/protocol.hpp"

namespace photosafe::worker {

namespace {

/// From now on: what the process has used so far doesn't count.
void limit_cpu(std::uint64_t seconds)
{
    timespec used{};
    if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return;
    const rlim_t most = static_cast<rlim_t>(used.tv_sec) + 1 + seconds;
    const rlimit limit{.rlim_cur = most, .rlim_max = RLIM_INFINITY};
    (void)::setrlimit(RLIMIT_CPU, &limit); // the library ends what takes too long anyway
}

void check_file(int fd)
{
    struct stat facts {};
    if (fd < 0) throw MediaError{ErrorCode::unreadable, "No file came along."};
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) != O_RDONLY)
        throw MediaError{ErrorCode::unreadable, "It isn't open for reading only."};
    if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))
        throw MediaError{ErrorCode::unreadable, "It is no file."};
}

/// What comes from libraries may be any bytes.
void keep_texts(nlohmann::json& json)
{
    if (json.is_string()) (void)keep_text(json.get_ref<std::string&>());
    if (json.is_structured()) {
        for (auto& one : json) keep_texts(one);
    }
}

struct Answer {
    std::string json;
    std::vector<std::uint8_t> payload;
};

Answer answer(const Message& request, const Job& job)
try {
    check_file(request.descriptor.get());
    JobResult result = job(request.descriptor.get(), request_of(request));
    keep_texts(result.json);
    return {result.json.dump(), std::move(result.payload)};
} catch (const std::bad_alloc&) {
    return {error_answer(ErrorCode::out_of_memory, "Reading it takes more memory than it may."), {}};
} catch (const Error& error) {
    const bool memory = error.code() == ErrorCode::out_of_memory;
    return {error_answer(memory ? ErrorCode::out_of_memory : ErrorCode::unreadable, error.what()), {}};
} catch (const std::exception& error) { // of a library: the file is one that it doesn't understand
    return {error_answer(ErrorCode::unreadable, error.what()), {}};
}

} // namespace

void serve(int socket, std::uint64_t cpu_seconds, const WorkerFacts& facts, const Job& job)
{
    if (send_message(socket, hello(facts), {}, -1, {}) != Delivery::done) return;
    Message request;
    while (receive_message(socket, request_limits, Descriptors::one, {}, request) == Delivery::done) {
        limit_cpu(cpu_seconds);
        const Answer said = answer(request, job);
        request.descriptor = {};
        if (send_message(socket, said.json, std::as_bytes(std::span{said.payload}), -1, {}) != Delivery::done)
            return;
    }
}

} // namespace photosafe::worker

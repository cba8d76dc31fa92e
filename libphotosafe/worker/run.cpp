// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/run.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>

#include <sys/socket.h>
#include <unistd.h>

#include "worker/jail.hpp"

namespace photosafe::worker {

namespace {

constexpr int socket_number = 3; // where the library puts it

std::optional<std::uint64_t> number(const char* text)
{
    std::uint64_t value = 0;
    const char* end = text + std::strlen(text);
    const auto [at, error] = std::from_chars(text, end, value);
    if (error != std::errc{} || at != end) return std::nullopt;
    return value;
}

bool is_socket(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

} // namespace

int run_worker(int argc, char** argv, const std::function<WorkerFacts()>& prepare, const Job& job)
try {
    const auto memory = argc == 3 ? number(argv[1]) : std::nullopt;
    const auto seconds = argc == 3 ? number(argv[2]) : std::nullopt;
    if (!memory || !seconds || !is_socket(socket_number)) {
        (void)std::fputs(
            "This program reads pictures for libphotosafe, which starts it. It is of no use by itself.\n",
            stderr);
        return 2;
    }
    leave_host(socket_number);
    WorkerFacts facts = prepare();
    facts.jail = enter_jail(socket_number, *memory);
    serve(socket_number, *seconds, facts, job);
    ::_exit(0); // what libraries do at their end isn't needed, and may be forbidden
} catch (const std::exception&) {
    ::_exit(1); // before the hello: the library tells
}

} // namespace photosafe::worker

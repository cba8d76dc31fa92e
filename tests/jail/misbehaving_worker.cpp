// SPDX-License-Identifier: LGPL-2.1-or-later
// A media worker with the real jail and service, whose decoder does what the file says:
//
//     ok               facts: its process is the caption
//     crash, abort     dies of itself
//     spin, wait       computes for ever; `wait`: until the file says something else
//     allocate N       takes N MiB
//     swallow          takes memory until there is none, as a C library would, and dies of it
//     leave            leaves something behind that kills the next job
//     exit             ends as if all were well
//     try NAME         an escape, see escapes.cpp
//     say BYTES        sends these bytes to the library as they are, and computes for ever
//     picture          a JPEG, or what looks like one
//
// Called by another name it misbehaves before that: `silent` says no hello, `foreign` says nonsense.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include "jail/escapes.hpp"
#include "media/metadata_json.hpp"
#include "worker/run.hpp"

namespace photosafe::test {
namespace {

constexpr int library = 3;

std::string read_all(int fd)
{
    std::string text(1 << 20, '\0');
    const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
}

worker::JobResult ok()
{
    Metadata facts;
    facts.kind = MediaKind::photo;
    facts.caption = std::to_string(::getpid());
    return {{{"metadata", to_json(facts)}}, {}};
}

[[noreturn]] void spin()
{
    for (volatile unsigned n = 0;;) n = n + 1;
}

/// To the library, past the service.
void say(std::string_view bytes)
{
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    while (part.iov_len > 0) {
        const ssize_t n = ::sendmsg(library, &message, MSG_NOSIGNAL);
        if (n <= 0) ::_exit(1);
        part.iov_base = static_cast<char*>(part.iov_base) + n;
        part.iov_len -= static_cast<std::size_t>(n);
    }
}

worker::JobResult allocate(std::size_t megabytes)
{
    std::vector<std::vector<char>> held;
    for (std::size_t i = 0; i < megabytes; ++i) held.emplace_back(1 << 20, 'x');
    return ok();
}

[[noreturn]] void swallow()
{
    for (;;) std::memset(std::malloc(1 << 20), 'x', 1 << 20);
}

worker::JobResult escape(std::string_view name, int file)
{
    for (const Escape& one : escapes()) {
        if (one.name != name) continue;
        one.attempt(file);
        return ok(); // it is still alive
    }
    throw std::runtime_error{"no such escape"};
}

bool poisoned = false;
volatile std::uintptr_t nowhere = 8; // an address that the compiler doesn't see through

worker::JobResult do_job(int fd, const nlohmann::json& request)
{
    if (poisoned) std::abort();
    const std::string text = read_all(fd);
    const std::string_view order = std::string_view{text}.substr(0, text.find(' '));
    const std::string rest = text.substr(std::min(text.size(), order.size() + 1));
    if (order == "ok") return ok();
    if (order == "crash") *reinterpret_cast<volatile int*>(nowhere) = 1;
    if (order == "abort") std::abort();
    if (order == "exit") ::_exit(0);
    if (order == "spin") spin();
    if (order == "allocate") return allocate(std::stoul(rest));
    if (order == "swallow") swallow();
    if (order == "try") return escape(rest, fd);
    if (order == "say") {
        say(rest);
        spin();
    }
    if (order == "wait") {
        while (read_all(fd).starts_with("wait")) {
        }
        return ok();
    }
    if (order == "leave") {
        poisoned = true;
        return ok();
    }
    if (order == "picture") return {{{"picture", {{"width", 8}, {"height", 8}}}}, {0xff, 0xd8, 0xff, 0xd9}};
    throw std::runtime_error{"what is " + text + "? The request was " + request.dump()};
}

WorkerFacts prepare()
{
    WorkerFacts facts;
    facts.versions = "misbehaving 1";
    return facts;
}

} // namespace
} // namespace photosafe::test

int main(int argc, char** argv)
{
    using namespace photosafe::test;
    (void)std::signal(SIGSEGV, SIG_DFL); // a sanitizer would catch it, and write a report that the jail forbids
    const std::string_view called = argv[0];
    if (called.ends_with("silent")) return 7;
    if (called.ends_with("foreign")) {
        say("I am something else entirely, and talk a lot.");
        ::pause();
    }
    return photosafe::worker::run_worker(argc, argv, prepare, do_job);
}

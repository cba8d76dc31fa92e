// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/worker_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/protocol.hpp"

namespace photosafe {

namespace {

using std::chrono::steady_clock;

constexpr int worker_socket = 3; // the worker expects it there
constexpr std::chrono::seconds start_limit{30};
constexpr MessageLimits hello_limits{64 << 10, 0};

[[noreturn]] void fail(const std::string& why)
{
    throw MediaError{ErrorCode::not_found, "Pictures can't be read: " + why};
}

[[noreturn]] void fail_now(std::string_view doing, int error)
{
    throw MediaError{ErrorCode::not_found,
                     "Pictures can't be read now: " + std::string{doing} + ": " + std::strerror(error) + '.'};
}

class Actions {
public:
    Actions()
    {
        if (const int rc = ::posix_spawn_file_actions_init(&actions_); rc != 0)
            fail_now("Starting a media worker", rc);
    }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { (void)::posix_spawn_file_actions_destroy(&actions_); }

    /// The socket first: 0 to 2 may be any of ours where the host has closed them.
    int set(int socket)
    {
        int rc = ::posix_spawn_file_actions_adddup2(&actions_, socket, worker_socket);
        for (int fd = 0; fd < worker_socket && rc == 0; ++fd)
            rc = ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
        return rc;
    }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes()
    {
        if (const int rc = ::posix_spawnattr_init(&attributes_); rc != 0)
            fail_now("Starting a media worker", rc);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { (void)::posix_spawnattr_destroy(&attributes_); }

    /// Signals as a new program has them, and a group of its own: Ctrl-C at a terminal is for the host, which
    /// decides what becomes of its workers.
    int set()
    {
        sigset_t all, none;
        sigfillset(&all);
        sigemptyset(&none);
        int rc = ::posix_spawnattr_setsigdefault(&attributes_, &all);
        if (rc == 0) rc = ::posix_spawnattr_setsigmask(&attributes_, &none);
        if (rc == 0) rc = ::posix_spawnattr_setpgroup(&attributes_, 0);
        constexpr int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;
        if (rc == 0) rc = ::posix_spawnattr_setflags(&attributes_, flags);
        return rc;
    }
    const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// What a worker gets of the environment: where its libraries are, and nothing else.
std::vector<std::string> environment()
{
    std::vector<std::string> result;
    for (const char* name : {
             "LD_LIBRARY_PATH", "LIBHEIF_PLUGIN_PATH",
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
                 "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
#endif
         }) {
        if (const char* value = std::getenv(name)) result.push_back(std::string{name} + '=' + value);
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    for (std::string& one : texts) result.push_back(one.data());
    result.push_back(nullptr);
    return result;
}

/// Waits for a child without waiting, and learns what it has used; `used` stays as it is where that is not
/// to be had.
int wait_now(idtype_t type, id_t id, siginfo_t& info, std::chrono::microseconds& used)
{
#if defined(__linux__) && defined(__LP64__)
    // The C library's function keeps the kernel's last argument to itself, and wait4() takes a number alone.
    rusage usage{};
    const long rc = ::syscall(SYS_waitid, type, id, &info, WEXITED | WNOHANG, &usage);
    if (rc == 0 && info.si_pid != 0) {
        used = std::chrono::seconds{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} +
               std::chrono::microseconds{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec};
    }
    return static_cast<int>(rc);
#else
    (void)used;
    return ::waitid(type, id, &info, WEXITED | WNOHANG);
#endif
}

/// Whether that is about the limit of processor time under which the host itself runs, and a worker with it:
/// there the system kills without a warning. It counts in ticks for that, which may be off by some percent.
bool is_all_of_the_limit(std::chrono::microseconds used)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_CPU, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) return false;
    return std::chrono::duration<double>{used}.count() >= 0.75 * static_cast<double>(limit.rlim_max);
}

} // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& program, const MediaOptions& options)
{
    start(program, options);
    Message message;
    const Delivery how = receive_message(socket_.get(), hello_limits, Descriptors::none,
                                         steady_clock::now() + start_limit, message);
    if (how != Delivery::done) {
        const WorkerEnding ending = end();
        fail(program.string() + " doesn't start as it should. " + ending.how);
    }
    try {
        facts_ = hello_of(message);
    } catch (const MediaError& error) {
        kill();
        fail(program.string() + " is no media worker of this library. " + error.what());
    }
}

WorkerProcess::~WorkerProcess() { kill(); }

void WorkerProcess::start(const std::filesystem::path& program, const MediaOptions& options)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        fail_now("Making a socket for a media worker", errno);
    socket_ = Descriptor{ends[0]};
    const Descriptor theirs{ends[1]};
    if (::fcntl(socket_.get(), F_SETFL, O_NONBLOCK) != 0)
        fail_now("Making a socket for a media worker", errno);

    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.time_limit).count();
    std::vector<std::string> words{program.string(), std::to_string(options.memory_limit),
                                   std::to_string(seconds)};
    std::vector<std::string> variables = environment();
    Actions actions;
    Attributes attributes;
    int rc = actions.set(theirs.get());
    if (rc == 0) rc = attributes.set();
    if (rc == 0)
        rc = ::posix_spawn(&pid_, program.c_str(), actions.get(), attributes.get(), pointers(words).data(),
                           pointers(variables).data());
    if (rc == ENOENT || rc == EACCES || rc == ENOEXEC || rc == ENOTDIR || rc == EPERM)
        fail("starting " + program.string() + ": " + std::strerror(rc) + '.');
    if (rc != 0) fail_now("Starting a media worker", rc);
#ifdef SYS_pidfd_open
    handle_ = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
#endif
}

bool WorkerProcess::ready() const
{
    char byte = 0;
    return ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EINTR);
}

Delivery WorkerProcess::ask(int descriptor, const std::string& request, const Deadline& deadline,
                            Message& answer)
{
    ++jobs_;
    const Delivery sent = send_message(socket_.get(), request, {}, descriptor, deadline);
    if (sent != Delivery::done) return sent;
    return receive_message(socket_.get(), answer_limits, Descriptors::none, deadline, answer);
}

WorkerEnding WorkerProcess::end()
{
    Status status;
    switch (wait(1000, status)) {
    case Wait::ended: return ending_of(status);
    case Wait::taken: return {ErrorCode::crashed, "The media worker died of it."};
    case Wait::running: break;
    }
    kill();
    return {ErrorCode::crashed, "The media worker stopped answering."};
}

WorkerEnding WorkerProcess::ending_of(const Status& status)
{
    switch (status.signal) {
    case 0:
        return {ErrorCode::crashed,
                "The media worker gave up on it (status " + std::to_string(status.code) + ")."};
    case SIGSYS: return {ErrorCode::crashed, "The media worker was killed as it tried what it may not do."};
    case SIGXCPU: return {ErrorCode::timeout, "Reading it takes too long."};
    case SIGKILL:
        if (is_all_of_the_limit(status.used)) return {ErrorCode::timeout, "Reading it takes too long."};
        [[fallthrough]];
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGQUIT:
        return {ErrorCode::killed, "Somebody, or the system for want of memory, killed the media worker."};
    default:
        return {ErrorCode::crashed, "The media worker died of it (signal " + std::to_string(status.signal) +
                                        ", " + ::strsignal(status.signal) + ")."};
    }
}

WorkerProcess::Wait WorkerProcess::wait(int milliseconds, Status& status) noexcept
{
    if (pid_ < 0) return Wait::taken;
    const auto until = steady_clock::now() + std::chrono::milliseconds{milliseconds};
    for (;;) {
        siginfo_t info{};
        const int rc = handle_ ? wait_now(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(handle_.get()),
                                          info, status.used)
                               : wait_now(P_PID, static_cast<id_t>(pid_), info, status.used);
        if (rc != 0 && errno != EINTR) { // the host has waited for all its children, or ignores SIGCHLD
            pid_ = -1;
            return Wait::taken;
        }
        if (rc == 0 && info.si_pid != 0) {
            pid_ = -1;
            (info.si_code == CLD_EXITED ? status.code : status.signal) = info.si_status;
            return Wait::ended;
        }
        if (steady_clock::now() >= until) return Wait::running;
        pollfd one{.fd = handle_.get(), .events = POLLIN, .revents = 0};
        (void)::poll(&one, handle_ ? 1 : 0, handle_ ? milliseconds : 1);
    }
}

void WorkerProcess::kill() noexcept
{
    if (pid_ < 0) return;
#ifdef SYS_pidfd_send_signal
    if (handle_) {
        (void)::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0);
    } else
#endif
        (void)::kill(pid_, SIGKILL);
    // What hangs in the kernel, as reading from a network disk can, dies later and is left to the system.
    Status status;
    (void)wait(1000, status);
}

} // namespace photosafe

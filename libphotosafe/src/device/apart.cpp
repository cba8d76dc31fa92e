// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/apart.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <photosafe/error.hpp>

#ifdef __SANITIZE_THREAD__
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace photosafe {

namespace {

constexpr int first_own = 3; // below are stdin, stdout and stderr
constexpr int room_needed = 32;

[[noreturn]] void fail(std::string_view doing)
{
    throw DeviceError{ErrorCode::io, std::string{doing} + ": " + std::strerror(errno) + "."};
}

/// The thread sanitizer knows one descriptor table only, and takes equal numbers in two tables for the same
/// file: what it sees of this thread is left out.
class Unobserved {
public:
    Unobserved(const Unobserved&) = delete;
    Unobserved& operator=(const Unobserved&) = delete;
#ifdef __SANITIZE_THREAD__
    Unobserved()
    {
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    ~Unobserved()
    {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
#else
    Unobserved() {} // not defaulted: else the one in use would be unused to the compiler
    ~Unobserved() {}
#endif
};

/// Without a table of our own the library's descriptors must still be small enough for select().
void require_low_descriptors()
{
    const Descriptor probe{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, first_own)};
    if (probe && probe.get() < FD_SETSIZE - room_needed) return;
    throw DeviceError{ErrorCode::io,
                      "So many files are open that the phone can't be asked safely; close some."};
}

/// Gives this thread a descriptor table with only 0, 1, 2 and `kept`. The process's own table and its file
/// locks are left as they are. False where the system can't (before Linux 5.9).
bool use_own_table(int kept)
{
    const auto number = static_cast<unsigned>(kept);
    if (::close_range(number + 1, ~0U, CLOSE_RANGE_UNSHARE) != 0) return false;
    if (kept > first_own) (void)::close_range(first_own, number - 1, 0);
    return true;
}

/// The descriptors that came over `socket`.
std::vector<Descriptor> received(int socket)
{
    std::vector<Descriptor> descriptors;
    for (;;) {
        std::array<char, CMSG_SPACE(sizeof(int))> control{};
        char byte = 0;
        iovec data{.iov_base = &byte, .iov_len = 1};
        msghdr message{};
        message.msg_iov = &data;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        if (::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0) return descriptors;
        const cmsghdr* header = CMSG_FIRSTHDR(&message);
        if (!header || header->cmsg_type != SCM_RIGHTS || message.msg_flags & MSG_CTRUNC)
            throw DeviceError{ErrorCode::io, "There are no descriptors left for a connection to the phone."};
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(header), sizeof(int));
        descriptors.emplace_back(fd);
    }
}

} // namespace

void Handover::give(int fd) const
{
    std::array<char, CMSG_SPACE(sizeof(int))> control{};
    char byte = 0;
    iovec data{.iov_base = &byte, .iov_len = 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof(int));
    if (::sendmsg(socket_, &message, MSG_NOSIGNAL) < 0) fail("Handing a connection over");
}

void block_signals() noexcept
{
    sigset_t all;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

Apart::Apart(std::function<void(const Handover&)> work)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        fail("Preparing to ask a phone");
    socket_ = Descriptor{ends[0]};
    Descriptor theirs{ends[1]};
    try {
        thread_ = std::thread{
            [state = state_, work = std::move(work), socket = ends[1]] { run(*state, work, socket); }};
    } catch (const std::system_error& error) {
        throw DeviceError{ErrorCode::io, std::string{"Preparing to ask a phone: "} + error.what() + "."};
    }
    std::unique_lock lock{state_->mutex};
    state_->changed.wait(lock, [&] { return state_->begun; });
    if (!state_->own_table) theirs.release(); // the thread closes it
}

Apart::~Apart()
{
    if (thread_.joinable()) thread_.detach();
}

void Apart::run(State& state, const std::function<void(const Handover&)>& work, int socket)
{
    block_signals();
    const Unobserved unobserved;
    const bool own_table = use_own_table(socket);
    {
        const std::scoped_lock lock{state.mutex};
        state.own_table = own_table;
        state.begun = true;
    }
    state.changed.notify_all();

    std::exception_ptr error;
    try {
        if (!own_table) require_low_descriptors();
        work(Handover{socket});
    } catch (...) {
        error = std::current_exception();
    }
    if (!own_table) (void)::close(socket);
    {
        const std::scoped_lock lock{state.mutex};
        state.finished = true;
        state.error = std::move(error); // the one who waits is then its only owner
    }
    state.changed.notify_all();
}

std::vector<Descriptor> Apart::wait(std::chrono::milliseconds deadline, std::stop_token stop)
{
    std::unique_lock lock{state_->mutex};
    const bool finished = state_->changed.wait_for(lock, stop, deadline, [&] { return state_->finished; });
    if (!finished && stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
    if (!finished)
        throw DeviceError{ErrorCode::timeout,
                          "The phone didn't answer in time: unplug it and plug it in again."};
    lock.unlock();
    if (thread_.joinable())
        thread_.join(); // it has nothing left to do but to free what libraries keep for a thread
    if (state_->error) std::rethrow_exception(std::exchange(state_->error, nullptr));
    return received(socket_.get());
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace simphone {
namespace {

constexpr std::size_t buffer_size = 64 * 1024;
constexpr std::size_t slice = 64 * 1024;              ///< what is paced at a time
constexpr std::size_t most_arrived = 4 * 1024 * 1024; ///< then the client has to wait
constexpr int socket_buffer = 1024 * 1024;

bool is_unix(int fd)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    return address.ss_family == AF_UNIX;
}

void discard(int fd, std::size_t bytes)
{
    std::array<char, 16 * 1024> scratch;
    while (bytes > 0) {
        const ssize_t got = ::recv(fd, scratch.data(), std::min(bytes, scratch.size()), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        bytes -= static_cast<std::size_t>(got);
    }
}

void drain(int fd)
{
    std::array<char, 16 * 1024> scratch;
    while (::recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT) > 0) {
    }
}

} // namespace

Wire::Wire(int fd) : fd_(fd), unix_(is_unix(fd)), buffer_(buffer_size)
{
    const int on = 1;
    const int off = 0;
    if (unix_) {
        ::setsockopt(fd_, SOL_SOCKET, SO_PEEK_OFF, &off, sizeof off);
    } else {
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &socket_buffer, sizeof socket_buffer);
}

Wire::~Wire() { cut(Cut::fin); }

std::size_t Wire::receive_keeping_one(void* into, std::size_t most, bool wait)
{
    const ssize_t got = ::recv(fd_, into, most, MSG_PEEK | (wait ? 0 : MSG_DONTWAIT));
    if (got <= 0) return got == 0 ? 0 : static_cast<std::size_t>(-1);
    const auto fresh = static_cast<std::size_t>(got);
    discard(fd_, fresh - (owed_ ? 0 : 1)); // the peek offset moves along: it points past the byte that stays
    owed_ = true;
    return fresh;
}

/// Bytes received; 0 at the end; all ones when there is nothing yet.
std::size_t Wire::receive(void* into, std::size_t most, bool wait)
{
    for (;;) {
        std::size_t got = 0;
        if (unix_) {
            got = receive_keeping_one(into, most, wait);
        } else {
            const ssize_t n = ::recv(fd_, into, most, wait ? 0 : MSG_DONTWAIT);
            got = static_cast<std::size_t>(n);
        }
        if (got != static_cast<std::size_t>(-1)) return got;
        if (errno == EINTR) continue;
        return !wait && (errno == EAGAIN || errno == EWOULDBLOCK) ? got : 0;
    }
}

bool Wire::wait_for_input()
{
    if (begin_ < end_) return true;
    if (ended_) return false;
    begin_ = end_ = 0;
    if (noter_.joinable()) {
        end_ = take_arrived(buffer_.data(), buffer_.size());
    } else {
        end_ = receive(buffer_.data(), buffer_.size(), true);
        arrival_ = Clock::now();
    }
    ready_ = arrival_;
    if (link_) link_->pass(end_, arrival_);
    return end_ > 0;
}

std::size_t Wire::read_some(void* into, std::size_t most)
{
    if (!wait_for_input()) return 0;
    const std::size_t n = std::min(most, end_ - begin_);
    std::memcpy(into, buffer_.data() + begin_, n);
    begin_ += n;
    return n;
}

std::size_t Wire::take_arrived(char* into, std::size_t most)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !arrived_.empty() || input_ended_; });
    if (arrived_.empty()) return 0;
    Arrived& first = arrived_.front();
    const std::size_t n = std::min(most, first.bytes.size() - first.taken);
    std::memcpy(into, first.bytes.data() + first.taken, n);
    arrival_ = first.when;
    first.taken += n;
    arrived_bytes_ -= n;
    if (first.taken == first.bytes.size()) arrived_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return n;
}

void Wire::note_arrivals()
{
    std::vector<char> bytes(buffer_size);
    for (;;) {
        const std::size_t got = receive(bytes.data(), bytes.size(), false);
        std::unique_lock lock(mutex_);
        if (!noting_) return;
        if (got == static_cast<std::size_t>(-1)) {
            lock.unlock();
            epoll_event event{};
            ::epoll_wait(poll_, &event, 1, -1);
            continue;
        }
        if (got == 0) {
            input_ended_ = true;
            lock.unlock();
            changed_.notify_all();
            return;
        }
        const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(got);
        arrived_.push_back({Clock::now(), {bytes.begin(), end}});
        arrived_bytes_ += got;
        changed_.notify_all();
        changed_.wait(lock, [&] { return arrived_bytes_ < most_arrived || !noting_; });
    }
}

void Wire::attach(Link& link)
{
    link_ = &link;
    if (!link.delays() || noter_.joinable()) return;
    // Edge-triggered: the byte that stays in the queue must not wake us again and again.
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd_, &event);
    event.events = EPOLLIN;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, wake_, &event);
    noting_ = true;
    noter_ = std::thread([this] { note_arrivals(); });
}

void Wire::stop_noting()
{
    if (!noter_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        noting_ = false;
    }
    changed_.notify_all();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto woken = ::write(wake_, &one, sizeof one); // a full counter wakes too
    noter_.join();
    ::close(wake_);
    ::close(poll_);
}

bool Wire::send_all(const char* from, std::size_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(fd_, from, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        from += sent;
        size -= static_cast<std::size_t>(sent);
        written_ += static_cast<std::uint64_t>(sent);
    }
    return true;
}

bool Wire::write_all(const void* from, std::size_t size)
{
    const auto* bytes = static_cast<const char*>(from);
    while (size > 0 && !ended_) {
        const bool paced = link_ && link_->limited();
        std::size_t n = paced ? std::min(size, slice) : size;
        n = static_cast<std::size_t>(std::min<std::uint64_t>(n, cut_at_ - written_));
        if (paced) link_->pass(n, ready_);
        if (!send_all(bytes, n)) return false;
        if (written_ >= cut_at_) {
            cut(cut_how_);
            return false;
        }
        bytes += n;
        size -= n;
    }
    return !ended_;
}

void Wire::limit_writing(std::chrono::milliseconds patience)
{
    const timeval limit{patience.count() / 1000, (patience.count() % 1000) * 1000};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void Wire::cut_after(std::uint64_t bytes, Cut how)
{
    cut_at_ = written_ + bytes;
    cut_how_ = how;
}

void Wire::cut(Cut how)
{
    stop_noting();
    const std::lock_guard lock(close_mutex_);
    if (fd_ < 0) return;
    ended_ = true;
    if (how == Cut::fin) {
        ::shutdown(fd_, unix_ ? SHUT_RDWR : SHUT_WR);
        drain(fd_); // what stays unread would turn this end into a reset
    } else if (!unix_) {
        const linger at_once{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(fd_);
    fd_ = -1;
}

void Wire::hang_up()
{
    const std::lock_guard lock(close_mutex_);
    if (fd_ < 0) return;
    ended_ = true;
    ::shutdown(fd_, SHUT_RDWR);
}

bool Wire::client_gone(std::chrono::milliseconds patience) const
{
    if (ended_) return true;
    pollfd hangup{fd_, POLLRDHUP, 0};
    ::poll(&hangup, 1, static_cast<int>(patience.count()));
    return ended_ || (hangup.revents & (POLLHUP | POLLRDHUP | POLLERR)) != 0;
}

} // namespace simphone

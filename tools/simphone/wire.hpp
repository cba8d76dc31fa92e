// SPDX-License-Identifier: LGPL-2.1-or-later
// One accepted socket, byte by byte: paced by the link, and cut at exactly the byte that is asked for.
#pragma once

#include "link.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace simphone {

/// How a connection ends: an orderly end of stream, or a reset.
enum class Cut { fin, rst };

/// A connected UNIX or TCP socket.
///
/// Threads: one thread reads, writes and cuts; hang_up() is for any other.
/// A reset on a UNIX socket: the kernel makes one when a socket is closed with bytes unread, so that a UNIX
/// wire always leaves the newest byte in the kernel's queue, having had a look at it.
class Wire {
public:
    /// Takes the descriptor over.
    explicit Wire(int fd);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// Waits until there is something to read; false when the connection has ended.
    bool wait_for_input();
    /// Waits for at least one byte. Returns 0 when the connection has ended.
    std::size_t read_some(void* into, std::size_t most);
    /// When the bytes read last came in.
    Instant arrival() const { return arrival_; }
    /// What is written from now on, until more is read, could have left at `when`.
    void ready_since(Instant when) { ready_ = when; }
    /// False when the connection has ended.
    bool write_all(const void* from, std::size_t size);

    /// From now on everything passes this link; if it delays, arrivals are noted by a thread of their own.
    void attach(Link& link);
    /// The wire is cut when it has carried this many bytes more to the client, TLS records included.
    void cut_after(std::uint64_t bytes, Cut how);
    /// A write that makes no progress for so long fails.
    void limit_writing(std::chrono::milliseconds patience);
    std::uint64_t bytes_written() const { return written_; }
    void cut(Cut how);
    /// Ends the connection from another thread.
    void hang_up();
    bool ended() const { return ended_; }
    /// Has the client gone? Waits at most `patience` for it to go.
    bool client_gone(std::chrono::milliseconds patience) const;

private:
    struct Arrived {
        Instant when;
        std::vector<char> bytes;
        std::size_t taken = 0;
    };

    std::size_t receive(void* into, std::size_t most, bool wait);
    std::size_t receive_keeping_one(void* into, std::size_t most, bool wait);
    std::size_t take_arrived(char* into, std::size_t most);
    void note_arrivals();
    void stop_noting();
    bool send_all(const char* from, std::size_t size);

    int fd_;
    bool unix_;
    bool owed_ = false; ///< the newest byte was handed out, and is still in the kernel's queue
    std::atomic<bool> ended_{false};
    Link* link_ = nullptr;
    Instant arrival_{}, ready_{};
    std::vector<char> buffer_;
    std::size_t begin_ = 0, end_ = 0; ///< of what buffer_ holds and nobody has taken
    std::uint64_t written_ = 0;
    std::uint64_t cut_at_ = std::numeric_limits<std::uint64_t>::max();
    Cut cut_how_ = Cut::fin;

    std::thread noter_;
    int wake_ = -1, poll_ = -1;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Arrived> arrived_;
    std::size_t arrived_bytes_ = 0;
    bool noting_ = false, input_ended_ = false;
    std::mutex close_mutex_; ///< hang_up() against close()
};

} // namespace simphone

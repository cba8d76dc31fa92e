// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/lock.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include <sys/file.h>
#include <unistd.h>

#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

/// A process that was killed while it started a worker leaves a child that has the lock, too, until a moment
/// later it becomes that worker. Nothing tells of that moment, and flock() waits forever or not at all: so it
/// is asked for again and again.
constexpr std::chrono::milliseconds until_the_dead_are_gone{500};

} // namespace

Lock::Lock(const Folder& root) : file_{root.open_file(".photosafe/lock", O_RDWR | O_CREAT)}
{
    const auto end = std::chrono::steady_clock::now() + until_the_dead_are_gone;
    while (::flock(file_.fd(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) throw disk_error(errno, "Locking", file_.name());
        if (std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
            continue;
        }
        std::array<std::byte, 512> holder{};
        const std::size_t n = file_.read_at(holder, 0);
        std::string who = printable({reinterpret_cast<const char*>(holder.data()), n});
        throw ArchiveError{ErrorCode::busy,
                           "Another process is writing the archive " + printable(root.path().native()) +
                               (who.empty() ? "" : " (" + who + ")") +
                               ". Wait until it is done, then run it again.",
                           root.path()};
    }
    std::array<char, 256> host{};
    (void)::gethostname(host.data(), host.size() - 1);
    const std::string who = "process " + std::to_string(::getpid()) + " on " + host.data() + " since " +
                            to_rfc3339(wall_now()).substr(0, 19) + "Z";
    try {
        file_.truncate(0);
        file_.write(std::as_bytes(std::span{who}));
    } catch (const ArchiveError& e) {
        // A full disk has no room for the name. The lock is held all the same, and others only say less of
        // who.
        if (e.code() != ErrorCode::no_space) throw;
    }
}

} // namespace photosafe

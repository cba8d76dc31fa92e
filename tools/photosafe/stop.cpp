// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stop.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

/// Those that the process was not told to ignore: `nohup` stays in force.
sigset_t stopping_signals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&set, signal);
    }
    return set;
}

} // namespace

StopOnSignal::StopOnSignal(Terminal& terminal)
    : terminal_{terminal}, signals_{-1}, wake_{eventfd(0, EFD_CLOEXEC)}
{
    const sigset_t set = stopping_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = signalfd(-1, &set, SFD_CLOEXEC);
    if (signals_ < 0 || wake_ < 0)
        throw std::system_error(errno, std::generic_category(), "Watching for signals");
    watcher_ = std::thread([this] { watch(); });
}

StopOnSignal::~StopOnSignal()
{
    quit_ = true;
    eventfd_write(wake_, 1);
    watcher_.join();
    close(wake_);
    close(signals_);
}

void StopOnSignal::stop_now() noexcept { eventfd_write(wake_, 1); }

void StopOnSignal::watch()
{
    std::array<pollfd, 2> waited{{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    while (!quit_) {
        if (poll(waited.data(), waited.size(), -1) < 0) continue;
        if (waited[0].revents != 0) take_signal();
        if (waited[1].revents == 0) continue;
        eventfd_t count = 0;
        eventfd_read(wake_, &count);
        if (!quit_) stop_.request_stop();
    }
}

void StopOnSignal::take_signal()
{
    signalfd_siginfo told{};
    if (read(signals_, &told, sizeof told) != static_cast<ssize_t>(sizeof told)) return;
    if (stop_.stop_requested()) _exit(static_cast<int>(ExitCode::interrupted));
    terminal_.complain("Stopping; what is finished is safe. Interrupt once more to end at once.");
    stop_.request_stop();
}

} // namespace photosafe::cli

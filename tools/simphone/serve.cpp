// SPDX-License-Identifier: LGPL-2.1-or-later
#include "serve.hpp"

#include "control.hpp"
#include "crew.hpp"
#include "listener.hpp"
#include "log.hpp"
#include "usbmux.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace simphone {
namespace {

constexpr std::size_t most_clients = 1024;

/// SIGTERM and SIGINT as a descriptor; every thread made later inherits the mask.
Fd block_signals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return Fd(::signalfd(-1, &set, SFD_CLOEXEC));
}

void raise_limits()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::prctl(PR_SET_TIMERSLACK, 1UL); // nanosecond; inherited by the threads that pace the link
}

void announce(const std::string& socket, const std::vector<std::unique_ptr<Phone>>& phones)
{
    JsonObject ready;
    ready.add("type", "ready").add("socket", socket).add("udid", phones.front()->spec().udid);
    std::string all;
    for (const auto& phone : phones) all += (all.empty() ? "\"" : ",\"") + phone->spec().udid + "\"";
    ready.raw("udids", "[" + all + "]").add("pid", static_cast<int>(::getpid()));
    std::fputs(ready.line().c_str(), stdout);
    std::fflush(stdout);
}

} // namespace

int serve(ServeOptions options)
{
    const Fd signals = block_signals();
    raise_limits();
    Log log(options.log);
    Timer timer;
    std::vector<std::unique_ptr<Phone>> phones;
    for (PhoneSpec& spec : options.phones) {
        const MediaRoot root(spec.root); // a folder that isn't there is said now, not to the first client
        spec.state_folder = options.state;
        phones.push_back(std::make_unique<Phone>(std::move(spec), timer));
    }
    UsbMux mux(phones, log, options.state);
    Listener listener(options.socket);
    for (const std::string& spec : options.faults) {
        const Fault fault = parse_fault(spec);
        for (const auto& phone : phones) phone->add_fault(fault);
    }
    Crew clients(most_clients);
    Control control(options.control, phones, mux, log, [] { ::kill(::getpid(), SIGTERM); });
    announce(listener.address(), phones);

    for (bool ending = false; !ending;) {
        pollfd events[] = {{listener.fd(), POLLIN, 0}, {signals.get(), POLLIN, 0}};
        if (::poll(events, 2, -1) < 0 && errno != EINTR) break;
        ending = events[1].revents != 0;
        if (events[0].revents == 0) continue;
        const int client = listener.accept();
        if (client >= 0 && !clients.start([&mux, client] { mux.serve(client); })) ::close(client);
    }
    timer.stop();
    for (const auto& phone : phones) phone->faults.release();
    mux.hang_up_all();
    clients.join();
    return 0;
}

} // namespace simphone

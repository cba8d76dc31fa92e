// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/session.hpp"

#include <algorithm>
#include <future>

#include "device/connection.hpp"

namespace photosafe {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr const char* service = "com.apple.afc";
constexpr unsigned default_connections = 6; // docs/decisions/0006-phone-connections.md
constexpr unsigned most_connections = 16;
constexpr std::chrono::milliseconds first_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 1s;
constexpr unsigned most_lost = 3; // connections, for one answer
constexpr std::chrono::milliseconds stop_interval = 200ms;

/// Whether a phone that can't be reached for this reason may come back by itself or by a person's hand.
bool may_pass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::device_absent:
    case ErrorCode::device_gone:
    case ErrorCode::device_locked:
    case ErrorCode::timeout:
    case ErrorCode::protocol:
    case ErrorCode::busy: return true;
    default: return false;
    }
}

} // namespace

Session::Session(std::string udid, const DeviceOptions& options, std::stop_token stop)
    : udid_{std::move(udid)}, options_{options}, wanted_{std::min(options.connections == 0
                                                                      ? default_connections
                                                                      : options.connections,
                                                                  most_connections)}
{
    connections_ = connect(static_cast<unsigned>(wanted_), std::move(stop));
    wanted_ = connections_.size();
}

Session::Connections Session::connect(unsigned count, std::stop_token stop) const
{
    auto started = start_services(udid_, service, count, options_.deadline, std::move(stop));
    Connections made;
    for (std::size_t i = 0; i < started.connections.size(); ++i) {
        auto& fd = started.connections[i];
        auto stream =
            started.tls[i] ? ServiceStream{std::move(fd), started.identity} : ServiceStream{std::move(fd)};
        made.push_back(
            std::make_shared<afc::Connection>(std::move(stream), afc::Timing{.deadline = options_.deadline}));
    }
    return made;
}

Session::Connections Session::alive() const
{
    const std::scoped_lock lock{mutex_};
    Connections living;
    std::ranges::copy_if(connections_, std::back_inserter(living), &afc::Connection::alive,
                         [](const auto& connection) -> const afc::Connection& { return *connection; });
    return living;
}

std::shared_ptr<afc::Connection> Session::least_used() const
{
    const std::scoped_lock lock{mutex_};
    std::shared_ptr<afc::Connection> best;
    long fewest = 0;
    for (const auto& connection : connections_) {
        const long users = connection.use_count() - (connection == best ? 1 : 0);
        if (connection->alive() && (!best || users < fewest)) {
            best = connection;
            fewest = users;
        }
    }
    return best;
}

bool Session::complete() const
{
    const std::scoped_lock lock{mutex_};
    return connections_.size() == wanted_ &&
           std::ranges::all_of(connections_, [](const auto& c) { return c->alive(); });
}

std::size_t Session::missing() const
{
    const std::scoped_lock lock{mutex_};
    return wanted_ - connections_.size();
}

void Session::drop_ended()
{
    Connections ended; // let go of outside the lock
    const std::scoped_lock lock{mutex_};
    std::erase_if(connections_, [&](const auto& connection) {
        if (connection->alive()) return false;
        disordered_ = disordered_ || connection->disordered();
        ended.push_back(connection);
        return true;
    });
}

bool Session::disordered() const
{
    const std::scoped_lock lock{mutex_};
    return disordered_;
}

afc::Outcome Session::ask(const afc::Request& request, const std::stop_token& stop)
{
    for (unsigned lost = 1;; ++lost) {
        restore(stop);
        auto outcome = ask_once(request, stop);
        if (outcome && !outcome->lost) return std::move(*outcome);
        if (lost < most_lost) continue;
        if (outcome) std::rethrow_exception(outcome->lost);
        throw DeviceError{ErrorCode::device_gone, "The connection to the phone was lost", udid_};
    }
}

/// Nothing when no connection took the request. An answer comes at a connection's deadline at the latest.
std::optional<afc::Outcome> Session::ask_once(const afc::Request& request, const std::stop_token& stop) const
{
    const auto connection = least_used();
    const auto answer = std::make_shared<std::promise<afc::Outcome>>(); // outlives one who stops waiting
    if (!connection || !connection->submit(request, [answer](afc::Outcome&& outcome) {
            answer->set_value(std::move(outcome));
        }))
        return std::nullopt;
    auto coming = answer->get_future();
    while (coming.wait_for(stop_interval) != std::future_status::ready)
        if (stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked.", udid_};
    return coming.get();
}

void Session::restore(std::stop_token stop)
{
    std::unique_lock lock{mutex_};
    const auto failures_before = failures_;
    changed_.wait(lock, stop, [&] { return !restoring_; });
    if (stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
    if (failures_ != failures_before) std::rethrow_exception(last_failure_); // another just waited in vain
    restoring_ = true;
    lock.unlock();

    std::exception_ptr failure;
    try {
        restore_alone(stop);
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    restoring_ = false;
    if (failure && !stop.stop_requested()) {
        ++failures_;
        last_failure_ = failure;
    }
    lock.unlock();
    changed_.notify_all();
    if (failure) std::rethrow_exception(failure);
}

void Session::restore_alone(std::stop_token stop)
{
    if (complete()) return;
    drop_ended();
    const auto give_up = Clock::now() + options_.reconnect;
    auto wait = first_pause;
    for (bool noticed = false;; noticed = true) {
        try {
            auto made = connect(static_cast<unsigned>(missing()), stop);
            const std::scoped_lock lock{mutex_};
            connections_.insert(connections_.end(), made.begin(), made.end());
            wanted_ = connections_.size();
            return;
        } catch (const DeviceError& error) {
            if (!may_pass(error.code())) throw;
            if (Clock::now() + wait > give_up) {
                const bool away = error.code() == ErrorCode::device_absent;
                throw DeviceError{away ? ErrorCode::device_gone : error.code(), error.what(), udid_};
            }
            if (!noticed && options_.on_notice)
                options_.on_notice("Waiting for the phone to come back: " + std::string{error.what()});
        }
        pause(wait, stop);
        wait = std::min(wait * 2, longest_pause);
    }
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/device.hpp>

#include "device/afc.hpp"

namespace photosafe {

/// A phone's files: some AFC connections to it, replaced when they end.
///
/// Errors:  DeviceError.
/// Threads: any; one that needs a connection while another restores them waits for it.
class Session {
public:
    using Connections = std::vector<std::shared_ptr<afc::Connection>>;

    /// Connects. With fewer connections than wanted where the phone allows no more.
    Session(std::string udid, const DeviceOptions& options, std::stop_token stop);

    /// Those that are alive; perhaps none.
    Connections alive() const;
    /// The one with the least to do, or none when all ended. Keep it only as long as it is used: that is what
    /// it is counted by.
    std::shared_ptr<afc::Connection> least_used() const;

    /// Replaces the connections that ended. A phone that is away is waited for as long as the options say,
    /// and with a notice. Does nothing when all are alive. Errors: what kept the phone away; `cancelled`.
    void restore(std::stop_token stop);

    /// The phone's answer to a single request, over another connection when one is lost before it came.
    afc::Outcome ask(const afc::Request& request, const std::stop_token& stop);

    /// Whether the phone once answered reads out of order: then no two may be in flight on a file.
    bool disordered() const;

    const DeviceOptions& options() const noexcept { return options_; }
    const std::string& udid() const noexcept { return udid_; }

private:
    Connections connect(unsigned count, std::stop_token stop) const;
    void drop_ended();
    bool complete() const;
    std::size_t missing() const;
    std::optional<afc::Outcome> ask_once(const afc::Request& request, const std::stop_token& stop) const;

    std::string udid_;
    DeviceOptions options_;
    void restore_alone(std::stop_token stop);

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    bool restoring_ = false;          // guarded by mutex_
    std::uint64_t failures_ = 0;      // guarded by mutex_
    std::exception_ptr last_failure_; // guarded by mutex_
    Connections connections_;         // guarded by mutex_
    std::size_t wanted_;              // guarded by mutex_
    bool disordered_ = false;         // guarded by mutex_
};

} // namespace photosafe

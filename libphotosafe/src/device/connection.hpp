// SPDX-License-Identifier: LGPL-2.1-or-later
// The lockdown conversations as the rest of the library calls them: with a deadline and a stop token.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "device/apart.hpp"
#include "device/lockdown.hpp"

namespace photosafe {

/// Connections to services that were just started.
struct StartedServices {
    std::vector<Descriptor> connections;
    std::vector<bool> tls; ///< one for each connection
    lockdown::Identity identity;
};

/// Starts `service` up to `count` times on a phone that trusts this computer. Errors: DeviceError.
StartedServices start_services(const std::string& udid, const std::string& service, unsigned count,
                               std::chrono::milliseconds deadline, std::stop_token stop);

/// Waits, or less when a stop is asked for. Errors: `cancelled`.
void pause(std::chrono::milliseconds duration, std::stop_token stop);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
// Conversations with a phone's lockdown service, by libimobiledevice. Each blocks for up to its 30 seconds a
// reply and may raise SIGPIPE, so it is called through `Apart` only.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <photosafe/device.hpp>
#include <photosafe/error.hpp>

#include "device/apart.hpp"

namespace photosafe::lockdown {

/// A lockdown conversation that failed. `code` is a `lockdownd_error_t`.
class Failure : public DeviceError {
public:
    Failure(int code, const std::string& udid);
    int lockdown_code() const noexcept { return lockdown_code_; }

private:
    int lockdown_code_;
};

/// A phone that usbmuxd has, USB preferred where it is reached both ways.
struct Reachable {
    std::string udid;
    bool usb = true;
};
/// Errors: `device_absent` when there is no usbmuxd.
std::vector<Reachable> reachable_phones();

/// What looking at a phone showed.
struct Inspection {
    DeviceInfo info;
    ErrorCode trouble = ErrorCode::device_gone; ///< why it isn't ready, where it isn't
    bool has_record = false;                    ///< this computer has been paired with it
};

/// What the phone tells, and whether its files can be had. That they can't is an answer, not an error.
/// Nothing is changed on the phone: no dialog opens.
Inspection inspect(const Reachable& phone);

/// Asks the phone to trust this computer; its dialog opens where it has to. Errors: Failure.
void pair(const std::string& udid);
/// Deletes this computer's record of the pairing. Having none is fine.
void forget(const std::string& udid);

/// Key and certificate that this computer shows to the phone, PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

/// What it takes to talk to services that were started; their connections were handed over.
struct Services {
    std::vector<bool> tls; ///< for each connection in order: it begins with a TLS handshake
    Identity identity;
};

/// Starts `service` up to `count` times and connects to each; fewer where the phone allows no more, at least
/// one. Errors: Failure; `device_absent`.
Services start_services(const std::string& udid, const std::string& service, unsigned count,
                        const Handover& out);

} // namespace photosafe::lockdown

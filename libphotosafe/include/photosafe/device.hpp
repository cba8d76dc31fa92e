// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/export.hpp>

namespace photosafe {

/// Whether a phone can be read now.
enum class DeviceState {
    ready,
    locked,        ///< unlock it
    trust_needed,  ///< it doesn't know this computer yet, or not any more
    trust_pending, ///< its trust dialog is open
    refused,       ///< the person tapped Don't Trust, or management forbids it
    unreachable,   ///< listed, but doesn't answer
};
PHOTOSAFE_EXPORT std::string_view name(DeviceState state) noexcept;

/// A phone in reach. Facts that the phone doesn't tell before it trusts this computer are empty.
struct DeviceInfo {
    std::string udid;
    std::string name;    ///< as its owner named it, byte for byte
    std::string model;   ///< iPhone16,1
    std::string version; ///< of iOS: 18.1
    std::string build;
    std::string connection; ///< usb, network
    DeviceState state = DeviceState::unreachable;
    std::string problem; ///< one sentence: what to do; empty when ready
    std::optional<std::uint64_t> total_bytes;
    std::optional<std::uint64_t> free_bytes;
};

/// Limits of every conversation with a phone.
struct DeviceOptions {
    std::chrono::milliseconds deadline{30'000};  ///< how long a phone may be silent
    std::chrono::milliseconds reconnect{10'000}; ///< how long a lost phone is waited for
    unsigned connections = 0;                    ///< AFC connections; 0: as many as is good
    std::uint32_t chunk_bytes = 0;               ///< of one read request; 0: as large as is good
    std::function<void(const std::string&)>
        on_notice{}; ///< "Waiting for the phone to come back…"; any thread
    std::stop_token stop{};
};

/// The phones in reach, each asked for its state. Errors: `device_absent` when there is no usbmuxd at all (no
/// phones is an answer: an empty list).
PHOTOSAFE_EXPORT std::vector<DeviceInfo> list_devices(const DeviceOptions& options = {});

/// The phone with this UDID, or the only one when `udid` is empty. Errors: device_absent, device_ambiguous.
PHOTOSAFE_EXPORT DeviceInfo find_device(std::string_view udid, const DeviceOptions& options = {});

/// Whether to keep asking a person to unlock and to tap Trust.
enum class Patience { none, until_stopped };

/// Makes a phone ready: pairs where needed, and with patience waits for its unlocking and for the answer to
/// its trust dialog; each thing to do is told to `on_notice` once. Errors: device_absent, device_ambiguous,
/// device_locked, trust_pending, not_trusted, refused, timeout, cancelled.
PHOTOSAFE_EXPORT DeviceInfo wait_for_device(std::string_view udid, Patience patience,
                                            const DeviceOptions& options = {});

/// What `wait_for_device` does, and ends only when the phone trusts this computer; a stale record of an
/// earlier pairing is replaced. Errors: as above.
PHOTOSAFE_EXPORT DeviceInfo pair_device(std::string_view udid, const DeviceOptions& options = {});

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include <openssl/ssl.h>

#include "core/descriptor.hpp"
#include "core/handle.hpp"
#include "device/connection.hpp"

namespace photosafe {

/// The bytes to and from one service of a phone, over the connection that usbmuxd made: TLS or plain. It
/// never blocks but in `wait`, uses no select(), and raises no SIGPIPE.
///
/// Errors:  DeviceError; after one the stream is of no more use. `device_gone` when the connection ended.
/// Threads: one at a time.
class ServiceStream {
public:
    using Clock = std::chrono::steady_clock;

    /// What has to happen before an operation can go on.
    enum class Wants { nothing, to_read, to_write };
    struct Progress {
        std::size_t bytes = 0;
        Wants wants = Wants::nothing;
    };

    /// Plain.
    explicit ServiceStream(Descriptor connection);
    /// TLS, with this identity as client certificate. The phone's certificate isn't checked: it is the
    /// phone's own, and what it is known by is the pairing that it proves by accepting ours.
    ServiceStream(Descriptor connection, const lockdown::Identity& identity);
    ServiceStream(ServiceStream&&) noexcept = default;
    ServiceStream& operator=(ServiceStream&&) noexcept = default;
    ~ServiceStream();

    /// Goes on with the TLS handshake; wants nothing when it is done, and always for a plain stream.
    Wants handshake();
    /// Takes some bytes, or none and says what it waits for.
    Progress read(std::span<std::byte> buffer);
    Progress write(std::span<const std::byte> bytes);

    enum class Event { ready, woken, late };
    /// Waits until there is something to read, or room to write where `writing`, `wake` becomes readable, or
    /// the deadline has passed.
    Event wait(bool writing, int wake, Clock::time_point deadline) const;

private:
    using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;

    Progress tls_outcome(int rc);

    Descriptor connection_;
    SslHandle ssl_; // none: plain
};

} // namespace photosafe

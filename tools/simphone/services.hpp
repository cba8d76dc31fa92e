// SPDX-License-Identifier: LGPL-2.1-or-later
// What answers at a phone's ports.
#pragma once

#include "log.hpp"
#include "phone.hpp"
#include "stream.hpp"

#include <optional>
#include <string>

namespace simphone {

/// A connection to a service, and everything it needs. References outlive the connection.
struct Session {
    Phone& phone;
    Stream& stream;
    Log& log;
    std::uint64_t connection;
    Medium medium;
    std::uint64_t index = 0; ///< of the service connections of this phone, from 1; 0 for lockdown
};

/// What a connection to a port will meet.
struct ServiceEntry {
    std::string service; ///< empty: lockdown
    std::shared_ptr<ssl_ctx_st> tls;
};

/// Takes the ticket of a started service; nothing if nobody listens there.
std::optional<ServiceEntry> find_service(Phone& phone, std::uint16_t port);
/// Serves until the connection ends.
void run_service(Session session, const ServiceEntry& entry);

/// Can lockdown start a service of this name?
bool is_known_service(const std::string& service);

/// Property lists with a big-endian length before them: lockdown's and most services' frames.
std::optional<Plist> read_plist_frame(Stream& stream, bool* binary = nullptr);
std::string plist_frame(const Plist& body, bool binary = false);
bool write_plist_frame(Stream& stream, const Plist& body, bool binary = false);

void serve_lockdown(Session& session);
void serve_house_arrest(Session& session);
void serve_notification_proxy(Session& session);
void serve_heartbeat(Session& session);

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "services.hpp"

#include "afc.hpp"
#include "fault_acts.hpp"

#include <algorithm>
#include <array>
#include <endian.h>
#include <string_view>

namespace simphone {
namespace {

constexpr std::uint16_t lockdown_port = 62078;
constexpr std::uint32_t most_bytes = 1 << 20;
constexpr std::array<std::string_view, 5> services = {
    "com.apple.afc", "com.apple.mobile.house_arrest", "com.apple.mobile.notification_proxy",
    "com.apple.mobile.insecure_notification_proxy", "com.apple.mobile.heartbeat"};

void log_connection(const Session& s, const char* type, const std::string& service)
{
    if (!s.log.enabled()) return;
    s.log.write(Log::entry(type)
                    .add("conn", s.connection)
                    .add("udid", s.phone.spec().udid)
                    .add("service", service)
                    .add("tls", s.stream.tls_description()));
}

bool is_afc(const std::string& service)
{
    return service == "com.apple.afc" || service == "com.apple.mobile.house_arrest";
}

void serve(Session& s, const std::string& service)
{
    if (service == "com.apple.afc") return serve_afc(s, AfcRoot(s.phone.spec().root), service);
    if (service == "com.apple.mobile.house_arrest") return serve_house_arrest(s);
    if (service == "com.apple.mobile.heartbeat") return serve_heartbeat(s);
    serve_notification_proxy(s);
}

} // namespace

bool is_known_service(const std::string& service)
{
    return std::find(services.begin(), services.end(), service) != services.end();
}

std::optional<ServiceEntry> find_service(Phone& phone, std::uint16_t port)
{
    if (port == lockdown_port) return ServiceEntry{"", nullptr};
    auto ticket = phone.take_port(port);
    if (!ticket) return std::nullopt;
    return ServiceEntry{std::move(ticket->service), std::move(ticket->tls)};
}

void run_service(Session session, const ServiceEntry& entry)
{
    const std::string name = entry.service.empty() ? "lockdown" : entry.service;
    if (!entry.service.empty()) session.index = ++session.phone.service_connections;
    if (session.phone.faults.any()) {
        FaultEvent event;
        event.service = name;
        event.afc = is_afc(name);
        event.connection = session.index;
        for (const Fault& fault : session.phone.faults.meet(FaultStage::opened, event)) {
            log_fault(session, fault);
            session.stream.wire().cut_after(*fault.wire_at, fault.how);
        }
    }
    if (entry.tls && !session.stream.start_tls(entry.tls.get())) {
        return log_connection(session, "tls-refused", name);
    }
    log_connection(session, "connected", name);
    if (entry.service.empty())
        serve_lockdown(session);
    else
        serve(session, entry.service);
    log_connection(session, "disconnected", name);
}

std::optional<Plist> read_plist_frame(Stream& stream, bool* binary)
{
    std::uint32_t length = 0;
    if (!stream.read_exact(&length, sizeof length)) return std::nullopt;
    length = be32toh(length);
    if (length > most_bytes) return std::nullopt;
    std::string body(length, '\0');
    if (!stream.read_exact(body.data(), body.size())) return std::nullopt;
    if (binary) *binary = body.starts_with("bplist00");
    return Plist::parse_dict(body);
}

bool write_plist_frame(Stream& stream, const Plist& body, bool binary)
{
    return stream.write(plist_frame(body, binary));
}

std::string plist_frame(const Plist& body, bool binary)
{
    const std::string bytes = binary ? body.binary() : body.xml();
    const std::uint32_t length = htobe32(static_cast<std::uint32_t>(bytes.size()));
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + bytes;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// com.apple.mobile.notification_proxy and its insecure twin: names posted and relayed.
#include "services.hpp"

#include <set>

namespace simphone {
namespace {

void log_notification(const Session& s, const std::string& command, const std::string& name)
{
    if (!s.log.enabled()) return;
    s.log.write(Log::entry("notification").add("conn", s.connection).add("op", command).add("name", name));
}

} // namespace

void serve_notification_proxy(Session& session)
{
    // Relays are written by whoever posts. TLS can't be read and written at once by two threads, so that
    // relays under TLS wait for the client's next request; on the plain twin they leave at once.
    struct Shared {
        std::mutex mutex;
        std::set<std::string> observed;
        std::vector<std::string> waiting;
    } shared;
    Stream& stream = session.stream;
    const auto relay = [&stream](const std::string& name) {
        Plist frame = Plist::dict();
        frame.set("Command", "RelayNotification").set("Name", name);
        return write_plist_frame(stream, frame);
    };
    const bool at_once = !stream.tls();
    const int observer = session.phone.observe([&](const std::string& name) {
        const std::lock_guard lock(shared.mutex);
        if (shared.observed.count(name) == 0) return;
        if (at_once)
            relay(name);
        else
            shared.waiting.push_back(name);
    });
    while (const auto request = read_plist_frame(stream)) {
        const std::string command = request->text_at("Command").value_or("");
        const std::string name = request->text_at("Name").value_or("");
        log_notification(session, command, name);
        if (command == "PostNotification") session.phone.notify(name);
        const std::lock_guard lock(shared.mutex);
        if (command == "ObserveNotification" && shared.observed.size() < 1024) shared.observed.insert(name);
        for (const std::string& late : shared.waiting) relay(late);
        shared.waiting.clear();
        if (command == "Shutdown") {
            Plist frame = Plist::dict();
            frame.set("Command", "ProxyDeath");
            write_plist_frame(stream, frame);
            break;
        }
    }
    session.phone.stop_observing(observer);
}

} // namespace simphone

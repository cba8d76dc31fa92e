// SPDX-License-Identifier: LGPL-2.1-or-later
// com.apple.mobile.notification_proxy and its insecure twin: names posted and relayed.
#include "services.hpp"

#include <mutex>
#include <set>

namespace simphone {
namespace {

constexpr std::size_t most_observed = 1024;

void log_notification(const Session& s, const std::string& command, const std::string& name)
{
    if (!s.log.enabled()) return;
    s.log.write(Log::entry("notification").add("conn", s.connection).add("op", command).add("name", name));
}

} // namespace

void serve_notification_proxy(Session& session)
{
    // Whoever posts writes the relay. TLS can't be read and written at once: the mutex is the stream's, and
    // nobody holds it while waiting for the client.
    std::mutex mutex;
    std::set<std::string> observed;
    Stream& stream = session.stream;
    const auto send = [&stream](const char* command, const std::string& name) {
        Plist frame = Plist::dict();
        frame.set("Command", command);
        if (!name.empty()) frame.set("Name", name);
        return write_plist_frame(stream, frame);
    };
    const int observer = session.phone.observe([&](const std::string& name) {
        const std::lock_guard lock(mutex);
        if (observed.count(name) != 0) send("RelayNotification", name);
    });
    while (stream.wait_for_input()) {
        std::unique_lock lock(mutex);
        const auto request = read_plist_frame(stream);
        if (!request) break;
        const std::string command = request->text_at("Command").value_or("");
        const std::string name = request->text_at("Name").value_or("");
        log_notification(session, command, name);
        if (command == "ObserveNotification" && observed.size() < most_observed) observed.insert(name);
        if (command == "Shutdown") {
            send("ProxyDeath", "");
            break;
        }
        lock.unlock();
        if (command == "PostNotification") session.phone.notify(name);
    }
    session.phone.stop_observing(observer);
}

} // namespace simphone

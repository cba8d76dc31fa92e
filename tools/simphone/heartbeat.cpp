// SPDX-License-Identifier: LGPL-2.1-or-later
// com.apple.mobile.heartbeat: Marco is asked, Polo has to be answered, or the phone takes the host for gone.
#include "services.hpp"

#include <atomic>
#include <condition_variable>
#include <thread>

namespace simphone {

void serve_heartbeat(Session& session)
{
    std::mutex mutex;
    std::condition_variable answered_or_over;
    bool answered = false, over = false;
    const auto interval = session.phone.spec().heartbeat;

    // Each side of the watch touches the stream alone: this thread writes and reads, the other only hangs up.
    std::thread watch([&] {
        std::unique_lock lock(mutex);
        while (!over) {
            answered = false;
            answered_or_over.wait_for(lock, interval * 2, [&] { return answered || over; });
            if (answered || over) continue;
            session.log.write(
                Log::entry("heartbeat").add("conn", session.connection).add("status", "unanswered"));
            if (session.medium == Medium::network)
                session.phone.hang_up();
            else
                session.stream.wire().hang_up();
            return;
        }
    });
    const auto tell = [&](bool& what) {
        const std::lock_guard lock(mutex);
        what = true;
        answered_or_over.notify_all();
    };
    for (;;) {
        Plist marco = Plist::dict();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval).count();
        marco.set("Command", "Marco").set("Interval", static_cast<std::uint64_t>(seconds));
        if (!write_plist_frame(session.stream, marco)) break;
        const auto polo = read_plist_frame(session.stream);
        if (!polo || polo->text_at("Command") != "Polo") break;
        session.log.write(Log::entry("heartbeat").add("conn", session.connection).add("status", "answered"));
        tell(answered);
        if (session.stream.wire().client_gone(
                std::chrono::duration_cast<std::chrono::milliseconds>(interval)))
            break;
    }
    tell(over);
    watch.join();
}

} // namespace simphone

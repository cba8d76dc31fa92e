// SPDX-License-Identifier: LGPL-2.1-or-later
// com.apple.mobile.house_arrest: an app's documents, by AFC on the same connection.
#include "afc.hpp"
#include "services.hpp"

namespace simphone {

void serve_house_arrest(Session& session)
{
    ReplyTimes times(session.phone.link());
    while (const auto request = read_plist_frame(session.stream)) {
        const std::string command = request->text_at("Command").value_or("");
        const std::string app = request->text_at("Identifier").value_or("");
        const auto& apps = session.phone.spec().apps;
        const auto found = apps.find(app);
        std::string error;
        if (command != "VendDocuments" && command != "VendContainer")
            error = "UnknownCommand";
        else if (found == apps.end())
            error = "InstallationLookupFailed";

        Plist reply = Plist::dict();
        if (error.empty())
            reply.set("Status", "Complete");
        else
            reply.set("Error", error);
        session.stream.wire().ready_since(times.wait(session.stream.wire().arrival()));
        if (session.log.enabled()) {
            session.log.write(Log::entry("house-arrest")
                                  .add("conn", session.connection)
                                  .add("op", command)
                                  .add("app", app)
                                  .add("status", error.empty() ? "ok" : error));
        }
        if (!write_plist_frame(session.stream, reply)) return;
        if (!error.empty()) continue;
        const auto view = command == "VendDocuments" ? AfcRoot::View::documents : AfcRoot::View::all;
        return serve_afc(session, AfcRoot(found->second, view), "com.apple.mobile.house_arrest");
    }
}

} // namespace simphone

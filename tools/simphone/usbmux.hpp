// SPDX-License-Identifier: LGPL-2.1-or-later
// The usbmuxd that all phones hang on: who is attached, pair records, connections.
#pragma once

#include "log.hpp"
#include "mux_wire.hpp"
#include "phone.hpp"

#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace simphone {

/// An attachment of a phone: one for each way it is reached by.
struct MuxDevice {
    std::uint32_t id;
    Medium medium;
    Phone* phone;
};

/// usbmuxd's side of every connection. Threads: any; each client has its own.
class UsbMux {
public:
    /// Pair records live in `state_folder`, or in memory where that is empty.
    UsbMux(std::vector<std::unique_ptr<Phone>>& phones, Log& log, const std::string& state_folder);

    /// Serves one client until it goes. Takes the descriptor over.
    void serve(int fd);

    /// Plugs a phone in, with new device ids. False if it was.
    bool attach(Phone& phone);
    /// Pulls it: events to listeners, all its connections cut. False if it was.
    bool detach(Phone& phone);
    bool attached(const Phone& phone) const;
    /// Ends every connection, for good.
    void hang_up_all();

    /// For hosts that have paired before: the record they would have saved.
    void put_record(const std::string& udid, const std::string& record);
    const std::string& buid() const { return buid_; }

private:
    struct Listener {
        Stream* stream;
        std::mutex mutex;
        std::string program;
    };

    bool answer(Stream& stream, const MuxRequest& request, std::uint64_t connection);
    MuxResult injected_error(Phone& phone, const std::string& op) const;
    bool connect(Stream& stream, const MuxRequest& request, std::uint64_t connection);
    void listen(Stream& stream, const MuxRequest& request);
    MuxResult save_record(const Plist& body);
    MuxResult delete_record(const Plist& body);
    std::optional<std::string> record(const std::string& udid) const;
    std::size_t record_count() const;
    Plist device_list() const;
    Plist listener_list() const;
    void tell(const Plist& event);
    void log(std::uint64_t connection, const std::string& request, const Plist* body,
             std::uint32_t result) const;

    std::vector<std::unique_ptr<Phone>>& phones_;
    Log& log_;
    std::string records_folder_;
    std::string buid_;
    mutable std::mutex mutex_;
    std::vector<MuxDevice> devices_;
    std::uint32_t next_device_ = 1;
    std::list<Listener> listeners_;
    std::map<std::string, std::string> records_;
    std::set<Stream*> clients_;
    std::atomic<std::uint64_t> next_connection_{1};
    bool ending_ = false;
};

} // namespace simphone

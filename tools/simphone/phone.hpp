// SPDX-License-Identifier: LGPL-2.1-or-later
// One simulated phone: what it is, whom it trusts, what state it is in, who is connected to it.
#pragma once

#include "faults.hpp"
#include "link.hpp"
#include "pairing.hpp"
#include "timer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace simphone {

class Stream;

/// What the phone answers to a host that wants to pair.
enum class Trust { automatic, ask, deny };
/// How a phone is reached.
enum class Medium { usb, network };

/// An entry in a folder's listing that need not exist there: any bytes for a name, served from another path.
struct InjectedEntry {
    std::string folder;
    std::string name;
    std::string target; ///< path in the media folder; empty: the entry can be listed and nothing else
};

/// What is fixed about a phone.
struct PhoneSpec {
    std::string udid = "00008130-000A2D3C4E5F6A7B";
    std::string name = "Simulated iPhone";
    std::string model = "iPhone16,1";
    std::string ios = "18.1";
    std::string build = "22B83";
    std::string serial = "SIMPH0NE0001";
    std::string wifi_address = "02:00:5e:00:53:01";
    std::string root;
    std::string state_folder; ///< keys and pairings live here; empty: they end with the process
    bool usb = true;
    bool network = false;
    bool attached = true;
    bool locked = false;
    bool service_tls = true;
    bool file_hash = false;
    Trust trust = Trust::automatic;
    bool trusted_already = false;
    std::uint64_t capacity = 0;       ///< bytes of the disk it claims; 0: the real one
    std::size_t max_read = 32u << 20; ///< the most one read answers
    std::size_t max_handles = 128;
    std::chrono::nanoseconds heartbeat = std::chrono::seconds(10);
    LinkModel link;
    std::map<std::string, std::string> apps; ///< bundle to its container's folder
    std::vector<InjectedEntry> injected;
};

/// A service that was started and waits for its connection.
struct ServiceTicket {
    std::string service;
    std::shared_ptr<ssl_ctx_st> tls; ///< null: plain
};

/// A phone. Threads: any.
class Phone {
public:
    Phone(PhoneSpec spec, Timer& timer);

    const PhoneSpec& spec() const { return spec_; }
    Pairings& pairings() { return pairings_; }
    Link& link() { return link_; }

    std::string name() const;
    Faults faults;
    Timer* timer; ///< outlives the phone
    /// Pulls the cable, and plugs it in again. Set by whoever the phone hangs on.
    std::function<void()> unplug, replug;
    /// Arms a fault, or the clock of one that waits for nothing but time.
    void add_fault(Fault fault);

    std::atomic<bool> locked{false};
    std::atomic<bool> full{false}; ///< out of space
    std::atomic<Trust> trust{Trust::automatic};
    std::atomic<std::uint64_t> bytes_sent{0}; ///< of AFC replies, headers included, TLS not
    std::atomic<std::uint64_t> requests{0};   ///< of AFC
    std::atomic<std::uint64_t> service_connections{0};

    /// Values that hosts have set in lockdown: domain, then key.
    /// False when there is no room for more.
    bool set_value(const std::string& domain, const std::string& key, Plist value);
    void remove_value(const std::string& domain, const std::string& key);
    std::optional<Plist> set_values(const std::string& domain) const;

    /// Opens a port for one connection. Of many that nobody comes to, the oldest closes.
    std::uint16_t open_port(ServiceTicket ticket);
    std::optional<ServiceTicket> take_port(std::uint16_t port);

    void add_connection(Stream* stream);
    void remove_connection(Stream* stream);
    /// Cuts all connections.
    void hang_up();
    std::size_t connections() const;

    /// Notifications of the phone to its observers.
    using Observer = std::function<void(const std::string& name)>;
    int observe(Observer observer);
    void stop_observing(int id);
    void notify(const std::string& name);

private:
    PhoneSpec spec_;
    Pairings pairings_;
    Link link_;
    mutable std::mutex mutex_;
    std::map<std::string, Plist> values_;
    std::size_t values_set_ = 0;
    std::deque<std::pair<std::uint16_t, ServiceTicket>> ports_; ///< oldest first
    std::uint16_t next_port_ = 49152;
    std::set<Stream*> streams_;
    std::mutex observers_mutex_;
    std::map<int, Observer> observers_;
    int next_observer_ = 1;
};

/// Registers a stream with its phone for as long as it lives.
class ConnectionGuard {
public:
    ConnectionGuard(Phone& phone, Stream& stream) : phone_(phone), stream_(stream)
    {
        phone_.add_connection(&stream_);
    }
    ~ConnectionGuard() { phone_.remove_connection(&stream_); }
    ConnectionGuard(const ConnectionGuard&) = delete;
    ConnectionGuard& operator=(const ConnectionGuard&) = delete;

private:
    Phone& phone_;
    Stream& stream_;
};

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "usbmux.hpp"

#include "services.hpp"

#include <algorithm>
#include <filesystem>
#include <netinet/in.h>

namespace simphone {
namespace {

constexpr std::uint64_t usb_speed = 480'000'000;
constexpr std::uint64_t product_id = 0x12A8;
constexpr auto slowest_listener = std::chrono::milliseconds(1000);
constexpr std::size_t most_records = 4096;

Plist properties(const MuxDevice& device)
{
    Plist p = Plist::dict();
    p.set("DeviceID", std::uint64_t{device.id}).set("SerialNumber", device.phone->spec().udid);
    if (device.medium == Medium::usb) {
        p.set("ConnectionType", "USB").set("ConnectionSpeed", usb_speed).set("ProductID", product_id);
        p.set("LocationID", std::uint64_t{0x10000} + device.id);
        return p;
    }
    // A BSD sockaddr: the length is the first byte, the family (2, AF_INET) the second. 192.0.2.x is for
    // examples.
    std::string address(16, '\0');
    address[0] = 16;
    address[1] = 2;
    address[4] = static_cast<char>(192);
    address[6] = 2;
    address[7] = static_cast<char>(device.id & 0xFF);
    p.set("ConnectionType", "Network").set("NetworkAddress", Plist::data(address));
    p.set("InterfaceIndex", std::uint64_t{1});
    p.set("EscapedFullServiceName",
          device.phone->spec().wifi_address + "@fe80::1._apple-mobdev2._tcp.local.");
    return p;
}

Plist attached_event(const MuxDevice& device)
{
    Plist event = Plist::dict();
    event.set("MessageType", "Attached").set("DeviceID", std::uint64_t{device.id});
    event.set("Properties", properties(device));
    return event;
}

Plist device_event(const char* type, std::uint32_t id)
{
    Plist event = Plist::dict();
    event.set("MessageType", type).set("DeviceID", std::uint64_t{id});
    return event;
}

/// Ids become file names here: no path may hide in one.
bool usable_record_id(const std::string& id)
{
    return !id.empty() && id.size() <= 128 && id.find('/') == std::string::npos && id[0] != '.';
}

} // namespace

UsbMux::UsbMux(std::vector<std::unique_ptr<Phone>>& phones, Log& log, const std::string& state_folder)
    : phones_(phones), log_(log), buid_(random_uuid())
{
    if (!state_folder.empty()) {
        records_folder_ = state_folder + "/pair_records";
        std::filesystem::create_directories(records_folder_);
        if (const auto buid = read_whole(state_folder + "/buid"))
            buid_ = *buid;
        else
            write_whole(state_folder + "/buid", buid_);
        for (const auto& file : std::filesystem::directory_iterator(records_folder_)) {
            if (file.path().extension() != ".plist") continue;
            records_[file.path().stem()] = read_whole(file.path()).value_or("");
        }
    }
    for (const auto& phone : phones_) {
        Phone* const p = phone.get();
        p->unplug = [this, p] { detach(*p); };
        p->replug = [this, p] { attach(*p); };
        if (phone->spec().trusted_already && records_.count(phone->spec().udid) == 0) {
            const MadePairing made =
                make_pairing(phone->pairings().device_key(), buid_, phone->spec().wifi_address);
            phone->pairings().remember(made.pairing);
            put_record(phone->spec().udid, made.record.xml());
        }
        if (phone->spec().attached) attach(*phone);
    }
}

bool UsbMux::attached(const Phone& phone) const
{
    const std::lock_guard lock(mutex_);
    return std::any_of(devices_.begin(), devices_.end(),
                       [&](const MuxDevice& d) { return d.phone == &phone; });
}

bool UsbMux::attach(Phone& phone)
{
    if (attached(phone)) return false;
    const std::lock_guard lock(mutex_);
    for (const Medium medium : {Medium::usb, Medium::network}) {
        if (!(medium == Medium::usb ? phone.spec().usb : phone.spec().network)) continue;
        devices_.push_back({next_device_++, medium, &phone});
        tell(attached_event(devices_.back()));
    }
    log_.write(Log::entry("attached").add("udid", phone.spec().udid));
    return true;
}

bool UsbMux::detach(Phone& phone)
{
    if (!attached(phone)) return false;
    {
        const std::lock_guard lock(mutex_);
        for (const MuxDevice& device : devices_) {
            if (device.phone == &phone) tell(device_event("Detached", device.id));
        }
        std::erase_if(devices_, [&](const MuxDevice& d) { return d.phone == &phone; });
    }
    log_.write(Log::entry("detached").add("udid", phone.spec().udid));
    phone.hang_up();
    return true;
}

/// Needs mutex_.
void UsbMux::tell(const Plist& event)
{
    for (Listener& listener : listeners_) {
        const std::lock_guard lock(listener.mutex);
        if (!write_mux_plist(*listener.stream, 0, event)) listener.stream->wire().hang_up();
    }
}

void UsbMux::hang_up_all()
{
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (Stream* client : clients_) client->wire().hang_up();
}

void UsbMux::serve(int fd)
{
    Stream stream(fd);
    const std::uint64_t connection = next_connection_++;
    {
        const std::lock_guard lock(mutex_);
        if (ending_) return;
        clients_.insert(&stream);
    }
    try {
        while (auto request = read_mux_request(stream)) {
            if (!answer(stream, *request, connection)) break;
        }
    } catch (const std::exception& error) { // a folder that is gone, no memory: this connection's end only
        log_.write(Log::entry("failed").add("conn", connection).add("error", error.what()));
    }
    const std::lock_guard lock(mutex_);
    clients_.erase(&stream);
}

void UsbMux::log(std::uint64_t connection, const std::string& request, const Plist* body,
                 std::uint32_t result) const
{
    if (!log_.enabled()) return;
    JsonObject entry = Log::entry("usbmux");
    entry.add("conn", connection).add("op", request);
    if (body) {
        if (const auto program = body->text_at("ProgName")) entry.add("program", *program);
        if (const auto id = body->text_at("PairRecordID")) entry.add("udid", *id);
        if (const auto id = body->number_at("DeviceID")) entry.add("device", *id);
    }
    log_.write(entry.add("status", result));
}

MuxResult UsbMux::injected_error(Phone& phone, const std::string& op) const
{
    FaultEvent event;
    event.op = op;
    const auto met = phone.faults.meet(FaultStage::mux, event);
    if (met.empty()) return MuxResult::ok;
    log_.write(Log::entry("fault").add("udid", phone.spec().udid).add("spec", met.front().spec));
    return static_cast<MuxResult>(met.front().code);
}

bool UsbMux::answer(Stream& stream, const MuxRequest& request, std::uint64_t connection)
{
    if (!request.body) {
        const bool old = request.version != 1;
        const MuxResult result = old ? MuxResult::bad_version : MuxResult::bad_command;
        log(connection, old ? "binary" : "malformed", nullptr, static_cast<std::uint32_t>(result));
        return write_mux_result(stream, request, result);
    }
    const Plist& body = *request.body;
    const std::string type = body.text_at("MessageType").value_or("");
    if (type == "Connect") return connect(stream, request, connection);
    MuxResult result = injected_error(*phones_.front(), type);
    std::optional<Plist> reply;
    if (result != MuxResult::ok) {
        log(connection, type, &body, static_cast<std::uint32_t>(result));
        return write_mux_result(stream, request, result);
    }
    if (type == "ListDevices") {
        reply = device_list();
    } else if (type == "ListListeners") {
        reply = listener_list();
    } else if (type == "ReadBUID") {
        reply = Plist::dict();
        reply->set("BUID", buid_);
    } else if (type == "ReadPairRecord") {
        if (const auto found = record(body.text_at("PairRecordID").value_or(""))) {
            reply = Plist::dict();
            reply->set("PairRecordData", Plist::data(*found));
        } else {
            result = MuxResult::bad_device; // ENOENT, which has the same number
        }
    } else if (type == "SavePairRecord") {
        result = save_record(body);
    } else if (type == "DeletePairRecord") {
        result = delete_record(body);
    } else if (type != "Listen") {
        result = MuxResult::bad_command;
    }
    log(connection, type, &body, static_cast<std::uint32_t>(result));
    if (type == "Listen") {
        listen(stream, request);
        return false;
    }
    return reply ? write_mux_plist(stream, request.tag, *reply) : write_mux_result(stream, request, result);
}

void UsbMux::listen(Stream& stream, const MuxRequest& request)
{
    std::list<Listener>::iterator self;
    stream.wire().limit_writing(
        slowest_listener); // who doesn't read its events must not stop those of others
    {
        const std::lock_guard lock(mutex_); // no event may come before the result, none be lost after it
        if (!write_mux_result(stream, request, MuxResult::ok)) return;
        self = listeners_.emplace(listeners_.end());
        self->stream = &stream;
        self->program = request.body->text_at("ProgName").value_or("");
        for (const MuxDevice& device : devices_) write_mux_plist(stream, 0, attached_event(device));
    }
    char ignored;
    while (stream.read_some(&ignored, 1) == 1) {
    }
    const std::lock_guard lock(mutex_);
    listeners_.erase(self);
}

bool UsbMux::connect(Stream& stream, const MuxRequest& request, std::uint64_t connection)
{
    const Plist& body = *request.body;
    const auto id = body.number_at("DeviceID").value_or(0);
    const auto port = ntohs(static_cast<std::uint16_t>(body.number_at("PortNumber").value_or(0)));
    std::optional<MuxDevice> device;
    {
        const std::lock_guard lock(mutex_);
        for (const MuxDevice& d : devices_) {
            if (d.id == id) device = d;
        }
    }
    std::optional<ServiceEntry> entry;
    MuxResult result = MuxResult::bad_device;
    if (device) {
        result = injected_error(*device->phone, "Connect");
        if (result == MuxResult::ok) entry = find_service(*device->phone, port);
        if (result == MuxResult::ok && !entry) result = MuxResult::refused;
    }
    log(connection, "Connect", &body, static_cast<std::uint32_t>(result));
    if (result != MuxResult::ok) return write_mux_result(stream, request, result);

    const ConnectionGuard guard(*device->phone, stream);
    if (!write_mux_result(stream, request, MuxResult::ok)) return false;
    stream.wire().attach(device->phone->link());
    run_service({*device->phone, stream, log_, connection, device->medium}, *entry);
    return false;
}

MuxResult UsbMux::save_record(const Plist& body)
{
    const auto id = body.text_at("PairRecordID");
    const auto data = body.data_at("PairRecordData");
    if (!id || !data || !usable_record_id(*id)) return MuxResult::bad_command;
    if (!record(*id) && record_count() >= most_records) return MuxResult::bad_command;
    put_record(*id, *data);
    const std::lock_guard lock(mutex_);
    for (const MuxDevice& device : devices_) {
        if (device.phone->spec().udid == *id) tell(device_event("Paired", device.id));
    }
    return MuxResult::ok;
}

MuxResult UsbMux::delete_record(const Plist& body)
{
    const auto id = body.text_at("PairRecordID");
    if (!id || !usable_record_id(*id)) return MuxResult::bad_command;
    const std::lock_guard lock(mutex_);
    if (records_.erase(*id) == 0) return MuxResult::bad_device;
    if (!records_folder_.empty()) std::filesystem::remove(records_folder_ + "/" + *id + ".plist");
    return MuxResult::ok;
}

void UsbMux::put_record(const std::string& udid, const std::string& record)
{
    const std::lock_guard lock(mutex_);
    records_[udid] = record;
    if (!records_folder_.empty()) write_whole(records_folder_ + "/" + udid + ".plist", record);
}

std::size_t UsbMux::record_count() const
{
    const std::lock_guard lock(mutex_);
    return records_.size();
}

std::optional<std::string> UsbMux::record(const std::string& udid) const
{
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(udid);
    if (found == records_.end()) return std::nullopt;
    return found->second;
}

Plist UsbMux::device_list() const
{
    Plist list = Plist::array();
    const std::lock_guard lock(mutex_);
    for (const MuxDevice& device : devices_) list.append(attached_event(device));
    Plist reply = Plist::dict();
    reply.set("DeviceList", std::move(list));
    return reply;
}

Plist UsbMux::listener_list() const
{
    Plist list = Plist::array();
    const std::lock_guard lock(mutex_);
    for (const Listener& listener : listeners_) {
        Plist entry = Plist::dict();
        entry.set("ProgName", listener.program).set("Blacklisted", false).set("ConnType", std::uint64_t{0});
        list.append(std::move(entry));
    }
    Plist reply = Plist::dict();
    reply.set("ListenerList", std::move(list));
    return reply;
}

} // namespace simphone

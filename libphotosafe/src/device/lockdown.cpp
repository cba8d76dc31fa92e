// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/lockdown.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include <libimobiledevice/libimobiledevice.h>
#include <libimobiledevice/lockdown.h>
#include <plist/plist.h>
#include <usbmuxd.h>

#include "core/handle.hpp"
#include "device/lockdown_trouble.hpp"

namespace photosafe::lockdown {

namespace {

constexpr const char* label = "photosafe";
constexpr const char* picture_service = "com.apple.afc";

using DeviceHandle = std::unique_ptr<idevice_private, FreeWith<idevice_free>>;
using ConnectionHandle = std::unique_ptr<idevice_connection_private, FreeWith<idevice_disconnect>>;
using ClientHandle = std::unique_ptr<lockdownd_client_private, FreeWith<lockdownd_client_free>>;
using ServiceHandle =
    std::unique_ptr<lockdownd_service_descriptor, FreeWith<lockdownd_service_descriptor_free>>;
using PlistHandle = std::unique_ptr<void, FreeWith<plist_free>>;
using CString = std::unique_ptr<char, FreeWith<std::free>>;

[[noreturn]] void absent(const std::string& udid)
{
    throw DeviceError{ErrorCode::device_absent, "The phone is not connected: plug it in.", udid};
}

void check(lockdownd_error_t rc, const std::string& udid)
{
    if (rc != LOCKDOWN_E_SUCCESS) throw Failure{rc, udid};
}

DeviceHandle open_phone(const std::string& udid)
{
    constexpr auto any_way = static_cast<idevice_options>(IDEVICE_LOOKUP_USBMUX | IDEVICE_LOOKUP_NETWORK);
    idevice_t raw = nullptr;
    if (idevice_new_with_options(&raw, udid.c_str(), any_way) != IDEVICE_E_SUCCESS) absent(udid);
    return DeviceHandle{raw};
}

/// A client that may ask for public values and pair.
ClientHandle open_client(idevice_t phone, const std::string& udid)
{
    lockdownd_client_t raw = nullptr;
    const auto rc = lockdownd_client_new(phone, &raw, label);
    ClientHandle client{raw};
    check(rc, udid);
    return client;
}

std::optional<std::string> pair_record(const std::string& udid)
{
    char* raw = nullptr;
    std::uint32_t bytes = 0;
    const int rc = usbmuxd_read_pair_record(udid.c_str(), &raw, &bytes);
    const CString record{raw};
    if (rc != 0 || !record) return std::nullopt;
    return std::string{record.get(), bytes};
}

/// A client within a session. Without a record of a pairing it fails: libimobiledevice would begin to pair.
ClientHandle open_session(idevice_t phone, const std::string& udid)
{
    if (!pair_record(udid)) throw Failure{LOCKDOWN_E_MISSING_PAIR_RECORD, udid};
    lockdownd_client_t raw = nullptr;
    const auto rc = lockdownd_client_new_with_handshake(phone, &raw, label);
    ClientHandle client{raw};
    check(rc, udid);
    return client;
}

PlistHandle value(lockdownd_client_t client, const char* domain, const char* key)
{
    plist_t raw = nullptr;
    const auto rc = lockdownd_get_value(client, domain, key, &raw);
    PlistHandle node{raw};
    return rc == LOCKDOWN_E_SUCCESS ? std::move(node) : PlistHandle{};
}

std::string text(lockdownd_client_t client, const char* key)
{
    const auto node = value(client, nullptr, key);
    if (!node || plist_get_node_type(node.get()) != PLIST_STRING) return {};
    char* raw = nullptr;
    plist_get_string_val(node.get(), &raw);
    const CString owned{raw};
    return owned ? owned.get() : "";
}

std::optional<std::uint64_t> disk_figure(lockdownd_client_t client, const char* key)
{
    const auto node = value(client, "com.apple.disk_usage", key);
    if (!node || plist_get_node_type(node.get()) != PLIST_UINT) return std::nullopt;
    std::uint64_t figure = 0;
    plist_get_uint_val(node.get(), &figure);
    return figure;
}

void read_public_facts(lockdownd_client_t client, DeviceInfo& info)
{
    info.name = text(client, "DeviceName");
    info.model = text(client, "ProductType");
    info.version = text(client, "ProductVersion");
    info.build = text(client, "BuildVersion");
}

ServiceHandle start_service(lockdownd_client_t client, const std::string& service, const std::string& udid)
{
    lockdownd_service_descriptor_t raw = nullptr;
    const auto rc = lockdownd_start_service(client, service.c_str(), &raw);
    ServiceHandle started{raw};
    check(rc, udid);
    if (!started || started->port == 0) throw Failure{LOCKDOWN_E_INVALID_RESPONSE, udid};
    return started;
}

std::string data_of(plist_t record, const char* key, const std::string& udid)
{
    const plist_t node = plist_dict_get_item(record, key);
    if (!node || plist_get_node_type(node) != PLIST_DATA) throw Failure{LOCKDOWN_E_INVALID_CONF, udid};
    char* raw = nullptr;
    std::uint64_t bytes = 0;
    plist_get_data_val(node, &raw, &bytes);
    const CString owned{raw};
    return owned ? std::string{owned.get(), bytes} : std::string{};
}

Identity identity_of(const std::string& udid)
{
    const auto record = pair_record(udid);
    if (!record) throw Failure{LOCKDOWN_E_MISSING_PAIR_RECORD, udid};
    plist_t raw = nullptr;
    const auto bytes = static_cast<std::uint32_t>(record->size());
    // Two calls instead of plist_from_memory, whose parameters changed between releases of libplist.
    if (record->starts_with("bplist00"))
        plist_from_bin(record->data(), bytes, &raw);
    else
        plist_from_xml(record->data(), bytes, &raw);
    const PlistHandle root{raw};
    if (!root || plist_get_node_type(root.get()) != PLIST_DICT) throw Failure{LOCKDOWN_E_INVALID_CONF, udid};
    return {data_of(root.get(), "RootCertificate", udid), data_of(root.get(), "RootPrivateKey", udid)};
}

void connect(idevice_t phone, std::uint16_t port, const std::string& udid, const Handover& out)
{
    idevice_connection_t raw = nullptr;
    const auto rc = idevice_connect(phone, port, &raw);
    const ConnectionHandle connection{raw};
    int fd = -1;
    if (rc != IDEVICE_E_SUCCESS || idevice_connection_get_fd(raw, &fd) != IDEVICE_E_SUCCESS)
        throw Failure{LOCKDOWN_E_MUX_ERROR, udid};
    out.give(fd);
}

} // namespace

Failure::Failure(int code, const std::string& udid)
    : DeviceError{trouble_of(code).code, trouble_of(code).sentence, udid}, lockdown_code_{code}
{
}

std::vector<Reachable> reachable_phones()
{
    idevice_info_t* raw = nullptr;
    int count = 0;
    if (idevice_get_device_list_extended(&raw, &count) != IDEVICE_E_SUCCESS)
        throw DeviceError{ErrorCode::device_absent,
                          "usbmuxd, which connects phones, is not running: install or start it."};
    const std::unique_ptr<idevice_info_t, FreeWith<idevice_device_list_extended_free>> list{raw};
    std::vector<Reachable> phones;
    for (int i = 0; i < count; ++i) {
        const Reachable phone{raw[i]->udid, raw[i]->conn_type == CONNECTION_USBMUXD};
        const auto known = std::ranges::find(phones, phone.udid, &Reachable::udid);
        if (known == phones.end())
            phones.push_back(phone);
        else
            known->usb = known->usb || phone.usb;
    }
    return phones;
}

Inspection inspect(const Reachable& phone)
{
    Inspection seen;
    DeviceInfo& info = seen.info;
    info.udid = phone.udid;
    info.connection = phone.usb ? "usb" : "network";
    try {
        const auto handle = open_phone(phone.udid);
        read_public_facts(open_client(handle.get(), phone.udid).get(), info);
        seen.has_record = pair_record(phone.udid).has_value();
        const auto client = open_session(handle.get(), phone.udid);
        info.total_bytes = disk_figure(client.get(), "TotalDiskCapacity");
        info.free_bytes = disk_figure(client.get(), "TotalDataAvailable");
        // A trusted phone tells its facts while it is locked, but starts no service.
        (void)start_service(client.get(), picture_service, phone.udid);
        info.state = DeviceState::ready;
    } catch (const Failure& failure) {
        info.state = trouble_of(failure.lockdown_code()).state;
        info.problem = failure.what();
        seen.trouble = failure.code();
    } catch (const DeviceError& error) {
        info.state = DeviceState::unreachable;
        info.problem = error.what();
        seen.trouble = error.code();
    }
    return seen;
}

void pair(const std::string& udid)
{
    const auto phone = open_phone(udid);
    const auto client = open_client(phone.get(), udid);
    check(lockdownd_pair(client.get(), nullptr), udid);
}

void forget(const std::string& udid) { (void)usbmuxd_delete_pair_record(udid.c_str()); }

Services start_services(const std::string& udid, const std::string& service, unsigned count,
                        const Handover& out)
{
    const auto phone = open_phone(udid);
    const auto client = open_session(phone.get(), udid);
    Services services{{}, identity_of(udid)};
    while (services.tls.size() < count) {
        try {
            const auto started = start_service(client.get(), service, udid);
            connect(phone.get(), started->port, udid, out);
            services.tls.push_back(started->ssl_enabled != 0);
        } catch (const Failure&) {
            if (services.tls.empty()) throw;
            break; // a phone allows only so many; one is enough
        }
    }
    return services;
}

} // namespace photosafe::lockdown

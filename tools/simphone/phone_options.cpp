// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of `--phone`, which are those of the long options too.
#include "serve.hpp"

#include "text.hpp"

#include <stdexcept>

namespace simphone {
namespace {

std::string checked_udid(const std::string& udid)
{
    const bool usable = !udid.empty() && udid.size() <= 64 &&
                        udid.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
    if (!usable) throw std::invalid_argument("a UDID is of hex digits and '-': '" + udid + "'");
    return udid;
}

std::string checked_text(const std::string& text)
{
    if (!is_utf8(text)) throw std::invalid_argument("no UTF-8: " + to_hex(text));
    return text;
}

void set_trust(PhoneSpec& phone, const std::string& value)
{
    if (value == "auto")
        phone.trust = Trust::automatic;
    else if (value == "ask")
        phone.trust = Trust::ask;
    else if (value == "deny")
        phone.trust = Trust::deny;
    else if (value == "trusted")
        phone.trusted_already = true;
    else
        throw std::invalid_argument("trust is auto, ask, deny or trusted: '" + value + "'");
}

void set_medium(PhoneSpec& phone, const std::string& value)
{
    if (value != "usb" && value != "network" && value != "both") {
        throw std::invalid_argument("conn is usb, network or both: '" + value + "'");
    }
    phone.usb = value != "network";
    phone.network = value != "usb";
}

void add_app(PhoneSpec& phone, const std::string& value)
{
    const auto equals = value.find('=');
    if (equals == std::string::npos) throw std::invalid_argument("an app is BUNDLE=DIR: '" + value + "'");
    phone.apps[value.substr(0, equals)] = value.substr(equals + 1);
}

void inject(PhoneSpec& phone, const std::string& value)
{
    InjectedEntry entry;
    for (const auto& [key, word] : parse_pairs(value)) {
        if (key == "folder")
            entry.folder = word;
        else if (key == "name")
            entry.name = word;
        else if (key == "name_hex")
            entry.name = from_hex(word);
        else if (key == "target")
            entry.target = word;
        else
            throw std::invalid_argument("an entry has folder, name or name_hex, target; not '" + key + "'");
    }
    while (!entry.folder.empty() && entry.folder.back() == '/') entry.folder.pop_back();
    phone.injected.push_back(std::move(entry));
}

} // namespace

void apply_phone_option(PhoneSpec& phone, const std::string& key, const std::string& value)
{
    if (key == "udid")
        phone.udid = checked_udid(value);
    else if (key == "name")
        phone.name = checked_text(value);
    else if (key == "model")
        phone.model = checked_text(value);
    else if (key == "ios")
        phone.ios = checked_text(value);
    else if (key == "build")
        phone.build = checked_text(value);
    else if (key == "serial")
        phone.serial = checked_text(value);
    else if (key == "wifi-address")
        phone.wifi_address = checked_text(value);
    else if (key == "root")
        phone.root = value;
    else if (key == "conn")
        set_medium(phone, value);
    else if (key == "attached")
        phone.attached = parse_switch(value);
    else if (key == "locked")
        phone.locked = parse_switch(value);
    else if (key == "trust")
        set_trust(phone, value);
    else if (key == "service-tls")
        phone.service_tls = parse_switch(value);
    else if (key == "file-hash")
        phone.file_hash = parse_switch(value);
    else if (key == "capacity")
        phone.capacity = parse_bytes(value);
    else if (key == "max-read")
        phone.max_read = parse_bytes(value);
    else if (key == "max-handles")
        phone.max_handles = parse_bytes(value);
    else if (key == "heartbeat")
        phone.heartbeat = parse_duration(value);
    else if (key == "latency")
        phone.link.latency = parse_duration(value);
    else if (key == "service-time")
        phone.link.service_time = parse_duration(value);
    else if (key == "rate")
        phone.link.bytes_per_second = parse_bytes(value);
    else if (key == "app")
        add_app(phone, value);
    else if (key == "inject-entry")
        inject(phone, value);
    else
        throw std::invalid_argument("a phone has no '" + key + "'");
}

} // namespace simphone

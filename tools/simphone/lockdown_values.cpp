// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lockdown_values.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <sys/statvfs.h>

namespace simphone {
namespace {

struct Space {
    std::uint64_t total;
    std::uint64_t free;
};

Space space_of(const Phone& phone)
{
    struct statvfs fs {};
    if (::statvfs(phone.spec().root.c_str(), &fs) != 0) return {0, 0};
    Space space{fs.f_blocks * fs.f_frsize, fs.f_bavail * fs.f_frsize};
    if (phone.spec().capacity != 0) {
        space.total = phone.spec().capacity;
        space.free = std::min(space.free, space.total);
    }
    if (phone.full) space.free = 0;
    return space;
}

double now_seconds()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

std::string device_class(const std::string& model)
{
    if (model.starts_with("iPad")) return "iPad";
    if (model.starts_with("iPod")) return "iPod";
    return "iPhone";
}

/// What everybody may know before pairing: hosts need it to show the phone and to pair with it.
constexpr std::array<const char*, 12> public_keys = {
    "BuildVersion",      "DeviceClass",    "DeviceName",  "DevicePublicKey",
    "PasswordProtected", "ProductName",    "ProductType", "ProductVersion",
    "ProtocolVersion",   "UniqueDeviceID", "WiFiAddress", "HostAttached"};

Plist phone_values(const Session& s, bool trusted)
{
    const PhoneSpec& spec = s.phone.spec();
    Plist v = Plist::dict();
    v.set("BuildVersion", spec.build)
        .set("DeviceClass", device_class(spec.model))
        .set("DeviceName", spec.name);
    v.set("DevicePublicKey", Plist::data(s.phone.pairings().device_key().public_pem()));
    v.set("PasswordProtected", s.phone.locked.load()).set("ProductName", "iPhone OS");
    v.set("ProductType", spec.model).set("ProductVersion", spec.ios).set("ProtocolVersion", "2");
    v.set("UniqueDeviceID", spec.udid).set("WiFiAddress", spec.wifi_address).set("HostAttached", true);
    if (trusted) {
        v.set("ActivationState", "Activated").set("BluetoothAddress", spec.wifi_address);
        v.set("CPUArchitecture", "arm64e").set("DeviceColor", "1").set("HardwareModel", "D83AP");
        v.set("ModelNumber", "MU693").set("RegionInfo", "LL/A").set("SerialNumber", spec.serial);
        v.set("TelephonyCapability", true).set("TimeIntervalSince1970", Plist::real(now_seconds()));
        v.set("TimeZone", "Europe/Rome").set("TimeZoneOffsetFromUTC", Plist::real(3600));
        v.set("TrustedHostAttached", true).set("UseRaptorCerts", true).set("Uses24HourClock", true);
        v.set("UniqueChipID", std::uint64_t{0x000A2D3C4E5F6A7B});
    }
    return v;
}

std::optional<Plist> domain_values(const Session& s, const std::string& domain, bool trusted)
{
    if (domain.empty()) return phone_values(s, trusted);
    if (!trusted) return std::nullopt;
    const Space space = space_of(s.phone);
    Plist v = Plist::dict();
    if (domain == "com.apple.disk_usage" || domain == "com.apple.disk_usage.factory") {
        v.set("TotalDiskCapacity", space.total).set("TotalDataCapacity", space.total);
        v.set("TotalDataAvailable", space.free).set("AmountDataAvailable", space.free);
        v.set("TotalSystemCapacity", std::uint64_t{0}).set("TotalSystemAvailable", std::uint64_t{0});
        v.set("AmountDataReserved", std::uint64_t{0}).set("AmountCameraAvailable", space.free);
        return v;
    }
    if (domain == "com.apple.mobile.wireless_lockdown") {
        v.set("EnableWifiConnections", s.phone.spec().network).set("SupportsWifi", true);
        v.set("BonjourFullServiceName", s.phone.spec().wifi_address + "@fe80::1._apple-mobdev2._tcp.local.");
        return v;
    }
    if (domain == "com.apple.mobile.battery") {
        v.set("BatteryCurrentCapacity", std::uint64_t{83}).set("BatteryIsCharging", true);
        v.set("ExternalConnected", true).set("FullyCharged", false);
        return v;
    }
    if (domain == "com.apple.international") {
        v.set("Language", "en").set("Locale", "en_US").set("Keyboard", "en_US");
        return v;
    }
    if (domain == "com.apple.mobile.iTunes" || domain == "com.apple.mobile.backup" ||
        domain == "com.apple.mobile.data_sync" || domain == "com.apple.xcode.developerdomain") {
        return v;
    }
    return std::nullopt;
}

} // namespace

std::optional<Plist> lockdown_value(const Session& session, const std::string& domain,
                                    const std::optional<std::string>& key, bool trusted)
{
    const auto known = domain_values(session, domain, trusted);
    const auto changed = session.phone.set_values(domain);
    const bool visible =
        trusted || (domain.empty() &&
                    (!key || std::find(public_keys.begin(), public_keys.end(), *key) != public_keys.end()));
    if (!visible) return std::nullopt;
    if (key) {
        auto value = changed ? changed->copy_at(*key) : std::nullopt;
        return value || !known ? std::move(value) : known->copy_at(*key);
    }
    if (!known) return changed ? std::optional(changed->copy()) : std::nullopt;
    Plist all = known->copy();
    if (const auto name = changed ? changed->copy_at("DeviceName") : std::nullopt)
        all.set("DeviceName", name->copy());
    return all;
}

} // namespace simphone

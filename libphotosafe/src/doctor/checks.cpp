// SPDX-License-Identifier: LGPL-2.1-or-later
#include "doctor/checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe::doctor {

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::string_view library = "libimobiledevice";

std::string gigabytes(std::uint64_t bytes)
{
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f GB", static_cast<double>(bytes) / 1e9);
    return text.data();
}

std::string called(const DeviceInfo& phone)
{
    std::string text = phone.name.empty() ? "The phone " + printable(phone.udid) : printable(phone.name);
    std::string more = printable(phone.model);
    if (!phone.version.empty()) (more += more.empty() ? "" : ", ") += "iOS " + printable(phone.version);
    return more.empty() ? text : text + " (" + more + ')';
}

std::string_view condition(DeviceState state)
{
    switch (state) {
    case DeviceState::ready: return " is ready.";
    case DeviceState::locked: return " is locked.";
    case DeviceState::trust_needed: return " doesn't trust this computer yet.";
    case DeviceState::trust_pending: return " asks whether to trust this computer.";
    case DeviceState::refused: return " refuses this computer.";
    case DeviceState::unreachable: break;
    }
    return " is listed, but doesn't answer.";
}

std::string_view step(DeviceState state)
{
    switch (state) {
    case DeviceState::ready: return "";
    case DeviceState::locked: return "Unlock it.";
    case DeviceState::trust_needed: return "Run photosafe device pair, and tap Trust on the phone.";
    case DeviceState::trust_pending: return "Tap Trust on the phone.";
    case DeviceState::refused: return "Unplug it, plug it in again, and tap Trust.";
    case DeviceState::unreachable: break;
    }
    return "Unplug it and plug it in again.";
}

/// 26 of `26.3.1`; 0 where it isn't known.
int major_of(const std::string& version)
{
    int major = 0;
    (void)std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
}

} // namespace

std::vector<Finding> about_phone(const DeviceInfo& phone)
{
    Finding state{.severity = phone.state == DeviceState::ready     ? Severity::ok
                              : phone.state == DeviceState::refused ? Severity::problem
                                                                    : Severity::warning,
                  .code = "device",
                  .subject = phone.udid,
                  .message = called(phone) + std::string{condition(phone.state)},
                  .next = std::string{step(phone.state)}};
    // The library that talked to it may know better.
    if (phone.state != DeviceState::ready && !phone.problem.empty()) state.next = phone.problem;
    std::vector<Finding> findings{std::move(state)};
    if (phone.connection == "network") {
        findings.push_back(
            {.severity = Severity::note,
             .code = "device",
             .subject = phone.udid,
             .message = called(phone) + " is reached over the network: slower, and gone when it sleeps.",
             .next = "Connect it with its cable for large imports."});
    }
    return findings;
}

Finding no_phone()
{
    return {.severity = Severity::note,
            .code = "device",
            .subject = {},
            .message = "usbmuxd answers, and no phone is in reach.",
            .next = "Connect the phone with its cable and unlock it."};
}

Finding about_library(const std::string& version, const std::vector<DeviceInfo>& phones)
{
    Finding finding{.severity = Severity::ok,
                    .code = "library",
                    .subject = std::string{library},
                    .message = {},
                    .next = {}};
    if (!version.empty()) {
        finding.message = std::string{library} + ' ' + printable(version) + " is in use.";
        return finding;
    }
    // Pairing of iOS 26 fails for some with 1.3.0, which Debian 12 has; for others it works.
    const auto may_fail = [](const DeviceInfo& phone) {
        return phone.state != DeviceState::ready && (phone.version.empty() || major_of(phone.version) >= 26);
    };
    finding.message = std::string{library} + " is older than 1.4.0";
    if (std::any_of(phones.begin(), phones.end(), may_fail)) {
        finding.severity = Severity::warning;
        finding.message += "; it may be unable to pair with iOS 26 and later.";
        finding.next = "If pairing doesn't succeed, install libimobiledevice 1.4.0 or later.";
    } else {
        finding.message +=
            phones.empty() ? ", which is enough up to iOS 18." : ", which is enough for the phones here.";
    }
    return finding;
}

Finding about_file_system(const std::string& root, const FileSystem& disk)
{
    const std::string where = printable(root) + " is on " + printable(disk.type);
    if (disk.type == "tmpfs") {
        return {.severity = Severity::problem,
                .code = "file_system",
                .subject = root,
                .message = where + ", which is in memory: nothing of it outlives a restart.",
                .next = "Move the archive to a disk."};
    }
    if (disk.shared) {
        return {.severity = Severity::warning,
                .code = "file_system",
                .subject = root,
                .message =
                    where + ", which may be a network: the catalog is kept in a slower, safe way there.",
                .next = "Let only one computer import into it, or move the archive to a local disk."};
    }
    if (disk.type == "fat") {
        return {.severity = Severity::warning,
                .code = "file_system",
                .subject = root,
                .message = where + ", which keeps no file of 4 GB or more and can lose files in a power cut.",
                .next = "Move the archive to a disk with ext4, xfs, btrfs or the like."};
    }
    return {
        .severity = Severity::ok, .code = "file_system", .subject = root, .message = where + '.', .next = {}};
}

Finding about_free_space(const std::string& root, const FileSystem& disk,
                         const std::vector<DeviceInfo>& phones)
{
    Finding finding{.severity = Severity::ok,
                    .code = "free_space",
                    .subject = root,
                    .message = gigabytes(disk.free_bytes) + " are free for the archive.",
                    .next = {}};
    if (disk.free_bytes < gib) {
        finding.severity = Severity::warning;
        finding.message = "Only " + finding.message;
        finding.next = "Make room on the archive's disk.";
        return finding;
    }
    for (const DeviceInfo& phone : phones) {
        if (!phone.total_bytes || !phone.free_bytes || *phone.free_bytes > *phone.total_bytes) continue;
        const std::uint64_t held = *phone.total_bytes - *phone.free_bytes;
        if (held <= disk.free_bytes) continue;
        finding.severity = Severity::note;
        finding.message += " " + called(phone) + " holds " + gigabytes(held) + ", not all of it pictures.";
        finding.next = "See with photosafe import --dry-run whether the new ones fit.";
        return finding;
    }
    return finding;
}

Finding about_sync(const std::string& root, const FileSystem& disk, std::chrono::nanoseconds sync)
{
    using namespace std::chrono;
    const std::string took = "To make a few bytes durable takes " +
                             std::to_string(duration_cast<microseconds>(sync).count()) + " µs";
    // No disk or flash answers that fast; a machine that answers before it has written does.
    if (sync < 10us && disk.type != "tmpfs") {
        return {.severity = Severity::note,
                .code = "file_system",
                .subject = root,
                .message = took + ", faster than any disk: something may answer before the bytes are safe.",
                .next = "If this is a virtual machine or a RAID, see that its cache honours flushes."};
    }
    if (sync > 1s) {
        return {.severity = Severity::warning,
                .code = "file_system",
                .subject = root,
                .message = took + ": very slow.",
                .next = "Look at the disk's health, and at what else is writing to it."};
    }
    return {
        .severity = Severity::ok, .code = "file_system", .subject = root, .message = took + '.', .next = {}};
}

Finding about_clock(Instant now, int built, std::optional<Instant> newest)
{
    using namespace std::chrono;
    Finding finding{.severity = Severity::warning,
                    .code = "clock",
                    .subject = {},
                    .message = "The clock says " + to_rfc3339(floor<seconds>(now)),
                    .next = "Set the clock. No picture depends on it, but times of imports will be wrong."};
    const int year = static_cast<int>(year_month_day{floor<days>(now)}.year());
    if (year < built) {
        finding.message += ", which is before this program was built.";
    } else if (newest && now + hours{1} < *newest) {
        finding.message += ", which is before the last import, " + to_rfc3339(floor<seconds>(*newest)) + '.';
    } else if (newest && now > *newest + days{3653}) {
        finding.message += ", which is more than ten years after the last import.";
    } else {
        finding.severity = Severity::ok;
        finding.message += '.';
        finding.next.clear();
    }
    return finding;
}

} // namespace photosafe::doctor

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fault_acts.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace simphone {
namespace {

constexpr auto look_around = std::chrono::milliseconds(20);

void stall(Session& s, const Fault& fault)
{
    const std::uint64_t released = s.phone.faults.released();
    const Instant end = Clock::now() + fault.lasting.value_or(std::chrono::hours(24));
    while (Clock::now() < end && s.phone.faults.released() == released) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        if (s.stream.wire().client_gone(std::clamp(left, std::chrono::milliseconds(1), look_around))) return;
    }
}

struct FileToSpoil {
    MediaRoot::Place place;
    Fd file;
    struct stat facts {};
};

void put_bytes(int fd, std::uint64_t at, const std::string& bytes)
{
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t n =
            ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
        if (n <= 0) return;
        done += static_cast<std::size_t>(n);
    }
}

/// Bytes that no picture has by chance.
std::string pattern(std::uint64_t size)
{
    std::string bytes(size, '\0');
    std::uint32_t state = 0x51F0E;
    for (char& byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

void replace_file(const Fault& fault, FileToSpoil& f)
{
    const std::string neighbour = f.place.name + ".simphone-new";
    const auto old_size = static_cast<std::uint64_t>(f.facts.st_size);
    const std::string bytes =
        fault.from.empty() ? pattern(fault.bytes.value_or(old_size)) : read_whole(fault.from).value_or("");
    const int folder = f.place.folder.get();
    f.file = Fd(::openat(folder, neighbour.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!f.file) return;
    put_bytes(f.file.get(), 0, bytes);
    ::renameat(folder, neighbour.c_str(), folder, f.place.name.c_str());
}

void change_byte(const Fault& fault, const FileToSpoil& f)
{
    char byte = 0;
    const auto at = static_cast<off_t>(fault.at.value_or(0));
    if (::pread(f.file.get(), &byte, 1, at) != 1) return;
    put_bytes(f.file.get(), fault.at.value_or(0), std::string(1, static_cast<char>(byte ^ 0x55)));
}

} // namespace

void log_fault(const Session& s, const Fault& fault)
{
    if (!s.log.enabled()) return;
    s.log.write(Log::entry("fault")
                    .add("conn", s.connection)
                    .add("udid", s.phone.spec().udid)
                    .add("spec", fault.spec));
}

bool write_with_faults(Session& s, const char* bytes, std::size_t size, const FaultList& faults)
{
    FaultList acts;
    for (const Fault& fault : faults) {
        const bool acts_on_way =
            fault.kind == FaultKind::cut || fault.kind == FaultKind::stall || fault.kind == FaultKind::unplug;
        if (acts_on_way) acts.push_back(fault);
    }
    std::stable_sort(acts.begin(), acts.end(),
                     [](const Fault& a, const Fault& b) { return a.at.value_or(0) < b.at.value_or(0); });
    std::size_t done = 0;
    for (const Fault& fault : acts) {
        const std::size_t until = std::min<std::uint64_t>(fault.at.value_or(0), size);
        if (until > done && !s.stream.write(bytes + done, until - done)) return false;
        done = std::max(done, until);
        if (fault.kind == FaultKind::stall) {
            stall(s, fault);
        } else if (fault.kind == FaultKind::unplug) {
            act_on_phone(s.phone, fault);
            return false;
        } else {
            s.stream.wire().cut(fault.how);
            return false;
        }
    }
    return done == size || s.stream.write(bytes + done, size - done);
}

void act_on_file(const AfcFiles& files, const Fault& fault, const std::string& path)
{
    std::string inside;
    FileToSpoil f;
    const std::string& said = fault.target.empty() ? path : fault.target;
    if (files.resolve(said, inside) != 0 || files.root().place(inside, f.place) != 0) return;
    if (fault.kind == FaultKind::remove) {
        ::unlinkat(f.place.folder.get(), f.place.name.c_str(), 0);
        return;
    }
    if (files.root().open(inside, O_RDWR | O_NONBLOCK, 0, f.file) != 0) return;
    ::fstat(f.file.get(), &f.facts);
    const auto size = static_cast<std::uint64_t>(f.facts.st_size);
    if (fault.kind == FaultKind::change) change_byte(fault, f);
    if (fault.kind == FaultKind::grow) put_bytes(f.file.get(), size, pattern(fault.bytes.value_or(4096)));
    if (fault.kind == FaultKind::replace) replace_file(fault, f);
    if (fault.kind == FaultKind::shrink) {
        const std::uint64_t less = std::min(size, fault.bytes.value_or(size / 2));
        [[maybe_unused]] const int failed = ::ftruncate(f.file.get(), static_cast<off_t>(size - less));
    }
    // The kernel's clock is coarse: a change must show in the time even when it comes at once.
    timespec times[2] = {f.facts.st_atim, f.facts.st_mtim};
    if (!fault.keep_time) times[1].tv_sec += 1;
    if (f.file) ::futimens(f.file.get(), times);
}

void act_on_phone(Phone& phone, const Fault& fault)
{
    const auto later = [&](std::function<void()> deed) {
        if (fault.lasting) phone.timer->in(*fault.lasting, std::move(deed));
    };
    if (fault.kind == FaultKind::unplug) {
        phone.unplug();
        later([&phone] { phone.replug(); });
    } else if (fault.kind == FaultKind::lock) {
        phone.locked = true;
        if (fault.drop) phone.hang_up();
        later([&phone] { phone.locked = false; });
    } else if (fault.kind == FaultKind::no_space) {
        phone.full = true;
        later([&phone] { phone.full = false; });
    }
}

} // namespace simphone

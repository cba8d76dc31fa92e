// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/jail.hpp"

#ifdef __linux__
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/descriptor.hpp"
#endif

namespace photosafe::worker {

#ifdef __linux__

namespace {

JailPart part(const char* name, int error, const char* what)
{
    if (error == 0) return {name, true, {}};
    return {name, false, std::string{what} + ": " + std::strerror(error) + '.'};
}

/// Bytes of address space in use.
rlim_t address_space()
{
    std::array<char, 64> text{};
    const Descriptor file{::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)};
    rlim_t pages = 0;
    if (file && ::read(file.get(), text.data(), text.size() - 1) > 0)
        (void)std::from_chars(text.data(), text.data() + text.size(), pages);
    // Without /proc: more than what the libraries take.
    return pages > 0 ? pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) : rlim_t{512} << 20;
}

int limit(decltype(RLIMIT_AS) resource, rlim_t most)
{
    rlimit now{};
    if (::getrlimit(resource, &now) != 0) return errno;
    most = std::min(most, now.rlim_max); // what is narrower already stays so
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    return ::setrlimit(resource, &both) == 0 ? 0 : errno;
}

// Landlock's interface as the kernel has it now: the headers of the build may be older, and the kernel too.
// It knows by the size which part of this is meant.
struct Ruleset {
    std::uint64_t file_system, network, scoped;
};
constexpr std::uint64_t create_version = 1;

/// Everything that the version `abi` of Landlock can forbid.
Ruleset everything(long abi)
{
    // Rights by number, and the version that brought the last of them: 13 of files, renaming into other
    // folders, truncating, device controls.
    const int rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
    return {.file_system = (std::uint64_t{1} << rights) - 1,
            .network = abi >= 4 ? std::uint64_t{3} : 0, // to bind and to connect TCP
            .scoped = abi >= 6 ? std::uint64_t{3} : 0}; // abstract sockets and signals
}

} // namespace

void leave_host(int socket)
{
    if (::syscall(SYS_close_range, socket + 1, ~0U, 0) != 0) {
        const long most = ::sysconf(_SC_OPEN_MAX);
        for (int fd = socket + 1; fd < most; ++fd) (void)::close(fd);
    }
    (void)::clearenv();
    (void)::setenv("TZ", "UTC0", 1);
    ::tzset(); // else the C library would look for the zone in a file, later
}

JailPart limit_resources(std::uint64_t memory_bytes)
{
    int error = limit(RLIMIT_AS, address_space() + memory_bytes);
    for (const auto resource : {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE}) {
        if (error == 0) error = limit(resource, 0);
    }
    if (error == 0) error = limit(RLIMIT_NOFILE, 5); // 0 to 3, and the file of a job
    return part("limits", error, "Limiting what it may take");
}

JailPart drop_privileges()
{
    // Also root's, which are nobody's business here.
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
    int error = 0;
    const auto check = [&](long rc) {
        if (rc != 0 && error == 0) error = errno;
    };
    check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    check(::syscall(SYS_capset, &header, none));
    check(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));        // no process of this user may look into it
    check(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)); // it ends with the library
    return part("no_new_privileges", error, "Giving up privileges");
}

JailPart close_file_system()
{
    constexpr long create_ruleset = 444, restrict_self = 446; // the same on all machines
    const char* const doing = "Closing the file system";
    const long abi = ::syscall(create_ruleset, nullptr, 0, create_version);
    if (abi < 0) return part("landlock", errno, "This kernel has no Landlock, or it is switched off");
    const Ruleset rules = everything(abi);
    const std::size_t size = abi >= 6 ? sizeof rules : abi >= 4 ? 16 : 8;
    const long ruleset = ::syscall(create_ruleset, &rules, size, 0);
    if (ruleset < 0) return part("landlock", errno, doing);
    const int error = ::syscall(restrict_self, ruleset, 0) == 0 ? 0 : errno;
    (void)::close(static_cast<int>(ruleset));
    return part("landlock", error, doing);
}

#else

namespace {

JailPart absent(const char* name) { return {name, false, "PhotoSafe has a jail on Linux only."}; }

} // namespace

void leave_host(int) {}

JailPart limit_resources(std::uint64_t) { return absent("limits"); }
JailPart drop_privileges() { return absent("no_new_privileges"); }
JailPart close_file_system() { return absent("landlock"); }
JailPart limit_system_calls(int) { return absent("seccomp"); }

#endif

std::vector<JailPart> enter_jail(int socket, std::uint64_t memory_bytes)
{
    std::vector<JailPart> parts;
    parts.push_back(limit_resources(memory_bytes)); // first: it reads a file
    parts.push_back(drop_privileges());
    parts.push_back(close_file_system());
    parts.push_back(limit_system_calls(socket));
    return parts;
}

} // namespace photosafe::worker

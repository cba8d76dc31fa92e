// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jail/escapes.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <ctime>

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

namespace photosafe::test {

namespace {

constexpr int library = 3; // the socket
constexpr const char* secret = "/etc/passwd";

/// The kernel's own calls: the C library might refuse some of them before.
template <class... Arguments>
void call(long number, Arguments... arguments)
{
    (void)::syscall(number, arguments...);
}

long parent() { return ::syscall(SYS_getppid); }

sockaddr_un address()
{
    sockaddr_un result{};
    result.sun_family = AF_UNIX;
    return result;
}

/// Sends a signal to everybody: this process may guess the library's number.
void kill_neighbours() { call(SYS_kill, -1, SIGKILL); }

char memory[4096];
iovec part{memory, sizeof memory};
const timespec moment{0, 1};
const char* const no_words[] = {nullptr};

#ifdef __x86_64__
/// As 32-bit programs call, whose numbers mean other things.
void old_way()
{
    long result = 5; // open
    asm volatile("int $0x80" : "+a"(result) : "b"(0L), "c"(0L), "d"(0L) : "memory");
}
/// As programs with short pointers call.
void short_way() { call(0x40000000 | SYS_open, secret, O_RDONLY); }
#endif

constexpr std::array list{
    // files
    Escape{"openat", [](int) { call(SYS_openat, AT_FDCWD, secret, O_RDONLY); }},
    Escape{"openat2", [](int) { call(SYS_openat2, AT_FDCWD, secret, memory, sizeof(std::uint64_t) * 3); }},
    Escape{"open a new file",
           [](int) { call(SYS_openat, AT_FDCWD, "/tmp/escaped", O_WRONLY | O_CREAT, 0666); }},
    Escape{"open without a name", [](int) { call(SYS_openat, AT_FDCWD, "/tmp", O_TMPFILE | O_RDWR, 0600); }},
    Escape{"open_by_handle_at", [](int) { call(SYS_open_by_handle_at, AT_FDCWD, memory, O_RDONLY); }},
    Escape{"name_to_handle_at",
           [](int) { call(SYS_name_to_handle_at, AT_FDCWD, secret, memory, memory, 0); }},
    Escape{"unlinkat", [](int) { call(SYS_unlinkat, AT_FDCWD, "/tmp/x", 0); }},
    Escape{"renameat2", [](int) { call(SYS_renameat2, AT_FDCWD, "/tmp/x", AT_FDCWD, "/tmp/y", 0); }},
    Escape{"linkat", [](int) { call(SYS_linkat, AT_FDCWD, secret, AT_FDCWD, "/tmp/y", 0); }},
    Escape{"symlinkat", [](int) { call(SYS_symlinkat, secret, AT_FDCWD, "/tmp/y"); }},
    Escape{"mkdirat", [](int) { call(SYS_mkdirat, AT_FDCWD, "/tmp/y", 0777); }},
    Escape{"mknodat", [](int) { call(SYS_mknodat, AT_FDCWD, "/tmp/y", S_IFIFO | 0666, 0); }},
    Escape{"fchmodat", [](int) { call(SYS_fchmodat, AT_FDCWD, secret, 0666); }},
    Escape{"getdents64", [](int file) { call(SYS_getdents64, file, memory, sizeof memory); }},
    Escape{"chdir", [](int) { call(SYS_chdir, "/"); }},
    Escape{"chroot", [](int) { call(SYS_chroot, "/"); }},
    Escape{"mount", [](int) { call(SYS_mount, "none", "/tmp", "tmpfs", 0, nullptr); }},
    Escape{"inotify_init1", [](int) { call(SYS_inotify_init1, 0); }},
    Escape{"memfd_create", [](int) { call(SYS_memfd_create, "x", 0); }},
    // the file of the job, which the library has open too
    Escape{"write", [](int file) { call(SYS_write, file, memory, 1); }},
    Escape{"pwrite64", [](int file) { call(SYS_pwrite64, file, memory, 1, 0L); }},
    Escape{"ftruncate", [](int file) { call(SYS_ftruncate, file, 0L); }},
    Escape{"fallocate", [](int file) { call(SYS_fallocate, file, 0, 0L, 1L); }},
    Escape{"read, which moves the offset", [](int file) { call(SYS_read, file, memory, 1); }},
    Escape{"lseek", [](int file) { call(SYS_lseek, file, 1L, SEEK_SET); }},
    Escape{"fchmod", [](int file) { call(SYS_fchmod, file, 0777); }},
    Escape{"fchown", [](int file) { call(SYS_fchown, file, 0, 0); }},
    Escape{"set its times", [](int file) { call(SYS_utimensat, file, nullptr, nullptr, 0); }},
    Escape{"fsetxattr", [](int file) { call(SYS_fsetxattr, file, "user.x", memory, 1L, 0); }},
    Escape{"flock", [](int file) { call(SYS_flock, file, LOCK_EX); }},
    Escape{"fcntl F_SETFL", [](int file) { call(SYS_fcntl, file, F_SETFL, O_NONBLOCK); }},
    Escape{"fcntl F_SETOWN", [](int) { call(SYS_fcntl, library, F_SETOWN, parent()); }},
    Escape{"dup", [](int file) { call(SYS_dup, file); }},
    Escape{"sendfile", [](int file) { call(SYS_sendfile, library, file, nullptr, 1L); }},
    Escape{"splice", [](int file) { call(SYS_splice, file, nullptr, library, nullptr, 1L, 0); }},
    // the network, and other ways to other processes
    Escape{"socket, internet", [](int) { call(SYS_socket, AF_INET, SOCK_STREAM, 0); }},
    Escape{"socket, local", [](int) { call(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }},
    Escape{"socket, kernel", [](int) { call(SYS_socket, AF_NETLINK, SOCK_RAW, 0); }},
    Escape{"socketpair", [](int) { call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, memory); }},
    Escape{"connect",
           [](int) {
               const sockaddr_un there = address();
               call(SYS_connect, library, &there, sizeof there);
           }},
    Escape{"bind",
           [](int) {
               const sockaddr_un here = address();
               call(SYS_bind, library, &here, sizeof here);
           }},
    Escape{"listen", [](int) { call(SYS_listen, library, 1); }},
    Escape{"accept4", [](int) { call(SYS_accept4, library, nullptr, nullptr, 0); }},
    Escape{"setsockopt", [](int) { call(SYS_setsockopt, library, SOL_SOCKET, SO_PASSCRED, memory, 4); }},
    Escape{"pipe2", [](int) { call(SYS_pipe2, memory, 0); }},
    Escape{"epoll_create1", [](int) { call(SYS_epoll_create1, 0); }},
    Escape{"shmget", [](int) { call(SYS_shmget, IPC_PRIVATE, 4096L, IPC_CREAT | 0600); }},
    Escape{"msgget", [](int) { call(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600); }},
    Escape{"mq_open", [](int) { call(SYS_mq_open, "x", O_CREAT | O_RDWR, 0600, nullptr); }},
    Escape{"add_key", [](int) { call(SYS_add_key, "user", "x", memory, 1L, -1); }},
    // programs and processes
    Escape{"execve", [](int) { call(SYS_execve, "/bin/sh", no_words, no_words); }},
    Escape{"execveat", [](int file) { call(SYS_execveat, file, "", no_words, no_words, AT_EMPTY_PATH); }},
    Escape{"a process", [](int) { call(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L); }},
    Escape{"a thread",
           [](int) { call(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, memory + 4000, 0L, 0L, 0L); }},
    Escape{"clone3", [](int) { call(SYS_clone3, memory, 64L); }},
    Escape{"unshare", [](int) { call(SYS_unshare, CLONE_NEWUSER); }},
    Escape{"setns", [](int file) { call(SYS_setns, file, 0); }},
    Escape{"kill the library", [](int) { call(SYS_kill, parent(), SIGKILL); }},
    Escape{"kill everybody", [](int) { kill_neighbours(); }},
    Escape{"tgkill", [](int) { call(SYS_tgkill, parent(), parent(), SIGKILL); }},
    Escape{"tkill", [](int) { call(SYS_tkill, parent(), SIGKILL); }},
    Escape{"rt_sigqueueinfo", [](int) { call(SYS_rt_sigqueueinfo, parent(), SIGTERM, memory); }},
    Escape{"pidfd_open", [](int) { call(SYS_pidfd_open, parent(), 0); }},
    Escape{"ptrace", [](int) { call(SYS_ptrace, PTRACE_ATTACH, parent(), nullptr, nullptr); }},
    Escape{"process_vm_readv", [](int) { call(SYS_process_vm_readv, parent(), &part, 1L, &part, 1L, 0L); }},
    Escape{"process_vm_writev", [](int) { call(SYS_process_vm_writev, parent(), &part, 1L, &part, 1L, 0L); }},
    Escape{"limit the library",
           [](int) {
               const rlimit none{0, 0};
               call(SYS_prlimit64, parent(), RLIMIT_CPU, &none, nullptr);
           }},
    Escape{"setpriority", [](int) { call(SYS_setpriority, PRIO_USER, 0, 19); }},
    // its own bonds
    Escape{"more memory",
           [](int) {
               const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
               call(SYS_prlimit64, 0, RLIMIT_AS, &all, nullptr);
           }},
    Escape{"to be looked into", [](int) { call(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); }},
    Escape{"to outlive the library", [](int) { call(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0); }},
    Escape{"another filter", [](int) { call(SYS_seccomp, 1, 0, memory); }},
    Escape{"setuid", [](int) { call(SYS_setuid, 0); }},
    Escape{"capset", [](int) { call(SYS_capset, memory, memory); }},
    Escape{"personality", [](int) { call(SYS_personality, 0x0400000); }},
    // code of its own
    Escape{"mmap to execute",
           [](int) {
               call(SYS_mmap, nullptr, 4096L, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0L);
           }},
    Escape{"execute the file",
           [](int file) { call(SYS_mmap, nullptr, 4096L, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0L); }},
    Escape{"mprotect to execute",
           [](int) {
               call(SYS_mprotect, reinterpret_cast<std::uintptr_t>(memory) & ~std::uintptr_t{4095}, 4096L,
                    PROT_READ | PROT_EXEC);
           }},
    Escape{"pkey_mprotect", [](int) { call(SYS_pkey_mprotect, memory, 4096L, PROT_READ | PROT_EXEC, -1); }},
    // the kernel
    Escape{"bpf", [](int) { call(SYS_bpf, 0, memory, 64L); }},
    Escape{"io_uring_setup", [](int) { call(SYS_io_uring_setup, 1, memory); }},
    Escape{"io_setup", [](int) { call(SYS_io_setup, 1, memory); }},
    Escape{"perf_event_open", [](int) { call(SYS_perf_event_open, memory, 0, -1, -1, 0L); }},
    Escape{"userfaultfd", [](int) { call(SYS_userfaultfd, 0); }},
    Escape{"keyctl", [](int) { call(SYS_keyctl, 0, -1, 0); }},
    Escape{"init_module", [](int) { call(SYS_init_module, memory, 0L, ""); }},
    Escape{"reboot", [](int) { call(SYS_reboot, 0, 0, 0, nullptr); }},
    Escape{"clock_settime", [](int) { call(SYS_clock_settime, CLOCK_REALTIME, &moment); }},
    Escape{"syslog", [](int) { call(SYS_syslog, 2, memory, 1); }},
#ifdef __x86_64__
    Escape{"open, the old way", [](int) { call(SYS_open, secret, O_RDONLY); }},
    Escape{"fork", [](int) { call(SYS_fork); }},
    Escape{"vfork", [](int) { call(SYS_vfork); }},
    Escape{"a call of 32 bits", [](int) { old_way(); }},
    Escape{"a call of short pointers", [](int) { short_way(); }},
#endif
};

} // namespace

std::span<const Escape> escapes() { return list; }

} // namespace photosafe::test

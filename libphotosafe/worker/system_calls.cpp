// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of system calls that the jail allows.
#include "worker/jail.hpp"

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "core/handle.hpp"

namespace photosafe::worker {

namespace {

using Filter = std::unique_ptr<void, FreeWith<seccomp_release>>;

/// A list of what is allowed. The first failure is kept, and nothing is added after it.
class List {
public:
    List() : filter_{seccomp_init(SCMP_ACT_KILL_PROCESS)} { error_ = filter_ ? 0 : ENOSYS; }

    void allow(int call, std::initializer_list<scmp_arg_cmp> conditions = {})
    {
        add(SCMP_ACT_ALLOW, call, conditions);
    }
    /// Doesn't kill, but isn't done either.
    void refuse(int call, unsigned error) { add(SCMP_ACT_ERRNO(error), call, {}); }

    /// 0, or what went wrong.
    int enforce()
    {
        // A call in the way of another architecture, such as 32 bits, is one that isn't on the list.
        set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        set(SCMP_FLTATR_CTL_OPTIMIZE, 2); // a tree, not a row, to search in
        if (error_ == 0) error_ = -seccomp_load(filter_.get());
        return error_;
    }

private:
    void add(std::uint32_t action, int call, std::initializer_list<scmp_arg_cmp> conditions)
    {
        if (error_ != 0 || call < 0) return; // this architecture hasn't got the call
        error_ = -seccomp_rule_add_array(filter_.get(), action, call,
                                         static_cast<unsigned>(conditions.size()), conditions.begin());
    }
    void set(scmp_filter_attr attribute, std::uint32_t value)
    {
        if (error_ == 0) error_ = -seccomp_attr_set(filter_.get(), attribute, value);
    }

    Filter filter_;
    int error_ = 0;
};

scmp_arg_cmp equal(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp without(unsigned argument, scmp_datum_t bits) { return {argument, SCMP_CMP_MASKED_EQ, bits, 0}; }

void allow_files(List& list, int socket)
{
    const auto number = static_cast<scmp_datum_t>(socket);
    list.allow(SCMP_SYS(recvmsg), {equal(0, number)});
    list.allow(SCMP_SYS(sendmsg), {equal(0, number)});
    // Reading at a place only: `read` and `lseek` would move the offset, which is the library's too.
    for (const int call : {SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(fstat), SCMP_SYS(close)})
        list.allow(call);
    list.allow(SCMP_SYS(fcntl), {equal(1, F_GETFL)});
    // What libraries have to say goes nowhere.
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
        list.allow(SCMP_SYS(write), {equal(0, static_cast<scmp_datum_t>(fd))});
        list.allow(SCMP_SYS(writev), {equal(0, static_cast<scmp_datum_t>(fd))});
    }
}

void allow_memory(List& list)
{
    constexpr scmp_datum_t exec = PROT_EXEC;
    list.allow(SCMP_SYS(mmap), {without(2, exec)});
    list.allow(SCMP_SYS(mprotect), {without(2, exec)});
    for (const int call : {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk)})
        list.allow(call);
}

void allow_process(List& list)
{
    for (const int call : {SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigaction),
                           SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
                           SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),
                           SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid),
                           SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(getrusage)}) {
        list.allow(call);
    }
    // abort() sends a signal to itself; no other process may be reached.
    list.allow(SCMP_SYS(tgkill), {equal(0, static_cast<scmp_datum_t>(::getpid()))});
    // A new limit of processor time for each job. The library ends what takes too long, whatever the limit
    // is.
    list.allow(SCMP_SYS(prlimit64), {equal(0, 0), equal(1, RLIMIT_CPU)});
    list.allow(SCMP_SYS(setrlimit), {equal(0, RLIMIT_CPU)});
}

/// What some libraries ask in passing, to find a user's settings for example, and do without.
void refuse_questions(List& list)
{
    for (const int call : {SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
                           SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
                           SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(uname), SCMP_SYS(sysinfo),
                           SCMP_SYS(sched_getaffinity), SCMP_SYS(getuid), SCMP_SYS(geteuid)}) {
        list.refuse(call, EACCES);
    }
    list.refuse(SCMP_SYS(ioctl), ENOTTY); // is it a terminal?
}

} // namespace

JailPart limit_system_calls(int socket)
{
    List list;
    allow_files(list, socket);
    allow_memory(list);
    allow_process(list);
    refuse_questions(list);
    const int error = list.enforce();
    if (error == 0) return {"seccomp", true, {}};
    return {"seccomp", false, std::string{"Limiting its system calls: "} + std::strerror(error) + '.'};
}

} // namespace photosafe::worker

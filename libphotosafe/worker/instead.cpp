// SPDX-License-Identifier: LGPL-2.1-or-later
// What libraries get here instead of the C library's own, since a program's functions go before those of
// libraries. They ask for these in passing, and the jail would kill the worker for it, or hold a thread for
// it for ever.
#include <cerrno>
#include <cstdio>

#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" {

/// The C library's asks for the facts of a path that may be empty (newfstatat), which the jail can't tell
/// from one that isn't.
int fstat(int fd, struct stat* facts) noexcept { return static_cast<int>(::syscall(SYS_fstat, fd, facts)); }
int fstat64(int fd, struct stat64* facts) noexcept
{
    return static_cast<int>(::syscall(SYS_fstat, fd, facts));
}

/// Exiv2 looks for settings of the user's, to name lenses.
FILE* fopen(const char*, const char*)
{
    errno = EACCES;
    return nullptr;
}
FILE* fopen64(const char*, const char*)
{
    errno = EACCES;
    return nullptr;
}
struct passwd* getpwuid(uid_t) { return nullptr; }

/// One processor: decoders (dav1d) would start threads for more, and other pictures have the others.
int pthread_getaffinity_np(pthread_t, size_t size, cpu_set_t* set) noexcept
{
    CPU_ZERO_S(size, set);
    CPU_SET_S(0, size, set);
    return 0;
}

/// libheif asks libde265 for a thread beside its own. Without one it decodes in the caller's, which the
/// interface allows.
int de265_start_worker_threads(void*, int) { return 0; }

} // extern "C"

// SPDX-License-Identifier: LGPL-2.1-or-later
// Bad luck on demand. Preloaded into a program (LD_PRELOAD), it numbers all calls that change what is below
// one folder, SQLite's included, and lets one of them go wrong. By environment:
//
//   PHOTOSAFE_FAULT_BELOW  the folder; nothing outside of it is counted or touched
//   PHOTOSAFE_FAULT_ABOUT  a part of a path: only the calls about such paths count; their numbers are then the
//                          same in every run. Empty: all of them
//   PHOTOSAFE_FAULT_MODE   kill_before, kill_after, kill_middle (half of a write, then death),
//                          fail_once, fail_forever (from that call on), short (half of a write succeeds)
//   PHOTOSAFE_FAULT_AT     the number of the call, from 1; 0: none
//   PHOTOSAFE_FAULT_ERRNO  what a failing call reports, as a number
//   PHOTOSAFE_FAULT_COUNT  file that gets the number of calls when the program ends by itself
//   PHOTOSAFE_FAULT_TRACE  file that gets a line for each call, in their order:
//                          NUMBER TAB CALL TAB PATH TAB SECOND PATH TAB OFFSET TAB LENGTH TAB RESULT (an
//                          errno) and, with number 0, `tell` and the text for each write to standard output
//
// With two threads the order may differ from run to run; a trace has the order in which it really was.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { none, kill_before, kill_after, kill_middle, fail_once, fail_forever, half_write };

static char below[PATH_MAX];
static size_t below_length;
static const char* about = "";
static enum mode mode = none;
static long fault_at;
static int fault_errno = EIO;
static int trace_fd = -1;
static atomic_long calls;
// Also makes the order of the trace that of the calls.
static pthread_mutex_t trace_mutex = PTHREAD_MUTEX_INITIALIZER;

// Straight to the kernel: these must not count themselves.
static long raw(long number, long a, long b, long c, long d, long e, long f)
{
    static long (*real)(long, ...);
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "syscall");
    return real(number, a, b, c, d, e, f);
}
static void raw_write(int fd, const char* text, size_t length)
{
    (void)raw(SYS_write, fd, (long)text, (long)length, 0, 0, 0);
}

static enum mode mode_of(const char* word)
{
    static const char* const words[] = {"none",      "kill_before",  "kill_after", "kill_middle",
                                        "fail_once", "fail_forever", "short"};
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; ++i) {
        if (strcmp(word, words[i]) == 0) return (enum mode)i;
    }
    return none;
}

__attribute__((constructor)) static void begin(void)
{
    const char* folder = getenv("PHOTOSAFE_FAULT_BELOW");
    if (folder == NULL || strlen(folder) >= sizeof below) return;
    strcpy(below, folder);
    mode = mode_of(getenv("PHOTOSAFE_FAULT_MODE"));
    const char* part = getenv("PHOTOSAFE_FAULT_ABOUT");
    if (part != NULL) about = part;
    const char* at = getenv("PHOTOSAFE_FAULT_AT");
    fault_at = at != NULL ? atol(at) : 0;
    const char* number = getenv("PHOTOSAFE_FAULT_ERRNO");
    if (number != NULL) fault_errno = atoi(number);
    const char* trace = getenv("PHOTOSAFE_FAULT_TRACE");
    if (trace != NULL) {
        trace_fd =
            (int)raw(SYS_openat, AT_FDCWD, (long)trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666, 0, 0);
    }
    below_length = strlen(below);
}

__attribute__((destructor)) static void end(void)
{
    const char* file = getenv("PHOTOSAFE_FAULT_COUNT");
    if (file == NULL || below_length == 0) return;
    char text[32];
    const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
    const int fd = (int)raw(SYS_openat, AT_FDCWD, (long)file, O_WRONLY | O_CREAT | O_TRUNC, 0666, 0, 0);
    raw_write(fd, text, (size_t)length);
    (void)raw(SYS_close, fd, 0, 0, 0, 0, 0);
}

// One call: where it goes, whether it counts, and what is to become of it.
struct call {
    const char* name;
    char path[PATH_MAX];
    char second[PATH_MAX];
    long long offset;
    long long length;
    long number; // 0: not one of ours
    bool traced;
};

static bool is_below(const char* path)
{
    return below_length != 0 && strncmp(path, below, below_length) == 0 &&
           (path[below_length] == '/' || path[below_length] == '\0');
}

static void path_of_fd(int fd, char* path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const long n = raw(SYS_readlinkat, AT_FDCWD, (long)link, (long)path, PATH_MAX - 1, 0, 0);
    path[n > 0 ? n : 0] = '\0';
}

static void path_at(int folder, const char* name, char* path)
{
    path[0] = '\0';
    if (name == NULL) return;
    size_t used = 0;
    if (name[0] != '/') {
        if (folder == AT_FDCWD) {
            if (raw(SYS_getcwd, (long)path, PATH_MAX, 0, 0, 0, 0) < 0) path[0] = '\0';
        } else {
            path_of_fd(folder, path);
        }
        used = strlen(path);
        if (strcmp(name, ".") == 0) return;
        if (used + 2 < PATH_MAX) path[used++] = '/';
    }
    snprintf(path + used, PATH_MAX - used, "%s", name);
}

static void die(void)
{
    (void)raw(SYS_kill, getpid(), SIGKILL, 0, 0, 0, 0);
    for (;;) pause();
}

// True when the call is to be made; false when it fails, errno set.
static bool enter(struct call* call)
{
    if (!is_below(call->path) && !is_below(call->second)) return true;
    if (strstr(call->path, about) == NULL && strstr(call->second, about) == NULL) return true;
    if (trace_fd >= 0) {
        pthread_mutex_lock(&trace_mutex);
        call->traced = true;
    }
    call->number = atomic_fetch_add(&calls, 1) + 1;
    if (fault_at == 0) return true;
    if (mode == kill_before && call->number == fault_at) die();
    if ((mode == fail_once && call->number == fault_at) ||
        (mode == fail_forever && call->number >= fault_at)) {
        errno = fault_errno;
        return false;
    }
    return true;
}

static long leave(struct call* call, long result)
{
    if (call->number == 0) return result;
    const int error = errno;
    if (call->traced) {
        char line[2 * PATH_MAX + 128];
        const int length =
            snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\t%lld\t%lld\t%d\n", call->number, call->name,
                     call->path, call->second, call->offset, call->length, result < 0 ? error : 0);
        raw_write(trace_fd, line, (size_t)length);
        pthread_mutex_unlock(&trace_mutex);
    }
    if ((mode == kill_after || mode == kill_middle) && call->number == fault_at) die();
    errno = error;
    return result;
}

static bool halves(const struct call* call)
{
    return call->number != 0 && call->number == fault_at && (mode == kill_middle || mode == half_write);
}

#define REAL(type, name, ...)                                                                                \
    static type (*real)(__VA_ARGS__);                                                                        \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, name)

// ---- opening, where it makes or empties a file ----

static int open_at(const char* name, int folder, const char* path, int flags, mode_t rights)
{
    const long args = (long)rights;
    if ((flags & (O_CREAT | O_TRUNC)) == 0)
        return (int)raw(SYS_openat, folder, (long)path, flags, args, 0, 0);
    struct call call = {.name = name};
    path_at(folder, path, call.path);
    if (!enter(&call)) return (int)leave(&call, -1);
    return (int)leave(&call, raw(SYS_openat, folder, (long)path, flags, args, 0, 0));
}

#define RIGHTS(flags)                                                                                        \
    mode_t rights = 0;                                                                                       \
    if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) {                                        \
        va_list list;                                                                                        \
        va_start(list, flags);                                                                               \
        rights = va_arg(list, mode_t);                                                                       \
        va_end(list);                                                                                        \
    }

int open(const char* path, int flags, ...)
{
    RIGHTS(flags)
    return open_at("open", AT_FDCWD, path, flags, rights);
}
int open64(const char* path, int flags, ...)
{
    RIGHTS(flags)
    return open_at("open", AT_FDCWD, path, flags, rights);
}
int openat(int folder, const char* path, int flags, ...)
{
    RIGHTS(flags)
    return open_at("openat", folder, path, flags, rights);
}
int openat64(int folder, const char* path, int flags, ...)
{
    RIGHTS(flags)
    return open_at("openat", folder, path, flags, rights);
}
int __open_2(const char* path, int flags);
int __open_2(const char* path, int flags) { return open_at("open", AT_FDCWD, path, flags, 0); }
int __open64_2(const char* path, int flags);
int __open64_2(const char* path, int flags) { return open_at("open", AT_FDCWD, path, flags, 0); }
int creat(const char* path, mode_t rights)
{
    return open_at("open", AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, rights);
}

// openat2 has no wrapper in the C library.
long syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; ++i) a[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_openat2) {
        const uint64_t flags = *(const uint64_t*)a[2]; // struct open_how begins with them
        if ((flags & (O_CREAT | O_TRUNC)) != 0) {
            struct call call = {.name = "openat2"};
            path_at((int)a[0], (const char*)a[1], call.path);
            if (!enter(&call)) return leave(&call, -1);
            return leave(&call, raw(number, a[0], a[1], a[2], a[3], a[4], a[5]));
        }
    }
    return raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// ---- writing ----

// A trace marks the lines of a manifest that tell of a stored file, in place of the second path.
static const char stored_line[] = "\"type\":\"stored\"";
static bool is_manifest(const char* path)
{
    const size_t length = strlen(path);
    return length > 7 && strcmp(path + length - 7, ".ndjson") == 0;
}

static ssize_t write_at(const char* name, int fd, const void* bytes, size_t length, off_t offset)
{
    struct call call = {.name = name, .offset = offset, .length = (long long)length};
    path_of_fd(fd, call.path);
    if (!enter(&call)) return leave(&call, -1);
    if (call.traced && is_manifest(call.path) &&
        memmem(bytes, length, stored_line, sizeof stored_line - 1) != NULL)
        strcpy(call.second, "stored");
    if (halves(&call)) length /= 2;
    const long n = offset < 0 ? raw(SYS_write, fd, (long)bytes, (long)length, 0, 0, 0)
                              : raw(SYS_pwrite64, fd, (long)bytes, (long)length, (long)offset, 0, 0);
    return leave(&call, n);
}

ssize_t write(int fd, const void* bytes, size_t length)
{
    if (fd == STDOUT_FILENO && trace_fd >= 0) {
        pthread_mutex_lock(&trace_mutex);
        raw_write(trace_fd, "0\ttell\t", 7);
        raw_write(trace_fd, bytes, length);
        pthread_mutex_unlock(&trace_mutex);
    }
    return write_at("write", fd, bytes, length, -1);
}
ssize_t pwrite(int fd, const void* bytes, size_t length, off_t offset)
{
    return write_at("pwrite", fd, bytes, length, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t length, off64_t offset)
{
    return write_at("pwrite", fd, bytes, length, offset);
}
ssize_t writev(int fd, const struct iovec* parts, int count)
{
    struct call call = {.name = "writev", .offset = -1};
    for (int i = 0; i < count; ++i) call.length += (long long)parts[i].iov_len;
    path_of_fd(fd, call.path);
    if (!enter(&call)) return leave(&call, -1);
    if (halves(&call))
        return leave(&call, raw(SYS_writev, fd, (long)parts, count > 1 ? count / 2 : 1, 0, 0, 0));
    return leave(&call, raw(SYS_writev, fd, (long)parts, count, 0, 0, 0));
}

// ---- calls on an open file ----

#define ON_FD(name_, fd_, offset_, length_, ...)                                                             \
    struct call call = {.name = name_, .offset = (long long)(offset_), .length = (long long)(length_)};      \
    path_of_fd(fd_, call.path);                                                                              \
    if (!enter(&call)) return (int)leave(&call, -1);                                                         \
    return (int)leave(&call, raw(__VA_ARGS__))

int ftruncate(int fd, off_t size) { ON_FD("ftruncate", fd, size, 0, SYS_ftruncate, fd, size, 0, 0, 0, 0); }
int ftruncate64(int fd, off64_t size)
{
    ON_FD("ftruncate", fd, size, 0, SYS_ftruncate, fd, size, 0, 0, 0, 0);
}
int fsync(int fd) { ON_FD("fsync", fd, 0, 0, SYS_fsync, fd, 0, 0, 0, 0, 0); }
int fdatasync(int fd) { ON_FD("fdatasync", fd, 0, 0, SYS_fdatasync, fd, 0, 0, 0, 0, 0); }
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags)
{
    ON_FD("sync_file_range", fd, offset, length, SYS_sync_file_range, fd, offset, length, flags, 0, 0);
}
int futimens(int fd, const struct timespec times[2])
{
    ON_FD("futimens", fd, 0, 0, SYS_utimensat, fd, 0, (long)times, 0, 0, 0);
}

// posix_fallocate returns its error instead of setting errno.
int posix_fallocate(int fd, off_t offset, off_t length)
{
    struct call call = {.name = "fallocate", .offset = offset, .length = length};
    path_of_fd(fd, call.path);
    if (!enter(&call)) return (void)leave(&call, -1), errno;
    return leave(&call, raw(SYS_fallocate, fd, 0, offset, length, 0, 0)) == 0 ? 0 : errno;
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

// ---- names ----

#define ON_PATH(name_, folder_, path_, ...)                                                                  \
    struct call call = {.name = name_};                                                                      \
    path_at(folder_, path_, call.path);                                                                      \
    if (!enter(&call)) return (int)leave(&call, -1);                                                         \
    return (int)leave(&call, raw(__VA_ARGS__))
#define ON_PATHS(name_, folder_, path_, folder2_, path2_, ...)                                               \
    struct call call = {.name = name_};                                                                      \
    path_at(folder_, path_, call.path);                                                                      \
    path_at(folder2_, path2_, call.second);                                                                  \
    if (!enter(&call)) return (int)leave(&call, -1);                                                         \
    return (int)leave(&call, raw(__VA_ARGS__))

int utimensat(int folder, const char* path, const struct timespec times[2], int flags)
{
    ON_PATH("utimensat", folder, path, SYS_utimensat, folder, (long)path, (long)times, flags, 0, 0);
}
int mkdirat(int folder, const char* path, mode_t rights)
{
    ON_PATH("mkdir", folder, path, SYS_mkdirat, folder, (long)path, rights, 0, 0, 0);
}
int mkdir(const char* path, mode_t rights) { return mkdirat(AT_FDCWD, path, rights); }
int unlinkat(int folder, const char* path, int flags)
{
    ON_PATH("unlink", folder, path, SYS_unlinkat, folder, (long)path, flags, 0, 0, 0);
}
int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int renameat2(int from, const char* path, int to, const char* path2, unsigned flags)
{
    ON_PATHS("rename", from, path, to, path2, SYS_renameat2, from, (long)path, to, (long)path2, flags, 0);
}
int renameat(int from, const char* path, int to, const char* path2)
{
    return renameat2(from, path, to, path2, 0);
}
int rename(const char* path, const char* path2) { return renameat2(AT_FDCWD, path, AT_FDCWD, path2, 0); }
int linkat(int from, const char* path, int to, const char* path2, int flags)
{
    ON_PATHS("link", from, path, to, path2, SYS_linkat, from, (long)path, to, (long)path2, flags, 0);
}
int link(const char* path, const char* path2) { return linkat(AT_FDCWD, path, AT_FDCWD, path2, 0); }

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

ArchiveError disk_error(int error, std::string_view doing, const std::filesystem::path& subject)
{
    std::string message{doing};
    message += ' ';
    message += printable(subject.native());
    message += ": ";
    message += std::strerror(error);
    switch (error) {
    case ENOSPC:
    case EDQUOT: return {ErrorCode::no_space, message + ". Make room there, then run it again.", subject};
    case EROFS:
    case EACCES:
    case EPERM: return {ErrorCode::read_only, message, subject};
    case ENOENT:
    case ENOTDIR: return {ErrorCode::not_found, message, subject};
    // These three are about one name or one file, and say nothing of the next.
    case EFBIG:
        return {ErrorCode::unsafe, message + ". That file system can't hold so large a file", subject};
    case ENAMETOOLONG:
    case EILSEQ: return {ErrorCode::unsafe, message + ". That file system can't hold such a name", subject};
    default: return {ErrorCode::io, message, subject};
    }
}

File::File(File&& other) noexcept : fd_{std::exchange(other.fd_, -1)}, name_{std::move(other.name_)} {}

File& File::operator=(File&& other) noexcept
{
    std::swap(fd_, other.fd_);
    std::swap(name_, other.name_);
    return *this;
}

File::~File()
{
    if (fd_ >= 0) ::close(fd_); // what can be lost by a failing close was synced before, or isn't needed
}

void File::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            throw disk_error(errno, "Writing", name_);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

std::size_t File::read_at(std::span<std::byte> buffer, std::uint64_t offset) const
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t n =
            ::pread(fd_, buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
        if (n < 0) {
            if (errno == EINTR) continue;
            const ArchiveError error = disk_error(errno, "Reading", name_);
            if (error.code() == ErrorCode::io) throw ArchiveError{ErrorCode::unreadable, error.what(), name_};
            throw ArchiveError{error};
        }
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

void File::truncate(std::uint64_t size)
{
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) throw disk_error(errno, "Cutting", name_);
}

void File::seek(std::uint64_t offset)
{
    if (::lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) throw disk_error(errno, "Seeking in", name_);
}

struct stat File::stat() const
{
    struct stat facts {};
    if (::fstat(fd_, &facts) != 0) throw disk_error(errno, "Looking at", name_);
    return facts;
}

void File::set_modified(Instant modified)
{
    const auto [seconds, nanoseconds] = split(modified);
    timespec times[2]{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = static_cast<time_t>(seconds);
    times[1].tv_nsec = static_cast<long>(nanoseconds);
    if (::futimens(fd_, times) != 0) throw disk_error(errno, "Setting the time of", name_);
}

void File::sync_data()
{
    if (::fdatasync(fd_) != 0) throw disk_error(errno, "Making durable", name_);
}

void File::sync()
{
    if (::fsync(fd_) != 0) throw disk_error(errno, "Making durable", name_);
}

void File::start_writing(std::uint64_t offset, std::uint64_t bytes) const noexcept
{
    (void)::sync_file_range(fd_, static_cast<off_t>(offset), static_cast<off_t>(bytes),
                            SYNC_FILE_RANGE_WRITE);
}

bool File::write_out(std::uint64_t offset, std::uint64_t bytes) const
{
    constexpr unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (::sync_file_range(fd_, static_cast<off_t>(offset), static_cast<off_t>(bytes), all) == 0) return true;
    if (errno == EIO || errno == ENOSPC || errno == EDQUOT) throw disk_error(errno, "Making durable", name_);
    return false;
}

File File::duplicate() const
{
    const int fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) throw disk_error(errno, "Opening again", name_);
    return {fd, name_};
}

void File::drop_cache(std::uint64_t offset, std::uint64_t bytes) const noexcept
{
    (void)::posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(bytes), POSIX_FADV_DONTNEED);
}

void File::drop_cache() const noexcept { (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED); }
void File::read_ahead() const noexcept { (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_WILLNEED); }

std::string parent_of(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string{} : std::string{path.substr(0, slash)};
}

std::string_view name_of(std::string_view path) noexcept
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string read_text(const File& file, std::size_t limit)
{
    const auto size = static_cast<std::uint64_t>(file.stat().st_size);
    std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(size, limit)) + 1, '\0');
    text.resize(file.read_at(std::as_writable_bytes(std::span{text}), 0));
    if (size > limit || text.size() > limit) {
        throw ArchiveError{ErrorCode::damaged,
                           "Reading " + printable(file.name().native()) + ": it is far too long",
                           file.name()};
    }
    return text;
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/folder_facts.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/text.hpp"

namespace photosafe {

namespace {

/// File systems can hold times that 64 bits of nanoseconds can't (before 1678, after 2261).
Instant instant_of(const statx_timestamp& time) noexcept
{
    static constexpr std::int64_t furthest = 9'223'372'035;
    const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -furthest, furthest);
    return Instant{std::chrono::seconds{seconds} + std::chrono::nanoseconds{time.tv_nsec}};
}

} // namespace

std::optional<FolderFacts> folder_facts(int fd, const std::string& name) noexcept
{
    struct statx found {};
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name.empty() ? AT_EMPTY_PATH : 0);
    while (::statx(fd, name.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &found) != 0) {
        if (errno != EINTR) return std::nullopt;
    }
    FolderFacts facts;
    facts.mode = found.stx_mode;
    facts.bytes = found.stx_size;
    facts.modified = instant_of(found.stx_mtime);
    facts.inode = found.stx_ino;
    facts.device = std::uint64_t{found.stx_dev_major} << 32 | found.stx_dev_minor;
    if ((found.stx_mask & STATX_BTIME) != 0) {
        // Born after its last change: that is when it was copied here, and says nothing about the picture.
        if (const Instant born = instant_of(found.stx_btime); born <= facts.modified) facts.born = born;
    }
    return facts;
}

ArchiveError source_error(const ArchiveError& e)
{
    const bool there = e.code() == ErrorCode::io || e.code() == ErrorCode::read_only;
    return {there ? ErrorCode::unreadable : e.code(), e.what(), e.subject()};
}

ArchiveError stopped(const std::filesystem::path& subject)
{
    return {ErrorCode::cancelled, "Stopped at " + printable(subject.native()) + '.', subject};
}

} // namespace photosafe

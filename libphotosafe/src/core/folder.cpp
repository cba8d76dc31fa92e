// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file.hpp"
#include "core/handle.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

using DirHandle = std::unique_ptr<DIR, FreeWith<closedir>>;

/// Throws unless each part of `path` is a name: openat2 guards what is opened, but the last part of what is
/// named, looked at or removed goes to calls that would follow `..` out of the folder.
void check_parts(const std::string& path, const std::filesystem::path& folder)
{
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = std::string_view{path}.substr(at, end - at);
        if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos ||
            end + 1 == path.size()) {
            throw ArchiveError{ErrorCode::unsafe,
                               "Looking for " + printable(path) + ": it is no path below a folder",
                               folder / std::filesystem::path{path}.relative_path()};
        }
        at = end + 1;
    }
}

std::string joined(const std::string& folder, std::string_view name)
{
    return folder.empty() ? std::string{name} : folder + '/' + std::string{name};
}

} // namespace

Folder Folder::open(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw disk_error(errno, "Opening the folder", path);
    return {File{fd, path}, path};
}

int Folder::open_below(const std::string& path, int flags, mode_t mode) const
{
    check_parts(path, path_);
    // What should be a file and is a pipe must not be waited for.
    if ((flags & O_PATH) == 0) flags |= O_NONBLOCK | O_NOCTTY;
    open_how how{};
    how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags | O_CLOEXEC));
    how.mode = (flags & O_CREAT) != 0 ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    constexpr int most_tries = 1000; // EAGAIN: something was renamed meanwhile
    for (int tries = 0;; ++tries) {
        const long fd =
            ::syscall(SYS_openat2, file_.fd(), path.empty() ? "." : path.c_str(), &how, sizeof how);
        if (fd >= 0 || (errno != EINTR && (errno != EAGAIN || tries == most_tries)))
            return static_cast<int>(fd);
    }
}

File Folder::open_file(const std::string& path, int flags, mode_t mode) const
{
    const int fd = open_below(path, flags, mode);
    if (fd < 0) throw disk_error(errno, (flags & O_CREAT) != 0 ? "Making" : "Opening", path_ / path);
    return {fd, path_ / path};
}

File Folder::try_open_file(const std::string& path, int flags) const
{
    const int fd = open_below(path, flags, 0);
    if (fd < 0 && errno != ENOENT) throw disk_error(errno, "Opening", path_ / path);
    return {fd, path_ / path};
}

File Folder::try_make_file(const std::string& path, int flags) const
{
    const int fd = open_below(path, flags | O_CREAT | O_EXCL, 0666);
    if (fd < 0 && errno != EEXIST) throw disk_error(errno, "Making", path_ / path);
    return {fd, path_ / path};
}

std::optional<struct stat> Folder::stat(const std::string& path) const
{
    check_parts(path, path_);
    const int fd = open_below(parent_of(path), O_PATH | O_DIRECTORY, 0);
    const int error = errno;
    const File parent{fd, path_ / path};
    struct stat facts {};
    errno = error;
    if (parent.fd() < 0 ||
        ::fstatat(parent.fd(), std::string{name_of(path)}.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw disk_error(errno, "Looking at", path_ / path);
    }
    return facts;
}

bool Folder::make_folders(const std::string& path) const
{
    if (path.empty()) return false;
    check_parts(path, path_);
    {
        const File there{open_below(path, O_PATH | O_DIRECTORY, 0), path_ / path};
        if (there) return false;
    }
    const std::string parent = parent_of(path);
    make_folders(parent);
    const File above = open_file(parent, O_RDONLY | O_DIRECTORY);
    if (::mkdirat(above.fd(), std::string{name_of(path)}.c_str(), 0777) != 0 && errno != EEXIST) {
        throw disk_error(errno, "Making the folder", path_ / path);
    }
    if (::fsync(above.fd()) != 0) throw disk_error(errno, "Making durable", path_ / parent);
    return true;
}

bool Folder::rename_without_replacing(const std::string& from, const std::string& to) const
{
    check_parts(from, path_);
    check_parts(to, path_);
    const File source = open_file(parent_of(from), O_PATH | O_DIRECTORY);
    const File target = open_file(parent_of(to), O_PATH | O_DIRECTORY);
    const std::string old_name{name_of(from)};
    const std::string new_name{name_of(to)};
    if (::renameat2(source.fd(), old_name.c_str(), target.fd(), new_name.c_str(), RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EEXIST) return false;
    if (errno == EINVAL || errno == ENOSYS) {
        // Some network and FUSE file systems don't know the flag. A hard link doesn't replace either.
        if (::linkat(source.fd(), old_name.c_str(), target.fd(), new_name.c_str(), 0) == 0) {
            remove(from);
            return true;
        }
        if (errno == EEXIST) return false;
        if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
            // Nor links (FAT). This process is the only one that writes the archive, so to look first is
            // enough.
            struct stat facts {};
            if (::fstatat(target.fd(), new_name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) return false;
            if (errno == ENOENT &&
                ::renameat(source.fd(), old_name.c_str(), target.fd(), new_name.c_str()) == 0)
                return true;
        }
    }
    throw disk_error(errno, "Naming", path_ / to);
}

void Folder::rename(const std::string& from, const std::string& to) const
{
    check_parts(from, path_);
    check_parts(to, path_);
    const File source = open_file(parent_of(from), O_PATH | O_DIRECTORY);
    const File target = open_file(parent_of(to), O_PATH | O_DIRECTORY);
    if (::renameat(source.fd(), std::string{name_of(from)}.c_str(), target.fd(),
                   std::string{name_of(to)}.c_str()) != 0) {
        throw disk_error(errno, "Naming", path_ / to);
    }
}

void Folder::remove(const std::string& path) const
{
    check_parts(path, path_);
    const File parent = open_file(parent_of(path), O_PATH | O_DIRECTORY);
    if (::unlinkat(parent.fd(), std::string{name_of(path)}.c_str(), 0) != 0 && errno != ENOENT) {
        throw disk_error(errno, "Removing", path_ / path);
    }
}

void Folder::sync(const std::string& path) const
{
    const File folder = open_file(path, O_RDONLY | O_DIRECTORY);
    if (::fsync(folder.fd()) != 0) throw disk_error(errno, "Making durable", path_ / path);
}

std::vector<std::string> Folder::names(const std::string& path) const
{
    std::vector<std::string> result;
    const int fd = open_below(path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0) {
        if (errno == ENOENT) return result;
        throw disk_error(errno, "Opening the folder", path_ / path);
    }
    const DirHandle dir{::fdopendir(fd)};
    if (!dir) {
        const int error = errno;
        ::close(fd);
        throw disk_error(error, "Opening the folder", path_ / path);
    }
    errno = 0;
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string_view name{entry->d_name};
        if (name != "." && name != "..") result.emplace_back(name);
        errno = 0;
    }
    if (errno != 0) throw disk_error(errno, "Listing the folder", path_ / path);
    std::sort(result.begin(), result.end());
    return result;
}

void Folder::walk(const std::string& path,
                  const std::function<void(const std::string&, const struct stat&)>& visit) const
{
    for (const std::string& name : names(path)) {
        const std::string below = joined(path, name);
        const auto facts = stat(below);
        if (!facts) continue;
        if (S_ISDIR(facts->st_mode)) walk(below, visit);
        if (S_ISREG(facts->st_mode)) visit(below, *facts);
    }
}

} // namespace photosafe

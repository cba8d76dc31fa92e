// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media_root.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace simphone {

Fd::~Fd()
{
    if (fd_ >= 0) ::close(fd_);
}

MediaRoot::MediaRoot(const std::string& folder)
    : root_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
{
    if (!root_) throw std::system_error(errno, std::generic_category(), "opening the folder " + folder);
}

int MediaRoot::open(const std::string& path, int flags, mode_t mode, Fd& file) const
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.mode = (flags & O_CREAT) != 0 ? mode : 0;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const std::string inside = path.empty() ? "." : path;
    for (;;) {
        const long fd = ::syscall(SYS_openat2, root_.get(), inside.c_str(), &how, sizeof how);
        if (fd >= 0) {
            file = Fd(static_cast<int>(fd));
            return 0;
        }
        if (errno != EAGAIN && errno != EINTR) return errno; // EAGAIN: somebody renamed a folder on the way
    }
}

int MediaRoot::place(const std::string& path, Place& place) const
{
    std::string trimmed = path;
    while (!trimmed.empty() && trimmed.back() == '/') trimmed.pop_back();
    const auto slash = trimmed.rfind('/');
    std::string name = slash == std::string::npos ? trimmed : trimmed.substr(slash + 1);
    std::string folder = slash == std::string::npos ? "/" : trimmed.substr(0, slash + 1);
    if (name.empty() || name == "." || name == "..") {
        folder = trimmed;
        name.clear();
    }
    place.name = std::move(name);
    return open(folder, O_PATH | O_DIRECTORY, 0, place.folder);
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// A folder of this machine served as a phone's: no path leads out of it.
#pragma once

#include <string>
#include <sys/types.h>
#include <utility>

namespace simphone {

/// A descriptor, owned.
class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd();
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// An open folder. All functions return 0 or an errno, and take paths as the phone's: "/" is the folder
/// itself. Symbolic links and ".." are followed inside of it, as if it were the root of the file system.
class MediaRoot {
public:
    /// Throws std::system_error where the folder can't be opened.
    explicit MediaRoot(const std::string& folder);

    int open(const std::string& path, int flags, mode_t mode, Fd& file) const;

    /// The folder that holds the last name of a path, and that name. The name is empty where the path itself
    /// is a folder without one ("/", "..").
    struct Place {
        Fd folder;
        std::string name;
    };
    int place(const std::string& path, Place& place) const;

private:
    Fd root_;
};

} // namespace simphone

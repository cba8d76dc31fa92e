// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

namespace photosafe::test {

/// One file in memory, given new content again and again, for readers that want a descriptor.
class MemoryFile {
public:
    MemoryFile() : fd_{::memfd_create("fuzz", MFD_CLOEXEC)}
    {
        if (fd_ < 0) std::abort();
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(fd_); }

    int with(const std::uint8_t* data, std::size_t size) const
    {
        if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, data, size, 0) != static_cast<ssize_t>(size))
            std::abort();
        return fd_;
    }

private:
    int fd_;
};

} // namespace photosafe::test

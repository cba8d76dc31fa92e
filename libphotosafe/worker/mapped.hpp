// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include <sys/mman.h>
#include <sys/stat.h>

#include <photosafe/error.hpp>

namespace photosafe::worker {

/// Pictures are no larger than this; a movie may be, and isn't read by way of memory.
constexpr std::size_t largest_picture = std::size_t{512} << 20;

/// The file behind a descriptor as bytes in memory, of which only those are read that somebody looks at: the
/// whole of it, or where it is larger than any picture its beginning. Throws MediaError{unreadable}.
class Mapped {
public:
    explicit Mapped(int fd)
    {
        struct stat facts {};
        if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))
            throw MediaError{ErrorCode::unreadable, "It is no file."};
        if (facts.st_size == 0) throw MediaError{ErrorCode::unreadable, "It is empty."};
        file_bytes_ = static_cast<std::uint64_t>(facts.st_size);
        size_ = static_cast<std::size_t>(std::min<std::uint64_t>(file_bytes_, largest_picture));
        at_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at_ == MAP_FAILED) {
            throw MediaError{ErrorCode::unreadable,
                             std::string{"It can't be read into memory: "} + std::strerror(errno) + '.'};
        }
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;
    ~Mapped() { ::munmap(at_, size_); }

    std::span<const std::uint8_t> bytes() const { return {static_cast<const std::uint8_t*>(at_), size_}; }
    bool whole() const { return size_ == file_bytes_; }

private:
    void* at_ = nullptr;
    std::size_t size_ = 0;
    std::uint64_t file_bytes_ = 0;
};

} // namespace photosafe::worker

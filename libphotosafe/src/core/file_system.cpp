// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cerrno>

#include <sys/vfs.h>

#include "core/digest.hpp"
#include "core/file.hpp"

namespace photosafe {

namespace {

struct Known {
    std::uint64_t magic;
    const char* type;
    bool shared;
};

// Numbers of linux/magic.h and statfs(2). FUSE may be a disk or a server on the other side of the world: it
// can't be told, so it counts as shared.
constexpr std::array known{
    Known{0xEF53, "ext4", false},        Known{0x58465342, "xfs", false},
    Known{0x9123683E, "btrfs", false},   Known{0x01021994, "tmpfs", false},
    Known{0x794C7630, "overlay", false}, Known{0x2FC12FC1, "zfs", false},
    Known{0xF2F52010, "f2fs", false},    Known{0xCA451A4E, "bcachefs", false},
    Known{0x4D44, "fat", false},         Known{0x2011BAB0, "exfat", false},
    Known{0x5346544E, "ntfs", false},    Known{0x7366746E, "ntfs3", false},
    Known{0x6969, "nfs", true},          Known{0x517B, "smb", true},
    Known{0xFE534D42, "smb2", true},     Known{0xFF534D42, "cifs", true},
    Known{0x65735546, "fuse", true},     Known{0x01021997, "9p", true},
    Known{0x00C36400, "ceph", true},     Known{0x5346414F, "afs", true},
    Known{0x7461636F, "ocfs2", true},    Known{0x01161970, "gfs2", true},
    Known{0x0BD00BD0, "lustre", true},
};

} // namespace

FileSystem file_system_of_type(std::uint64_t magic)
{
    for (const Known& one : known) {
        if (one.magic == magic) return {.type = one.type, .shared = one.shared};
    }
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(magic >> (8 * (3 - i)) & 255);
    return {.type = "0x" + hex(bytes), .shared = false};
}

FileSystem file_system_of(const std::filesystem::path& path)
{
    struct statfs facts {};
    while (::statfs(path.c_str(), &facts) != 0) {
        if (errno != EINTR) throw disk_error(errno, "Looking at the disk of", path);
    }
    FileSystem result = file_system_of_type(static_cast<std::uint64_t>(facts.f_type) & 0xFFFFFFFFu);
    result.free_bytes =
        static_cast<std::uint64_t>(facts.f_bavail) * static_cast<std::uint64_t>(facts.f_bsize);
    result.total_bytes =
        static_cast<std::uint64_t>(facts.f_blocks) * static_cast<std::uint64_t>(facts.f_bsize);
    return result;
}

} // namespace photosafe

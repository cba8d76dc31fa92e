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
// can't be told, so it counts as shared. So does what isn't in this table: safe and slower is the better
// error.
constexpr std::array known{
    Known{0xEF53, "ext4", false},        Known{0x58465342, "xfs", false},
    Known{0x9123683E, "btrfs", false},   Known{0x01021994, "tmpfs", false},
    Known{0x794C7630, "overlay", false}, Known{0x2FC12FC1, "zfs", false},
    Known{0xF2F52010, "f2fs", false},    Known{0xCA451A4E, "bcachefs", false},
    Known{0x4D44, "fat", false},         Known{0x2011BAB0, "exfat", false},
    Known{0x5346544E, "ntfs", false},    Known{0x7366746E, "ntfs3", false},
    Known{0x3153464A, "jfs", false},     Known{0x52654973, "reiserfs", false},
    Known{0x3434, "nilfs2", false},      Known{0x482B, "hfsplus", false},
    Known{0x15013346, "udf", false},     Known{0x858458F6, "ramfs", false},
    Known{0x9660, "iso9660", false},     Known{0x73717368, "squashfs", false},
    Known{0xE0F5E1E2, "erofs", false},   Known{0xF15F, "ecryptfs", false},
    Known{0x24051905, "ubifs", false},   Known{0x61756673, "aufs", false},
    Known{0x6969, "nfs", true},          Known{0x517B, "smb", true},
    Known{0xFE534D42, "smb2", true},     Known{0xFF534D42, "cifs", true},
    Known{0x65735546, "fuse", true},     Known{0x01021997, "9p", true},
    Known{0x00C36400, "ceph", true},     Known{0x5346414F, "afs", true},
    Known{0x7461636F, "ocfs2", true},    Known{0x01161970, "gfs2", true},
    Known{0x0BD00BD0, "lustre", true},   Known{0x786F4256, "vboxsf", true},
    Known{0xBACBACBC, "vmhgfs", true},   Known{0x73757245, "coda", true},
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
    return {.type = "0x" + hex(bytes), .shared = true};
}

FileSystem file_system_of(const std::filesystem::path& path)
{
    struct statfs facts {};
    while (::statfs(path.c_str(), &facts) != 0) {
        if (errno != EINTR) throw disk_error(errno, "Looking at the disk of", path);
    }
    FileSystem result = file_system_of_type(static_cast<std::uint64_t>(facts.f_type) & 0xFFFFFFFFu);
    // Blocks are counted in fragments; f_bsize is how much to read at once, and on FUSE many times as large.
    const auto block = static_cast<std::uint64_t>(facts.f_frsize != 0 ? facts.f_frsize : facts.f_bsize);
    result.free_bytes = static_cast<std::uint64_t>(facts.f_bavail) * block;
    result.total_bytes = static_cast<std::uint64_t>(facts.f_blocks) * block;
    return result;
}

} // namespace photosafe

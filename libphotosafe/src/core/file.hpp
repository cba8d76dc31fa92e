// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include <photosafe/asset.hpp>
#include <photosafe/error.hpp>

namespace photosafe {

/// The ArchiveError that `error` (an errno) means: `Writing IMG_1.HEIC: No space left on device`.
ArchiveError disk_error(int error, std::string_view doing, const std::filesystem::path& subject);

/// An open file, closed when it goes. All functions that can fail throw ArchiveError.
class File {
public:
    File() = default;
    File(int fd, std::filesystem::path name) : fd_{fd}, name_{std::move(name)} {}
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    int fd() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    const std::filesystem::path& name() const noexcept { return name_; }

    void write(std::span<const std::byte> bytes);
    /// Up to `buffer.size()` bytes at `offset`; fewer only at the end of the file.
    std::size_t read_at(std::span<std::byte> buffer, std::uint64_t offset) const;
    void truncate(std::uint64_t size);
    void seek(std::uint64_t offset);
    struct stat stat() const;
    void set_modified(Instant modified);
    /// Bytes and size are on the disk when it returns. A failure must end the work on this file: the kernel
    /// reports it once, and a second call would succeed without the bytes being there.
    void sync_data();
    void sync();
    /// Starts writing what is dirty in the range, without waiting; only a hint.
    void start_writing(std::uint64_t offset, std::uint64_t bytes) const noexcept;
    /// Writes out what is dirty in the range and waits for it; durable it is only after `sync`. False where the file
    /// system can't do that for a part of a file.
    bool write_out(std::uint64_t offset, std::uint64_t bytes) const;
    /// The same open file by another descriptor.
    File duplicate() const;
    /// Drops the (clean) pages of the range from the page cache.
    void drop_cache(std::uint64_t offset, std::uint64_t bytes) const noexcept;
    /// Drops the (clean) pages of the file from the page cache, so that the next read comes from the disk.
    void drop_cache() const noexcept;
    /// Asks the kernel to read the whole file ahead.
    void read_ahead() const noexcept;

private:
    int fd_ = -1;
    std::filesystem::path name_;
};

/// A folder held open. All paths given to it are below it, can't leave it, and follow no links. `.` and `..`
/// in a path are errors (`unsafe`).
class Folder {
public:
    /// Codes: not_found, io, read_only.
    static Folder open(const std::filesystem::path& path);

    const std::filesystem::path& path() const noexcept { return path_; }
    int fd() const noexcept { return file_.fd(); }

    File open_file(const std::string& path, int flags, mode_t mode = 0666) const;
    /// As above; an empty File where there is no such file.
    File try_open_file(const std::string& path, int flags) const;
    /// A new file; an empty File where there is something with that name.
    File try_make_file(const std::string& path, int flags) const;
    std::optional<struct stat> stat(const std::string& path) const;
    /// Makes `path` and its parents where missing, and syncs each parent that got a new entry. False when all
    /// were there already; whether their entries are durable isn't known then.
    bool make_folders(const std::string& path) const;
    /// False, and nothing changed, when there is something at `to` already.
    bool rename_without_replacing(const std::string& from, const std::string& to) const;
    void rename(const std::string& from, const std::string& to) const;
    /// Not having it is no error.
    void remove(const std::string& path) const;
    /// Makes the entries of the folder `path` (empty: this one) durable.
    void sync(const std::string& path = {}) const;
    /// The names in folder `path`, sorted; empty where there is no such folder.
    std::vector<std::string> names(const std::string& path) const;
    /// Every regular file below `path`, sorted by folder, with its path below this folder.
    void walk(const std::string& path,
              const std::function<void(const std::string&, const struct stat&)>& visit) const;

private:
    Folder(File file, std::filesystem::path path) : file_{std::move(file)}, path_{std::move(path)} {}
    int open_below(const std::string& path, int flags, mode_t mode) const;
    File file_;
    std::filesystem::path path_;
};

/// What kind of file system a path is on.
struct FileSystem {
    std::string type; ///< ext4, nfs, smb, fuse, …, or its magic number
    bool shared =
        false; ///< on the network, or can't be told (FUSE, unknown): no memory shared between its users
    std::uint64_t free_bytes = 0;
    std::uint64_t total_bytes = 0;
};
FileSystem file_system_of(const std::filesystem::path& path);
/// The pure half of the above, by statfs's f_type.
FileSystem file_system_of_type(std::uint64_t magic);

/// The folder part of a path (`a/b.jpg`: `a`; `b.jpg`: empty), and the name.
std::string parent_of(std::string_view path);
std::string_view name_of(std::string_view path) noexcept;

/// A whole small file; at most `limit` bytes, more is an error.
std::string read_text(const File& file, std::size_t limit);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone/library_copy.hpp"

#include <array>
#include <cerrno>

#include <sys/mman.h>
#include <unistd.h>

#include <photosafe/error.hpp>

#include "core/digest.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr unsigned most_tries = 4;
constexpr std::uint64_t largest = std::uint64_t{8} << 30; // of a database; the largest known are about 1 GB

std::optional<SourceFile> look_if_there(Source& source, const std::string& path)
try {
    return source.look(path);
} catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
}

bool same(const std::optional<SourceFile>& a, const std::optional<SourceFile>& b)
{
    return a.has_value() == b.has_value() && (!a || (a->bytes == b->bytes && a->modified == b->modified));
}

File file_without_name(const Folder& archive)
{
    int fd = ::openat(archive.fd(), ".photosafe/incoming", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) fd = ::memfd_create("library", MFD_CLOEXEC); // a disk that is read-only, or has no such files
    if (fd < 0) throw disk_error(errno, "Making", "a copy of the phone's library");
    return {fd, "the copy of the phone's library"};
}

/// The same file for a worker, who can't change it.
File read_only(const File& file)
{
    const int fd = ::open(("/proc/self/fd/" + std::to_string(file.fd())).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw disk_error(errno, "Opening", file.name());
    return {fd, file.name()};
}

void copy(Source& source, const SourceFile& from, File& to, Digester& digester, const std::stop_token& stop)
{
    const auto reader = source.open(from, 0, stop);
    for (;;) {
        const auto bytes = reader->next();
        if (bytes.empty()) break;
        to.write(bytes);
        digester.update(bytes);
    }
    reader->finish();
}

/// Whether the disk has what was written to it.
bool reads_back(File& file, std::uint64_t bytes, const Digest& wanted)
{
    file.sync_data();
    file.drop_cache();
    Digester digester;
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t at = 0; at < bytes;) {
        const std::size_t n = file.read_at(buffer, at);
        if (n == 0) return false;
        digester.update(std::span{buffer}.first(n));
        at += n;
    }
    return digester.digest() == wanted;
}

LibraryCopy copy_once(Source& source, const LibraryFiles& files, const Folder& archive,
                      const std::stop_token& stop)
{
    File file = file_without_name(archive);
    Digester digester;
    copy(source, files.database, file, digester, stop);
    if (files.log) copy(source, *files.log, file, digester, stop);
    const std::uint64_t bytes = files.database.bytes + (files.log ? files.log->bytes : 0);
    if (!reads_back(file, bytes, digester.digest()))
        throw ArchiveError{ErrorCode::io, "The archive's disk gave back other bytes than were written to it",
                           archive.path()};
    return {files, read_only(file)};
}

} // namespace

std::vector<SourceFile> LibraryFiles::all() const
{
    std::vector<SourceFile> result{database};
    if (log) result.push_back(*log);
    return result;
}

DatabaseFile LibraryCopy::for_worker() const
{
    return {bytes.fd(), files.database.bytes, files.log ? files.log->bytes : 0};
}

std::optional<LibraryFiles> look_at_library(Source& source, const std::string& database)
{
    auto found = look_if_there(source, database);
    if (!found) return std::nullopt;
    return LibraryFiles{std::move(*found), look_if_there(source, database + "-wal")};
}

LibraryCopy copy_library(Source& source, const LibraryFiles& files, const Folder& archive,
                         std::stop_token stop)
{
    LibraryFiles now = files;
    for (unsigned tries = 0; tries < most_tries; ++tries) {
        if (now.database.bytes > largest || (now.log && now.log->bytes > largest))
            throw ArchiveError{ErrorCode::invalid, "It is too large to be a phone's library",
                               now.database.path};
        std::optional<LibraryCopy> copy;
        try {
            copy = copy_once(source, now, archive, stop);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::changed && error.code() != ErrorCode::not_found) throw;
        }
        const auto after = look_at_library(source, files.database.path);
        if (!after)
            throw ArchiveError{ErrorCode::not_found, "It went away while it was copied", files.database.path};
        if (copy && same(after->database, now.database) && same(after->log, now.log)) return std::move(*copy);
        now = *after;
    }
    throw ArchiveError{ErrorCode::changed, "It changed each time while it was copied", files.database.path};
}

} // namespace photosafe

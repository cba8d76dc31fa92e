// SPDX-License-Identifier: LGPL-2.1-or-later
// Operations on handles, and which operation is which.
#include "afc_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace simphone {
namespace {

constexpr std::size_t write_chunk = 1 << 20;
constexpr std::size_t names_at_a_time = 64 * 1024;

/// AFC's six modes: r, r+, w, w+, a, a+. "r+" creates as well, says afc.h.
int open_flags(std::uint64_t mode)
{
    switch (mode) {
    case 1: return O_RDONLY;
    case 2: return O_RDWR | O_CREAT;
    case 3: return O_WRONLY | O_CREAT | O_TRUNC;
    case 4: return O_RDWR | O_CREAT | O_TRUNC;
    case 5: return O_WRONLY | O_APPEND | O_CREAT;
    case 6: return O_RDWR | O_APPEND | O_CREAT;
    default: return -1;
    }
}

} // namespace

AfcFiles::AfcFiles(Phone& phone, const AfcRoot& root) : phone_(phone), view_(root), root_(root.folder)
{
    if (view_.view == AfcRoot::View::documents) return;
    for (const InjectedEntry& entry : phone.spec().injected)
        injected_[entry.folder + "/" + entry.name] = &entry;
}

AfcCall AfcFiles::parse(std::uint64_t op, std::string_view arguments, std::uint64_t payload) const
{
    AfcCall call;
    call.op = static_cast<AfcOp>(op);
    AfcArguments in(arguments);
    const auto handle = [&] {
        call.handle = in.number();
        call.has_handle = true;
    };
    switch (call.op) {
    case AfcOp::file_read:
        handle();
        call.length = in.number();
        break;
    case AfcOp::file_write:
        handle();
        call.length = payload;
        break;
    case AfcOp::file_seek:
        handle();
        call.whence = in.number();
        call.number = in.number();
        break;
    case AfcOp::file_tell:
    case AfcOp::file_close:
    case AfcOp::dir_read:
    case AfcOp::dir_close: handle(); break;
    case AfcOp::file_set_size:
    case AfcOp::file_lock:
        handle();
        call.number = in.number();
        break;
    case AfcOp::read_with_offset:
        handle();
        call.offset = in.number();
        call.length = in.number();
        break;
    case AfcOp::write_with_offset:
        handle();
        call.offset = in.number();
        call.length = payload;
        break;
    case AfcOp::truncate:
    case AfcOp::file_open:
    case AfcOp::set_mod_time:
        call.number = in.number();
        call.path = in.text();
        break;
    case AfcOp::make_link:
        call.number = in.number();
        call.path = in.text();
        call.second_path = in.text();
        break;
    case AfcOp::get_file_hash_range:
        call.offset = in.number();
        call.length = in.number();
        call.path = in.text();
        break;
    case AfcOp::rename_path:
        call.path = in.text();
        call.second_path = in.text();
        break;
    case AfcOp::set_fs_block_size:
    case AfcOp::set_socket_block_size: call.number = in.number(); break;
    case AfcOp::get_device_info:
    case AfcOp::get_connection_info:
    case AfcOp::set_connection_options: break;
    default: call.path = in.text();
    }
    call.bad = in.bad();
    if (call.has_handle) {
        const auto file = files_.find(call.handle);
        if (file != files_.end()) {
            call.path = file->second.path;
            if (call.op == AfcOp::file_read || call.op == AfcOp::file_write)
                call.offset = file->second.position;
        }
        const auto folder = folders_.find(call.handle);
        if (folder != folders_.end()) call.path = folder->second.path;
    }
    call.has_range = call.op == AfcOp::file_read || call.op == AfcOp::read_with_offset ||
                     call.op == AfcOp::file_write || call.op == AfcOp::write_with_offset;
    return call;
}

void AfcFiles::run(const AfcCall& call, const PayloadReader& payload, AfcReply& reply)
{
    if (call.bad) return reply.status(AfcStatus::invalid_argument);
    const bool done = call.has_handle ? run_on_handle(call, payload, reply)
                                      : run_on_path(call, reply) || run_on_connection(call, reply);
    if (!done) reply.status(AfcStatus::unknown_packet);
}

void AfcFiles::pretend(const AfcCall& call, AfcReply& reply)
{
    const auto file = files_.find(call.handle);
    if (call.op == AfcOp::file_write && file != files_.end()) file->second.position += call.length;
    reply.status(AfcStatus::ok);
}

bool AfcFiles::run_on_handle(const AfcCall& call, const PayloadReader& payload, AfcReply& reply)
{
    if (call.op == AfcOp::dir_read || call.op == AfcOp::dir_close) {
        const auto folder = folders_.find(call.handle);
        if (folder == folders_.end()) {
            reply.status(AfcStatus::invalid_argument);
        } else if (call.op == AfcOp::dir_read) {
            read_folder(folder->second, reply);
        } else {
            folders_.erase(folder);
            reply.status(AfcStatus::ok);
        }
        return true;
    }
    const auto found = files_.find(call.handle);
    if (found == files_.end()) {
        reply.status(AfcStatus::invalid_argument);
        return true;
    }
    OpenFile& file = found->second;
    switch (call.op) {
    case AfcOp::file_read:
    case AfcOp::read_with_offset: read(file, call, reply); break;
    case AfcOp::file_write:
    case AfcOp::write_with_offset: write(file, call, payload, reply); break;
    case AfcOp::file_seek: reply.status(afc_status(seek(file, call))); break;
    case AfcOp::file_tell: reply.number(AfcOp::file_tell_result, file.position); break;
    case AfcOp::file_lock: reply.status(afc_status(lock(file, call.number))); break;
    case AfcOp::file_set_size: {
        const int failed = ::ftruncate(file.fd.get(), static_cast<off_t>(call.number));
        reply.status(failed ? afc_status(errno) : AfcStatus::ok);
        break;
    }
    case AfcOp::file_close:
        files_.erase(found);
        reply.status(AfcStatus::ok);
        break;
    default: return false;
    }
    return true;
}

bool AfcFiles::run_on_connection(const AfcCall& call, AfcReply& reply)
{
    switch (call.op) {
    case AfcOp::file_open: open(call, reply); return true;
    case AfcOp::dir_open: open_folder(call, reply); return true;
    case AfcOp::get_device_info: device_info(reply); return true;
    case AfcOp::get_connection_info: {
        static constexpr char info[] = "Version\0001\0LibraryVersion\0simphone";
        reply.data(std::string_view(info, sizeof info));
        return true;
    }
    case AfcOp::set_connection_options:
    case AfcOp::set_fs_block_size:
    case AfcOp::set_socket_block_size: reply.status(AfcStatus::ok); return true;
    case AfcOp::read_file:
    case AfcOp::write_file:
    case AfcOp::write_part:
    case AfcOp::write_file_atomic: reply.status(AfcStatus::not_supported); return true;
    default: return false;
    }
}

bool AfcFiles::handles_left() const { return open_handles() < phone_.spec().max_handles; }

void AfcFiles::open(const AfcCall& call, AfcReply& reply)
{
    const int flags = open_flags(call.number);
    std::string inside;
    if (flags < 0) return reply.status(AfcStatus::invalid_argument);
    if (const int error = resolve(call.path, inside)) return reply.status(afc_status(error));
    if (!handles_left()) return reply.status(AfcStatus::no_resources);
    if (phone_.full && (flags & O_CREAT) != 0) {
        Fd there; // a file that exists can be opened on a full disk, a new one can't be made
        if (root_.open(inside, O_PATH, 0, there) != 0) return reply.status(AfcStatus::no_space);
    }
    Fd fd;
    const int error = root_.open(inside, flags | O_NONBLOCK | O_NOCTTY, 0644, fd);
    struct stat facts {};
    if (error != 0) return reply.status(afc_status(error));
    ::fstat(fd.get(), &facts);
    if (S_ISDIR(facts.st_mode)) return reply.status(AfcStatus::is_dir);
    if (!S_ISREG(facts.st_mode)) return reply.status(AfcStatus::denied);
    const std::uint64_t handle = next_handle_++;
    files_[handle] = {std::move(fd), call.path, 0, (flags & O_APPEND) != 0};
    reply.number(AfcOp::file_open_result, handle);
}

void AfcFiles::read(OpenFile& file, const AfcCall& call, AfcReply& reply) const
{
    struct stat facts {};
    ::fstat(file.fd.get(), &facts);
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    const std::uint64_t left = size > call.offset ? size - call.offset : 0;
    const auto most = std::min({call.length, left, static_cast<std::uint64_t>(phone_.spec().max_read)});
    char* into = reply.room(most);
    std::size_t got = 0;
    while (got < most) {
        const ssize_t n =
            ::pread(file.fd.get(), into + got, most - got, static_cast<off_t>(call.offset + got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return reply.status(errno == EBADF ? AfcStatus::denied : AfcStatus::read_error);
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    if (call.op == AfcOp::file_read) file.position = call.offset + got;
    reply.data(got);
}

void AfcFiles::write(OpenFile& file, const AfcCall& call, const PayloadReader& payload, AfcReply& reply) const
{
    if (phone_.full && call.length > 0) return reply.status(AfcStatus::no_space);
    const auto chunk =
        std::make_unique_for_overwrite<char[]>(std::min<std::size_t>(call.length, write_chunk));
    std::uint64_t at = call.offset;
    for (;;) {
        const std::size_t got = payload(chunk.get(), std::min<std::size_t>(call.length, write_chunk));
        if (got == 0) break;
        for (std::size_t done = 0; done < got;) {
            const ssize_t n =
                ::pwrite(file.fd.get(), chunk.get() + done, got - done, static_cast<off_t>(at + done));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return reply.status(afc_status(errno));
            done += static_cast<std::size_t>(n);
        }
        at += got;
    }
    if (call.op == AfcOp::file_write) {
        struct stat facts {};
        ::fstat(file.fd.get(), &facts);
        file.position = file.append ? static_cast<std::uint64_t>(facts.st_size) : at;
    }
    reply.status(AfcStatus::ok);
}

int AfcFiles::seek(OpenFile& file, const AfcCall& call) const
{
    std::int64_t base = 0;
    if (call.whence == SEEK_CUR) base = static_cast<std::int64_t>(file.position);
    if (call.whence == SEEK_END) {
        struct stat facts {};
        ::fstat(file.fd.get(), &facts);
        base = facts.st_size;
    }
    std::int64_t position = 0;
    const bool overflow = __builtin_add_overflow(base, static_cast<std::int64_t>(call.number), &position);
    if (call.whence > SEEK_END || overflow || position < 0) return EINVAL;
    file.position = static_cast<std::uint64_t>(position);
    return 0;
}

int AfcFiles::lock(const OpenFile& file, std::uint64_t operation) const
{
    // The numbers are flock's, LOCK_NB included: 5 shared, 6 exclusive, 12 unlock.
    if (operation != 5 && operation != 6 && operation != 12) return EINVAL;
    return ::flock(file.fd.get(), static_cast<int>(operation)) == 0 ? 0 : errno;
}

void AfcFiles::open_folder(const AfcCall& call, AfcReply& reply)
{
    OpenFolder folder{call.path, {}, 0};
    if (const int error = list(call.path, folder.names)) return reply.status(afc_status(error));
    if (!handles_left()) return reply.status(AfcStatus::no_resources);
    const std::uint64_t handle = next_handle_++;
    folders_[handle] = std::move(folder);
    reply.number(AfcOp::dir_open_result, handle);
}

void AfcFiles::read_folder(OpenFolder& folder, AfcReply& reply) const
{
    std::string names;
    while (folder.next < folder.names.size() && names.size() < names_at_a_time) {
        names += folder.names[folder.next++];
        names += '\0';
    }
    reply.data(names);
}

} // namespace simphone

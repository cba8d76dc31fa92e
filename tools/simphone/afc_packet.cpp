// SPDX-License-Identifier: LGPL-2.1-or-later
#include "afc_packet.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <endian.h>

namespace simphone {
namespace {

constexpr char magic[] = "CFA6LPAA";

constexpr std::array<const char*, 0x29> names = {"Invalid",
                                                 "Status",
                                                 "Data",
                                                 "ReadDir",
                                                 "ReadFile",
                                                 "WriteFile",
                                                 "WritePart",
                                                 "TruncateFile",
                                                 "RemovePath",
                                                 "MakeDir",
                                                 "GetFileInfo",
                                                 "GetDeviceInfo",
                                                 "WriteFileAtomic",
                                                 "FileOpen",
                                                 "FileOpenResult",
                                                 "FileRead",
                                                 "FileWrite",
                                                 "FileSeek",
                                                 "FileTell",
                                                 "FileTellResult",
                                                 "FileClose",
                                                 "FileSetSize",
                                                 "GetConnectionInfo",
                                                 "SetConnectionOptions",
                                                 "RenamePath",
                                                 "SetFSBlockSize",
                                                 "SetSocketBlockSize",
                                                 "FileLock",
                                                 "MakeLink",
                                                 "GetFileHash",
                                                 "SetModTime",
                                                 "GetFileHashWithRange",
                                                 "SetImmutableHint",
                                                 "GetSizeOfPathContents",
                                                 "RemovePathAndContents",
                                                 "DirEnumOpen",
                                                 "DirEnumOpenResult",
                                                 "DirEnumRead",
                                                 "DirEnumClose",
                                                 "ReadWithOffset",
                                                 "WriteWithOffset"};

} // namespace

const char* afc_op_name(std::uint64_t op) { return op < names.size() ? names[op] : "Unknown"; }

AfcStatus afc_status(int error)
{
    switch (error) {
    case 0: return AfcStatus::ok;
    case ENOENT:
    case ENOTDIR:
    case ELOOP: return AfcStatus::not_found;
    case EISDIR: return AfcStatus::is_dir;
    case EACCES:
    case EPERM:
    case EROFS:
    case EXDEV:
    case EBADF: return AfcStatus::denied;
    case EEXIST: return AfcStatus::exists;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return AfcStatus::no_space;
    case EINVAL:
    case ENAMETOOLONG: return AfcStatus::invalid_argument;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return AfcStatus::no_resources;
    case EBUSY: return AfcStatus::busy;
    case EWOULDBLOCK: return AfcStatus::would_block;
    case EIO: return AfcStatus::io_error;
    default: return AfcStatus::unknown; // a folder that isn't empty too
    }
}

bool from_wire(AfcHeader& header)
{
    header.entire_length = le64toh(header.entire_length);
    header.this_length = le64toh(header.this_length);
    header.packet_number = le64toh(header.packet_number);
    header.operation = le64toh(header.operation);
    return std::memcmp(header.magic, magic, sizeof header.magic) == 0 &&
           header.this_length >= sizeof header && header.this_length <= header.entire_length;
}

std::uint64_t AfcArguments::number()
{
    std::uint64_t value = 0;
    if (rest_.size() < sizeof value) {
        bad_ = true;
        return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return le64toh(value);
}

std::string AfcArguments::text()
{
    const std::string word(rest_.substr(0, rest_.find('\0')));
    rest_.remove_prefix(std::min(rest_.size(), word.size() + 1));
    return word;
}

char* AfcReply::room(std::size_t most)
{
    if (sizeof(AfcHeader) + most > capacity_) {
        capacity_ = sizeof(AfcHeader) + most;
        bytes_.reset(); // before the new one: a large read must not hold two buffers
        bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    return payload();
}

void AfcReply::number(AfcOp op, std::uint64_t value)
{
    value = htole64(value);
    std::memcpy(room(sizeof value), &value, sizeof value);
    op_ = op;
    size_ = sizeof value;
}

void AfcReply::data(std::size_t size)
{
    op_ = AfcOp::data;
    size_ = size;
}

void AfcReply::data(std::string_view bytes)
{
    char* to = room(bytes.size());
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    data(bytes.size());
}

std::uint64_t AfcReply::value() const
{
    std::uint64_t value = 0;
    if (!is_data()) std::memcpy(&value, bytes_.get() + sizeof(AfcHeader), sizeof value);
    return le64toh(value);
}

void AfcReply::seal(std::uint64_t packet_number)
{
    AfcHeader header{};
    std::memcpy(header.magic, magic, sizeof header.magic);
    header.entire_length = htole64(size());
    header.this_length = htole64(is_data() ? sizeof header : size());
    header.packet_number = htole64(packet_number);
    header.operation = htole64(static_cast<std::uint64_t>(op_));
    std::memcpy(bytes_.get(), &header, sizeof header);
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// AFC's frames: 40 bytes of header, little-endian, arguments that this_length counts, a payload after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simphone {

enum class AfcOp : std::uint64_t {
    status = 0x01,
    data = 0x02,
    read_dir = 0x03,
    read_file = 0x04,
    write_file = 0x05,
    write_part = 0x06,
    truncate = 0x07,
    remove_path = 0x08,
    make_dir = 0x09,
    get_file_info = 0x0A,
    get_device_info = 0x0B,
    write_file_atomic = 0x0C,
    file_open = 0x0D,
    file_open_result = 0x0E,
    file_read = 0x0F,
    file_write = 0x10,
    file_seek = 0x11,
    file_tell = 0x12,
    file_tell_result = 0x13,
    file_close = 0x14,
    file_set_size = 0x15,
    get_connection_info = 0x16,
    set_connection_options = 0x17,
    rename_path = 0x18,
    set_fs_block_size = 0x19,
    set_socket_block_size = 0x1A,
    file_lock = 0x1B,
    make_link = 0x1C,
    get_file_hash = 0x1D,
    set_mod_time = 0x1E,
    get_file_hash_range = 0x1F,
    set_immutable_hint = 0x20,
    get_size_of_path = 0x21,
    remove_path_contents = 0x22,
    dir_open = 0x23,
    dir_open_result = 0x24,
    dir_read = 0x25,
    dir_close = 0x26,
    read_with_offset = 0x27,
    write_with_offset = 0x28
};

enum class AfcStatus : std::uint64_t {
    ok = 0,
    unknown = 1,
    header_invalid = 2,
    no_resources = 3,
    read_error = 4,
    write_error = 5,
    unknown_packet = 6,
    invalid_argument = 7,
    not_found = 8,
    is_dir = 9,
    denied = 10,
    end_of_data = 14,
    not_supported = 15,
    exists = 16,
    busy = 17,
    no_space = 18,
    would_block = 19,
    io_error = 20,
    internal = 23
};

/// The name of an operation, as the log and faults spell it: "FileRead".
const char* afc_op_name(std::uint64_t op);
/// What AFC says for an errno.
AfcStatus afc_status(int error);

struct AfcHeader {
    char magic[8];
    std::uint64_t entire_length;
    std::uint64_t this_length;
    std::uint64_t packet_number;
    std::uint64_t operation;
};
static_assert(sizeof(AfcHeader) == 40);

/// In the byte order of this machine; false if it is no AFC header.
bool from_wire(AfcHeader& header);

/// Reads arguments one after the other; a missing one makes it bad.
class AfcArguments {
public:
    explicit AfcArguments(std::string_view bytes) : rest_(bytes) {}
    std::uint64_t number();
    /// Up to the next NUL, or to the end.
    std::string text();
    bool bad() const { return bad_; }

private:
    std::string_view rest_;
    bool bad_ = false;
};

/// A reply, built in place behind its header, so that it leaves in one write without a copy.
class AfcReply {
public:
    void status(AfcStatus code) { number(AfcOp::status, static_cast<std::uint64_t>(code)); }
    /// A status, or one of the results that carry a number.
    void number(AfcOp op, std::uint64_t value);
    /// Room for `most` bytes of payload; what was there is lost.
    char* room(std::size_t most);
    /// The payload is what has been written into room(), `size` bytes of it.
    void data(std::size_t size);
    void data(std::string_view bytes);

    AfcOp op() const { return op_; }
    bool is_data() const { return op_ == AfcOp::data; }
    /// The number of a status or result.
    std::uint64_t value() const;
    char* payload() { return bytes_.get() + sizeof(AfcHeader); }
    std::size_t payload_size() const { return size_; }
    std::string_view payload_view() const { return {bytes_.get() + sizeof(AfcHeader), size_}; }
    /// Writes the header; then bytes() is the whole reply.
    void seal(std::uint64_t packet_number);
    AfcHeader* header() { return reinterpret_cast<AfcHeader*>(bytes_.get()); }
    const char* bytes() const { return bytes_.get(); }
    std::size_t size() const { return sizeof(AfcHeader) + size_; }

private:
    AfcOp op_ = AfcOp::status;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
};

} // namespace simphone

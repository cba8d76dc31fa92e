// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of AFC: requests written, replies checked and taken apart. Pure functions; nothing read is
// believed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <photosafe/asset.hpp>

namespace photosafe::afc {

enum class Operation : std::uint64_t {
    status = 0x01,
    data = 0x02,
    read_folder = 0x03,
    file_info = 0x0a,
    device_info = 0x0b,
    file_open = 0x0d,
    file_open_result = 0x0e,
    file_read = 0x0f,
    file_seek = 0x11,
    file_tell = 0x12,
    file_tell_result = 0x13,
    file_close = 0x14,
};

/// Answers of the phone that we tell apart; all others are errors of one kind.
namespace status {
constexpr std::uint64_t ok = 0;
constexpr std::uint64_t no_resources = 3;
constexpr std::uint64_t read_error = 4; ///< some phones answer it for a path that isn't there
constexpr std::uint64_t not_found = 8;
constexpr std::uint64_t is_folder = 9;
constexpr std::uint64_t permission_denied = 10;
constexpr std::uint64_t end_of_data = 14;
constexpr std::uint64_t busy = 17;
constexpr std::uint64_t io_error = 20;
} // namespace status

constexpr std::size_t header_bytes = 40;

struct Header {
    std::uint64_t entire_length = 0; ///< header and everything behind it
    std::uint64_t this_length = 0;   ///< header and parameters
    std::uint64_t packet_number = 0;
    Operation operation = Operation::status;

    std::uint64_t payload() const noexcept { return entire_length - header_bytes; }
};

/// A request without its packet number.
struct Request {
    Operation operation = Operation::status;
    std::vector<std::byte> parameters;
};

/// Paths are absolute (`/DCIM`). Errors: `invalid` for a path that holds a NUL.
Request read_folder(std::string_view path);
Request file_info(std::string_view path);
Request device_info();
Request open_to_read(std::string_view path);
Request file_read(std::uint64_t handle, std::uint64_t bytes);
Request file_seek(std::uint64_t handle, std::uint64_t offset); ///< from the beginning
Request file_tell(std::uint64_t handle);
Request file_close(std::uint64_t handle);

/// Puts the request as it goes over the wire at the end of `out`.
void append(std::vector<std::byte>& out, const Request& request, std::uint64_t packet_number);

/// The header of a reply. Errors: `protocol` for a wrong mark, lengths that contradict each other, an
/// operation that is no reply. That the payload isn't too long is for the caller to check, who knows what was
/// asked.
Header parse_header(std::span<const std::byte, header_bytes> bytes);

/// The number in a status, open or tell reply. Errors: `protocol`.
std::uint64_t parse_number(std::span<const std::byte> payload);

/// The name at the beginning of a NUL-separated list, which is then behind it; none at its end.
std::optional<std::string_view> next_name(std::string_view& list);

/// Keys and values of a NUL-separated list. Errors: `protocol` when a value is missing.
std::vector<std::pair<std::string_view, std::string_view>> parse_pairs(std::string_view list);

enum class FileKind { file, folder, link, other };

/// What a phone says of a path.
struct FileInfo {
    FileKind kind = FileKind::other;
    std::uint64_t bytes = 0; ///< of a file
    Instant modified;        ///< of a file
    std::optional<Instant> born;
};

/// Errors: `protocol`, with a message that can stand as a reason: kind missing, or size or time of a file
/// missing or no number.
FileInfo parse_file_info(std::span<const std::byte> payload);

/// The payload as text.
std::string_view as_text(std::span<const std::byte> payload) noexcept;

} // namespace photosafe::afc

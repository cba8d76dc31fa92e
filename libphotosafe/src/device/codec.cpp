// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/codec.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include <photosafe/error.hpp>

namespace photosafe::afc {

namespace {

constexpr std::string_view mark = "CFA6LPAA";
constexpr std::uint64_t mode_read = 1;
constexpr std::uint64_t from_beginning = 0;
constexpr std::size_t number_bytes = 8;

void append_number(std::vector<std::byte>& out, std::uint64_t number)
{
    for (unsigned shift = 0; shift < 64; shift += 8) out.push_back(std::byte(number >> shift & 0xff));
}

std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t offset)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < number_bytes; ++i) number |= std::uint64_t(bytes[offset + i]) << (8 * i);
    return number;
}

void append_path(std::vector<std::byte>& out, std::string_view path)
{
    if (path.find('\0') != path.npos)
        throw DeviceError{ErrorCode::invalid, "A path on a phone can't hold a NUL."};
    const auto bytes = std::as_bytes(std::span{path});
    out.insert(out.end(), bytes.begin(), bytes.end());
    out.push_back(std::byte{0});
}

Request of_path(Operation operation, std::string_view path)
{
    Request request{operation, {}};
    append_path(request.parameters, path);
    return request;
}

Request of_numbers(Operation operation, std::initializer_list<std::uint64_t> numbers)
{
    Request request{operation, {}};
    for (const auto number : numbers) append_number(request.parameters, number);
    return request;
}

[[noreturn]] void nonsense(std::string_view what) { throw DeviceError{ErrorCode::protocol, what}; }

/// All of `text` as a decimal number.
template <class Number>
std::optional<Number> decimal(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// AFC gives times as nanoseconds since 1970, in decimal digits.
std::optional<Instant> instant(std::string_view text)
{
    const auto ns = decimal<std::int64_t>(text);
    if (!ns) return std::nullopt;
    return Instant{std::chrono::nanoseconds{*ns}};
}

FileKind kind_of(std::string_view word)
{
    if (word == "S_IFREG") return FileKind::file;
    if (word == "S_IFDIR") return FileKind::folder;
    if (word == "S_IFLNK") return FileKind::link;
    return FileKind::other;
}

} // namespace

Request read_folder(std::string_view path) { return of_path(Operation::read_folder, path); }
Request file_info(std::string_view path) { return of_path(Operation::file_info, path); }
Request device_info() { return {Operation::device_info, {}}; }
Request file_read(std::uint64_t handle, std::uint64_t bytes)
{
    return of_numbers(Operation::file_read, {handle, bytes});
}
Request file_tell(std::uint64_t handle) { return of_numbers(Operation::file_tell, {handle}); }
Request file_close(std::uint64_t handle) { return of_numbers(Operation::file_close, {handle}); }

Request file_seek(std::uint64_t handle, std::uint64_t offset)
{
    return of_numbers(Operation::file_seek, {handle, from_beginning, offset});
}

Request open_to_read(std::string_view path)
{
    Request request = of_numbers(Operation::file_open, {mode_read});
    append_path(request.parameters, path);
    return request;
}

void append(std::vector<std::byte>& out, const Request& request, std::uint64_t packet_number)
{
    const std::uint64_t length = header_bytes + request.parameters.size();
    const auto bytes = std::as_bytes(std::span{mark});
    out.insert(out.end(), bytes.begin(), bytes.end());
    append_number(out, length);
    append_number(out, length);
    append_number(out, packet_number);
    append_number(out, static_cast<std::uint64_t>(request.operation));
    out.insert(out.end(), request.parameters.begin(), request.parameters.end());
}

Header parse_header(std::span<const std::byte, header_bytes> bytes)
{
    if (!std::ranges::equal(bytes.first(mark.size()), std::as_bytes(std::span{mark})))
        nonsense("A reply of the phone doesn't begin as AFC replies do.");
    const Header header{.entire_length = number_at(bytes, 8),
                        .this_length = number_at(bytes, 16),
                        .packet_number = number_at(bytes, 24),
                        .operation = static_cast<Operation>(number_at(bytes, 32))};
    if (header.this_length < header_bytes || header.entire_length < header.this_length)
        nonsense("The lengths in a reply of the phone contradict each other.");
    switch (header.operation) {
    case Operation::data: return header;
    case Operation::status:
    case Operation::file_open_result:
    case Operation::file_tell_result:
        if (header.payload() != number_bytes)
            nonsense("A reply of the phone has a length that it can't have.");
        return header;
    default: nonsense("The phone answered with something that is no reply.");
    }
}

std::uint64_t parse_number(std::span<const std::byte> payload)
{
    if (payload.size() != number_bytes) nonsense("A reply of the phone has a length that it can't have.");
    return number_at(payload, 0);
}

std::optional<std::string_view> next_name(std::string_view& list)
{
    if (list.empty()) return std::nullopt;
    const auto end = std::min(list.find('\0'), list.size());
    const auto name = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    return name;
}

std::vector<std::pair<std::string_view, std::string_view>> parse_pairs(std::string_view list)
{
    std::vector<std::pair<std::string_view, std::string_view>> pairs;
    while (const auto key = next_name(list)) {
        const auto value = next_name(list);
        if (!value) nonsense("The phone's description of it is cut off.");
        pairs.emplace_back(*key, *value);
    }
    return pairs;
}

FileInfo parse_file_info(std::span<const std::byte> payload)
{
    const auto pairs = parse_pairs(as_text(payload));
    const auto value = [&](std::string_view key) {
        const auto found = std::ranges::find(pairs, key, &decltype(pairs)::value_type::first);
        return found == pairs.end() ? std::string_view{} : found->second;
    };
    FileInfo info{.kind = kind_of(value("st_ifmt")), .bytes = 0, .modified = {}, .born = {}};
    if (value("st_ifmt").empty()) nonsense("The phone doesn't say what kind of thing it is.");
    if (info.kind != FileKind::file) return info;

    const auto bytes = decimal<std::uint64_t>(value("st_size"));
    if (!bytes || *bytes > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        nonsense("The phone doesn't say how large it is.");
    const auto modified = instant(value("st_mtime"));
    if (!modified) nonsense("The phone doesn't say when it was changed last.");
    info.bytes = *bytes;
    info.modified = *modified;
    info.born = instant(value("st_birthtime"));
    if (info.born == Instant{}) info.born.reset(); // phones write 0 where they don't know
    return info;
}

std::string_view as_text(std::span<const std::byte> payload) noexcept
{
    return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

} // namespace photosafe::afc

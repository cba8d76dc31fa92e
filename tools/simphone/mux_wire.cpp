// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mux_wire.hpp"

#include <array>
#include <cstring>
#include <endian.h>

namespace simphone {
namespace {

constexpr std::uint32_t plist_version = 1;
constexpr std::uint32_t message_result = 1;
constexpr std::uint32_t message_plist = 8;
constexpr std::uint32_t most_bytes = 1 << 20;

struct Header {
    std::uint32_t length;
    std::uint32_t version;
    std::uint32_t message;
    std::uint32_t tag;
};

bool write_frame(Stream& stream, Header header, std::string_view payload)
{
    const auto length = static_cast<std::uint32_t>(sizeof header + payload.size());
    header = {htole32(length), htole32(header.version), htole32(header.message), htole32(header.tag)};
    std::string frame(reinterpret_cast<const char*>(&header), sizeof header);
    frame += payload;
    return stream.write(frame);
}

} // namespace

std::optional<MuxRequest> read_mux_request(Stream& stream)
{
    Header header{};
    if (!stream.read_exact(&header, sizeof header)) return std::nullopt;
    const std::uint32_t length = le32toh(header.length);
    if (length < sizeof header || length > most_bytes) return std::nullopt;
    std::string payload(length - sizeof header, '\0');
    if (!stream.read_exact(payload.data(), payload.size())) return std::nullopt;
    MuxRequest request{le32toh(header.version), le32toh(header.message), le32toh(header.tag), std::nullopt};
    if (request.version == plist_version && request.message == message_plist) {
        request.body = Plist::parse_dict(payload);
    }
    return request;
}

bool write_mux_plist(Stream& stream, std::uint32_t tag, const Plist& body)
{
    return write_frame(stream, {0, plist_version, message_plist, tag}, body.xml());
}

bool write_mux_result(Stream& stream, const MuxRequest& request, MuxResult result)
{
    const auto number = static_cast<std::uint32_t>(result);
    if (request.version == plist_version) {
        Plist body = Plist::dict();
        body.set("MessageType", "Result").set("Number", static_cast<std::uint64_t>(number));
        return write_mux_plist(stream, request.tag, body);
    }
    const std::uint32_t code = htole32(number);
    return write_frame(stream, {0, 0, message_result, request.tag},
                       {reinterpret_cast<const char*>(&code), sizeof code});
}

} // namespace simphone

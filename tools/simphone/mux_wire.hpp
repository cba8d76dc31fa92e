// SPDX-License-Identifier: LGPL-2.1-or-later
// usbmuxd's frames: 16 bytes of header, little-endian, then a property list.
#pragma once

#include "plist.hpp"
#include "stream.hpp"

#include <cstdint>
#include <mutex>
#include <optional>

namespace simphone {

enum class MuxResult : std::uint32_t {
    ok = 0,
    bad_command = 1,
    bad_device = 2,
    refused = 3,
    bad_version = 6
};

struct MuxRequest {
    std::uint32_t version = 0;
    std::uint32_t message = 0;
    std::uint32_t tag = 0;
    std::optional<Plist> body;
};

/// The next frame; nothing at the end or when it is none.
std::optional<MuxRequest> read_mux_request(Stream& stream);
/// One write: libusbmuxd reads the header with a single recv.
bool write_mux_plist(Stream& stream, std::uint32_t tag, const Plist& body);
bool write_mux_result(Stream& stream, const MuxRequest& request, MuxResult result);

} // namespace simphone

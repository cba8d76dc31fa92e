// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "device/afc.hpp"

namespace photosafe::afc {

constexpr std::size_t handle_bytes = 8;

/// A request until its reply is there.
struct Pending {
    Request request;
    Completion done;
    std::span<std::byte> into;
    std::uint64_t number = 0;

    bool reads() const { return request.operation == Operation::file_read; }
    /// Two reads of one file.
    bool same_file(const Pending& other) const
    {
        return reads() && other.reads() &&
               std::equal(request.parameters.begin(), request.parameters.begin() + handle_bytes,
                          other.request.parameters.begin());
    }
};

/// The operation of a good reply.
inline Operation good_reply(Operation request)
{
    switch (request) {
    case Operation::read_folder:
    case Operation::file_info:
    case Operation::device_info:
    case Operation::file_read: return Operation::data;
    case Operation::file_open: return Operation::file_open_result;
    case Operation::file_tell: return Operation::file_tell_result;
    default: return Operation::status;
    }
}

} // namespace photosafe::afc

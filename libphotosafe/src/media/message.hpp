// SPDX-License-Identifier: LGPL-2.1-or-later
// How the library and a media worker talk: messages of bounded size over a pair of sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/descriptor.hpp"

namespace photosafe {

struct Message {
    std::string json;
    std::vector<std::byte> payload; ///< bytes that are no JSON: a picture
    Descriptor descriptor;          ///< of a file, where one came along
};

/// The largest message that is taken, in bytes.
struct MessageLimits {
    std::size_t json, payload;
};
constexpr MessageLimits request_limits{4 << 10, 0};
constexpr MessageLimits answer_limits{4 << 20, 256 << 20};

/// None: as long as it takes.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

enum class Delivery {
    done,
    closed,    ///< nobody is at the other end any more
    timed_out, ///< the deadline came first
    nonsense,  ///< what came is no message, or larger than allowed
};

/// Sends a message. `descriptor` goes along where it isn't -1. No signal is raised when the other end is
/// gone.
Delivery send_message(int socket, std::string_view json, std::span<const std::byte> payload, int descriptor,
                      const Deadline& deadline);

/// Waits for a message and takes it. Memory is used for bytes that came only, whatever length was announced.
/// With `Descriptors::none`, a descriptor that comes along is closed.
enum class Descriptors { none, one };
Delivery receive_message(int socket, const MessageLimits& limits, Descriptors wanted,
                         const Deadline& deadline, Message& message);

} // namespace photosafe

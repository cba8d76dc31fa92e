// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <photosafe/error.hpp>

#include "device/codec.hpp"
#include "device/service_stream.hpp"

namespace photosafe::afc {

/// What became of a request.
struct Outcome {
    std::exception_ptr lost;           ///< the connection ended before the reply; all else is then unset
    std::uint64_t status = status::ok; ///< what the phone says of the request
    std::uint64_t number = 0;          ///< the handle of a file that was opened, a position
    std::size_t bytes = 0;             ///< that a read put into its buffer
    std::vector<std::byte> list;       ///< names; keys and values
};

/// Called once, on the connection's own thread: it must not block. It may submit further requests.
using Completion = std::function<void(Outcome&&)>;

/// The error for a status other than ok: `Reading IMG_1.HEIC: the phone has an input or output error.`
DeviceError status_error(std::uint64_t status, std::string_view doing, std::string_view path);

struct Timing {
    std::chrono::milliseconds deadline{30'000};   ///< silence while an answer is due ends the connection
    std::chrono::milliseconds keep_alive{30'000}; ///< an idle connection is asked something so often
};

/// One AFC conversation, with any number of requests in flight. Replies are matched by packet number;
/// whatever the phone sends that can't be an answer ends the connection, which is never used again then.
///
/// Threads: any. One thread of its own does all input and output.
class Connection {
public:
    Connection(ServiceStream stream, Timing timing);
    /// Requests in flight are completed as lost.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Sends a request when it is its turn. False, and `done` is never called, when the connection has ended.
    /// A read's bytes go to `into`, which has to stay until `done` was called; the phone can't send more.
    [[nodiscard]] bool submit(Request request, Completion done, std::span<std::byte> into = {});

    bool alive() const;
    /// Why it ended; null while it is alive.
    std::exception_ptr ended() const;
    /// Whether the phone once answered reads of one file in another order than they were asked. It can't have
    /// several in flight then.
    bool disordered() const;

private:
    class Core;
    std::shared_ptr<Core> core_;
};

} // namespace photosafe::afc

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include <photosafe/source.hpp>

#include "device/any_stop.hpp"
#include "device/session.hpp"
#include "source/device_transfer.hpp"

namespace photosafe {

/// Reads one file of a phone, over as many connections as it takes: where one ends, the next goes on behind
/// the last complete reply.
class DeviceReader final : public Reader {
public:
    /// Sends the first requests and returns. Errors: `invalid` for an offset behind the end.
    DeviceReader(std::shared_ptr<Session> session, std::shared_ptr<Flow> flow, SourceFile file,
                 std::uint64_t offset, std::stop_token stop);
    ~DeviceReader() override;

    std::span<const std::byte> next() override;
    void finish() override;

private:
    void begin(Transfer::Check check);
    void connect();
    void lose(const DeviceError& error);

    std::shared_ptr<Session> session_;
    std::shared_ptr<Flow> flow_;
    Flow::Share share_;
    SourceFile file_;
    AnyStop stop_;
    std::shared_ptr<Transfer> transfer_; // none: its connection ended
    std::uint64_t offset_;               // where the current transfer began
    std::uint64_t given_;
    Chunk current_;
    unsigned fruitless_ = 0; // connections in a row that brought nothing
};

} // namespace photosafe

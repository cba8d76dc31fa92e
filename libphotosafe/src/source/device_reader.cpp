// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_reader.hpp"

#include <utility>

#include "core/text.hpp"
#include "device/connection.hpp"

namespace photosafe {

namespace {

constexpr unsigned most_fruitless = 3;

/// The same error with the file's name before it.
DeviceError about(const DeviceError& error, const SourceFile& file)
{
    return DeviceError{error.code(), "Reading " + printable(file.path) + ": " + error.what(), file.path};
}

} // namespace

DeviceReader::DeviceReader(std::shared_ptr<Session> session, std::shared_ptr<Flow> flow, SourceFile file,
                           std::uint64_t offset, std::stop_token stop)
    : session_{std::move(session)}, flow_{std::move(flow)}, share_{*flow_}, file_{std::move(file)},
      stop_{std::move(stop), session_->options().stop}, offset_{offset}, given_{offset}
{
    if (offset > file_.bytes)
        throw DeviceError{ErrorCode::invalid, "Reading " + printable(file_.path) + " from behind its end.",
                          file_.path};
    begin(Transfer::Check::none);
}

DeviceReader::~DeviceReader()
{
    if (transfer_) transfer_->abandon();
}

void DeviceReader::begin(Transfer::Check check)
{
    transfer_.reset(); // so that its connection counts as free
    auto connection = session_->least_used();
    if (!connection) return;
    transfer_ = std::make_shared<Transfer>(std::move(connection), flow_, file_, offset_, check,
                                           session_->disordered());
    transfer_->start();
}

/// Sees to it that there is a transfer. One that goes on after the loss of another looks at the file first.
void DeviceReader::connect()
{
    while (!transfer_) {
        try {
            session_->restore(stop_.token());
        } catch (const DeviceError& error) {
            if (error.code() == ErrorCode::cancelled) throw;
            throw about(error, file_);
        }
        begin(Transfer::Check::as_listed);
    }
}

/// After the end of the transfer's connection. Errors: `error`, when that happened too often without a byte.
void DeviceReader::lose(const DeviceError& error)
{
    const auto reached = transfer_->received();
    fruitless_ = reached > offset_ ? 1 : fruitless_ + 1;
    offset_ = reached;
    transfer_.reset();
    current_ = {};
    if (fruitless_ > most_fruitless) throw about(error, file_);
    if (fruitless_ > 1) pause(fruitless_ * std::chrono::milliseconds{100}, stop_.token());
}

std::span<const std::byte> DeviceReader::next()
{
    while (given_ < file_.bytes) {
        connect();
        try {
            auto chunk = transfer_->take(std::exchange(current_, {}), stop_.token());
            if (!chunk) break;
            current_ = std::move(*chunk);
            given_ += current_.bytes;
            return {current_.memory.get(), current_.bytes};
        } catch (const DeviceError& error) {
            if (error.code() == ErrorCode::cancelled || !transfer_->lost()) throw;
            lose(error);
        }
    }
    return {};
}

void DeviceReader::finish()
{
    if (given_ != file_.bytes)
        throw DeviceError{ErrorCode::mismatch, printable(file_.path) + " was not read to its end.",
                          file_.path};
    for (;;) {
        connect();
        try {
            return transfer_->prove(stop_.token());
        } catch (const DeviceError& error) {
            if (error.code() == ErrorCode::cancelled || !transfer_->lost()) throw;
            lose(error);
        }
    }
}

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include <photosafe/source.hpp>

#include "device/afc.hpp"
#include "source/device_flow.hpp"

namespace photosafe {

/// Bytes that came from the phone.
struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t capacity = 0;
    std::size_t bytes = 0;
};

/// One file on its way over one connection, from an offset to its end, with its proof: closed well, and size
/// and time asked once more on the connection that brought the bytes.
///
/// It runs by itself on the connection's thread, as far ahead as the flow allows; a consumer takes chunks and
/// at last the proof. Where the connection ends, what is complete can still be taken; another transfer goes
/// on at `received()`.
///
/// Errors: DeviceError; `changed` when the file isn't what was listed. Threads: one consumer.
class Transfer : public std::enable_shared_from_this<Transfer> {
public:
    enum class Check { none, as_listed }; ///< whether to look at the file before reading

    Transfer(std::shared_ptr<afc::Connection> connection, std::shared_ptr<Flow> flow, const SourceFile& file,
             std::uint64_t offset, Check check, bool one_at_a_time);

    /// Sends the first requests; returns without waiting.
    void start();
    /// The next bytes; waits for them. None after the last. Gives `used` back to be filled again.
    std::optional<Chunk> take(Chunk used, const std::stop_token& stop);
    /// Waits for the proof.
    void prove(const std::stop_token& stop);
    /// Nobody wants the rest: closes the file on the phone.
    void abandon();

    /// Offset of the first byte that did not come completely.
    std::uint64_t received() const;
    /// Whether it ended because its connection did.
    bool lost() const;

private:
    using Handler = void (Transfer::*)(afc::Outcome&&);
    bool submit(afc::Request request, Handler handler);
    void on_checked(afc::Outcome&& outcome);
    void on_opened(afc::Outcome&& outcome);
    void on_sought(afc::Outcome&& outcome);
    void on_closed(afc::Outcome&& outcome);
    void on_proof(afc::Outcome&& outcome);
    void on_read(Chunk&& chunk, std::size_t asked, afc::Outcome&& outcome);

    // Called with mutex_ held.
    bool failed_by(const afc::Outcome& outcome, const char* doing);
    void fail(std::exception_ptr why, bool lost = false);
    void fail_changed(const char* how);
    void pump();
    std::size_t next_request() const;
    bool ask(std::size_t bytes);
    Chunk memory(std::size_t bytes);
    void conclude();
    void close();
    void compare(const afc::Outcome& outcome);

    const std::shared_ptr<afc::Connection> connection_;
    const std::shared_ptr<Flow> flow_;
    const SourceFile file_;
    const std::string path_; // as it is asked for
    const Check check_;
    const bool one_at_a_time_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<std::uint64_t> handle_;
    bool positioned_ = false;
    bool abandoned_ = false;
    std::uint64_t start_;
    std::uint64_t received_;  // offset behind the last complete reply
    std::uint64_t asked_ = 0; // bytes in flight
    std::size_t buffered_ = 0;
    std::deque<Chunk> ready_;
    std::vector<Chunk> spare_;
    bool closed_ = false, proven_ = false;
    std::exception_ptr failure_;
    bool lost_ = false;
};

/// "IMG_1.HEIC changed on the phone while it was read…"
DeviceError changed_error(const SourceFile& file, std::string_view how);

} // namespace photosafe

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_transfer.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace photosafe {

DeviceError changed_error(const SourceFile& file, std::string_view how)
{
    return DeviceError{ErrorCode::changed,
                       printable(file.path) + " changed on the phone while it was read (" + std::string{how} +
                           "): import again to get it as it is now.",
                       file.path};
}

Transfer::Transfer(std::shared_ptr<afc::Connection> connection, std::shared_ptr<Flow> flow,
                   const SourceFile& file, std::uint64_t offset, Check check, bool one_at_a_time)
    : connection_{std::move(connection)}, flow_{std::move(flow)}, file_{file}, path_{"/" + file.path},
      check_{check}, one_at_a_time_{one_at_a_time}, start_{offset}, received_{offset}
{
}

bool Transfer::submit(afc::Request request, Handler handler)
{
    return connection_->submit(std::move(request),
                               [self = shared_from_this(), handler](afc::Outcome&& outcome) {
                                   const std::scoped_lock lock{self->mutex_};
                                   (self.get()->*handler)(std::move(outcome));
                                   self->changed_.notify_all();
                               });
}

void Transfer::start()
{
    const std::scoped_lock lock{mutex_};
    const bool sent = (check_ == Check::none || submit(afc::file_info(path_), &Transfer::on_checked)) &&
                      submit(afc::open_to_read(path_), &Transfer::on_opened);
    if (!sent) fail(connection_->ended(), true);
}

/// Notes the failure that an outcome tells of.
bool Transfer::failed_by(const afc::Outcome& outcome, const char* doing)
{
    if (outcome.lost)
        fail(outcome.lost, true);
    else if (outcome.status != afc::status::ok)
        fail(std::make_exception_ptr(afc::status_error(outcome.status, doing, file_.path)));
    return outcome.lost || outcome.status != afc::status::ok;
}

void Transfer::fail(std::exception_ptr why, bool lost)
{
    if (failure_) return; // the first one is the cause
    failure_ = std::move(why);
    lost_ = lost;
    if (!lost) close();
    changed_.notify_all();
}

void Transfer::fail_changed(const char* how) { fail(std::make_exception_ptr(changed_error(file_, how))); }

/// Closes the file on the phone where nobody waits for that any more.
void Transfer::close()
{
    if (!handle_ || closed_) return;
    (void)connection_->submit(afc::file_close(*std::exchange(handle_, std::nullopt)), {});
}

void Transfer::compare(const afc::Outcome& outcome)
{
    try {
        const auto info = afc::parse_file_info(outcome.list);
        if (info.kind != afc::FileKind::file)
            fail_changed("it is no file any more");
        else if (info.bytes != file_.bytes)
            fail_changed("its size is another");
        else if (info.modified != file_.modified)
            fail_changed("its time is another");
    } catch (...) {
        fail(std::current_exception());
    }
}

void Transfer::on_checked(afc::Outcome&& outcome)
{
    if (!failed_by(outcome, "Looking at")) compare(outcome);
}

void Transfer::on_opened(afc::Outcome&& outcome)
{
    if (failed_by(outcome, "Opening")) return;
    handle_ = outcome.number;
    if (abandoned_ || failure_) return close();
    if (start_ == 0) {
        positioned_ = true;
        pump();
    } else if (!submit(afc::file_seek(*handle_, start_), &Transfer::on_sought)) {
        fail(connection_->ended(), true);
    }
}

void Transfer::on_sought(afc::Outcome&& outcome)
{
    if (failed_by(outcome, "Going on in") || failure_ || abandoned_) return;
    positioned_ = true;
    pump();
}

/// Bytes to ask for next, or 0. The last request asks for one byte more than was announced: a file that grew
/// shows itself without a further round trip.
std::size_t Transfer::next_request() const
{
    const std::uint64_t covered = received_ + asked_;
    if (covered > file_.bytes || (one_at_a_time_ && asked_ > 0)) return 0;
    const auto chunk = flow_->chunk();
    if (asked_ + buffered_ > 0 && asked_ + buffered_ + chunk > flow_->window()) return 0;
    const std::uint64_t left = file_.bytes - covered;
    return left <= chunk ? static_cast<std::size_t>(left) + 1 : chunk;
}

Chunk Transfer::memory(std::size_t bytes)
{
    while (!spare_.empty()) {
        Chunk chunk = std::move(spare_.back());
        spare_.pop_back();
        if (chunk.capacity >= bytes) return chunk;
    }
    const auto capacity = std::max(bytes, std::min<std::uint64_t>(flow_->chunk(), file_.bytes) + 1);
    return {std::make_unique_for_overwrite<std::byte[]>(capacity), capacity, 0};
}

bool Transfer::ask(std::size_t bytes)
{
    auto chunk = std::make_shared<Chunk>(memory(bytes));
    const std::span<std::byte> into{chunk->memory.get(), bytes};
    auto done = [self = shared_from_this(), chunk, bytes](afc::Outcome&& outcome) {
        const std::scoped_lock lock{self->mutex_};
        self->on_read(std::move(*chunk), bytes, std::move(outcome));
        self->changed_.notify_all();
    };
    if (!connection_->submit(afc::file_read(*handle_, bytes), std::move(done), into)) return false;
    asked_ += bytes;
    return true;
}

void Transfer::pump()
{
    if (!positioned_ || failure_ || abandoned_ || !handle_) return;
    while (const auto bytes = next_request()) {
        if (!ask(bytes)) return fail(connection_->ended(), true);
    }
}

void Transfer::on_read(Chunk&& chunk, std::size_t asked, afc::Outcome&& outcome)
{
    asked_ -= asked;
    if (failed_by(outcome, "Reading") || failure_ || abandoned_) return;
    if (outcome.bytes > file_.bytes - received_) return fail_changed("it has grown");
    if (outcome.bytes == 0 && received_ < file_.bytes) return fail_changed("it ends early");
    flow_->note(outcome.bytes);
    received_ += outcome.bytes;
    chunk.bytes = outcome.bytes;
    if (chunk.bytes > 0) {
        buffered_ += chunk.bytes;
        ready_.push_back(std::move(chunk));
    }
    if (received_ == file_.bytes)
        conclude();
    else
        pump();
}

/// All bytes are there: asks for the proof at once, so that the link isn't idle until somebody wants it.
void Transfer::conclude()
{
    if (asked_ > 0 || !handle_) return;
    const auto handle = *std::exchange(handle_, std::nullopt);
    const bool sent = submit(afc::file_close(handle), &Transfer::on_closed) &&
                      submit(afc::file_info(path_), &Transfer::on_proof);
    if (!sent) fail(connection_->ended(), true);
}

void Transfer::on_closed(afc::Outcome&& outcome) { closed_ = !failed_by(outcome, "Closing"); }

void Transfer::on_proof(afc::Outcome&& outcome)
{
    if (failed_by(outcome, "Looking again at")) return;
    compare(outcome);
    proven_ = !failure_;
}

std::optional<Chunk> Transfer::take(Chunk used, const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    buffered_ -= used.bytes;
    if (used.memory) spare_.push_back(std::move(used));
    pump();
    changed_.wait(lock, stop, [&] { return !ready_.empty() || failure_ || received_ == file_.bytes; });
    if (stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
    if (ready_.empty() && failure_) std::rethrow_exception(failure_);
    if (ready_.empty()) return std::nullopt;
    Chunk chunk = std::move(ready_.front());
    ready_.pop_front();
    return chunk;
}

void Transfer::prove(const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, stop, [&] { return failure_ || (closed_ && proven_); });
    if (stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
    if (failure_) std::rethrow_exception(failure_);
}

void Transfer::abandon()
{
    const std::scoped_lock lock{mutex_};
    abandoned_ = true;
    close();
}

std::uint64_t Transfer::received() const
{
    const std::scoped_lock lock{mutex_};
    return received_;
}

bool Transfer::lost() const
{
    const std::scoped_lock lock{mutex_};
    return lost_;
}

} // namespace photosafe

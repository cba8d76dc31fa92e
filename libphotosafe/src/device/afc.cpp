// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/afc.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include <sys/eventfd.h>

#include "device/afc_pending.hpp"
#include "device/apart.hpp"

namespace photosafe::afc {

namespace {

using Clock = ServiceStream::Clock;

constexpr std::size_t input_bytes = 64 * 1024;
constexpr std::size_t direct_from = 8 * 1024;        // a rest this long is read straight into its place
constexpr std::size_t list_limit = 64 * 1024 * 1024; // four million names; a phone says what it likes
constexpr std::size_t list_step = 1024 * 1024;       // memory follows what came, not what was announced

[[noreturn]] void nonsense(std::string_view what) { throw DeviceError{ErrorCode::protocol, what}; }

Descriptor make_event()
{
    Descriptor event{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    if (!event)
        throw DeviceError{ErrorCode::io,
                          std::string{"Preparing a connection: "} + std::strerror(errno) + "."};
    return event;
}

} // namespace

/// The conversation itself. It outlives its Connection where that is let go of by one of its own completions.
class Connection::Core {
public:
    Core(ServiceStream stream, Timing timing) : stream_{std::move(stream)}, timing_{timing} {}

    bool submit(Pending&& request);
    void close();
    void run() noexcept;
    std::exception_ptr ended() const;
    bool disordered() const { return disordered_; }

    std::thread thread;

private:
    // Everything below is the thread's own, but for what `mutex_` guards.
    void shake_hands();
    void converse();
    void take_queue();
    bool send();
    bool receive();
    void consume_input();
    void begin_reply(const Header& header);
    void finish_reply();
    void take_body(std::size_t bytes);
    std::span<std::byte> body_space();
    void sleep(bool writing);
    bool waits_for_phone() const;
    Clock::time_point wake_time() const;
    void keep_alive();
    void end(std::exception_ptr why) noexcept;

    ServiceStream stream_;
    Timing timing_;
    Descriptor event_ = make_event();

    mutable std::mutex mutex_;
    std::vector<Pending> queue_; // guarded
    bool sleeping_ = false;      // guarded
    bool closing_ = false;       // guarded
    std::exception_ptr ended_;   // guarded

    std::vector<Pending> taken_;
    std::deque<Pending> pending_;
    std::uint64_t next_number_ = 1;
    std::vector<std::byte> output_;
    std::size_t sent_ = 0;
    std::vector<std::byte> input_ = std::vector<std::byte>(input_bytes);
    std::size_t input_begin_ = 0, input_end_ = 0;
    Clock::time_point last_heard_ = Clock::now();

    bool in_body_ = false;
    Header header_;
    Pending current_;
    std::uint64_t body_left_ = 0;
    std::size_t body_done_ = 0;
    std::vector<std::byte> body_; // of a reply that isn't a read's data
    std::atomic<bool> disordered_{false};
};

bool Connection::Core::submit(Pending&& request)
{
    bool wake = false;
    {
        const std::scoped_lock lock{mutex_};
        if (ended_ || closing_) return false;
        queue_.push_back(std::move(request));
        wake = std::exchange(sleeping_, false);
    }
    if (wake) (void)::eventfd_write(event_.get(), 1);
    return true;
}

void Connection::Core::close()
{
    {
        const std::scoped_lock lock{mutex_};
        closing_ = true;
    }
    (void)::eventfd_write(event_.get(), 1);
}

std::exception_ptr Connection::Core::ended() const
{
    const std::scoped_lock lock{mutex_};
    return ended_;
}

void Connection::Core::run() noexcept
{
    block_signals();
    try {
        shake_hands();
        converse();
        end(std::make_exception_ptr(
            DeviceError{ErrorCode::cancelled, "The connection to the phone was closed."}));
    } catch (...) {
        end(std::current_exception());
    }
}

void Connection::Core::shake_hands()
{
    const auto deadline = Clock::now() + timing_.deadline;
    for (;;) {
        const auto wants = stream_.handshake();
        if (wants == ServiceStream::Wants::nothing) break;
        switch (stream_.wait(wants == ServiceStream::Wants::to_write, event_.get(), deadline)) {
        case ServiceStream::Event::late:
            throw DeviceError{ErrorCode::timeout,
                              "The phone didn't answer in time: unplug it and plug it in again."};
        case ServiceStream::Event::woken: {
            eventfd_t count = 0;
            (void)::eventfd_read(event_.get(), &count);
            const std::scoped_lock lock{mutex_};
            if (closing_) return;
            break;
        }
        case ServiceStream::Event::ready: break;
        }
    }
    last_heard_ = Clock::now();
}

void Connection::Core::converse()
{
    for (;;) {
        take_queue();
        const bool writing = !send();
        if (receive()) continue;
        {
            const std::scoped_lock lock{mutex_};
            if (closing_) return;
            if (!queue_.empty()) continue;
            sleeping_ = true;
        }
        sleep(writing);
    }
}

/// Numbers what was submitted and puts it in the output.
void Connection::Core::take_queue()
{
    {
        const std::scoped_lock lock{mutex_};
        taken_.swap(queue_);
    }
    if (!taken_.empty() && !waits_for_phone()) last_heard_ = Clock::now(); // an answer is due from now on
    for (auto& request : taken_) {
        request.number = next_number_++;
        append(output_, request.request, request.number);
        pending_.push_back(std::move(request));
    }
    taken_.clear();
}

/// Sends what is in the output; false when the rest has to wait.
bool Connection::Core::send()
{
    while (sent_ < output_.size()) {
        const auto progress = stream_.write(std::span{output_}.subspan(sent_));
        if (progress.bytes == 0) return false;
        sent_ += progress.bytes;
    }
    output_.clear();
    sent_ = 0;
    return true;
}

/// Reads once and takes apart what came; false when there is nothing.
bool Connection::Core::receive()
{
    const auto rest = in_body_ ? body_space() : std::span<std::byte>{};
    if (rest.size() >= direct_from) {
        const auto progress = stream_.read(rest);
        if (progress.bytes == 0) return false;
        last_heard_ = Clock::now();
        take_body(progress.bytes);
        return true;
    }
    if (input_begin_ == input_end_) input_begin_ = input_end_ = 0;
    if (input_begin_ > 0 && input_.size() - input_end_ < direct_from) {
        std::memmove(input_.data(), input_.data() + input_begin_, input_end_ - input_begin_);
        input_end_ -= std::exchange(input_begin_, 0);
    }
    const auto progress = stream_.read(std::span{input_}.subspan(input_end_));
    if (progress.bytes == 0) return false;
    last_heard_ = Clock::now();
    input_end_ += progress.bytes;
    consume_input();
    return true;
}

void Connection::Core::consume_input()
{
    while (input_begin_ < input_end_) {
        const auto input = std::span{input_}.subspan(input_begin_, input_end_ - input_begin_);
        if (!in_body_) {
            if (input.size() < header_bytes) return;
            input_begin_ += header_bytes;
            begin_reply(parse_header(input.first<header_bytes>()));
            continue;
        }
        const auto space = body_space();
        const auto bytes = std::min(space.size(), input.size());
        std::memcpy(space.data(), input.data(), bytes);
        input_begin_ += bytes;
        take_body(bytes);
    }
}

/// Finds the request that a reply is for, and checks that it can be its reply.
void Connection::Core::begin_reply(const Header& header)
{
    const auto found = std::ranges::find(pending_, header.packet_number, &Pending::number);
    if (found == pending_.end()) nonsense("The phone answered a request that was not made.");
    if (std::any_of(pending_.begin(), found,
                    [&](const Pending& earlier) { return earlier.same_file(*found); })) {
        disordered_ = true; // what came may belong elsewhere in the file
        nonsense("The phone answered reads of a file out of order.");
    }
    if (header.operation != Operation::status && header.operation != good_reply(found->request.operation))
        nonsense("The phone answered a request with the reply of another kind.");
    const bool data_of_read = header.operation == Operation::data && found->reads();
    if (header.payload() > (data_of_read ? found->into.size() : list_limit))
        nonsense("The phone announced more than can be.");

    header_ = header;
    current_ = std::move(*found);
    pending_.erase(found);
    in_body_ = true;
    body_left_ = header.payload();
    body_done_ = 0;
    body_.clear();
    if (body_left_ == 0) finish_reply();
}

/// Where the next bytes of the body go; never empty within a body.
std::span<std::byte> Connection::Core::body_space()
{
    if (header_.operation == Operation::data && current_.reads())
        return current_.into.subspan(body_done_, body_left_);
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, list_step));
    body_.resize(body_done_ + bytes);
    return std::span{body_}.subspan(body_done_);
}

void Connection::Core::take_body(std::size_t bytes)
{
    body_done_ += bytes;
    body_left_ -= bytes;
    if (body_left_ == 0) finish_reply();
}

void Connection::Core::finish_reply()
{
    Outcome outcome;
    if (header_.operation == Operation::status) {
        outcome.status = parse_number(body_);
        const auto good = good_reply(current_.request.operation);
        if (outcome.status == status::ok &&
            (good == Operation::file_open_result || good == Operation::file_tell_result))
            nonsense("The phone says that it did what it was asked for, but not how.");
    } else if (header_.operation == Operation::data) {
        outcome.bytes = body_done_;
        outcome.list = std::move(body_);
    } else {
        outcome.number = parse_number(body_);
    }
    body_ = {};
    in_body_ = false; // until here an error would lose this request too
    const Completion done = std::move(current_.done);
    if (done) done(std::move(outcome));
}

/// Whether a reply is due, or the rest of one: that one isn't among the pending any more.
bool Connection::Core::waits_for_phone() const { return in_body_ || !pending_.empty(); }

Clock::time_point Connection::Core::wake_time() const
{
    return last_heard_ + (waits_for_phone() ? timing_.deadline : timing_.keep_alive);
}

void Connection::Core::sleep(bool writing)
{
    const auto event = stream_.wait(writing, event_.get(), wake_time());
    {
        const std::scoped_lock lock{mutex_};
        sleeping_ = false;
    }
    if (event == ServiceStream::Event::woken) {
        eventfd_t count = 0;
        (void)::eventfd_read(event_.get(), &count);
    }
    if (event != ServiceStream::Event::late) return;
    if (waits_for_phone())
        throw DeviceError{ErrorCode::timeout, "The phone fell silent: unlock it, or plug it in again."};
    keep_alive();
}

/// An idle session dies after some minutes; the answer doesn't matter.
void Connection::Core::keep_alive()
{
    const std::scoped_lock lock{mutex_};
    queue_.push_back({file_info("/"), {}, {}, 0});
}

/// Completes all that is still open as lost.
void Connection::Core::end(std::exception_ptr why) noexcept
{
    std::vector<Pending> open;
    {
        const std::scoped_lock lock{mutex_};
        ended_ = why;
        open.swap(queue_);
    }
    const auto lose = [&](Pending& request) {
        if (!request.done) return;
        Outcome outcome;
        outcome.lost = why;
        request.done(std::move(outcome));
        request.done = {};
    };
    if (in_body_) lose(current_);
    for (auto& request : pending_) lose(request);
    for (auto& request : taken_) lose(request);
    for (auto& request : open) lose(request);
    pending_.clear();
}

Connection::Connection(ServiceStream stream, Timing timing)
    : core_{std::make_shared<Core>(std::move(stream), timing)}
{
    core_->thread = std::thread{[core = core_] { core->run(); }};
}

Connection::~Connection()
{
    core_->close();
    // The last one to let go may be a completion, which runs on the thread itself.
    if (core_->thread.get_id() == std::this_thread::get_id())
        core_->thread.detach();
    else
        core_->thread.join();
}

bool Connection::submit(Request request, Completion done, std::span<std::byte> into)
{
    return core_->submit({std::move(request), std::move(done), into, 0});
}

bool Connection::alive() const { return !core_->ended(); }
std::exception_ptr Connection::ended() const { return core_->ended(); }
bool Connection::disordered() const { return core_->disordered(); }

} // namespace photosafe::afc

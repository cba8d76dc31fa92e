// SPDX-License-Identifier: LGPL-2.1-or-later
// The AFC conversation with a peer that the test writes byte by byte.
#include <array>
#include <cstring>
#include <future>
#include <thread>

#include <sys/socket.h>

#include "device/afc.hpp"
#include "phone_help.hpp"

namespace photosafe::test {
namespace {

using afc::Outcome;

class AfcConnection : public ::testing::Test {
protected:
    AfcConnection() { connect({}); }

    void connect(afc::Timing timing)
    {
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        phone_ = Descriptor{ends[1]};
        connection_ = std::make_unique<afc::Connection>(ServiceStream{Descriptor{ends[0]}}, timing);
    }

    std::future<Outcome> ask(afc::Request request, std::span<std::byte> into = {})
    {
        auto promise = std::make_shared<std::promise<Outcome>>();
        auto outcome = promise->get_future();
        if (!connection_->submit(
                std::move(request), [promise](Outcome&& o) { promise->set_value(std::move(o)); }, into))
            throw std::runtime_error{"the connection has ended"};
        return outcome;
    }

    /// One request as it came, whole.
    std::string receive(std::size_t bytes)
    {
        std::string request(bytes, '\0');
        EXPECT_EQ(::recv(phone_.get(), request.data(), bytes, MSG_WAITALL), static_cast<ssize_t>(bytes));
        return request;
    }

    void send(std::string_view bytes)
    {
        EXPECT_EQ(::send(phone_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }

    static std::string reply(std::uint64_t packet, std::uint64_t operation, std::string_view payload)
    {
        const std::uint64_t own = operation == 2 ? 40 : 40 + payload.size();
        const std::array<std::uint64_t, 4> fields{40 + payload.size(), own, packet, operation};
        std::string bytes{"CFA6LPAA"};
        bytes.append(reinterpret_cast<const char*>(fields.data()), sizeof(fields));
        return bytes.append(payload);
    }

    static std::string error_in(const Outcome& outcome)
    {
        return error_of([&] {
            if (outcome.lost) std::rethrow_exception(outcome.lost);
        });
    }

    Descriptor phone_;
    std::unique_ptr<afc::Connection> connection_;
};

TEST_F(AfcConnection, MatchesRepliesByPacketNumberInAnyOrder)
{
    auto one = ask(afc::read_folder("/a"));
    auto two = ask(afc::read_folder("/b"));
    receive(43 + 43);
    send(reply(2, 2, "second") + reply(1, 2, "first"));
    EXPECT_EQ(afc::as_text(one.get().list), "first");
    EXPECT_EQ(afc::as_text(two.get().list), "second");
}

TEST_F(AfcConnection, TakesRepliesInPiecesOfAnySize)
{
    auto outcome = ask(afc::read_folder("/a"));
    for (const char byte : reply(1, 2, "names")) send({&byte, 1});
    EXPECT_EQ(afc::as_text(outcome.get().list), "names");
}

TEST_F(AfcConnection, PutsBytesOfAReadStraightIntoTheirPlace)
{
    std::vector<std::byte> buffer(300'000);
    auto outcome = ask(afc::file_read(7, buffer.size()), buffer);
    const auto content = picture(buffer.size());
    std::jthread sender{[&] { send(reply(1, 2, content)); }};
    EXPECT_EQ(outcome.get().bytes, buffer.size());
    EXPECT_EQ(afc::as_text(buffer), content);
}

TEST_F(AfcConnection, TakesNoReadsOfOneFileOutOfOrder)
{
    std::array<std::byte, 10> first{}, second{};
    auto one = ask(afc::file_read(7, 10), first);
    auto two = ask(afc::file_read(7, 10), second);
    receive(56 + 56);
    send(reply(2, 2, "0123456789"));
    EXPECT_EQ(error_in(two.get()), "protocol");
    EXPECT_EQ(error_in(one.get()), "protocol");
    EXPECT_TRUE(connection_->disordered());
}

TEST_F(AfcConnection, TakesReadsOfDifferentFilesInAnyOrder)
{
    std::array<std::byte, 10> first{}, second{};
    auto one = ask(afc::file_read(7, 10), first);
    auto two = ask(afc::file_read(8, 10), second);
    receive(56 + 56);
    send(reply(2, 2, "0123456789") + reply(1, 2, "x"));
    EXPECT_EQ(two.get().bytes, 10u);
    EXPECT_EQ(one.get().bytes, 1u);
}

TEST_F(AfcConnection, EndsAtAReplyThatIsLongerThanWhatWasAskedFor)
{
    std::array<std::byte, 10> buffer{};
    auto outcome = ask(afc::file_read(7, 10), buffer);
    receive(56);
    send(reply(1, 2, "0123456789x"));
    EXPECT_EQ(error_in(outcome.get()), "protocol");
    EXPECT_FALSE(connection_->alive());
    EXPECT_THROW((void)ask(afc::file_tell(1)), std::runtime_error) << "it is never used again";
}

TEST_F(AfcConnection, EndsAtSuccessWithoutAHandle)
{
    auto outcome = ask(afc::open_to_read("/a"));
    receive(51);
    send(reply(1, 1, std::string(8, '\0')));
    EXPECT_EQ(error_in(outcome.get()), "protocol");
}

TEST_F(AfcConnection, LosesAllThatIsOpenWhenThePhoneGoes)
{
    auto one = ask(afc::read_folder("/a"));
    auto two = ask(afc::read_folder("/b"));
    send(reply(1, 2, "whole").substr(0, 43));
    phone_ = {};
    EXPECT_EQ(error_in(one.get()), "device_gone");
    EXPECT_EQ(error_in(two.get()), "device_gone");
}

TEST_F(AfcConnection, SilenceIsATimeoutOnlyWhereAnAnswerIsDue)
{
    connect({.deadline = 1s, .keep_alive = 60s});
    auto first = ask(afc::read_folder("/a"));
    send(reply(1, 2, ""));
    EXPECT_EQ(error_in(first.get()), "no error");
    EXPECT_EQ(error_in(ask(afc::read_folder("/a")).get()), "timeout");
}

TEST_F(AfcConnection, AsksSomethingNowAndThenWhileItIsIdle)
{
    connect({.deadline = 30s, .keep_alive = 20ms});
    EXPECT_EQ(receive(42).substr(40), std::string_view("/\0", 2));
    send(reply(1, 2, ""));
    EXPECT_EQ(receive(42).substr(40), std::string_view("/\0", 2));
}

TEST_F(AfcConnection, CanBeLetGoOfByItsOwnCompletion)
{
    std::promise<void> done;
    std::shared_ptr<afc::Connection> last = std::move(connection_);
    auto& connection = *last;
    ASSERT_TRUE(connection.submit(afc::read_folder("/a"), [&done, last = std::move(last)](Outcome&&) mutable {
        last.reset();
        done.set_value();
    }));
    send(reply(1, 2, ""));
    done.get_future().wait();
}

} // namespace
} // namespace photosafe::test

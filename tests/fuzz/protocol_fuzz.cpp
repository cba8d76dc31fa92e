// SPDX-License-Identifier: LGPL-2.1-or-later
// What a media worker says that a hostile picture has taken over: any bytes on the socket, and any text as an
// answer.
#include <array>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "core/descriptor.hpp"
#include "fuzz/sound_facts.hpp"
#include "media/metadata_json.hpp"
#include "media/protocol.hpp"

using namespace photosafe;

namespace {

/// Runs `work`; nonsense is the worker's right to say.
template <class Work>
void tolerate(Work&& work)
{
    try {
        work();
    } catch (const MediaError&) { // the worker's fault, and found
    }
}

void understand(Message&& message)
{
    tolerate([&] { (void)hello_of(message); });
    tolerate([&] { (void)request_of(message); });
    tolerate([&] {
        const Metadata facts = metadata_answer(message);
        test::check_sound(facts);
        const nlohmann::json said = to_json(facts);
        if (to_json(metadata_of(said)) != said) std::abort();
    });
    tolerate([&] { (void)picture_answer(std::move(message)); });
}

void receive(const std::uint8_t* data, std::size_t size)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    const Descriptor worker{ends[1]}, library{ends[0]};
    if (::send(worker.get(), data, size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) std::abort();
    (void)::shutdown(worker.get(), SHUT_WR);
    constexpr MessageLimits limits{4096, 4096};
    for (;;) {
        Message message;
        if (receive_message(library.get(), limits, Descriptors::one, {}, message) != Delivery::done) return;
        if (message.json.size() > limits.json || message.payload.size() > limits.payload) std::abort();
        understand(std::move(message));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size > 0 && data[0] == 'P') { // as messages begin
        receive(data, size);
        return 0;
    }
    Message message;
    message.json.assign(data, data + size);
    understand(std::move(message));
    return 0;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace photosafe {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint32_t magic = 0x314d5350; // "PSM1": a worker of another version has another one
constexpr std::size_t step = std::size_t{1} << 20;

/// Both ends are on the same machine, so its byte order will do.
struct Header {
    std::uint32_t magic;
    std::uint32_t json_bytes;
    std::uint64_t payload_bytes;
};

/// Waits until the socket is ready. False: the deadline has come.
bool wait_for(int socket, short event, const Deadline& deadline)
{
    for (;;) {
        int limit = -1;
        if (deadline) {
            const auto left = std::chrono::ceil<milliseconds>(*deadline - steady_clock::now());
            if (left <= milliseconds{0}) return false;
            limit = static_cast<int>(std::min<std::int64_t>(left.count(), std::numeric_limits<int>::max()));
        }
        pollfd one{.fd = socket, .events = event, .revents = 0};
        const int ready = ::poll(&one, 1, limit);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR && errno != EAGAIN) return true; // the next call will say what it is
    }
}

struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

void attach(msghdr& message, Control& control, int descriptor)
{
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
}

Descriptor attached(msghdr& message)
{
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int)))
        return {};
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof(int));
    return Descriptor{fd};
}

/// Takes away what was sent from the front of the parts.
void advance(msghdr& message, std::size_t sent)
{
    while (message.msg_iovlen > 0 && sent >= message.msg_iov->iov_len) {
        sent -= message.msg_iov->iov_len;
        ++message.msg_iov;
        --message.msg_iovlen;
    }
    if (message.msg_iovlen == 0) return;
    message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + sent;
    message.msg_iov->iov_len -= sent;
}

/// Receives bytes, as many as are wanted and no more.
class Receiver {
public:
    Receiver(int socket, Descriptors wanted, const Deadline& deadline)
        : socket_{socket}, wanted_{wanted}, deadline_{&deadline}
    {
    }

    Delivery take(void* to, std::size_t wanted)
    {
        auto* at = static_cast<char*>(to);
        while (wanted > 0) {
            const ssize_t n = receive(at, wanted);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) {
                if (!wait_for(socket_, POLLIN, *deadline_)) return Delivery::timed_out;
                continue;
            }
            if (n <= 0) return Delivery::closed;
            at += n;
            wanted -= static_cast<std::size_t>(n);
        }
        return Delivery::done;
    }

    template <class Bytes>
    Delivery take(Bytes& bytes, std::uint64_t wanted)
    {
        while (bytes.size() < wanted) {
            const std::size_t held = bytes.size();
            const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(step, wanted - held));
            bytes.resize(held + more);
            if (const Delivery how = take(bytes.data() + held, more); how != Delivery::done) return how;
        }
        return Delivery::done;
    }

    Descriptor descriptor; ///< that came along

private:
    ssize_t receive(void* to, std::size_t size)
    {
        iovec part{.iov_base = to, .iov_len = size};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        Control control;
        if (wanted_ == Descriptors::one) {
            message.msg_control = control.bytes.data();
            message.msg_controllen = control.bytes.size();
        }
        const ssize_t n = ::recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
        if (n > 0 && wanted_ == Descriptors::one) {
            if (Descriptor came = attached(message)) descriptor = std::move(came);
        }
        return n;
    }

    int socket_;
    Descriptors wanted_;
    const Deadline* deadline_;
};

} // namespace

Delivery send_message(int socket, std::string_view json, std::span<const std::byte> payload, int descriptor,
                      const Deadline& deadline)
{
    Header header{magic, static_cast<std::uint32_t>(json.size()), payload.size()};
    std::array<iovec, 3> parts{{{&header, sizeof header},
                                {const_cast<char*>(json.data()), json.size()},
                                {const_cast<std::byte*>(payload.data()), payload.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    Control control;
    if (descriptor >= 0) attach(message, control, descriptor);
    while (message.msg_iovlen > 0) {
        const ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) {
            if (!wait_for(socket, POLLOUT, deadline)) return Delivery::timed_out;
            continue;
        }
        if (n < 0) return Delivery::closed;
        message.msg_control = nullptr; // it went with the first byte
        message.msg_controllen = 0;
        advance(message, static_cast<std::size_t>(n));
    }
    return Delivery::done;
}

Delivery receive_message(int socket, const MessageLimits& limits, Descriptors wanted,
                         const Deadline& deadline, Message& message)
{
    Receiver receiver{socket, wanted, deadline};
    Header header{};
    if (const Delivery how = receiver.take(&header, sizeof header); how != Delivery::done) return how;
    if (header.magic != magic || header.json_bytes > limits.json || header.payload_bytes > limits.payload)
        return Delivery::nonsense;
    message.json.clear();
    message.payload.clear();
    if (const Delivery how = receiver.take(message.json, header.json_bytes); how != Delivery::done)
        return how;
    if (const Delivery how = receiver.take(message.payload, header.payload_bytes); how != Delivery::done)
        return how;
    message.descriptor = std::move(receiver.descriptor);
    return Delivery::done;
}

} // namespace photosafe

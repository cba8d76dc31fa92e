// SPDX-License-Identifier: LGPL-2.1-or-later
// The client of the control socket, for scripts.
#include "control.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace simphone {

int control_client(const std::string& socket, const std::string& command)
{
    sockaddr_un name{};
    if (socket.size() >= sizeof name.sun_path)
        throw std::invalid_argument("a socket's path has at most 107 bytes");
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, socket.c_str(), socket.size());
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) {
        throw std::system_error(errno, std::generic_category(), "connecting to " + socket);
    }
    const std::string line = command + "\n";
    if (::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
        throw std::system_error(errno, std::generic_category(), "sending to " + socket);
    }
    std::string answer;
    char chunk[4096];
    while (answer.find('\n') == std::string::npos) {
        const ssize_t got = ::recv(fd.get(), chunk, sizeof chunk, 0);
        if (got <= 0) break;
        answer.append(chunk, static_cast<std::size_t>(got));
    }
    std::fputs(answer.c_str(), stdout);
    return answer.starts_with("{\"ok\":true") ? 0 : 1;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "listener.hpp"

#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace simphone {
namespace {

constexpr int backlog = 128;

std::system_error failed(const std::string& what) { return {errno, std::generic_category(), what}; }

} // namespace

Listener::Listener(const std::string& address)
{
    const std::string path = address.starts_with("UNIX:") ? address.substr(5) : address;
    const auto colon = path.rfind(':');
    const bool is_path = path.find('/') != std::string::npos || colon == std::string::npos;
    if (is_path)
        listen_unix(path);
    else
        listen_tcp(path.substr(0, colon), path.substr(colon + 1));
}

Listener::~Listener()
{
    if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::listen_unix(const std::string& path)
{
    sockaddr_un name{};
    if (path.empty() || path.size() >= sizeof name.sun_path) {
        throw std::invalid_argument("a socket's path has at most 107 bytes: '" + path + "'");
    }
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size());
    struct stat old {};
    if (::lstat(path.c_str(), &old) == 0 && S_ISSOCK(old.st_mode))
        ::unlink(path.c_str()); // of a run that was killed
    fd_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
        throw failed("binding " + path);
    path_ = path;
    if (::listen(fd_.get(), backlog) != 0) throw failed("listening on " + path);
    address_ = "UNIX:" + path;
}

void Listener::listen_tcp(const std::string& host, const std::string& port)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0 || !found) {
        throw std::invalid_argument("neither a path nor HOST:PORT: '" + host + ":" + port + "'");
    }
    const int on = 1;
    fd_ = Fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool bound = ::bind(fd_.get(), found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (!bound || ::listen(fd_.get(), backlog) != 0) throw failed("listening on " + host + ":" + port);
    sockaddr_in6 name{}; // as long as that of IPv4, and the port is at the same place
    socklen_t length = sizeof name;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&name), &length);
    address_ = host + ":" + std::to_string(ntohs(name.sin6_port));
}

int Listener::accept() const { return ::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC); }

} // namespace simphone

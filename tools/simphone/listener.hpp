// SPDX-License-Identifier: LGPL-2.1-or-later
// A listening socket: a UNIX path, or HOST:PORT.
#pragma once

#include "media_root.hpp"

#include <string>

namespace simphone {

/// Removes its UNIX path when destroyed. Throws std::system_error, std::invalid_argument.
class Listener {
public:
    /// `address`: a path, "UNIX:/path", or HOST:PORT with a numeric host; port 0 takes any.
    explicit Listener(const std::string& address);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    int fd() const { return fd_.get(); }
    /// As USBMUXD_SOCKET_ADDRESS takes it.
    const std::string& address() const { return address_; }
    /// The next client's descriptor, or -1.
    int accept() const;

private:
    void listen_unix(const std::string& path);
    void listen_tcp(const std::string& host, const std::string& port);

    Fd fd_;
    std::string path_;
    std::string address_;
};

} // namespace simphone

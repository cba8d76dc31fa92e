// SPDX-License-Identifier: LGPL-2.1-or-later
// A wire, plain or under TLS, as the services see it.
#pragma once

#include "wire.hpp"

#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;
struct bio_st;

namespace simphone {

/// Bytes to and from one client. Threads: one; wire().hang_up() is for others.
class Stream {
public:
    explicit Stream(int fd) : wire_(fd) {}
    ~Stream();

    Wire& wire() { return wire_; }
    /// Waits for at least one byte; 0 at the end of the connection, or when the client ended TLS.
    std::size_t read_some(void* into, std::size_t most);
    /// Waits until there is something to read. Only this, of all functions, may run while another thread
    /// writes.
    bool wait_for_input();
    bool read_exact(void* into, std::size_t size);
    /// One TLS write, with its records flushed to the wire.
    bool write(const void* from, std::size_t size);
    bool write(std::string_view bytes) { return write(bytes.data(), bytes.size()); }

    /// The server's half of the handshake, in place. False when the client doesn't pass.
    bool start_tls(ssl_ctx_st* context);
    /// Did the last read end because the client closed TLS, with the socket still open below?
    bool tls_closed_by_client() const { return tls_closed_; }
    /// Says goodbye in TLS and goes on in plain.
    void stop_tls();
    bool tls() const { return ssl_ != nullptr; }
    /// Protocol and cipher, for the log.
    std::string tls_description() const;

private:
    friend int bio_read(bio_st* bio, char* into, int most);
    friend int bio_write(bio_st* bio, const char* from, int size);
    bool flush();

    Wire wire_;
    ssl_st* ssl_ = nullptr;
    std::string pending_; ///< records on their way out
    bool tls_closed_ = false;
};

} // namespace simphone

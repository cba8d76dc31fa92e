// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/service_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace photosafe {

namespace {

// As much as the kernel gives at once: with OpenSSL's own 17 KB every TLS record costs two system calls.
constexpr std::size_t read_ahead_bytes = 256 * 1024;

using ContextHandle = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;

[[noreturn]] void gone()
{
    throw DeviceError{ErrorCode::device_gone, "The connection to the phone was lost: plug it in again."};
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int descriptor_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int bio_read(BIO* bio, char* buffer, int bytes)
{
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(descriptor_of(bio), buffer, static_cast<std::size_t>(bytes), MSG_DONTWAIT);
    if (got < 0 && would_block(errno)) BIO_set_retry_read(bio);
    return static_cast<int>(got);
}

int bio_write(BIO* bio, const char* buffer, int bytes)
{
    BIO_clear_retry_flags(bio);
    const auto sent =
        ::send(descriptor_of(bio), buffer, static_cast<std::size_t>(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && would_block(errno)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

/// OpenSSL's own socket BIO sends without MSG_NOSIGNAL, which would raise SIGPIPE.
BIO_METHOD* quiet_socket()
{
    static const std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> method = [] {
        std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>> made{
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "photosafe socket")};
        BIO_meth_set_read(made.get(), bio_read);
        BIO_meth_set_write(made.get(), bio_write);
        BIO_meth_set_ctrl(made.get(), bio_control);
        return made;
    }();
    return method.get();
}

[[noreturn]] void bad_identity()
{
    ERR_clear_error();
    throw DeviceError{ErrorCode::not_trusted,
                      "The record of the pairing with the phone is damaged: pair it again."};
}

BioHandle memory(const std::string& pem)
{
    return BioHandle{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

/// A phone's certificates are short RSA ones signed with SHA-1, and old phones speak TLS 1.0 only; both are
/// below what OpenSSL allows by default.
ContextHandle client_context(const lockdown::Identity& identity)
{
    ContextHandle context{SSL_CTX_new(TLS_client_method())};
    if (!context) throw std::bad_alloc{};
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_default_read_buffer_len(context.get(), read_ahead_bytes);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    const CertificateHandle certificate{
        PEM_read_bio_X509(memory(identity.certificate).get(), nullptr, nullptr, nullptr)};
    const KeyHandle key{PEM_read_bio_PrivateKey(memory(identity.key).get(), nullptr, nullptr, nullptr)};
    if (!certificate || !key || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
        bad_identity();
    return context;
}

int int_size(std::size_t bytes) { return static_cast<int>(std::min<std::size_t>(bytes, INT_MAX)); }

} // namespace

ServiceStream::ServiceStream(Descriptor connection) : connection_{std::move(connection)} {}

ServiceStream::ServiceStream(Descriptor connection, const lockdown::Identity& identity)
    : connection_{std::move(connection)}
{
    const auto context = client_context(identity);
    ssl_.reset(SSL_new(context.get())); // keeps the context
    BIO* bio = BIO_new(quiet_socket());
    if (!ssl_ || !bio) throw std::bad_alloc{};
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(connection_.get())));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio); // owns it
    SSL_set_connect_state(ssl_.get());
}

ServiceStream::~ServiceStream()
{
    // A phone that is told so closes the service at once. It is no matter if that can't be sent.
    if (ssl_ && SSL_is_init_finished(ssl_.get())) (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

ServiceStream::Progress ServiceStream::tls_outcome(int rc)
{
    if (rc > 0) return {static_cast<std::size_t>(rc), Wants::nothing};
    switch (SSL_get_error(ssl_.get(), rc)) {
    case SSL_ERROR_WANT_READ: return {0, Wants::to_read};
    case SSL_ERROR_WANT_WRITE: return {0, Wants::to_write};
    default: // closed, reset, or a record that fails its check
        ERR_clear_error();
        SSL_set_quiet_shutdown(ssl_.get(), 1);
        gone();
    }
}

ServiceStream::Wants ServiceStream::handshake()
{
    if (!ssl_) return Wants::nothing;
    ERR_clear_error(); // a stale entry of this thread would be taken for ours
    return tls_outcome(SSL_do_handshake(ssl_.get())).wants;
}

ServiceStream::Progress ServiceStream::read(std::span<std::byte> buffer)
{
    if (ssl_) {
        ERR_clear_error();
        return tls_outcome(SSL_read(ssl_.get(), buffer.data(), int_size(buffer.size())));
    }
    const auto got = ::recv(connection_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) return {static_cast<std::size_t>(got), Wants::nothing};
    if (got < 0 && would_block(errno)) return {0, Wants::to_read};
    gone();
}

ServiceStream::Progress ServiceStream::write(std::span<const std::byte> bytes)
{
    if (ssl_) {
        ERR_clear_error();
        return tls_outcome(SSL_write(ssl_.get(), bytes.data(), int_size(bytes.size())));
    }
    const auto sent = ::send(connection_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return {static_cast<std::size_t>(sent), Wants::nothing};
    if (would_block(errno)) return {0, Wants::to_write};
    gone();
}

ServiceStream::Event ServiceStream::wait(bool writing, int wake, Clock::time_point deadline) const
{
    const short events = writing ? POLLIN | POLLOUT : POLLIN;
    std::array<pollfd, 2> watched{{{connection_.get(), events, 0}, {wake, POLLIN, 0}}};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return Event::late;
        const int ready =
            ::poll(watched.data(), watched.size(), static_cast<int>(std::min<long>(left, INT_MAX)));
        if (ready < 0 && errno != EINTR) gone();
        if (ready <= 0) continue;
        return watched[1].revents != 0 ? Event::woken : Event::ready;
    }
}

} // namespace photosafe

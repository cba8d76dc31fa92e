// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream.hpp"

#include <algorithm>
#include <limits>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace simphone {
namespace {

constexpr std::size_t flush_at = 128 * 1024; ///< the client decrypts these while we encrypt the next

long bio_control(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0; // records are flushed by Stream::write
}

int bio_create(BIO* bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

} // namespace

int bio_read(BIO* bio, char* into, int most)
{
    auto* stream = static_cast<Stream*>(BIO_get_data(bio));
    if (!stream->flush()) return 0; // a handshake message must be out before its answer is waited for
    return static_cast<int>(stream->wire_.read_some(into, static_cast<std::size_t>(most)));
}

int bio_write(BIO* bio, const char* from, int size)
{
    auto* stream = static_cast<Stream*>(BIO_get_data(bio));
    stream->pending_.append(from, static_cast<std::size_t>(size));
    if (stream->pending_.size() >= flush_at && !stream->flush()) return -1;
    return size;
}

namespace {

BIO_METHOD* bio_method()
{
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "simphone wire");
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_ctrl(made, bio_control);
        BIO_meth_set_create(made, bio_create);
        return made;
    }();
    return method;
}

} // namespace

Stream::~Stream() { SSL_free(ssl_); }

bool Stream::flush()
{
    if (pending_.empty()) return true;
    const bool sent = wire_.write_all(pending_.data(), pending_.size());
    pending_.clear();
    return sent;
}

std::size_t Stream::read_some(void* into, std::size_t most)
{
    if (!ssl_) return wire_.read_some(into, most);
    const auto limit = static_cast<std::size_t>(std::numeric_limits<int>::max());
    const int got = SSL_read(ssl_, into, static_cast<int>(std::min(most, limit)));
    if (got > 0) return static_cast<std::size_t>(got);
    tls_closed_ = SSL_get_error(ssl_, got) == SSL_ERROR_ZERO_RETURN;
    ERR_clear_error();
    return 0;
}

bool Stream::wait_for_input() { return (ssl_ && SSL_pending(ssl_) > 0) || wire_.wait_for_input(); }

bool Stream::read_exact(void* into, std::size_t size)
{
    auto* out = static_cast<char*>(into);
    while (size > 0) {
        const std::size_t got = read_some(out, size);
        if (got == 0) return false;
        out += got;
        size -= got;
    }
    return true;
}

bool Stream::write(const void* from, std::size_t size)
{
    if (!ssl_) return wire_.write_all(from, size);
    const auto* bytes = static_cast<const char*>(from);
    while (size > 0) {
        const auto n = std::min<std::size_t>(size, 1 << 30);
        const int sent = SSL_write(ssl_, bytes, static_cast<int>(n));
        if (sent <= 0) {
            ERR_clear_error();
            return false;
        }
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return flush();
}

bool Stream::start_tls(SSL_CTX* context)
{
    ssl_ = SSL_new(context);
    BIO* bio = BIO_new(bio_method());
    BIO_set_data(bio, this);
    SSL_set_bio(ssl_, bio, bio);
    tls_closed_ = false;
    const bool agreed = SSL_accept(ssl_) == 1 && flush();
    ERR_clear_error();
    return agreed;
}

void Stream::stop_tls()
{
    SSL_shutdown(ssl_);
    flush();
    ERR_clear_error();
    SSL_free(ssl_);
    ssl_ = nullptr;
    tls_closed_ = false;
}

std::string Stream::tls_description() const
{
    if (!ssl_) return "plain";
    return std::string(SSL_get_version(ssl_)) + " " + SSL_get_cipher_name(ssl_);
}

} // namespace simphone

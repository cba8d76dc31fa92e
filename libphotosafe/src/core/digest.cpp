// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/digest.hpp"

#include <cstring>
#include <new>

#include <openssl/evp.h>
#include <xxhash.h>

#include "core/handle.hpp"

namespace photosafe {

namespace {

using EvpContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using XxhState = std::unique_ptr<XXH3_state_t, FreeWith<XXH3_freeState>>;

EvpContext new_context()
{
    EvpContext context{EVP_MD_CTX_new()};
    if (!context) throw std::bad_alloc{};
    return context;
}

} // namespace

struct Digester::Impl {
    EvpContext sha = new_context();
    XxhState xxh{XXH3_createState()};
};

Digester::Digester() : impl_{std::make_unique<Impl>()}
{
    if (!impl_->xxh || XXH3_128bits_reset(impl_->xxh.get()) != XXH_OK ||
        EVP_DigestInit_ex(impl_->sha.get(), EVP_sha256(), nullptr) != 1) {
        throw std::bad_alloc{};
    }
}

Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;
Digester::~Digester() = default;

void Digester::update(std::span<const std::byte> bytes)
{
    if (bytes.empty()) return;
    if (EVP_DigestUpdate(impl_->sha.get(), bytes.data(), bytes.size()) != 1 ||
        XXH3_128bits_update(impl_->xxh.get(), bytes.data(), bytes.size()) != XXH_OK) {
        throw std::bad_alloc{}; // neither library has another way to fail here
    }
}

Digest Digester::digest() const
{
    Digest result;
    const EvpContext copy = new_context();
    unsigned length = 0;
    if (EVP_MD_CTX_copy_ex(copy.get(), impl_->sha.get()) != 1 ||
        EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char*>(result.sha256.data()), &length) !=
            1) {
        throw std::bad_alloc{};
    }
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(impl_->xxh.get()));
    std::memcpy(result.xxh128.data(), canonical.digest, result.xxh128.size());
    return result;
}

Digest digest_of(std::span<const std::byte> bytes)
{
    Digester digester;
    digester.update(bytes);
    return digester.digest();
}

std::string hex(std::span<const std::byte> bytes)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        text += digits[std::to_integer<unsigned>(b >> 4)];
        text += digits[std::to_integer<unsigned>(b & std::byte{15})];
    }
    return text;
}

bool from_hex(std::string_view text, std::span<std::byte> bytes) noexcept
{
    if (text.size() != bytes.size() * 2) return false;
    const auto value = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = value(text[2 * i]);
        const int low = value(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i] = static_cast<std::byte>(high * 16 + low);
    }
    return true;
}

std::string sha256_hex(const Digest& digest) { return hex(digest.sha256); }
std::string xxh128_hex(const Digest& digest) { return hex(digest.xxh128); }

} // namespace photosafe

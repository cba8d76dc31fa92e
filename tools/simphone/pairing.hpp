// SPDX-License-Identifier: LGPL-2.1-or-later
// The keys of a phone and the hosts it trusts.
#pragma once

#include "plist.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct evp_pkey_st;
struct ssl_ctx_st;

namespace simphone {

/// An RSA key. Throws std::runtime_error where OpenSSL refuses.
class RsaKey {
public:
    static RsaKey generate();
    static RsaKey from_pem(const std::string& pem);
    std::string private_pem() const; ///< PKCS#1
    std::string public_pem() const;  ///< PKCS#1, as lockdown's DevicePublicKey
    evp_pkey_st* get() const { return key_.get(); }

private:
    explicit RsaKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
    std::shared_ptr<evp_pkey_st> key_;
};

/// One host that the phone trusts. Certificates are PEM, as the host sent them.
struct Pairing {
    std::string host_id;
    std::string system_buid;
    std::string root_certificate;
    std::string host_certificate;
    std::string device_certificate;
    std::string escrow_bag;
};

/// A pairing that the phone accepts, and the pair record with which a host can use it.
struct MadePairing {
    Pairing pairing;
    Plist record;
};

/// Makes all keys and certificates of a pairing: what a host does when it pairs.
MadePairing make_pairing(const RsaKey& device_key, const std::string& system_buid,
                         const std::string& wifi_address);

/// Nothing, or what is wrong with it: an error of lockdown.
std::optional<std::string> check_pairing(const Pairing& pairing);

/// A server's TLS context for this host: presents the device's certificate, admits nobody but this host.
/// Throws std::runtime_error for certificates that can't be used.
std::shared_ptr<ssl_ctx_st> make_tls_context(const RsaKey& device_key, const Pairing& pairing);

/// The hosts one phone trusts, kept in a folder if there is one. Threads: any.
class Pairings {
public:
    /// Loads or makes the device's key. `folder` may be empty: then nothing outlives the process.
    explicit Pairings(std::string folder);

    const RsaKey& device_key() const { return key_; }
    void remember(const Pairing& pairing);
    std::optional<Pairing> find(const std::string& host_id) const;
    /// The TLS context of this host; nothing for a host unknown.
    std::shared_ptr<ssl_ctx_st> tls_context(const std::string& host_id);
    bool forget(const std::string& host_id);
    void forget_all();

private:
    void save() const;
    std::string folder_;
    RsaKey key_;
    mutable std::mutex mutex_;
    std::map<std::string, Pairing> hosts_;
    std::map<std::string, std::shared_ptr<ssl_ctx_st>> contexts_;
};

/// A whole file's bytes; nothing if it can't be read.
std::optional<std::string> read_whole(const std::string& path);
/// Writes by way of a neighbour and a rename. Throws std::system_error.
void write_whole(const std::string& path, const std::string& bytes);
/// Random bytes as upper-case hex, or as a UUID.
std::string random_hex(std::size_t bytes);
std::string random_uuid();

} // namespace simphone

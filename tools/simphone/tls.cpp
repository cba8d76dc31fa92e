// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tls.hpp"

#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace simphone {
namespace {

std::runtime_error openssl_error(const std::string& what)
{
    char reason[256] = "";
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return std::runtime_error(what + ": " + reason);
}

std::string contents(BIO* bio)
{
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(length)};
}

BioHandle memory_bio(const std::string& text)
{
    return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string to_pem(X509* certificate)
{
    const BioHandle bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return contents(bio.get());
}

/// A certificate as hosts make them: no names, ten years, signed with SHA-256.
CertificateHandle make_certificate(const RsaKey& subject, const RsaKey& issuer, bool authority)
{
    CertificateHandle certificate(X509_new());
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), authority ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(x), -24 * 60 * 60);
    X509_gmtime_adj(X509_getm_notAfter(x), 10L * 365 * 24 * 60 * 60);
    X509_set_pubkey(x, subject.get());
    const char* constraint = authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, constraint);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
    if (X509_sign(x, issuer.get(), EVP_sha256()) == 0) throw openssl_error("signing a certificate");
    return certificate;
}

/// The certificates by which a host may show itself: some send the root's, some the host's.
struct Admitted {
    CertificateHandle root;
    CertificateHandle host;
};

void free_admitted(void*, void* admitted, CRYPTO_EX_DATA*, int, long, void*)
{
    delete static_cast<Admitted*>(admitted);
}

int admitted_index()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_admitted);
    return index;
}

int verify_client(X509_STORE_CTX* store, void*)
{
    const int at = SSL_get_ex_data_X509_STORE_CTX_idx();
    const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, at));
    const auto* admitted =
        static_cast<Admitted*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), admitted_index()));
    const X509* shown = X509_STORE_CTX_get0_cert(store);
    if (shown && admitted) {
        if (admitted->root && X509_cmp(shown, admitted->root.get()) == 0) return 1;
        if (admitted->host && X509_cmp(shown, admitted->host.get()) == 0) return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
}

} // namespace

CertificateHandle certificate_from_pem(const std::string& pem)
{
    const BioHandle bio = memory_bio(pem);
    CertificateHandle certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return certificate;
}

RsaKey RsaKey::generate()
{
    EVP_PKEY* key = EVP_RSA_gen(2048);
    if (!key) throw openssl_error("generating a key");
    return RsaKey({key, EVP_PKEY_free});
}

RsaKey RsaKey::from_pem(const std::string& pem)
{
    const BioHandle bio = memory_bio(pem);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    if (!key) throw openssl_error("reading a key");
    return RsaKey({key, EVP_PKEY_free});
}

std::string RsaKey::private_pem() const
{
    const BioHandle bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey_traditional(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return contents(bio.get());
}

std::string RsaKey::public_pem() const
{
    // "type-specific" is PKCS#1, which is what hosts read: they know no other form of DevicePublicKey.
    const std::unique_ptr<OSSL_ENCODER_CTX, FreeWith<OSSL_ENCODER_CTX_free>> encoder(
        OSSL_ENCODER_CTX_new_for_pkey(key_.get(), EVP_PKEY_PUBLIC_KEY, "PEM", "type-specific", nullptr));
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (OSSL_ENCODER_to_bio(encoder.get(), bio.get()) != 1) throw openssl_error("writing the public key");
    return contents(bio.get());
}

MadePairing make_pairing(const RsaKey& device_key, const std::string& system_buid,
                         const std::string& wifi_address)
{
    const RsaKey& key =
        device_key; // for root and host too: making one takes longer than all else at the start
    Pairing pairing;
    pairing.host_id = random_uuid();
    pairing.system_buid = system_buid;
    pairing.root_certificate = to_pem(make_certificate(key, key, true).get());
    pairing.host_certificate = to_pem(make_certificate(key, key, false).get());
    pairing.device_certificate = to_pem(make_certificate(device_key, key, false).get());
    pairing.escrow_bag = random_hex(16);

    Plist record = Plist::dict();
    record.set("HostID", pairing.host_id).set("SystemBUID", system_buid);
    record.set("RootCertificate", Plist::data(pairing.root_certificate));
    record.set("RootPrivateKey", Plist::data(key.private_pem()));
    record.set("HostCertificate", Plist::data(pairing.host_certificate));
    record.set("HostPrivateKey", Plist::data(key.private_pem()));
    record.set("DeviceCertificate", Plist::data(pairing.device_certificate));
    record.set("EscrowBag", Plist::data(pairing.escrow_bag));
    record.set("WiFiMACAddress", wifi_address);
    return {std::move(pairing), std::move(record)};
}

std::optional<std::string> check_pairing(const Pairing& pairing)
{
    if (pairing.host_id.empty()) return "MissingHostID";
    const bool usable = certificate_from_pem(pairing.device_certificate) &&
                        certificate_from_pem(pairing.root_certificate) &&
                        certificate_from_pem(pairing.host_certificate);
    if (!usable) return "InvalidPairRecord";
    return std::nullopt;
}

std::shared_ptr<SSL_CTX> make_tls_context(const RsaKey& device_key, const Pairing& pairing)
{
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX* c = context.get();
    SSL_CTX_set_security_level(c, 0); // hosts sign with SHA-1 still
    SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
    SSL_CTX_set_ciphersuites(c, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384");
    SSL_CTX_set_options(c, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(c, 0); // a client that only reads would find them among the data
    const CertificateHandle certificate = certificate_from_pem(pairing.device_certificate);
    if (!certificate || SSL_CTX_use_certificate(c, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(c, device_key.get()) != 1) {
        throw openssl_error("using the device's certificate");
    }
    SSL_CTX_set_ex_data(c, admitted_index(),
                        new Admitted{certificate_from_pem(pairing.root_certificate),
                                     certificate_from_pem(pairing.host_certificate)});
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(c, verify_client, nullptr);
    return context;
}

} // namespace simphone

// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys and certificates by OpenSSL; the declarations are those of pairing.hpp.
#pragma once

#include "pairing.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace simphone {

template <auto free_fn>
struct FreeWith {
    template <class T>
    void operator()(T* handle) const noexcept
    {
        free_fn(handle);
    }
};

using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;

/// The certificate in this PEM text; null where there is none.
CertificateHandle certificate_from_pem(const std::string& pem);

} // namespace simphone

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/net/testauthority.h"

#include <QRandomGenerator>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace kittiwake::net
{

namespace
{

template <typename Write>
QByteArray written(Write write)
{
    BIO *memory = BIO_new(BIO_s_mem());
    write(memory);
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    QByteArray bytes(data, size);
    BIO_free(memory);
    return bytes;
}

void extend(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    if (extension == nullptr)
        qFatal("OpenSSL refuses the extension %s", value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key newKey()
{
    return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

/** Without an issuer it signs itself. */
Certificate make(const CertificateRequest &request, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuerKey, bool authority)
{
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), QRandomGenerator::global()->generate64() >> 1);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), request.notBefore.toSecsSinceEpoch());
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), request.notAfter.toSecsSinceEpoch());
    X509_NAME *name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(request.commonName.constData()),
                               static_cast<int>(request.commonName.size()), -1, 0);
    X509 *const signer = issuer != nullptr ? issuer : certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    X509_set_pubkey(certificate.get(), key);
    extend(certificate.get(), signer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!request.alternativeNames.isEmpty())
        extend(certificate.get(), signer, NID_subject_alt_name, request.alternativeNames.constData());
    X509_sign(certificate.get(), issuerKey, EVP_sha256());
    return certificate;
}

QByteArray pemOf(X509 *certificate)
{
    return written([certificate](BIO *memory) { PEM_write_bio_X509(memory, certificate); });
}

Identity identity(X509 *certificate, EVP_PKEY *key)
{
    const QByteArray keyPem
        = written([key](BIO *memory) { PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr); });
    return Identity{QSslCertificate(pemOf(certificate), QSsl::Pem), QSslKey(keyPem, QSsl::Ec, QSsl::Pem)};
}

} // namespace

struct TestAuthority::Private {
    Key key = newKey();
    Certificate certificate{nullptr, &X509_free};
};

TestAuthority::TestAuthority() : d(std::make_unique<Private>())
{
    CertificateRequest request;
    request.commonName = "Kittiwake Test Authority";
    request.alternativeNames.clear();
    d->certificate = make(request, d->key.get(), nullptr, d->key.get(), true);
}

TestAuthority::~TestAuthority() = default;

QByteArray TestAuthority::pem() const
{
    return pemOf(d->certificate.get());
}

Identity TestAuthority::issue(const CertificateRequest &request) const
{
    const Key key = newKey();
    const Certificate certificate = make(request, key.get(), d->certificate.get(), d->key.get(), false);
    return identity(certificate.get(), key.get());
}

Identity TestAuthority::selfSigned(const CertificateRequest &request)
{
    const Key key = newKey();
    const Certificate certificate = make(request, key.get(), nullptr, key.get(), false);
    return identity(certificate.get(), key.get());
}

} // namespace kittiwake::net

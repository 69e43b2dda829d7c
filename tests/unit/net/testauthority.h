// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QSslCertificate>
#include <QSslKey>
#include <QStringList>

#include <memory>

namespace kittiwake::net
{

/** A certificate and its key, as a server uses them. */
struct Identity {
    QSslCertificate certificate;
    QSslKey key;
};

/** What a certificate says. The defaults are a good one for localhost. */
struct CertificateRequest {
    QByteArray commonName = "localhost";
    QByteArray alternativeNames = "DNS:localhost,IP:127.0.0.1"; ///< as OpenSSL writes them; empty: none
    QDateTime notBefore = QDateTime::currentDateTimeUtc().addDays(-1);
    QDateTime notAfter = QDateTime::currentDateTimeUtc().addDays(30);
};

/** A certificate authority made on the spot, trusted by nobody. */
class TestAuthority
{
public:
    TestAuthority();
    ~TestAuthority();
    TestAuthority(const TestAuthority &) = delete;
    TestAuthority &operator=(const TestAuthority &) = delete;

    [[nodiscard]] QByteArray pem() const; ///< its own certificate
    [[nodiscard]] Identity issue(const CertificateRequest &request = {}) const;
    [[nodiscard]] static Identity selfSigned(const CertificateRequest &request = {});

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::net

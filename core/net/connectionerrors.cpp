// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/connectionerrors.h"

#include "core/net/hostname.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSslCertificate>

namespace kittiwake::net
{

namespace
{

/** Lower is worse: what a person must know first. */
int rank(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateRevoked:
    case QSslError::CertificateBlacklisted:
        return 0;
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
        return 1;
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
    case QSslError::CertificateSignatureFailed: // another authority of the same name
        return 2;
    case QSslError::HostNameMismatch:
        return 3;
    case QSslError::CertificateExpired:
        return 4;
    case QSslError::CertificateNotYetValid:
        return 5;
    default:
        return 6;
    }
}

QString certificateSentence(const QString &server, const QSslError &error)
{
    switch (rank(error.error())) {
    case 0:
        return QCoreApplication::translate(
                   "core",
                   "The certificate of %1 was withdrawn by its authority; ask whoever runs the server for a new one.")
            .arg(server);
    case 1:
        return QCoreApplication::translate(
                   "core",
                   "The certificate of %1 is signed by itself and by no authority that this computer trusts; if the "
                   "server is yours, choose its certificate as the CA file of the account.")
            .arg(server);
    case 2:
        return QCoreApplication::translate(
                   "core",
                   "The certificate of %1 comes from an authority that this computer does not trust; if the server is "
                   "yours, choose that authority's certificate as the CA file of the account.")
            .arg(server);
    case 4:
        return QCoreApplication::translate(
                   "core",
                   "The certificate of %1 expired on %2; check the date of this computer, or ask whoever runs the "
                   "server to renew it.")
            .arg(server, QLocale().toString(error.certificate().expiryDate().date(), QLocale::ShortFormat));
    case 5:
        return QCoreApplication::translate(
                   "core", "The certificate of %1 is valid only from %2 on; check the date and time of this computer.")
            .arg(server, QLocale().toString(error.certificate().effectiveDate().toLocalTime(), QLocale::ShortFormat));
    default:
        return QCoreApplication::translate(
                   "core", "The certificate of %1 cannot be trusted (%2); ask whoever runs the server to put it right.")
            .arg(server, error.errorString());
    }
}

/**
 * OpenSSL's words for "this is no TLS record": the server talks in the clear. OpenSSL 3.0 says the first, 3.2 and newer
 * the second and third for greetings of other lengths.
 */
bool meansPlainText(const QString &detail)
{
    return detail.contains(QLatin1String("wrong version number"))
        || detail.contains(QLatin1String("packet length too long"))
        || detail.contains(QLatin1String("record layer failure")) || detail.contains(QLatin1String("http request"));
}

bool meansOldTls(const QString &detail)
{
    return detail.contains(QLatin1String("unsupported protocol"))
        || detail.contains(QLatin1String("alert protocol version"));
}

Error handshakeError(const Endpoint &endpoint, const QString &detail)
{
    const QString server = endpoint.text();
    if (meansPlainText(detail)) {
        return Error{
            ErrorKind::Tls, server,
            QCoreApplication::translate(
                "core", "%1 answered without encryption; check the port, or whether the account must use STARTTLS.")
                .arg(server),
            detail};
    }
    if (meansOldTls(detail)) {
        return Error{ErrorKind::Tls, server,
                     QCoreApplication::translate(
                         "core",
                         "%1 offers only outdated encryption (older than TLS 1.2); ask whoever runs the server to "
                         "update it.")
                         .arg(server),
                     detail};
    }
    return Error{
        ErrorKind::Tls, server,
        QCoreApplication::translate(
            "core", "No encrypted connection to %1 could be agreed on; check the port, or ask whoever runs the server.")
            .arg(server),
        detail};
}

QString networkSentence(const Endpoint &endpoint, Phase phase, QAbstractSocket::SocketError error)
{
    const QString server = endpoint.text();
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return QCoreApplication::translate("core", "%1 refused the connection; check the server name and the port.")
            .arg(server);
    case QAbstractSocket::HostNotFoundError:
        return QCoreApplication::translate(
                   "core", "No server named %1 was found; check its spelling and the network connection.")
            .arg(endpoint.host);
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        return QCoreApplication::translate(
                   "core", "The proxy did not connect to %1; check the proxy settings of this computer.")
            .arg(server);
    case QAbstractSocket::RemoteHostClosedError:
        if (phase != Phase::Open)
            return QCoreApplication::translate(
                       "core",
                       "%1 closed the connection before it was encrypted; check the port and the kind of encryption.")
                .arg(server);
        break;
    default:
        break;
    }
    if (phase == Phase::Open)
        return QCoreApplication::translate("core", "The connection to %1 was lost; check the network connection.")
            .arg(server);
    return QCoreApplication::translate("core", "%1 cannot be reached; check the network connection and the port.")
        .arg(server);
}

} // namespace

Error certificateError(const Endpoint &endpoint, const QList<QSslError> &errors)
{
    const auto worst
        = std::min_element(errors.cbegin(), errors.cend(), [](const QSslError &left, const QSslError &right) {
              return rank(left.error()) < rank(right.error());
          });
    QStringList details;
    for (const QSslError &error : errors)
        details.append(error.errorString());
    if (worst->error() == QSslError::HostNameMismatch) {
        Error error = wrongHostError(endpoint, worst->certificate());
        error.detail = details.join(QLatin1String("; "));
        return error;
    }
    return Error{ErrorKind::Tls, endpoint.text(), certificateSentence(endpoint.text(), *worst),
                 details.join(QLatin1String("; "))};
}

Error wrongHostError(const Endpoint &endpoint, const QSslCertificate &certificate)
{
    const QStringList names = certificateNames(certificate);
    if (names.isEmpty()) {
        return Error{ErrorKind::Tls, endpoint.text(),
                     QCoreApplication::translate(
                         "core", "The certificate of %1 names no server at all; ask whoever runs the server for help.")
                         .arg(endpoint.text()),
                     QStringLiteral("no names in the certificate")};
    }
    return Error{ErrorKind::Tls, endpoint.text(),
                 QCoreApplication::translate(
                     "core",
                     "The certificate of %1 is made out to %2 and not to that server; check the server name in the "
                     "account's settings.")
                     .arg(endpoint.text(), names.join(QLatin1String(", "))),
                 QStringLiteral("host name mismatch")};
}

Error socketError(const Endpoint &endpoint, Phase phase, QAbstractSocket::SocketError error, const QString &detail)
{
    const bool inTls = error == QAbstractSocket::SslHandshakeFailedError || error == QAbstractSocket::SslInternalError
        || error == QAbstractSocket::SslInvalidUserDataError;
    if (inTls && phase != Phase::Open)
        return handshakeError(endpoint, detail);
    // A record that fails once the connection is up is a disturbed line: a new connection proves the peer again.
    return Error{ErrorKind::Network, endpoint.text(), networkSentence(endpoint, phase, error), detail};
}

Error timeoutError(const Endpoint &endpoint, Phase phase, std::chrono::seconds limit)
{
    const QString seconds = QLocale().toString(static_cast<qlonglong>(limit.count()));
    if (phase == Phase::Handshake) {
        return Error{ErrorKind::Network, endpoint.text(),
                     QCoreApplication::translate(
                         "core",
                         "%1 accepted the connection and then said nothing for %2 seconds; check the port and the kind "
                         "of encryption.")
                         .arg(endpoint.text(), seconds),
                     QStringLiteral("time limit of the TLS handshake")};
    }
    return Error{
        ErrorKind::Network, endpoint.text(),
        QCoreApplication::translate(
            "core", "%1 did not answer within %2 seconds; check the server name, the port and the network connection.")
            .arg(endpoint.text(), seconds),
        QStringLiteral("time limit of the connection")};
}

Error injectionError(const Endpoint &endpoint)
{
    return Error{ErrorKind::Tls, endpoint.text(),
                 QCoreApplication::translate(
                     "core",
                     "Data of %1 came before the encryption that was asked for, which may be an attack; the connection "
                     "was closed before the sign-in.")
                     .arg(endpoint.text()),
                 QStringLiteral("unread bytes at the TLS upgrade")};
}

} // namespace kittiwake::net

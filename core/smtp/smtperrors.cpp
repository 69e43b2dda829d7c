// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/smtperrors.h"

#include <QCoreApplication>

namespace kittiwake::smtp
{

Error notSmtpError(const QString &where, const QByteArray &head)
{
    return {
        ErrorKind::Protocol, where,
        QCoreApplication::translate(
            "core",
            "%1 answered, but not as a server for outgoing mail; check the server name and the port of the account.")
            .arg(where),
        neutralised(head, 200)};
}

Error turnedAwayError(const QString &where, const Reply &reply)
{
    const ErrorKind kind = reply.isTemporary() ? ErrorKind::Network : ErrorKind::ServerRefused;
    const QString text = reply.displayText();
    if (text.isEmpty())
        return {kind, where,
                QCoreApplication::translate("core", "%1 would not talk to us and gave no reason; try again later.")
                    .arg(where),
                reply.detail()};
    return {kind, where,
            QCoreApplication::translate("core", "%1 would not talk to us: “%2”. Try again later.").arg(where, text),
            reply.detail()};
}

Error noStartTlsError(const QString &where, const QString &detail)
{
    return {ErrorKind::Tls, where,
            QCoreApplication::translate(
                "core",
                "%1 offers no encryption (STARTTLS) on this port, so nothing was sent; choose TLS with port 465 in the "
                "account's settings, or ask whoever runs the server.")
                .arg(where),
            detail};
}

Error injectedDataError(const QString &where)
{
    return {ErrorKind::Tls, where,
            QCoreApplication::translate(
                "core",
                "Something was slipped into the connection to %1 before it was encrypted, so it was ended and nothing "
                "was sent; somebody may be tampering with the network.")
                .arg(where),
            QStringLiteral("data behind the answer to STARTTLS")};
}

Error noSignInError(const QString &where)
{
    return {ErrorKind::Auth, where,
            QCoreApplication::translate(
                "core",
                "%1 offers no way to sign in, so it takes no mail from here; check the server name and the port of the "
                "account.")
                .arg(where),
            QStringLiteral("no AUTH after TLS")};
}

Error signInRefusedError(const QString &where, const Reply &reply)
{
    const QString text = reply.displayText();
    if (reply.isTemporary())
        return {ErrorKind::Network, where,
                QCoreApplication::translate("core", "%1 does not let anybody sign in now: “%2”. Try again later.")
                    .arg(where, text),
                reply.detail()};
    return {
        ErrorKind::Auth, where,
        QCoreApplication::translate(
            "core",
            "%1 refused the user name or the password for outgoing mail: “%2”; check both, and whether the provider "
            "asks for an app password.")
            .arg(where, text),
        reply.detail()};
}

Error unprovenServerError(const QString &where)
{
    return {ErrorKind::Auth, where,
            QCoreApplication::translate(
                "core",
                "%1 did not prove that it knows your password, so the connection was ended; it may not be the server "
                "that it claims to be.")
                .arg(where),
            QStringLiteral("235 before the end of the SASL exchange")};
}

Error outOfStepError(const QString &where, const QString &detail)
{
    return {ErrorKind::Protocol, where,
            QCoreApplication::translate(
                "core", "%1 said something that makes no sense, so the connection was ended; try again.")
                .arg(where),
            detail};
}

Error timeoutError(const QString &where, int seconds)
{
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core",
                                        "%1 did not answer within %2 seconds, so the connection was ended; try again.")
                .arg(where, QString::number(seconds)),
            QStringLiteral("no answer")};
}

Error closedError(const QString &where, const QString &detail)
{
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core", "%1 closed the connection; try again.").arg(where), detail};
}

Error shuttingDownError(const QString &where, const Reply &reply)
{
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core", "%1 ended the connection: “%2”. Try again later.")
                .arg(where, reply.displayText()),
            reply.detail()};
}

Error cancelledError(const QString &where)
{
    return {ErrorKind::Cancelled, where, QCoreApplication::translate("core", "This was cancelled."), {}};
}

} // namespace kittiwake::smtp

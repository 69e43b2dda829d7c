// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/imaperrors.h"

#include "core/imap/session/trouble.h"

#include <QCoreApplication>

namespace kittiwake::imap
{

namespace
{

QString kindText(StatusKind kind)
{
    switch (kind) {
    case StatusKind::Ok:
        return QStringLiteral("OK");
    case StatusKind::No:
        return QStringLiteral("NO");
    case StatusKind::Bad:
        return QStringLiteral("BAD");
    case StatusKind::Bye:
        return QStringLiteral("BYE");
    case StatusKind::PreAuth:
        return QStringLiteral("PREAUTH");
    }
    return {};
}

/** "NO [CODE] text": what isRefusal() reads back. */
QString detailOf(const StatusResponse &status)
{
    const QByteArray code = codeName(status.code);
    QString detail = kindText(status.kind);
    if (!code.isEmpty())
        detail += QLatin1String(" [") + QString::fromLatin1(code) + QLatin1Char(']');
    return detail + QLatin1Char(' ') + status.displayText();
}

} // namespace

QByteArray codeName(const ResponseCode &code)
{
    if (const auto *simple = std::get_if<SimpleCode>(&code))
        return simpleCodeName(*simple);
    if (const auto *unknown = std::get_if<UnknownCode>(&code))
        return unknown->name;
    return {};
}

Error notImapError(const QString &where, const QByteArray &head)
{
    return {ErrorKind::Protocol, where,
            QCoreApplication::translate(
                "core", "%1 answered, but not as an IMAP server; check the server name and the port of the account.")
                .arg(where),
            QString::fromLatin1(head.left(200))};
}

Error byeError(const QString &where, const StatusResponse &bye)
{
    const QString text = bye.displayText();
    if (text.isEmpty())
        return {ErrorKind::Network, where,
                QCoreApplication::translate("core", "%1 ended the connection without a reason; try again later.")
                    .arg(where),
                detailOf(bye)};
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core", "%1 ended the connection: “%2”. Try again later.").arg(where, text),
            detailOf(bye)};
}

Error preAuthInClearError(const QString &where)
{
    return {
        ErrorKind::Tls, where,
        QCoreApplication::translate("core",
                                    "%1 wanted to skip encryption, so the connection was ended and nothing was sent; "
                                    "somebody may be tampering with the network.")
            .arg(where),
        QStringLiteral("PREAUTH before STARTTLS")};
}

Error injectedDataError(const QString &where)
{
    return {
        ErrorKind::Tls, where,
        QCoreApplication::translate("core",
                                    "Something was slipped into the connection to %1 before it was encrypted, so it "
                                    "was ended and nothing was sent; somebody may be tampering with the network.")
            .arg(where),
        QStringLiteral("data behind the answer to STARTTLS")};
}

Error noStartTlsError(const QString &where, const QString &detail)
{
    return {ErrorKind::Tls, where,
            QCoreApplication::translate("core",
                                        "%1 offers no encryption (STARTTLS) on this port, so nothing was sent; choose "
                                        "TLS with port 993 in the account's settings, or ask whoever runs the server.")
                .arg(where),
            detail};
}

Error signInRefusedError(const QString &where, const StatusResponse &status)
{
    const QString text = status.displayText();
    if (troubleOf(status).isTemporary)
        return {ErrorKind::Network, where,
                QCoreApplication::translate("core", "%1 does not let anybody sign in now: “%2”. Try again later.")
                    .arg(where, text),
                detailOf(status)};
    if (text.isEmpty())
        return {ErrorKind::Auth, where,
                QCoreApplication::translate("core",
                                            "%1 refused the user name or the password; check both, and whether the "
                                            "provider asks for an app password.")
                    .arg(where),
                detailOf(status)};
    return {ErrorKind::Auth, where,
            QCoreApplication::translate("core",
                                        "%1 refused the user name or the password: “%2”; check both, and whether the "
                                        "provider asks for an app password.")
                .arg(where, text),
            detailOf(status)};
}

Error unprovenServerError(const QString &where)
{
    return {ErrorKind::Auth, where,
            QCoreApplication::translate("core",
                                        "%1 did not prove that it knows your password, so the connection was ended; it "
                                        "may not be the server that it claims to be.")
                .arg(where),
            QStringLiteral("OK before the end of the SASL exchange")};
}

Error outOfStepError(const QString &where, const QByteArray &detail)
{
    return {ErrorKind::Protocol, where,
            QCoreApplication::translate(
                "core", "%1 said something that makes no sense, so the connection was ended; try again.")
                .arg(where),
            QString::fromLatin1(detail)};
}

Error refusedError(const QString &where, const StatusResponse &status)
{
    const QString text = status.displayText();
    if (troubleOf(status).isThrottled)
        return {ErrorKind::Network, where,
                QCoreApplication::translate("core",
                                            "%1 asks for a pause, because much was asked of it lately: “%2”. It goes "
                                            "on by itself afterwards.")
                    .arg(where, text),
                detailOf(status)};
    if (text.isEmpty())
        return {
            ErrorKind::ServerRefused, where,
            QCoreApplication::translate("core", "%1 refused what was asked of it, without a reason; try again later.")
                .arg(where),
            detailOf(status)};
    return {ErrorKind::ServerRefused, where,
            QCoreApplication::translate("core", "%1 refused what was asked of it: “%2”.").arg(where, text),
            detailOf(status)};
}

bool isNotConnected(const StatusResponse &status)
{
    return status.kind == StatusKind::Bad
        && status.text.toLower().contains(QByteArrayLiteral("authenticated but not connected"));
}

Error notConnectedError(const QString &where, const StatusResponse &status)
{
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core",
                                        "%1 let you sign in, but cannot reach your mailbox now; try again later. "
                                        "If it stays so, IMAP may be switched off for your account.")
                .arg(where),
            detailOf(status)};
}

Error greetingTimeoutError(const QString &where, int seconds)
{
    return {
        ErrorKind::Network, where,
        QCoreApplication::translate("core",
                                    "%1 was reached but said nothing within %2 seconds; check the port, or try again "
                                    "later.")
            .arg(where, QString::number(seconds)),
        QStringLiteral("no greeting")};
}

Error answerTimeoutError(const QString &where, int seconds)
{
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core",
                                        "%1 did not answer within %2 seconds, so the connection was ended; try again.")
                .arg(where, QString::number(seconds)),
            QStringLiteral("no answer")};
}

Error closedError(const QString &where, bool beforeGreeting)
{
    if (beforeGreeting)
        return {ErrorKind::Network, where,
                QCoreApplication::translate(
                    "core", "%1 closed the connection before it said anything; check the port, or try again later.")
                    .arg(where),
                QStringLiteral("closed before the greeting")};
    return {ErrorKind::Network, where,
            QCoreApplication::translate("core", "%1 closed the connection; try again.").arg(where),
            QStringLiteral("closed")};
}

Error cancelledError(const QString &where)
{
    return {ErrorKind::Cancelled, where, QCoreApplication::translate("core", "This was cancelled."), {}};
}

Error missingCapabilityError(const QString &where, const QString &capability)
{
    return {ErrorKind::Input,
            where,
            QCoreApplication::translate("core", "%1 cannot do this (it has no %2).").arg(where, capability),
            {}};
}

} // namespace kittiwake::imap

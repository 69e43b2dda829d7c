// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/accounts/accountvalidation.h"

#include "core/net/hostname.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace kittiwake::accounts
{

namespace
{

constexpr qsizetype longestAddress = 254; // RFC 5321 section 4.5.3.1.3 without the angle brackets; bytes
constexpr qsizetype longestLocalPart = 64; // section 4.5.3.1.1; bytes
constexpr qsizetype longestName = 256;
constexpr qsizetype longestUserName = 1024;
constexpr qsizetype longestPath = 4096;
constexpr qsizetype longestCommand = 4096;
constexpr qsizetype longestMechanism = 20; // RFC 4422 section 3.1
constexpr qsizetype longestKey = 512;

Failure refused(const QString &sentence)
{
    return failure(ErrorKind::Input, QStringLiteral("account"), sentence);
}

/** Control characters would reach a protocol line, a shell or the screen. */
bool isPlain(const QString &text, qsizetype longest)
{
    return text.size() <= longest && std::none_of(text.cbegin(), text.cend(), [](QChar c) {
               return c.category() == QChar::Other_Control || c == QChar::LineSeparator
                   || c == QChar::ParagraphSeparator;
           });
}

bool isAddress(const QString &email)
{
    const qsizetype at = email.lastIndexOf(u'@');
    if (at < 1 || email.toUtf8().size() > longestAddress || email.first(at).toUtf8().size() > longestLocalPart)
        return false;
    if (std::any_of(email.cbegin(), email.cend(), [](QChar c) { return c.isSpace() || !c.isPrint() || c == u','; }))
        return false;
    // A quoted local part (RFC 5321) may hold another @; nobody has such an address, and a paste error looks like it.
    return !email.first(at).contains(u'@') && net::HostName::parse(email.sliced(at + 1)).has_value();
}

bool isMechanism(const QString &name)
{
    return name.size() <= longestMechanism && std::all_of(name.cbegin(), name.cend(), [](QChar c) {
               return (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-' || c == u'_';
           });
}

Result<void> validateServer(const Server &server)
{
    if (server.endpoint.host.trimmed().isEmpty())
        return refused(QCoreApplication::translate("core", "The name of the server is missing; give its host name."));
    const Result<net::HostName> host = net::HostName::parse(server.endpoint.host);
    if (!host)
        return failure(host.error());
    if (server.endpoint.port == 0) {
        return refused(QCoreApplication::translate("core", "The port of %1 is missing; give one from 1 to 65535.")
                           .arg(server.endpoint.host));
    }
    return {};
}

/** Several, separated by commas. */
bool isAddressList(const QString &text)
{
    const QStringList list = text.split(u',');
    return std::all_of(list.begin(), list.end(), [](const QString &one) { return isAddress(one.trimmed()); });
}

bool isKey(const QString &key)
{
    return !key.isEmpty() && key.size() <= 64 && std::all_of(key.cbegin(), key.cend(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
    });
}

Result<void> validateIdentities(const std::vector<Identity> &identities)
{
    if (identities.size() > mostIdentities)
        return refused(
            QCoreApplication::translate("core", "An account can have at most %1 identities.").arg(mostIdentities));
    QStringList keys;
    for (const Identity &identity : identities) {
        if (!isKey(identity.key) || keys.contains(identity.key))
            return refused(QCoreApplication::translate("core", "The identity %1 cannot be told from the others.")
                               .arg(identity.address));
        keys.append(identity.key);
        if (!isAddress(identity.address))
            return refused(QCoreApplication::translate(
                "core", "The address of an identity is not complete; it must look like name@example.org."));
        if (!isPlain(identity.name, longestName))
            return refused(QCoreApplication::translate(
                "core", "The name is too long or holds characters that cannot be shown; give at most 256 letters."));
        if (!identity.replyTo.isEmpty() && (identity.replyTo.size() > 2000 || !isAddressList(identity.replyTo)))
            return refused(QCoreApplication::translate(
                "core", "The address for replies is not complete; it must look like name@example.org."));
        if (identity.signatureText.size() > longestSignature || identity.signatureHtml.size() > longestSignature)
            return refused(QCoreApplication::translate(
                "core", "The signature is too long; make it shorter, or use a smaller picture."));
    }
    return {};
}

} // namespace

Result<void> validateAccount(const Account &account)
{
    if (!isAddress(account.email)) {
        return refused(QCoreApplication::translate(
            "core", "The mail address is not complete; it must look like name@example.org."));
    }
    if (!isPlain(account.displayName, longestName)) {
        return refused(QCoreApplication::translate(
            "core", "The name is too long or holds characters that cannot be shown; give at most 256 letters."));
    }
    if (!isPlain(account.userName, longestUserName)) {
        return refused(QCoreApplication::translate(
            "core", "The user name is too long or holds characters that cannot be typed; check it."));
    }
    Result<void> imap = validateServer(account.imap);
    if (!imap)
        return imap;
    Result<void> smtp = account.smtp ? validateServer(*account.smtp) : Result<void>();
    if (!smtp)
        return smtp;
    if (!isMechanism(account.saslMechanism)) {
        return refused(QCoreApplication::translate(
            "core", "The sign-in method is not a SASL mechanism; give one such as PLAIN, or leave it empty."));
    }
    const QString &caFile = account.tlsPolicy.caFile;
    if (!caFile.isEmpty() && (!isPlain(caFile, longestPath) || !QFileInfo(caFile).isAbsolute())) {
        return refused(QCoreApplication::translate(
            "core", "The CA file must be given with its full path, since Kittiwake may be started from anywhere."));
    }
    if (!isPlain(account.passwordCommand, longestCommand)) {
        return refused(QCoreApplication::translate(
            "core", "The password command must be a single line of at most 4096 characters."));
    }
    if (!isPlain(account.credentialKey, longestKey))
        return refused(QCoreApplication::translate("core", "The keychain's name for the password cannot be used."));
    return validateIdentities(account.identities);
}

bool isSameServer(const Server &left, const Server &right)
{
    const auto wire = [](const Server &server) {
        const Result<net::HostName> host = net::HostName::parse(server.endpoint.host);
        return host ? host->wire() : server.endpoint.host;
    };
    return left.endpoint.port == right.endpoint.port && wire(left) == wire(right);
}

} // namespace kittiwake::accounts

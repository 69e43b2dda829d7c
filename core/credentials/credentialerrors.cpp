// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/credentials/credentialerrors.h"

#include <QCoreApplication>

namespace kittiwake::credentials
{

namespace
{

QString keychain()
{
    return QStringLiteral("keychain");
}

} // namespace

Error noPasswordError()
{
    return Error{ErrorKind::Auth, keychain(),
                 QCoreApplication::translate(
                     "core", "The keychain holds no password for this account; type the password in again."),
                 QStringLiteral("no entry")};
}

Error accessDeniedError(const QString &detail)
{
    return Error{ErrorKind::Auth, keychain(),
                 QCoreApplication::translate(
                     "core", "The keychain is locked or refused access to the password; unlock it and try again."),
                 detail};
}

Error keychainError(const QString &detail)
{
    return Error{ErrorKind::Storage, keychain(),
                 QCoreApplication::translate(
                     "core",
                     "The keychain of this computer cannot be used; start its service (such as GNOME Keyring or "
                     "KWallet), or set a password command for the account."),
                 detail};
}

Error keychainSilentError()
{
    return Error{
        ErrorKind::Storage, keychain(),
        QCoreApplication::translate("core", "The keychain did not answer within two minutes; unlock it and try again."),
        QStringLiteral("time limit")};
}

Error unusableSecretError()
{
    return Error{ErrorKind::Input, keychain(),
                 QCoreApplication::translate(
                     "core", "This password cannot be kept in the keychain; it must be text of at most 2000 bytes."),
                 QStringLiteral("not UTF-8, with NUL, or too long")};
}

} // namespace kittiwake::credentials

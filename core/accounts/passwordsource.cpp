// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/accounts/passwordsource.h"

#include "core/credentials/passwordcommand.h"

#include <QUuid>

namespace kittiwake::accounts
{

QString newCredentialKey(const QString &email)
{
    return email.left(254) + u'/' + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

PasswordSource::PasswordSource(Clock &clock, credentials::CredentialStore &store) : m_clock(clock), m_store(store) { }

async::Task<Result<Secret>> PasswordSource::password(Account account) const
{
    if (!account.passwordCommand.isEmpty()) {
        const credentials::PasswordCommand command(m_clock);
        Result<Secret> printed = co_await command.run(account.passwordCommand);
        co_return printed;
    }
    Result<Secret> kept = co_await m_store.read(account.credentialKey);
    co_return kept;
}

async::Task<Result<void>> PasswordSource::store(Account account, Secret password) const
{
    if (!account.passwordCommand.isEmpty())
        co_return Result<void>();
    const Result<void> done = co_await m_store.write(account.credentialKey, password);
    co_return done;
}

async::Task<Result<void>> PasswordSource::remove(Account account) const
{
    // An account with a command may have had a password before.
    if (account.credentialKey.isEmpty())
        co_return Result<void>();
    const Result<void> done = co_await m_store.remove(account.credentialKey);
    co_return done;
}

} // namespace kittiwake::accounts

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/engine/enginecore.h"
#include "core/sync/account/line.h"
#include "core/sync/account/synconce.h"
#include "core/sync/outbox/submission.h"

#include <QCoreApplication>

/** Accounts: tried, added, changed, removed. */
namespace kittiwake::engine
{

async::Task<Result<SignInReport>> EngineCore::checkAccount(accounts::Account account, Secret password)
{
    if (auto valid = accounts::AccountRegistry::validate(account); !valid)
        co_return failure(valid.error());
    if (!account.passwordCommand.isEmpty()) {
        const auto printed = co_await m_passwords.password(account);
        if (!printed)
            co_return failure(printed.error());
        password = *printed;
    }
    imap::Client client(m_clock, m_streams);
    if (m_environment.trace)
        client.setTraceHandler(m_environment.trace);
    const imap::ConnectOptions options = sync::connectOptions(m_environment, account, password);
    const auto connected = co_await client.connect(options);
    if (!connected)
        co_return failure(connected.error());
    SignInReport report;
    const QString tls = account.imap.tls == net::TlsMode::Implicit ? QStringLiteral("TLS") : QStringLiteral("STARTTLS");
    report.imap = QStringLiteral("%1 (%2, %3)")
                      .arg(account.imap.endpoint.text(), tls, QString::fromLatin1(client.signInMechanism()));
    for (const QByteArray &name : client.capabilities().names())
        report.capabilities.append(QString::fromLatin1(name));
    const auto left = co_await client.logout();
    Q_UNUSED(left) // The sign-in has been shown to work; how the server says goodbye changes nothing.
    if (account.smtp) {
        const auto submission = co_await checkSubmission(account, password);
        if (!submission)
            co_return failure(submission.error());
        report.smtp = *submission;
    }
    co_return report;
}

async::Task<Result<QString>> EngineCore::checkSubmission(accounts::Account account, Secret password)
{
    smtp::Client client(m_clock, m_streams);
    client.setTraceHandler(sync::submissionTrace(m_environment.trace));
    smtp::ConnectOptions options = sync::submissionOptions(account, password);
    options.greetingLimit = std::chrono::seconds(30); // a person waits
    const auto connected = co_await client.connect(options);
    if (!connected)
        co_return failure(connected.error());
    m_limits[account.smtp->endpoint.text()] = client.extensions().largestMessage.value_or(0);
    const QString mechanism = QString::fromLatin1(client.signInMechanism());
    co_await client.quit();
    const QString tls
        = account.smtp->tls == net::TlsMode::Implicit ? QStringLiteral("TLS") : QStringLiteral("STARTTLS");
    co_return QStringLiteral("%1 (%2, %3)").arg(account.smtp->endpoint.text(), tls, mechanism);
}

async::Task<Result<AccountId>> EngineCore::addAccount(accounts::Account account, Secret password)
{
    if (account.smtp) {
        const auto tried = m_limits.find(account.smtp->endpoint.text());
        account.submissionLimit = tried == m_limits.end() ? 0 : tried->second;
    }
    const auto added = m_registry.add(account);
    if (!added)
        co_return failure(added.error());
    const auto kept = co_await m_passwords.store(*added, password);
    if (!kept) {
        // An account without its password would only ask again and again.
        if (const auto removed = m_registry.remove(added->id); !removed)
            qCWarning(logEngine) << removed.error();
        co_return failure(kept.error());
    }
    Q_EMIT accountsChanged(m_registry.accounts());
    if (m_options.stayConnected)
        accountSync(*added).start();
    co_return added->id;
}

async::Task<Result<void>> EngineCore::changePassword(AccountId account, Secret password)
{
    const accounts::Account *known = m_registry.find(account);
    if (known == nullptr)
        co_return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such account."));
    const accounts::Account stored = *known;
    const auto kept = co_await m_passwords.store(stored, password);
    if (!kept)
        co_return failure(kept.error());
    if (sync::AccountSync *running = findAccount(account))
        running->checkNow();
    co_return Result<void>();
}

async::Task<Result<void>> EngineCore::removeAccount(AccountId account)
{
    const accounts::Account *known = m_registry.find(account);
    if (known == nullptr)
        co_return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such account."));
    const accounts::Account stored = *known;
    // Bodies first: whatever fails below, nothing of this account stays readable in memory.
    m_readAhead.want({});
    m_messages.clear();
    m_syncs.erase(account);
    m_mailing->outbox().forget(account);
    if (const auto gone = m_actions->journal().forget(account); !gone)
        co_return failure(gone.error());
    if (const auto gone = m_drafts->forget(account); !gone)
        co_return failure(gone.error());
    const auto forgotten = co_await m_passwords.remove(stored);
    if (!forgotten)
        qCWarning(logEngine) << "the password stays in the keychain:" << forgotten.error();
    if (const auto gone = m_pictureSenders.forget(account); !gone)
        qCWarning(logEngine) << gone.error();
    Q_EMIT pictureSendersChanged(m_pictureSenders.all());
    const auto removed = m_registry.remove(account);
    if (!removed)
        co_return failure(removed.error());
    const auto dropped
        = m_cache->write([account](store::CacheTransaction &transaction) { return transaction.dropAccount(account); });
    Q_EMIT accountsChanged(m_registry.accounts());
    co_return dropped;
}

/** It is kept with the account: who writes is told of it before the server is asked again. */
void EngineCore::limitTold(AccountId account, std::uint64_t octets)
{
    const accounts::Account *known = m_registry.find(account);
    if (known == nullptr || known->submissionLimit == octets)
        return;
    accounts::Account changed = *known;
    changed.submissionLimit = octets;
    if (const auto stored = m_registry.update(changed); !stored)
        qCWarning(logEngine) << stored.error();
    else
        Q_EMIT accountsChanged(m_registry.accounts());
}

async::Task<Result<void>> EngineCore::setIdentities(AccountId account, std::vector<accounts::Identity> identities)
{
    const accounts::Account *known = m_registry.find(account);
    if (known == nullptr)
        co_return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such account."));
    accounts::Account changed = *known;
    changed.identities = std::move(identities);
    const auto stored = m_registry.update(changed);
    if (stored)
        Q_EMIT accountsChanged(m_registry.accounts());
    co_return stored;
}

} // namespace kittiwake::engine

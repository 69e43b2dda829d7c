// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/accounts/accountregistry.h"

#include "core/accounts/accountsfile.h"
#include "core/accounts/accountvalidation.h"
#include "core/accounts/passwordsource.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

namespace kittiwake::accounts
{

namespace
{

Failure unknownAccount(AccountId id)
{
    return failure(ErrorKind::Input, QString::number(id.value()),
                   QCoreApplication::translate("core", "There is no account with the number %1.").arg(id.value()));
}

/** Ordered by id, so that a new one belongs at the end. */
auto place(std::vector<Account> &accounts, AccountId id)
{
    return std::find_if(accounts.begin(), accounts.end(), [id](const Account &account) { return account.id == id; });
}

} // namespace

Result<AccountRegistry> AccountRegistry::open(const QString &profile)
{
    Result<AccountsFile> file = readAccountsFile(profile);
    if (!file)
        return failure(file.error());
    AccountRegistry registry(profile);
    registry.m_accounts = std::move(file->accounts);
    registry.m_nextId = file->nextId;
    return registry;
}

Result<QString> AccountRegistry::setDamagedAside(const QString &profile, const QDateTime &now)
{
    bool damaged = false;
    const Result<AccountsFile> file = readAccountsFile(profile, &damaged);
    if (!damaged) {
        if (!file)
            return failure(file.error());
        return failure(ErrorKind::Input, accountsFilePath(profile),
                       QCoreApplication::translate("core", "The account settings are not damaged and stay in use."));
    }
    const QString path = accountsFilePath(profile);
    const QString aside = path + QLatin1String(".damaged-") + now.toUTC().toString(QStringLiteral("yyyyMMddTHHmmssZ"));
    if (!QFile::rename(path, aside)) {
        return failure(ErrorKind::Storage, QDir::toNativeSeparators(path),
                       QCoreApplication::translate(
                           "core", "The damaged account settings could not be renamed to %1; check the permissions.")
                           .arg(QDir::toNativeSeparators(aside)));
    }
    // The old counter is lost. Accounts are added by hand, so that the time is far beyond any id it had given; the mail
    // that is cached for an old id can then not be taken for that of a new account.
    AccountsFile fresh;
    fresh.nextId = std::max<std::int64_t>(1, now.toSecsSinceEpoch());
    const Result<void> written = writeAccountsFile(profile, fresh);
    if (!written)
        return failure(written.error());
    return aside;
}

Result<void> AccountRegistry::validate(const Account &account)
{
    return validateAccount(account);
}

const Account *AccountRegistry::find(AccountId id) const
{
    const auto account = std::find_if(m_accounts.cbegin(), m_accounts.cend(),
                                      [id](const Account &candidate) { return candidate.id == id; });
    return account != m_accounts.cend() ? &*account : nullptr;
}

const Account *AccountRegistry::findByEmail(const QString &email) const
{
    const Account *found = nullptr;
    for (const Account &account : m_accounts) {
        if (account.email.compare(email, Qt::CaseInsensitive) != 0)
            continue;
        if (found != nullptr)
            return nullptr;
        found = &account;
    }
    return found;
}

Result<void> AccountRegistry::checkUnique(const Account &account) const
{
    for (const Account &other : m_accounts) {
        if (other.id != account.id && other.email.compare(account.email, Qt::CaseInsensitive) == 0
            && isSameServer(other.imap, account.imap)) {
            return failure(ErrorKind::Input, account.email,
                           QCoreApplication::translate(
                               "core", "There is an account for %1 on %2 already; change that one instead.")
                               .arg(account.email, account.imap.endpoint.text()));
        }
    }
    return {};
}

Result<void> AccountRegistry::store(std::vector<Account> accounts, std::int64_t nextId)
{
    const AccountsFile file{std::move(accounts), nextId};
    Result<void> written = writeAccountsFile(m_profile, file);
    if (!written)
        return written;
    m_accounts = file.accounts;
    m_nextId = file.nextId;
    return {};
}

Result<Account> AccountRegistry::add(Account account)
{
    account.id = AccountId(m_nextId);
    if (account.credentialKey.isEmpty())
        account.credentialKey = newCredentialKey(account.email);
    const Result<void> valid = validateAccount(account);
    if (!valid)
        return failure(valid.error());
    const Result<void> unique = checkUnique(account);
    if (!unique)
        return failure(unique.error());
    std::vector<Account> accounts = m_accounts;
    accounts.push_back(account);
    const Result<void> stored = store(std::move(accounts), m_nextId + 1);
    if (!stored)
        return failure(stored.error());
    return account;
}

Result<void> AccountRegistry::update(const Account &account)
{
    std::vector<Account> accounts = m_accounts;
    const auto old = place(accounts, account.id);
    if (old == accounts.end())
        return unknownAccount(account.id);
    Result<void> valid = validateAccount(account);
    if (!valid)
        return valid;
    Result<void> unique = checkUnique(account);
    if (!unique)
        return unique;
    QString key = old->credentialKey;
    *old = account;
    old->credentialKey = std::move(key);
    return store(std::move(accounts), m_nextId);
}

Result<void> AccountRegistry::remove(AccountId id)
{
    std::vector<Account> accounts = m_accounts;
    const auto old = place(accounts, id);
    if (old == accounts.end())
        return unknownAccount(id);
    accounts.erase(old);
    return store(std::move(accounts), m_nextId);
}

} // namespace kittiwake::accounts

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"

#include <QDateTime>

#include <vector>

namespace kittiwake::accounts
{

/**
 * The accounts of a profile, in accounts.json of its folder (docs: the format is described in accountsfile.h). Every
 * change is on the disk, or refused, before the call returns; nothing changes in memory when the disk refuses. Ids are
 * never given twice. Several processes may open it; only the owner of the profile (ProfileLock) may change it. One
 * thread.
 */
class AccountRegistry
{
public:
    /**
     * A profile without the file has no accounts. Errors: Storage where the file cannot be read, is damaged or comes
     * from a newer version; it is left as it is.
     */
    [[nodiscard]] static Result<AccountRegistry> open(const QString &profile);
    /**
     * Only when a person asks for it: renames a damaged file to accounts.json.damaged-<UTC time> and starts a new one.
     * Returns the path of the renamed file. Errors: Storage; Input where the file is not damaged.
     */
    [[nodiscard]] static Result<QString> setDamagedAside(const QString &profile, const QDateTime &now);
    /** What is wrong with the fields of an account, in one sentence. Errors: Input. */
    [[nodiscard]] static Result<void> validate(const Account &account);

    [[nodiscard]] const std::vector<Account> &accounts() const { return m_accounts; } ///< in the order of their ids
    [[nodiscard]] const Account *find(AccountId id) const;
    /** Without regard to case; nullptr where none or several have it. */
    [[nodiscard]] const Account *findByEmail(const QString &email) const;

    /** Gives it an id, and a credentialKey where it has none. Errors: Input, Storage. */
    [[nodiscard]] Result<Account> add(Account account);
    /** Replaces the account with this id; the credentialKey stays the old one. Errors: Input, Storage. */
    [[nodiscard]] Result<void> update(const Account &account);
    /** Errors: Input where there is none, Storage. */
    [[nodiscard]] Result<void> remove(AccountId id);

private:
    explicit AccountRegistry(QString profile) : m_profile(std::move(profile)) { }
    [[nodiscard]] Result<void> store(std::vector<Account> accounts, std::int64_t nextId);
    [[nodiscard]] Result<void> checkUnique(const Account &account) const;

    QString m_profile;
    std::vector<Account> m_accounts;
    std::int64_t m_nextId = 1;
};

} // namespace kittiwake::accounts

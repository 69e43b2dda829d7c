// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/credentials/credentialstore.h"

namespace kittiwake::accounts
{

/**
 * A new name for a password in the keychain: "ann@example.org/1b4e28ba-2fa1-11d2-883f-0016d3cca427", the address for
 * the person who looks into the keychain, the random rest so that no two accounts of any profile share it.
 */
[[nodiscard]] QString newCredentialKey(const QString &email);

/** Where the password of an account comes from: its command, or else the keychain. Engine thread. */
class PasswordSource
{
public:
    /** Both outlive the source and its tasks. */
    PasswordSource(Clock &clock, credentials::CredentialStore &store);

    /** Errors: Auth where there is none or it was refused, Storage, Input. */
    [[nodiscard]] async::Task<Result<Secret>> password(Account account) const;
    /** Keeps the password in the keychain; nothing to do where the account has a command. Errors: Storage, Auth. */
    [[nodiscard]] async::Task<Result<void>> store(Account account, Secret password) const;
    /** Forgets the password of an account that goes. Errors: Storage, Auth. */
    [[nodiscard]] async::Task<Result<void>> remove(Account account) const;

private:
    Clock &m_clock;
    credentials::CredentialStore &m_store;
};

} // namespace kittiwake::accounts

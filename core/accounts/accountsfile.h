// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/base/result.h"

#include <vector>

/**
 * accounts.json: one JSON object (RFC 8259, UTF-8), 0600, replaced as a whole.
 *
 *     {
 *       "format": 2,                     // 1 where no account has identities, so that older programs read it
 *       "nextId": 3,                     // never decreases, so that no id is given twice
 *       "accounts": [ {
 *         "id": 2,
 *         "email": "ann@example.org",
 *         "displayName": "Ann",          // this and what follows only where it is not empty
 *         "userName": "ann",
 *         "imap": { "host": "imap.example.org", "port": 993, "tls": "implicit" },   // or "starttls"
 *         "smtp": { … },
 *         "saslMechanism": "PLAIN",
 *         "caFile": "/home/ann/ca.pem",
 *         "passwordCommand": "pass show mail",
 *         "credentialKey": "ann@example.org/1b4e28ba-…",
 *         "identities": [ { "key": "1b4e28ba2fa1…", "address": "ann@work.example", "name": "Ann",
 *                           "replyTo": "office@work.example", "signatureText": "Ann", "signatureHtml": "<b>Ann</b>",
 *                           "signaturePlace": "below" } ]   // the quote of an answer
 *       } ]
 *     }
 *
 * A change that older programs would misread gets a higher format number; they then refuse the file.
 */
namespace kittiwake::accounts
{

struct AccountsFile {
    std::vector<Account> accounts; ///< in the order of their ids
    std::int64_t nextId = 1;
};

[[nodiscard]] QString accountsFilePath(const QString &profile);

/** At most 4 MiB and 1000 accounts are read. damaged: whether an error means that the file makes no sense. */
[[nodiscard]] Result<AccountsFile> readAccountsFile(const QString &profile, bool *damaged = nullptr);
/** Makes the profile's folder where it is missing. All or nothing, and on the disk when it returns. */
[[nodiscard]] Result<void> writeAccountsFile(const QString &profile, const AccountsFile &file);

} // namespace kittiwake::accounts

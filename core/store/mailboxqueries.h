// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/mailboxstate.h"
#include "core/store/rows.h"

#include <cstdint>
#include <optional>
#include <vector>

/** Questions about mailboxes that the writer and the readers ask alike. Errors: Storage. */
namespace kittiwake::store
{

class Database;

enum class Mailboxes {
    OfServer,
    WithProvisional, ///< and those that it is to have
};

[[nodiscard]] Result<std::vector<MailboxRow>> readMailboxes(Database &database, AccountId account, Mailboxes which);
[[nodiscard]] Result<std::optional<MailboxRow>> readMailbox(Database &database, MailboxId id);
/** By text and wire; where name has no wire, by text alone if that is all there is. */
[[nodiscard]] Result<std::optional<MailboxRow>> readMailbox(Database &database, AccountId account,
                                                            const mail::MailboxName &name);
[[nodiscard]] Result<std::int64_t> readCachedCount(Database &database, MailboxId mailbox);
[[nodiscard]] Result<std::int64_t> readCachedUnseen(Database &database, MailboxId mailbox);

/** What message writes check before they touch a mailbox, and what tells readers how far it is synced. */
[[nodiscard]] Result<std::optional<MailboxState>> readState(Database &database, MailboxId mailbox);

} // namespace kittiwake::store

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/mailboxname.h"
#include "core/store/pendingstore.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <span>
#include <vector>

namespace kittiwake::sync
{

/** How the operations of a mailbox name its messages: by its name, UIDVALIDITY and UID. */
struct MailboxAddress {
    mail::MailboxName name;
    UidValidity uidValidity;

    bool operator==(const MailboxAddress &) const = default;
};

struct MailboxRename {
    mail::MailboxName before;
    mail::MailboxName now;

    bool operator==(const MailboxRename &) const = default;
};

/**
 * The UIDs that operations speak of in this mailbox, in their undo too, whatever their state: about these nothing may
 * be assumed.
 */
[[nodiscard]] Result<imap::UidSet> addressedUids(const store::PendingStore &pending, AccountId account,
                                                 const MailboxAddress &mailbox);

/**
 * The server has numbered a mailbox anew. What speaks of messages that moved holds says from now on where they are; the
 * rest of such an operation becomes one of its own that is parked, and says why: its messages could not be told from
 * others. In one transaction, and before the cache speaks of the new UIDs: whenever the program ends, an operation
 * names the right messages or none. Where the UIDVALIDITY stays the same, a message is found only under its own UID:
 * otherwise nobody could say later which numbering an operation means; the rest is parked under no UIDVALIDITY that the
 * server has. moved: each "before" once.
 */
[[nodiscard]] Result<void> renumberOperations(store::PendingStore &pending, AccountId account,
                                              const MailboxAddress &mailbox, UidValidity now,
                                              std::span<const MovedUid> moved);

/** Another client has renamed mailboxes, all of them at the same moment. In one transaction, before the cache has it.
 */
[[nodiscard]] Result<void> renameOperations(store::PendingStore &pending, AccountId account,
                                            std::span<const MailboxRename> renames);

struct MoveOperation;
struct MoveProgress;

/**
 * While a move was carried out, its folders were given other names. now: as renameOperations() has rewritten it. What
 * has come of the move is told by the same names: who undoes it, and what waits for its messages, goes by them.
 */
void followNames(MoveOperation &operation, MoveProgress &progress, const MoveOperation &now);

} // namespace kittiwake::sync

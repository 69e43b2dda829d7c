// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/pendingstore.h"
#include "core/sync/operations/moveoperation.h"

#include <map>
#include <vector>

namespace kittiwake::sync
{

/** Where messages were and where they are now, compared by identity. */
struct Relocation {
    mail::MailboxName from;
    UidValidity fromValidity;
    mail::MailboxName to;
    UidValidity toValidity;
    std::map<Uid, Uid> pairs;
};

/** Of what a move has done and looked at; a copy moves nothing. */
[[nodiscard]] std::vector<Relocation> relocationsOf(const MoveOperation &operation, const MoveProgress &progress);

/**
 * What progress knows of the messages that have moved, under the UIDs that they have now: what may be under way, and
 * copies whose originals are still to go. It leaves progress.
 */
[[nodiscard]] MoveProgress takeKnown(MoveProgress &progress, const Relocation &relocation);

/**
 * Makes what other operations say of these messages true again: those that wait, and what undoes those that are done.
 * Returns whether it changed. Where only some of an operation's messages have moved, the others become an operation of
 * their own in added.
 */
[[nodiscard]] bool relocate(store::PendingOperation &operation, const std::vector<Relocation> &relocations,
                            std::vector<store::PendingOperation> &added);

/** Whether the operation, or what undoes it, speaks of any of these messages. */
[[nodiscard]] bool refersTo(const store::PendingOperation &operation, const mail::MailboxName &mailbox,
                            UidValidity validity, const imap::UidSet &uids);

/**
 * What brings back what a move has done so far; empty where nothing can. Several where the messages are in several
 * mailboxes by now. Copies are deleted for good, where they arrived.
 */
[[nodiscard]] std::vector<MoveOperation> reverseOf(const MoveOperation &operation, const MoveProgress &progress);

} // namespace kittiwake::sync

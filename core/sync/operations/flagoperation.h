// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/sequenceset.h"
#include "core/mail/flagchange.h"
#include "core/mail/mailboxname.h"
#include "core/sync/operations/markoperation.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** The same change for all of them. */
struct FlagGroup {
    imap::UidSet uids;
    mail::FlagChange change;

    bool operator==(const FlagGroup &) const = default;
};

/**
 * "flag" in pending.db: flags and keywords of messages of one mailbox. It speaks of messages by mailbox, UIDVALIDITY
 * and UID, so that it outlives the cache and can never land on another message.
 */
struct FlagOperation {
    static constexpr const char *kind = "flag";

    mail::MailboxName mailbox;
    UidValidity uidValidity;
    std::vector<FlagGroup> groups; ///< applied in order
    /** Only where it is about one message, which is looked for elsewhere when it has gone from here (MarkOperation). */
    std::optional<SoughtMessage> sought = {};

    /** Of all groups. */
    [[nodiscard]] imap::UidSet uids() const;
    /** For PendingOperation::payload: JSON. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<FlagOperation> fromBytes(const QByteArray &bytes);
    /** For PendingOperation::undo: messages that were together may be in several mailboxes by now. */
    [[nodiscard]] static QByteArray listToBytes(const std::vector<FlagOperation> &operations);
    /** Empty when it is something else. */
    [[nodiscard]] static std::vector<FlagOperation> listFromBytes(const QByteArray &bytes);

    bool operator==(const FlagOperation &) const = default;
};

/** An operation whose message has gone from where it was: from now on it looks for it. flags has FlagOperation::sought.
 */
[[nodiscard]] MarkOperation soughtElsewhere(const FlagOperation &flags);

/**
 * The commands that do what the operations do one after the other: for each message only what is left of all changes
 * is sent (read and unread again is nothing more than unread), and messages with the same need share a command.
 * The operations are of one mailbox and one UIDVALIDITY. Costs n log n in the ranges, not the messages.
 */
[[nodiscard]] std::vector<FlagGroup> coalesced(const std::vector<FlagOperation> &operations);

} // namespace kittiwake::sync

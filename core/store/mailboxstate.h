// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QChar>

#include <cstdint>
#include <optional>

namespace kittiwake::store
{

/** What a mailbox is known by when its name has changed; told by STATUS beside the listing. */
struct MailboxMark {
    QByteArray objectId; ///< MAILBOXID (RFC 8474)
    UidValidity uidValidity;
    Uid uidNext;
    std::optional<std::int64_t> messages;
    mail::MailboxName oldName; ///< OLDNAME (RFC 9051 section 6.3.9.7), as the server told it; empty: none

    bool operator==(const MailboxMark &) const = default;
};

/** A mailbox as LIST told it: what CacheTransaction::replaceMailboxes takes. */
struct MailboxListing {
    mail::MailboxName name;
    QChar delimiter; ///< null: flat namespace
    mail::MailboxRole role = mail::MailboxRole::None;
    bool selectable = true; ///< not \Noselect and not \NonExistent
    bool subscribed = false;
    QByteArrayList attributes; ///< as the server spelled them; kept for later questions (\HasNoChildren …)
    MailboxMark mark;

    bool operator==(const MailboxListing &) const = default;
};

/**
 * How far a mailbox is synced. Read it, change what is known better, write it back in the transaction that also wrote
 * the messages it speaks of: then a kill at any point leaves a state that tells the truth about the rows.
 *
 * A first sync goes from the newest message down. lowestFetched says how far it got: all messages that the server had
 * with lowestFetched <= UID < uidNext are in the cache. complete: the same down to UID 1.
 */
struct MailboxState {
    UidValidity uidValidity; ///< none: never selected. Changed by resetMailbox only
    Uid uidNext; ///< the cache knows the arrivals below it
    ModSeq highestModSeq; ///< the cache knows the flags up to it; none without CONDSTORE
    Uid lowestFetched; ///< none: nothing was fetched
    bool complete = false;
    QByteArray objectId; ///< MAILBOXID (RFC 8474); empty: not told, and then what is known stays
    bool doubtful = false; ///< it was renamed, or is another one: UIDs mean nothing until messages were found again
    std::int64_t messages = 0; ///< as the server last said
    std::int64_t unseen = 0; ///< as the server last said
    /**
     * Seconds since 1970 UTC; 0: never. When the question was asked whose answer last proved that the cache equals the
     * server: never ahead of the truth, however long the answer was on its way.
     */
    std::int64_t syncedAt = 0;

    bool operator==(const MailboxState &) const = default;
};

} // namespace kittiwake::store

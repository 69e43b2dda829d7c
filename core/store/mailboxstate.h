// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"

#include <QByteArrayList>
#include <QChar>

#include <cstdint>

namespace kittiwake::store
{

/** A mailbox as LIST told it: what CacheTransaction::replaceMailboxes takes. */
struct MailboxListing {
    mail::MailboxName name;
    QChar delimiter; ///< null: flat namespace
    mail::MailboxRole role = mail::MailboxRole::None;
    bool selectable = true; ///< not \Noselect and not \NonExistent
    bool subscribed = false;
    QByteArrayList attributes; ///< as the server spelled them; kept for later questions (\HasNoChildren …)

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

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>

namespace kittiwake::sync
{

/** What the cache knows of a mailbox before it is synced. */
struct LocalMailbox {
    UidValidity uidValidity; ///< none: never synced
    Uid uidNext; ///< arrivals below it are known
    ModSeq highestModSeq; ///< none where the server has no CONDSTORE
    bool complete = false; ///< every message below uidNext was fetched
    std::int64_t cached = 0; ///< headers in the cache
    bool doubtful = false; ///< renamed by another client, or another mailbox that looks like it
    QByteArray objectId = {}; ///< MAILBOXID (RFC 8474); empty: not known

    bool operator==(const LocalMailbox &) const = default;
    /** Knows enough to be told only what changed since (RFC 7162). */
    [[nodiscard]] bool canBeTold() const
    {
        return complete && uidValidity.isValid() && highestModSeq.isValid() && uidNext.isValid();
    }
};

/** What SELECT says of it (RFC 9051 section 6.3.2). */
struct RemoteMailbox {
    UidValidity uidValidity; ///< none: the server does not keep UIDs (UIDNOTSTICKY, UIDVALIDITY 0)
    Uid uidNext; ///< none: not told
    ModSeq highestModSeq; ///< none: not told, or not to be trusted (SyncWay::Plain)
    std::int64_t exists = 0;
    QByteArray objectId = {}; ///< MAILBOXID; empty: not told
};

/**
 * Why what is known of a mailbox is not built upon. Every contradiction ends in one of these: it is logged, and what
 * the server still has is compared with the cache as a whole. Only where UIDs mean other messages than before is
 * everything forgotten first (forgetsEverything).
 */
enum class FullResyncReason {
    Asked, ///< the person asked for it
    UidValidityChanged, ///< RFC 9051 section 2.3.1.1: the old UIDs mean other messages, or none
    UidsNotKept, ///< UIDVALIDITY 0 or none, UIDNOTSTICKY (RFC 4315): they mean nothing after the session
    MaybeAnother, ///< its name is new or its MAILBOXID another one: nothing proves that it is what was cached
    UidNextWentBack, ///< RFC 9051 section 2.3.1.1 forbids it: restored from a backup, UIDs are given out anew
    ModSeqWentBack, ///< RFC 7162 section 3.1.2.1 forbids it: what changed since cannot be told by it
    TooManyMessages, ///< more than came by UIDNEXT: some below it were never seen
    UnknownMessage, ///< the server told of a UID below UIDNEXT that the cache, which was complete, has never seen
    AnswerIncomplete, ///< what was told of the changes does not add up to EXISTS
    CountDiffers, ///< all is fetched, and the cache still holds another number of messages than EXISTS
    Contradiction, ///< while it was selected: EXISTS shrank without EXPUNGE, "* 0 FETCH", another UIDVALIDITY, …
};

/** The UIDs of the cache may mean other messages. For all other reasons they are compared. */
[[nodiscard]] bool forgetsEverything(FullResyncReason reason);

/** How the known messages are compared with the server's. */
enum class Comparison {
    None, ///< nothing can have changed
    Told, ///< SELECT with QRESYNC has told what changed and what went (RFC 7162 section 3.2.5)
    ChangedSince, ///< CONDSTORE, and QRESYNC that tells too little: FETCH … CHANGEDSINCE, and UIDs only where the
                  ///< counts do not add up
    Uids, ///< first sync, or one that was interrupted while nothing else is known: which UIDs are there
    UidsAndFlags, ///< UID and FLAGS of every message
};

/** The ways of RFC 7162, and the one that every server has. */
enum class SyncWay { Plain, CondStore, QResync };

/** The steps that make a mailbox's cache equal to the server. */
struct SyncPlan {
    std::optional<FullResyncReason> full; ///< nothing that is known is built upon
    Comparison comparison = Comparison::UidsAndFlags;
    /** Where nothing is cached, the newest messages are asked for at once, before it is known which UIDs there are. */
    bool newestFirst = false;

    /** First forget everything. */
    [[nodiscard]] bool forgets() const { return full && forgetsEverything(*full); }
    /** UIDs may mean other messages; those that can be told from all others are worth looking for. */
    [[nodiscard]] bool isRenumbered() const { return forgets() && full != FullResyncReason::Asked; }
    bool operator==(const SyncPlan &) const = default;
};

/** What was asked of the server, besides the mailbox itself. */
struct SyncAsked {
    bool full = false; ///< the person wants everything thrown away
    SyncWay way = SyncWay::Plain; ///< QResync: SELECT carried the parameter
};

/** Pure: the same input gives the same plan. */
[[nodiscard]] SyncPlan planSync(const LocalMailbox &local, const RemoteMailbox &remote, SyncAsked asked);

/** For the log and the activity panel: "the server renumbered its messages". */
[[nodiscard]] QString fullResyncReasonText(FullResyncReason reason);

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

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
    ModSeq highestModSeq;
    std::int64_t exists = 0;
};

/** Why everything that is known of a mailbox is thrown away. */
enum class FullResyncReason {
    Asked, ///< the person asked for it
    UidValidityChanged, ///< RFC 9051 section 2.3.1.1: the old UIDs mean other messages, or none
    UidNextWentBack, ///< RFC 9051 section 2.3.1.1 forbids it: the server was restored from a backup
};

/** How the known messages are compared with the server's. */
enum class Comparison {
    None, ///< nothing can have changed
    Told, ///< SELECT with QRESYNC has told what changed and what went (RFC 7162 section 3.2.5)
    ChangedSince, ///< CONDSTORE: FETCH … CHANGEDSINCE, and UIDs only where the counts do not add up
    Uids, ///< first sync, or one that was interrupted while nothing else is known: which UIDs are there
    UidsAndFlags, ///< UID and FLAGS of every message
};

/** The steps that make a mailbox's cache equal to the server. */
struct SyncPlan {
    std::optional<FullResyncReason> reset; ///< first forget everything
    Comparison comparison = Comparison::UidsAndFlags;
    /** Where nothing is cached, the newest messages are asked for at once, by their sequence numbers. */
    bool newestFirst = false;

    bool operator==(const SyncPlan &) const = default;
};

/** What was asked of the server, besides the mailbox itself. */
struct SyncAsked {
    bool full = false; ///< the person wants everything thrown away
    bool qresync = false; ///< SELECT carried the QRESYNC parameter
};

/** Pure: the same input gives the same plan. */
[[nodiscard]] SyncPlan planSync(const LocalMailbox &local, const RemoteMailbox &remote, SyncAsked asked);

/** For the log and the activity panel: "the server renumbered its messages". */
[[nodiscard]] QString fullResyncReasonText(FullResyncReason reason);

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/responsecode.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/flagchange.h"
#include "core/mail/mailboxname.h"
#include "core/mail/movekind.h"
#include "core/store/messageidentity.h"
#include "core/sync/operations/messageat.h"

#include <QByteArray>

#include <map>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** One message of a MoveOperation. */
struct MovedMessage {
    Uid uid; ///< in the source; none: only known by its identity
    store::MessageIdentity identity;
    mail::FlagChange change; ///< made before it goes; most have none
    Uid original = {}; ///< in MoveOperation::original, what it is a copy of

    bool operator==(const MovedMessage &) const = default;
};

/**
 * "move", "copy", "delete", "expunge" … in pending.db: messages that leave a mailbox for another one, or for good. As
 * FlagOperation it speaks of messages by mailbox, UIDVALIDITY and UID, and it also says by what each is known again,
 * because after a lost answer, and for an undo, it has to be found in the target under a UID that nobody told.
 */
struct MoveOperation {
    mail::MoveKind kind = mail::MoveKind::Move;
    mail::MailboxName source;
    UidValidity uidValidity;
    std::optional<mail::MailboxName> target; ///< none: for good
    std::vector<MovedMessage> messages;
    /** Brings back what that one did. While it is not settled, UIDs are those of its source. */
    OperationId follows;
    /** The UIDs are what a server said that they are (COPYUID), or none: each is checked, and looked for from here on.
     */
    Uid searchFrom;
    /**
     * Of "expunge", which takes copies back: where the originals were. A copy stays where its original is not there any
     * more: another device may have moved that, and then it may be what was taken for the copy.
     */
    std::optional<mail::MailboxName> original = {};
    UidValidity originalValidity = {};

    [[nodiscard]] imap::UidSet uids() const;
    /** For PendingOperation::payload: JSON. kind is PendingOperation::kind. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    /** Whether these bytes may speak of an operation that this one follows; quick, where most do not. */
    [[nodiscard]] static bool mayFollow(const QByteArray &bytes);
    [[nodiscard]] static std::optional<MoveOperation> fromBytes(const QString &kind, const QByteArray &bytes);
    [[nodiscard]] static bool isKind(const QString &kind) { return mail::moveKindOf(kind).has_value(); }
    /** For PendingOperation::undo: what brings a move back is made of the move itself. */
    [[nodiscard]] static QByteArray undoMark() { return QByteArrayLiteral("{\"move\":true}"); }

    bool operator==(const MoveOperation &) const = default;
};

/** Messages that have arrived. */
struct MovedPart {
    mail::MailboxName mailbox; ///< where they are now: the target, or where a later action has taken them
    /** source and destination pair by pair, in order; destination is empty where nobody knows. */
    imap::CopyUidCode pairs;
    Uid searchFrom; ///< UIDNEXT of the target before: they are not below it
    bool isVerified = false; ///< each pair was compared by identity; else it is what the server said
    bool hasOriginal = false; ///< they are to leave their source as well, and have not yet
    bool isMovedOn = false; ///< mailbox is where an action of the same person has taken them

    bool operator==(const MovedPart &) const = default;
};

/** PendingOperation::progress of a MoveOperation. */
struct MoveProgress {
    std::vector<MovedPart> done;
    imap::UidSet gone; ///< were not there any more
    imap::UidSet removed; ///< deleted for good
    imap::UidSet kept; ///< were not deleted, because they may be the last ones
    imap::UidSet marked; ///< have \Deleted and stay, because the server cannot expunge them alone
    // What may have been done although no answer came: to be looked for before it is repeated.
    imap::UidSet inFlight;
    UidValidity targetValidity;
    Uid targetNext; ///< UIDNEXT of the target before
    /** Where the cache had messages like these before a COPY; none: that was not noted down, or was too much. */
    std::optional<std::vector<MessageAt>> others;

    /** All UIDs of which nothing is left to do. */
    [[nodiscard]] imap::UidSet settled() const;
    /** All that have arrived, also those of which the original is still to go. */
    [[nodiscard]] imap::UidSet arrived() const;
    /** Those of which the original is still to go. */
    [[nodiscard]] imap::UidSet copied() const;
    /** The originals of these are not in their source any more. */
    void originalsHaveGone(const imap::UidSet &uids);
    [[nodiscard]] QByteArray toBytes() const;
    /** Damaged bytes count as no progress: everything is looked for again. */
    [[nodiscard]] static MoveProgress fromBytes(const QByteArray &bytes);
    /** Whether fromBytes() would find anything marked: costs nothing, unlike reading them. */
    [[nodiscard]] static bool hasMarked(const QByteArray &bytes);

    bool operator==(const MoveProgress &) const = default;
};

/** Source UID -> destination UID of pairs; nothing where the two sides differ in number, or name more than limit. */
[[nodiscard]] std::map<Uid, Uid> pairsOf(const imap::CopyUidCode &code, std::uint64_t limit = 1'000'000);
/** The reverse, in the order of the source. */
[[nodiscard]] imap::CopyUidCode codeOf(UidValidity validity, const std::map<Uid, Uid> &pairs);

} // namespace kittiwake::sync

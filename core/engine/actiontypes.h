// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/flagchange.h"
#include "core/mail/movekind.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::engine
{

/** Marks for messages: those in messages, or those of one mailbox by UID. */
struct FlagRequest {
    std::vector<MessageId> messages;
    MailboxId mailbox; ///< with uids, where messages is empty
    QByteArray uids; ///< an IMAP sequence set; "*" is the largest UID in the cache
    mail::FlagChange change;
    bool wait = false; ///< until the server has been asked once; else the answer comes when the action is safe
};

/** Messages that leave their mailbox, or are copied; named as in FlagRequest. */
struct MoveRequest {
    std::vector<MessageId> messages;
    MailboxId mailbox; ///< with uids, where messages is empty
    QByteArray uids;
    /**
     * Delete takes messages to the Trash, and those in the Trash for good. Archive, Junk and NotJunk know where to;
     * Move and Copy need target.
     */
    mail::MoveKind kind = mail::MoveKind::Move;
    MailboxId target; ///< of Move and Copy
    bool wait = false; ///< until the server has been asked once; else the answer comes when the action is safe
};

/** A message that is put into a mailbox. */
struct AppendRequest {
    MailboxId mailbox;
    QByteArray message; ///< RFC 5322, up to 64 MiB; lines may end in LF alone
    mail::Flags flags;
    std::optional<std::int64_t> date; ///< INTERNALDATE, seconds since 1970 UTC; none: when the server gets it
    bool wait = false; ///< until the server has been asked once; else the answer comes when the action is safe
};

/** What is done to a folder itself. */
struct FolderRequest {
    enum class Kind {
        Create,
        Rename,
        Delete,
        Subscribe,
        Unsubscribe,
        Empty, ///< deletes for good all messages that it shows now; those that come later stay
    };
    Kind kind = Kind::Create;
    AccountId account; ///< of Create
    MailboxId mailbox; ///< of all others
    QString name; ///< of Create and Rename: the full name, as people see it
    bool wait = false; ///< until the server has been asked once; else the answer comes when the action is safe
};

/** What became of an action. It is on the disk in any case. */
struct ActionReport {
    OperationId operation; ///< none: nothing had to be done
    QString state; ///< "queued", "failed", "done"; "none" without an operation
    QString error; ///< of the last attempt, a sentence for people
    std::uint32_t uid = 0; ///< of the message that was put into a mailbox; 0: not there yet, or nobody knows
};

/** A recipient of a message in the outbox. */
struct PendingRecipient {
    QString address;
    QString state; ///< "waiting", "accepted", "refused", "unknown"
    QString error; ///< a sentence for people
};

/** An action that the server has not confirmed. */
struct PendingAction {
    OperationId id;
    AccountId account;
    QString kind; ///< "flag", "move", "copy", "delete", "expunge", "archive", "junk", "not-junk",
                  ///< "create-folder", "rename-folder", "delete-folder", "subscribe", "unsubscribe", "append"
    QString state; ///< "queued", "failed"; of a message in the outbox also "sending", "unknown"
    /** By the server: nothing more happens by itself. */
    /** Another folder may be chosen for it (Engine::retargetAction). */
    bool canBeRetargeted = false;
    [[nodiscard]] bool isRefused() const { return state == QLatin1String("failed"); }
    QString subject; ///< of a message in the outbox
    std::vector<PendingRecipient> recipients; ///< likewise
    std::int64_t notBefore
        = 0; ///< likewise: milliseconds since 1970 UTC at which it is sent, or tried again; 0: at once
    QString mailbox;
    QString target; ///< of a move or copy
    std::int64_t messages = 0;
    int attempts = 0;
    QString error; ///< of the last attempt, a sentence for people
    std::int64_t createdAt = 0; ///< milliseconds since 1970 UTC
};

/** How much waits for the server. */
struct PendingSummary {
    std::int64_t waiting = 0;
    std::int64_t failed = 0; ///< the server refused them: they need the person
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::PendingSummary)

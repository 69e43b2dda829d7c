// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"
#include "core/mail/messageheader.h"
#include "core/store/messageidentity.h"
#include "core/sync/operations/messageat.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/**
 * "append" in pending.db: a message that is put into a mailbox. Its bytes are PendingStore::content() until the server
 * has them; here is what it is known again by, and shown as.
 */
struct AppendOperation {
    static constexpr const char *kind = "append";
    /** Of the header, for showing it: more is left out. */
    static constexpr qsizetype headLimit = 64 * 1024;

    mail::MailboxName mailbox;
    mail::Flags flags;
    std::optional<std::int64_t> internalDate; ///< seconds since 1970 UTC; none: when the server gets it
    store::MessageIdentity identity; ///< internalDate: as above, 0 for none
    bool mayBeSaved = false; ///< idSuffices, and the service saves a copy of its own: it is waited for a while
    bool idSuffices = false; ///< its Message-ID alone tells that it is there already, whatever its size: a copy in Sent
    QByteArray prefix; ///< header lines before content(), which only this copy has: Bcc, in Sent
    QByteArray digest; ///< SHA-256 of the bytes, prefix and all; so is identity.size
    QByteArray head; ///< the header block

    /** message: as it goes to the server, lines ended by CRLF. */
    [[nodiscard]] static AppendOperation of(const mail::MailboxName &mailbox, const QByteArray &message,
                                            const mail::Flags &flags, std::optional<std::int64_t> internalDate);
    [[nodiscard]] static bool isKind(const QString &name) { return name == QLatin1String(kind); }
    /** For PendingOperation::payload: JSON. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<AppendOperation> fromBytes(const QString &name, const QByteArray &bytes);
    /** For PendingOperation::undo: what takes it out again is made of where it went. */
    [[nodiscard]] static QByteArray undoMark() { return QByteArrayLiteral("{\"append\":true}"); }
    /** How it is shown. date: where it has none, milliseconds since 1970 UTC. */
    [[nodiscard]] mail::MessageHeader header(Uid uid, std::int64_t date) const;

    bool operator==(const AppendOperation &) const = default;
};

/** PendingOperation::progress of an AppendOperation. */
struct AppendProgress {
    bool isSent = false; ///< the command may have reached the server: look before it is repeated
    UidValidity validity; ///< of the mailbox, when it was sent, and of uid
    Uid next; ///< UIDNEXT before: it is not below it
    std::vector<MessageAt> others; ///< messages with its Message-ID that were there before: they are not it
    mail::MailboxName mailbox; ///< where it is, once it is
    Uid uid; ///< as what; none: nobody knows
    int looks = 0; ///< in vain, for the copy of a service that saves one itself

    [[nodiscard]] QByteArray toBytes() const;
    /** Damaged bytes count as sent: it is looked for. */
    [[nodiscard]] static AppendProgress fromBytes(const QByteArray &bytes);

    bool operator==(const AppendProgress &) const = default;
};

} // namespace kittiwake::sync

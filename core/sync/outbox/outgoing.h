// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/draftid.h"
#include "core/smtp/preparation.h"
#include "core/smtp/submissiontypes.h"
#include "core/sync/drafts/draftcontext.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** One recipient of a message that is being sent. */
struct OutgoingRecipient {
    /** The names are stored: never change one. */
    enum class State {
        Waiting, ///< "waiting": not taken yet
        Accepted, ///< "accepted": the server has taken the message for them
        Refused, ///< "refused": for good; error says why
        Unknown, ///< "unknown": the answer was lost
    };
    QString address;
    State state = State::Waiting;
    QString error; ///< a sentence

    bool operator==(const OutgoingRecipient &) const = default;
};

/**
 * "send" in pending.db: a message in the outbox. The message itself is the operation's content. Its state is that of
 * the operation: Queued (waits, also for its time), Running (handed over at this moment: its end may have reached the
 * server), Unknown (it may or may not have been sent: asks the person), Failed (refused, the message is kept).
 */
struct Outgoing {
    static constexpr const char *kind = "send";

    QString from;
    std::vector<OutgoingRecipient> recipients;
    QByteArray messageId;
    QByteArray hiddenFields; ///< Bcc, as header lines: the copy in Sent has them, the message itself does not
    QByteArrayList answers; ///< messages that get \Answered
    QByteArrayList forwards; ///< messages that get $Forwarded
    std::vector<DraftOrigin> origins; ///< likewise, of any account; where there are some, the other two are empty
    QString subject; ///< for lists
    bool hasEightBit = false;
    bool hasUtf8Header = false;
    bool wantsCopy = true; ///< in Sent
    /** Servers that can (DSN, RFC 3461) say when it has arrived, is late or was given up, for each recipient. */
    bool wantsDeliveryReport = false;
    mail::DraftId draft; ///< that it was written as; it goes when the server has taken the message
    bool isCopied = false; ///< the copy in Sent was made, or is an operation of its own by now

    [[nodiscard]] static Outgoing of(const smtp::PreparedMessage &message);
    /** For those who have no answer yet. Errors: Input, where the record was damaged. */
    [[nodiscard]] Result<smtp::Envelope> envelope(std::uint64_t size) const;
    /** Any recipient in that state. */
    [[nodiscard]] bool hasAny(OutgoingRecipient::State state) const;
    void change(OutgoingRecipient::State from, OutgoingRecipient::State to);

    /** For PendingOperation::payload: JSON. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<Outgoing> fromBytes(const QByteArray &bytes);

    bool operator==(const Outgoing &) const = default;
};

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/smtp/reply.h"

#include <QString>

namespace kittiwake::smtp
{

/** Why a server would not take a message, or not for one of its recipients. */
enum class RefusalKind {
    UnknownRecipient,
    MailboxFull,
    MailboxDisabled,
    TooLarge,
    SenderNotAllowed, ///< this account may not send under that address
    SignInNeeded,
    Policy, ///< spam, content or reputation: the server's words say which
    Greylisted, ///< takes it on another try, minutes later
    RateLimited, ///< too much was sent lately
    Unreachable, ///< the server could not find or reach the recipient's
    NoMessageSpace, ///< the submission server itself is out of room
    TooManyRecipients,
    Unsupported, ///< it cannot carry such a message (international addresses, eight bits)
    ServerTrouble, ///< an error of the server's own
    Other,
};

/** "mailbox-full": the name in JSON and in the outbox. */
[[nodiscard]] QString refusalKindName(RefusalKind kind);

struct Refusal {
    RefusalKind kind = RefusalKind::Other;
    bool isTemporary = false; ///< trying again later may help
    int code = 0; ///< of the reply; 0: it was not asked
    QString userText; ///< one translated sentence: what happened and what the person can do
    QString serverText; ///< the server's own words, neutralised

    bool operator==(const Refusal &) const = default;
};

/** What was being told when the reply came. */
enum class RefusalStage { Sender, Recipient, Message };

/**
 * Reads a 4xx or 5xx: the enhanced code first, then the plain one, then the words that well-known servers use. where
 * names the server; address: of the sender or the recipient, as typed.
 */
[[nodiscard]] Refusal refusalOf(const Reply &reply, RefusalStage stage, const QString &where, const QString &address);

/** The message is larger than the server said it takes; it was not asked. Sizes in octets. */
[[nodiscard]] Refusal tooLargeRefusal(const QString &where, std::uint64_t size, std::uint64_t limit);
/** The message has 8-bit text or addresses beyond ASCII that this server cannot carry; it was not asked. */
[[nodiscard]] Refusal unsupportedRefusal(const QString &where, bool addresses);

} // namespace kittiwake::smtp

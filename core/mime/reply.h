// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <utility>

namespace kittiwake::mime
{

/** What an answer has to know of the message that it answers, or that is passed on. */
struct OriginalMessage {
    mail::AddressList from;
    mail::AddressList replyTo;
    mail::AddressList to;
    mail::AddressList cc;
    mail::Address listPost; ///< listPostAddress(); not valid where it came over no list
    QString subject;
    QByteArray messageId; ///< with angle brackets; may be empty
    QByteArrayList inReplyTo;
    QByteArrayList references;
    QString date; ///< as the person reads dates; empty: not known
    QString text; ///< MessageContent::plainText, or what the person has selected of it
};

enum class ReplyTo { Sender, All, List };

/**
 * The answer. Recipients: Reply-To, else From (RFC 5322 section 3.6.3); a Reply-To that is the mailing list itself was
 * put there by the list, and is not who a private answer goes to. Answering what oneself has sent goes on to its
 * recipients. All: To and Cc of the original keep their places. The subject gets one "Re:", References are kept
 * complete (section 3.6.4), the original is quoted below a line that says whose words they are, without its signature.
 *
 * own: the person's addresses, that of the account first. The one that the message came to answers it, none of them
 * gets the answer.
 */
[[nodiscard]] Composition replyComposition(const OriginalMessage &original, ReplyTo whom, const mail::AddressList &own);

/** Passed on within the text: who wrote what to whom and when, and the text. Its parts are the caller's. */
[[nodiscard]] Composition forwardComposition(const OriginalMessage &original, const mail::AddressList &own);

/** The line above a quote: "Anna <anna@x.example> wrote on Monday:". */
[[nodiscard]] QString attribution(const OriginalMessage &original);

/** What stands above a message that is passed on: a name ("From") and what it is, for each. */
[[nodiscard]] std::vector<std::pair<QString, QString>> passedOnFields(const OriginalMessage &original);

/** Each line with one more quote mark; what follows the last signature mark is left out. */
[[nodiscard]] QString quotedText(const QString &text);

} // namespace kittiwake::mime

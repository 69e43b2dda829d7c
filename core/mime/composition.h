// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace kittiwake::mime
{

/** A file that goes along: attached, or shown inside the HTML that names it ("cid:"). */
struct OutgoingFile {
    QString name; ///< shown to the recipient; no path. May be empty for inline images
    QByteArray type; ///< "image/png"; application/octet-stream where it is none
    QByteArray contentId; ///< without angle brackets; not empty: inline
    std::variant<QByteArray, QString>
        content; ///< bytes, or the path of a file that is read when the message is written

    [[nodiscard]] bool isInline() const { return !contentId.isEmpty(); }
    bool operator==(const OutgoingFile &) const = default;
};

/** A part of another message, forwarded as it is: not one of its bytes changes, so its signature stays valid. */
struct ForwardedPart {
    QByteArray header; ///< what BODY[n.MIME] gives: CRLF lines
    QByteArray body; ///< what BODY[n] gives, still encoded

    bool operator==(const ForwardedPart &) const = default;
};

/** A whole message as an attachment (message/rfc822): its bytes with CRLF lines. */
struct ForwardedMessage {
    QString name; ///< "Re: Tickets.eml"
    QByteArray bytes;

    bool operator==(const ForwardedMessage &) const = default;
};

/** A header field of which a composition knows nothing, kept as it came: an X-header of the program that wrote a draft.
 */
struct OtherField {
    QByteArray name;
    QByteArray value; ///< unfolded

    bool operator==(const OtherField &) const = default;
};

/** What goes along with a text. */
using OutgoingPart = std::variant<OutgoingFile, ForwardedPart, ForwardedMessage>;

/** What a person has written, before it is a message. Text is Unicode with '\n' line ends. */
struct Composition {
    enum class Priority { Normal, High, Low };

    mail::Address from;
    std::optional<mail::Address> sender; ///< where somebody sends for somebody else (RFC 5322 section 3.6.2)
    mail::AddressList to;
    mail::AddressList cc;
    mail::AddressList bcc;
    mail::AddressList replyTo;
    QString subject;

    /** A line for each paragraph: it is wrapped on the way. Lines that begin with '>' are quotes. */
    QString text;
    QString html; ///< empty: plain text only. Otherwise text is its alternative
    std::vector<OutgoingPart> attachments;

    QByteArray messageId; ///< with angle brackets: makeMessageId()
    QByteArrayList inReplyTo; ///< with angle brackets
    QByteArrayList references; ///< oldest first
    std::int64_t date = 0; ///< seconds since 1970 UTC
    int utcOffset = 0; ///< of the writer's clock, in seconds
    Priority priority = Priority::Normal;
    bool wantsReceipt = false; ///< Disposition-Notification-To (RFC 8098 section 2.1)
    QByteArray userAgent; ///< empty: not said
    std::vector<OtherField> otherFields; ///< in their order

    bool operator==(const Composition &) const = default;
};

} // namespace kittiwake::mime

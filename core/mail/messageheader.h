// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/address.h"
#include "core/mail/flags.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>

namespace kittiwake::mail
{

/**
 * What the header cache holds of one message: decoded, ready to be shown and sorted. Made from a FETCH response by
 * core/sync, stored by core/store. Never any text of the body.
 */
struct MessageHeader {
    Uid uid;
    Flags flags;
    ModSeq modseq; ///< none where the server has no CONDSTORE
    std::int64_t internalDate = 0; ///< seconds since 1970 UTC: when the server received it
    std::int64_t date = 0; ///< seconds since 1970 UTC: the Date header, or internalDate where that is missing or absurd
    std::uint64_t size = 0; ///< RFC822.SIZE, octets
    QString subject;
    AddressList from;
    AddressList to;
    AddressList cc;
    AddressList replyTo;
    QByteArray messageId; ///< with angle brackets, empty if none
    QByteArrayList references; ///< References then In-Reply-To, oldest first, with angle brackets
    bool hasAttachment = false;
    /** The server's own id of the message: EMAILID (RFC 8474), or X-GM-MSGID in decimal; empty where there is none. The
     * same for copies in several mailboxes, and for good. */
    QByteArray emailId;

    bool operator==(const MessageHeader &) const = default;
};

} // namespace kittiwake::mail

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace kittiwake::mail
{

/** One address of an ENVELOPE as it came: bytes, encoded words not decoded (RFC 9051 section 7.5.2). */
struct RawAddress {
    QByteArray name;
    QByteArray mailbox; ///< local part; with an empty host it is a group's name, or a group's end when it is empty too
    QByteArray host;

    bool operator==(const RawAddress &) const = default;
};

/**
 * ENVELOPE as the server sent it: bytes, nothing decoded, so that decoding happens in one place (core/mime).
 * NIL and "" are the same here.
 */
struct Envelope {
    QByteArray date;
    QByteArray subject;
    std::vector<RawAddress> from;
    std::vector<RawAddress> sender;
    std::vector<RawAddress> replyTo;
    std::vector<RawAddress> to;
    std::vector<RawAddress> cc;
    std::vector<RawAddress> bcc;
    QByteArray inReplyTo;
    QByteArray messageId;

    bool operator==(const Envelope &) const = default;
};

} // namespace kittiwake::mail

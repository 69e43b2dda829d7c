// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/mail/address.h"
#include "core/smtp/path.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::smtp
{

/** A message that is ready to be handed over, and what its envelope is made of. */
struct PreparedMessage {
    QByteArray bytes; ///< CRLF line ends, no Bcc
    QByteArray hiddenFields; ///< Bcc, as header lines: for the sender's own copy, never for the wire
    Path sender;
    std::vector<Path> recipients; ///< of To, Cc and Bcc, each once
    QByteArray messageId; ///< with angle brackets
    QByteArrayList answers; ///< In-Reply-To
    QByteArrayList forwards; ///< X-Forwarded-Message-Id, as Thunderbird has written it since 2011
    QString subject; ///< decoded
    bool hasEightBit = false; ///< in the body
    bool hasUtf8Header = false;
};

/** Somebody's message goes to others as it is (RFC 5322 section 3.6.6): who redirects it, and to whom. */
struct Resending {
    mail::Address from;
    mail::AddressList to;
    mail::AddressList cc;
    mail::AddressList bcc; ///< in the envelope only
};

struct PrepareOptions {
    QString from; ///< the envelope's sender, and From where the message has none; empty: what From says
    QDateTime now; ///< for Date where it is missing; with the offset of the person's own time
    /** A block of Resent-* fields goes before everything else, and its recipients get the message. Of what it had
     * nothing is changed but Bcc, which goes. */
    std::optional<Resending> resending = std::nullopt;
};

/** Octets of a message; providers take 25 to 50 MB (November 2026). */
inline constexpr qsizetype largestMessage = 64 * 1024 * 1024 - 4096;
inline constexpr std::size_t mostRecipients = 999;
inline constexpr qsizetype longestMessageLine = 998; ///< octets without CRLF; RFC 5322 section 2.1.1

/**
 * A message as somebody wrote it -> as it is submitted (RFC 6409 section 8): lines end in CRLF, Bcc goes, Date and
 * Message-ID come where they are missing; every other byte stays. raw is given back as soon as it was read. Linear in
 * its input. Errors: Input, with a sentence that says what is wrong: no header, no sender, no recipient, an address
 * that is none, a line that is too long, NUL.
 */
[[nodiscard]] Result<PreparedMessage> prepareMessage(QByteArray raw, const PrepareOptions &options, Random &random);

} // namespace kittiwake::smtp

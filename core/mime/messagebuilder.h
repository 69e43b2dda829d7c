// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/mime/composition.h"

#include <QByteArray>
#include <QIODevice>

#include <cstddef>
#include <functional>
#include <memory>

namespace kittiwake::mime
{

/**
 * What goes along may be elsewhere than in the composition: opens, for reading and seeking, what stands at that place
 * of Composition::attachments. Null: what the composition holds. A device lives as long as the message is written.
 */
using AttachmentOpener = std::function<Result<std::unique_ptr<QIODevice>>(std::size_t place)>;

struct BuildOptions {
    /** Bcc stays in: for drafts and for the copy in Sent, never for what is submitted (RFC 5322 section 3.6.3). */
    bool withBcc = false;
    /** Addresses outside ASCII as they are (RFC 6532): for servers with SMTPUTF8 or UTF8=ACCEPT. */
    bool internationalAddresses = false;
    /**
     * It is not finished: From may be missing, and what is no address yet is kept as the name of an empty group
     * ("ann@": ;), as which nobody can be written to by accident (RFC 5322 section 3.4).
     */
    bool isUnfinished = false;
    AttachmentOpener attachments; ///< empty: all is in the composition
};

/**
 * Writes the message (RFC 5322, 2045 to 2047, 2231) to out, with CRLF lines of at most 998 octets. Deterministic: the
 * same composition gives the same bytes. Files are read while it is written and never held as a whole.
 * Text is format=flowed (RFC 3676); what is not ASCII is quoted-printable, or base64 where that is shorter, so that no
 * server needs 8BITMIME for it. ForwardedPart and ForwardedMessage go as they are: where those hold 8-bit bytes, the
 * message needs 8BITMIME.
 *
 * Errors: Input, with a sentence that names what is wrong: no From, an address that is none, or one outside ASCII where
 * that is not allowed, a header of more than HeaderLimits::bytes. Storage: a file cannot be read, or out not be
 * written.
 */
[[nodiscard]] Result<void> writeMessage(const Composition &composition, BuildOptions options, QIODevice &out);

/** writeMessage into memory. */
[[nodiscard]] Result<QByteArray> buildMessage(const Composition &composition, BuildOptions options = {});

/**
 * "<128 random bits@domain of the address>" (RFC 5322 section 3.6.4): unique, and without the name of this computer.
 * "localhost.invalid" where the address has no domain that may stand in a message.
 */
[[nodiscard]] QByteArray makeMessageId(Random &random, const mail::Address &from);

/** local@xn--… : the domain as the DNS has it (IDNA 2008 by Qt), the local part as it is. Empty: it is no address. */
[[nodiscard]] QByteArray wireAddress(const QString &address);

} // namespace kittiwake::mime

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace kittiwake::smtp
{

/**
 * An address as it may stand in MAIL FROM and RCPT TO (RFC 5321 section 4.1.2, RFC 6531): checked character by
 * character, so that nothing taken from a message, a link or an address book can end the line and say something of its
 * own (CRLF injection; MailKit 4.15.1, net-imap CVE-2026-42257). Names of domains are sent in their ASCII form.
 */
class Path
{
public:
    /** "local@domain", "\"quoted local\"@domain", "user@[192.0.2.1]". Errors: Input, with a sentence that names it. */
    [[nodiscard]] static Result<Path> parse(const QString &address);

    /** What stands between the angle brackets. UTF-8 where needsUtf8(). */
    [[nodiscard]] const QByteArray &wire() const { return m_wire; }
    /** The part before the @ is not ASCII: only a server with SMTPUTF8 takes it. */
    [[nodiscard]] bool needsUtf8() const { return m_needsUtf8; }
    /** The address as it was given. */
    [[nodiscard]] const QString &text() const { return m_text; }
    /** Of the domain, for a new Message-ID. */
    [[nodiscard]] QByteArray domain() const;
    bool operator==(const Path &) const = default;

private:
    QByteArray m_wire;
    QString m_text;
    bool m_needsUtf8 = false;
};

/** "xtext" (RFC 3461 section 4): what ENVID and ORCPT are written in. */
[[nodiscard]] QByteArray xtext(const QByteArray &bytes);

} // namespace kittiwake::smtp

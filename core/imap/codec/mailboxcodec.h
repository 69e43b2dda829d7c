// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/mailboxname.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <optional>

namespace kittiwake::imap
{

/** How mailbox names travel: modified UTF-7 (RFC 3501 section 5.1.3), or UTF-8 after ENABLE UTF8=ACCEPT / IMAP4rev2. */
enum class MailboxEncoding { ModifiedUtf7, Utf8 };

/** No value when text is no modified UTF-7 as RFC 3501 section 5.1.3 wants it: then it would not encode back. */
[[nodiscard]] std::optional<QString> decodeModifiedUtf7(QByteArrayView text);
/** Lone surrogates and NUL become U+FFFD. */
[[nodiscard]] QByteArray encodeModifiedUtf7(QStringView text);

/**
 * The server's bytes as a name. "inbox" in any case is INBOX (RFC 9051 section 5.1). Bytes that are no valid encoding
 * are shown as well as possible and kept in MailboxName::wire, so that the mailbox can still be opened.
 */
[[nodiscard]] mail::MailboxName decodeMailbox(QByteArrayView wire, MailboxEncoding encoding);
/** The bytes to send, not quoted. */
[[nodiscard]] QByteArray encodeMailbox(const mail::MailboxName &name, MailboxEncoding encoding);

} // namespace kittiwake::imap

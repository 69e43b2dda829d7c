// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/mailboxname.h"

namespace kittiwake::mail
{

/**
 * Where templates are: no attribute of RFC 6154 says so, it is the name that Thunderbird has given to its folder on the
 * server since the beginning, in any language. At the top, or below INBOX where a server wants all folders there.
 */
[[nodiscard]] bool isTemplatesMailbox(const MailboxName &name, QChar delimiter);
/** What it is to be called beside the mailbox of drafts; drafts: empty where there is none. */
[[nodiscard]] MailboxName templatesMailboxBeside(const MailboxName &drafts, QChar delimiter);

} // namespace kittiwake::mail

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/mailboxname.h"

namespace kittiwake::mail
{

/**
 * Whether a mailbox is to be counted where an account's mailboxes are added up, so that each message counts once. Where
 * mailboxes are labels of messages and All Mail is there, that holds all but junk and what was deleted; elsewhere a
 * message is in one mailbox, and All, Flagged and Important (RFC 6154, RFC 8457) are views of the others.
 */
[[nodiscard]] inline bool isCountedOnce(MailboxRole role, bool isLabel, bool hasAllMail)
{
    if (isLabel && hasAllMail)
        return role == MailboxRole::All || role == MailboxRole::Junk || role == MailboxRole::Trash;
    return role != MailboxRole::All && role != MailboxRole::Flagged && role != MailboxRole::Important;
}

} // namespace kittiwake::mail

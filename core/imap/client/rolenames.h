// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/client/clienttypes.h"

#include <vector>

namespace kittiwake::imap
{

/** The role that a mailbox's last name component suggests, in the languages that mail programs speak; None if none. */
[[nodiscard]] mail::MailboxRole roleOfName(const QString &leaf);

/**
 * Guesses roles by name where the server told none besides INBOX. One mailbox a role: at the top level or directly
 * under INBOX, the first in the server's order.
 */
void guessRoles(std::vector<ListedMailbox> &mailboxes);

} // namespace kittiwake::imap

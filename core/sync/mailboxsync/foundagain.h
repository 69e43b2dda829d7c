// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/rowidentity.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <vector>

namespace kittiwake::sync
{

/** The messages of a mailbox that has been numbered anew, as far as they can be told from each other. */
struct MailboxSync::FoundAgain {
    std::vector<store::Renumbered> kept;
    std::vector<MovedUid> moved; ///< those among them that something waits for
};

} // namespace kittiwake::sync

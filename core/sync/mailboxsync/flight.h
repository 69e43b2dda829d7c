// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/mailboxsync/mailboxsync.h"

namespace kittiwake::sync
{

/** One batch on its way. */
struct MailboxSync::Flight {
    Flight(Clock &clock, imap::UidSet wanted) : uids(std::move(wanted)), done(clock) { }
    imap::UidSet uids;
    HeaderBatch batch;
    async::Completion<Result<void>> done;
};

} // namespace kittiwake::sync

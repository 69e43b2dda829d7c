// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/mailboxsync/mailboxsync.h"

#include <algorithm>

namespace kittiwake::sync
{

/**
 * One batch on its way: it has landed when everything has been told or the command has ended, whichever comes first.
 * Dovecot answers pipelined FETCH commands in order, but holds back all their tagged answers until the last one is done
 * (cmd_sync of src/imap/imap-sync.c in 2.3, seen November 2026): who waits for those leaves it idle after each round.
 */
struct MailboxSync::Flight {
    Flight(Clock &clock, imap::UidSet wanted)
        : uids(std::move(wanted)), lowest(uids.smallest()), expected(uids.count()), done(clock)
    {
    }

    void take(const imap::FetchedMessage &message)
    {
        batch.take(message);
        landIfWhole();
    }
    /** The server has expunged these: what was told of them goes, and nothing more is told. */
    void remove(const imap::UidSet &gone)
    {
        batch.remove(gone);
        imap::UidSet never = uids;
        never.intersect(gone);
        expected -= std::min(expected, never.count());
        landIfWhole();
    }

    imap::UidSet uids;
    Uid lowest;
    std::uint64_t expected; ///< messages that are still there to be told; far too many where uids ends in "*"
    HeaderBatch batch;
    bool landed = false; ///< taken out of the air: what still comes for it is news about cached messages
    async::Completion<Result<void>> done;

private:
    void landIfWhole()
    {
        // Where an answer was unusable nobody knows whose it was, and the command's end decides.
        if (batch.unusable() == 0 && batch.headers().size() >= expected)
            done.complete({});
    }
};

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/drafts/draftserver.h"
#include "core/sync/operations/journal.h"
#include "core/sync/operations/replayerrors.h"

#include <algorithm>

namespace kittiwake::sync
{

/** Operations of one mailbox and one kind, next to each other in the journal, that share their commands. */
struct Journal::Batch {
    std::vector<store::PendingOperation> operations;
    std::vector<FlagOperation> flags; ///< of each, or
    std::vector<MoveOperation> moves; ///< of each, or
    std::vector<FolderOperation> folders; ///< of the one, or
    std::vector<AppendOperation> appends; ///< of the one, or
    std::vector<DraftOperation> drafts; ///< of the one, or
    std::vector<MarkOperation> marks; ///< of the one
    // Of the attempt:
    bool hasBegun = false; ///< its mailbox was open: what went wrong then may be the fault of an operation
    imap::UidSet refused; ///< messages whose change of flags was refused; that of the others was not
    imap::UidSet gone; ///< messages that are sought elsewhere, of those where that is possible
};

/** What an attempt at an operation has come to. */
enum class Outcome {
    Done,
    Refused, ///< for good: the person has to know
    Later, ///< the server may take it in a while, and takes others meanwhile
    Offline, ///< nothing gets through
};

/**
 * attempts: so far, this one included. An operation under which the connection broke three times waits like one that
 * was refused for a while: if it is what makes the server hang up, all others would wait behind it for ever.
 */
[[nodiscard]] Outcome outcomeOf(const Result<void> &result, bool hasBegun, int attempts);

/**
 * How long a server may still carry out what was asked over a connection that has ended: it goes on with what has
 * reached it, and copying is slow with some. messages: in that command.
 */
[[nodiscard]] std::chrono::milliseconds latenessOf(std::uint64_t messages);

/** The flow that replays one account's operations, and what it knows. */
struct Journal::Runner {
    Runner(Clock &owner, Random &random) : clock(owner), signal(owner), backoff(random) { }
    Runner(const Runner &) = delete;
    Runner &operator=(const Runner &) = delete;
    ~Runner() { clock.cancel(layTimer); }

    void wake() { signal.set(); }
    void tryNow()
    {
        isPostponed = false;
        backoff.reset();
        signal.set();
    }
    /**
     * The connection may have ended under a command. What is looked for before the server is through with that is not
     * found, and would be done twice, and what is asked anew would be overtaken by what was asked before.
     */
    void noteLost(const Result<void> &result, bool hasBegun, std::uint64_t messages)
    {
        if (!result && hasBegun && result.error().kind != ErrorKind::ServerRefused && isTemporary(result.error()))
            quietUntil = std::max(quietUntil, clock.monotonic() + latenessOf(messages));
    }
    [[nodiscard]] bool isReplaying(OperationId operation) const
    {
        for (const OperationId running : replaying) {
            if (running == operation)
                return true;
        }
        return false;
    }

    Clock &clock;
    async::Signal signal;
    Backoff backoff;
    std::vector<OperationId> replaying;
    bool isPostponed = false; ///< the last attempt failed for want of a connection: wait for the pause or the person
    Clock::Duration quietUntil{0}; ///< on the monotonic clock: nothing is replayed before, also if the person wants it
    bool isAlone = false; ///< the last batch was refused: one at a time, to find the one that is at fault
    Clock::TimerId layTimer = 0; ///< the cache has rows that the overlay does not know
    async::TaskScope scope; ///< last: its task uses the rest
};

} // namespace kittiwake::sync

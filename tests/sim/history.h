// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/personality.h"
#include "tests/sim/model/submission.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace kittiwake::sim
{

/** What may happen: rows of the table in history.cpp, and cases in Simulation. */
enum class EventKind {
    Deliver,
    ChangeFlags,
    Expunge,
    MoveByOther, ///< the second client moves messages
    CreateMailbox,
    DeleteMailbox,
    RenameMailbox,
    Subscribe,
    Renumber, ///< UIDVALIDITY changes
    LoseModSeqs, ///< HIGHESTMODSEQ goes back
    ForgetExpunged, ///< VANISHED (EARLIER) must be told generously
    OpenMailbox,
    ReadMessage,
    CheckNow,
    Mark, ///< the person's actions, on messages as they are shown
    MarkAllRead,
    Move,
    Copy,
    Delete, ///< to the Trash, and from there for good
    Remove, ///< for good
    Archive,
    Junk,
    NotJunk,
    Append, ///< a message is put into a folder
    CreateFolder, ///< by the person, as those below
    RenameFolder,
    DeleteFolder,
    SubscribeFolder,
    EmptyFolder, ///< Trash or Junk
    Undo,
    UndoMany, ///< up to as many as can be undone
    Retry,
    GiveUp, ///< what is parked is dropped
    DropCache, ///< killed, cache.db is deleted, started again
    WorkOffline, ///< for a while the program only notes down
    Restart, ///< the program is closed and started again
    KillWhileStarting, ///< killed, started again, and killed after so many callbacks
    KillAtStep, ///< killed after so many callbacks: at an await
    KillAtWrite, ///< killed at a write
    PowerCutAtWrite, ///< and what was not synced is lost in part
    CutToClient, ///< after so many bytes
    CutToServer,
    CutNow,
    Stall,
    NetworkDown,
    Bye,
    DiskFull,
    DiskErrors,
    ClockJump,
    Send, ///< the person writes to somebody
    SendAgain, ///< what waits, was refused, or may have been sent
    GiveUpSending,
    ChangeMind, ///< what the person has marked last is to be as it was: by hand, not with Undo
    MarkVariously, ///< all of a folder, which differ in what changes
    LockMailbox, ///< in the folder of what was marked last nothing can be changed any more: NO [INUSE]
    RenameAwaited, ///< by the second client, a mailbox for which something waits
    RenumberAwaited, ///< likewise
    ChangeOpened, ///< the second client changes the mailbox that the person opened last
};

/** One thing that happens, a value: a history can be written down, cut short and repeated. */
struct Event {
    EventKind kind = EventKind::Deliver;
    std::uint32_t gap = 0; ///< milliseconds since the one before
    std::uint64_t pick = 0; ///< chooses among what there is at that time

    [[nodiscard]] QString text() const;
};

/** Everything that a seed chooses. */
struct History {
    std::uint64_t seed = 0;
    bool isPrepared = false; ///< empty databases are there, which the program else makes itself
    bool opensAnew = false; ///< SQLite opens its files anew after each kill: see ConnectionPool
    model::Personality server;
    bool lies = false;
    std::uint64_t mailboxes = 1;
    std::uint64_t messages = 10; ///< at the beginning, in each
    std::uint64_t bustle = 0; ///< of a thousand commands, in how many another client changes the mailbox at that moment
    bool locks = false; ///< the server comes to refuse what is done to some mailbox
    bool sends = false; ///< the account has a server for outgoing mail
    model::SubmissionPersonality submission;
    std::vector<Event> events;
};

[[nodiscard]] History makeHistory(std::uint64_t seed);
[[nodiscard]] QString describe(const model::Personality &server);

} // namespace kittiwake::sim

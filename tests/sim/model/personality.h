// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/wire/seededrandom.h"

#include <string>
#include <vector>

namespace kittiwake::sim::model
{

/** What a server can do, and how it lies. */
struct Personality {
    bool enable = true;
    bool condstore = true;
    bool qresync = true;
    bool idle = true;
    bool notify = false;
    bool listExtended = true;
    bool listStatus = true;
    bool specialUse = true;
    bool move = true;
    bool uidPlus = true;
    bool esearch = true;
    bool unselect = true;
    bool namespaces = true;
    bool id = true;
    bool compress = false;
    bool saslIr = true;
    bool authPlain = true;
    bool literalPlus = true;
    bool tellsCapabilitiesInGreeting = true;
    bool tellsCapabilitiesAtSignIn = true;

    bool expungesInUidCommands = true; ///< else only in NOOP, IDLE and the like
    bool tellsUidsUnasked = true; ///< untagged FETCH of changed flags carries UID
    bool tellsIdleLate = false; ///< news half a second after it came, and nothing at DONE, as Dovecot 2.3 does
    bool copiesWhatIsLeft = false; ///< COPY and MOVE of messages that another client expunged; else NO, as Dovecot
    bool closesWhenDeleted = true; ///< BYE to those who have a deleted mailbox open; else it looks empty to them

    // Lies and weaknesses, in answers out of a thousand.
    unsigned lostTags = 0; ///< the command is done, its tagged answer never comes
    unsigned refusals = 0; ///< NO or BAD for no reason, nothing is done
    unsigned overQuota = 0; ///< of COPY, MOVE and APPEND: NO [OVERQUOTA], for good
    unsigned duplicateExists = 0; ///< "* n EXISTS" once more
    unsigned byes = 0; ///< "* BYE" and the end
    unsigned hangs = 0; ///< not a word any more, the connection stays
    /** Mailboxes in which nothing can be changed, for as long as it lies: NO [INUSE]. 0: none, else 1 or 2. */
    unsigned locked = 0;
    bool shrinksExists = false; ///< EXISTS with a smaller number instead of EXPUNGE
    bool generousVanished = false; ///< VANISHED (EARLIER) names everything that is not there
    bool permutesCopyUid = false;

    [[nodiscard]] std::vector<std::string> capabilities() const;
};

/** Any mixture of them that a server may have. lies: also the weaknesses. */
[[nodiscard]] Personality choosePersonality(SeededRandom &random, bool lies);

} // namespace kittiwake::sim::model

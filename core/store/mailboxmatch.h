// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/store/mailboxstate.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kittiwake::store
{

/** A mailbox that the cache has. */
struct KnownMailbox {
    MailboxId id;
    mail::MailboxName name;
    MailboxMark mark; ///< as of when it was last looked at
};

/** Which known mailbox a listed one is. */
struct MailboxMatch {
    std::size_t known = 0; ///< its place
    /** False: it may be another one that looks the same. Its messages must be found again before they are believed. */
    bool isCertain = true;

    bool operator==(const MailboxMatch &) const = default;
};

/**
 * For each listed mailbox the known one that it is, if any; each known one at most once. In this order:
 * 1. by MAILBOXID, where each side has it once. Where the name says otherwise, UIDVALIDITY decides between them.
 * 2. by the old name that the server tells (OLDNAME, RFC 9051 section 6.3.9.7), unless that is in use.
 * 3. by UIDVALIDITY, UIDNEXT and count, all equal, of a mailbox that has gone, or whose name now has another
 * UIDVALIDITY.
 * 4. by name.
 * 5. by UIDVALIDITY alone, of what is left.
 * A UIDVALIDITY that several mailboxes have, as where it is the second in which they were made, proves nothing, nor do
 * counters that moved on: such a match is not certain; where two are as good as each other, there is none. INBOX is
 * never another mailbox (RFC 9051 section 6.3.6: renaming it moves its messages). Names must be as stored. Pure.
 */
[[nodiscard]] std::vector<std::optional<MailboxMatch>> matchMailboxes(std::span<const KnownMailbox> known,
                                                                      std::span<const MailboxListing> listed);

} // namespace kittiwake::store

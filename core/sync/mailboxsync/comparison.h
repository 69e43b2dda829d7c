// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/client/clienttypes.h"
#include "core/imap/codec/fetchdata.h"
#include "core/imap/codec/sequenceset.h"
#include "core/store/cachetransaction.h"
#include "core/store/flagshash.h"
#include "core/sync/planner/syncplan.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/**
 * Compares the UID and FLAGS of every message on the server with the cache as the answers come, in 17 bytes a cached
 * message and nothing for those that are equal.
 */
class FlagComparison
{
public:
    /** cached in the ascending order of UIDs. */
    explicit FlagComparison(std::vector<store::UidFlagsHash> cached);

    /** The update that the cache needs, if any. */
    [[nodiscard]] std::optional<store::FlagUpdate> take(const imap::FetchData &data);

    [[nodiscard]] const imap::UidSet &unknown() const { return m_unknown; } ///< on the server, not in the cache
    [[nodiscard]] std::vector<Uid> unseen() const; ///< in the cache, not among the answers; ascending
    [[nodiscard]] std::uint64_t answered() const { return m_answered; } ///< different messages

private:
    std::vector<store::UidFlagsHash> m_cached;
    std::vector<bool> m_seen;
    std::size_t m_next = 0; ///< where the next answer is expected
    imap::UidSet m_unknown;
    std::uint64_t m_answered = 0;
};

/** Ascending UIDs as ranges. */
[[nodiscard]] std::vector<store::UidRange> rangesOf(const std::vector<Uid> &uids);
[[nodiscard]] std::vector<store::UidRange> rangesOf(const imap::UidSet &uids);

/**
 * Whether what SELECT with QRESYNC has told can be all: not, where counters moved and nothing was told, or where a UID
 * that was given out since is neither there nor gone. Something came and went that need not be told (RFC 7162 section
 * 3.2.5.2), or something was left out, and an arrival and a deletion that both were left out leave EXISTS as it was
 * (iCloud loses VANISHED, MailKit's ImapEngine.cs).
 */
[[nodiscard]] bool explainsCounters(const imap::SelectResult &selected, const LocalMailbox &local,
                                    const RemoteMailbox &remote);

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"
#include "core/store/uidrange.h"

#include <span>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;

/**
 * Messages that went from the server, or seem to: out of all lists and counts, but kept until a later pass, so that one
 * that turns up again is there again with its id, without being fetched. Part of CacheWriter; CacheTransaction says
 * what its functions do. The caller has checked the UIDVALIDITY.
 */
class UnlinkedMessages
{
public:
    UnlinkedMessages(Database &database, ChangeCollector &changes) : m_database(database), m_changes(changes) { }

    /** Copies what is about to be removed. */
    [[nodiscard]] Result<void> keep(MailboxId mailbox, std::span<const UidRange> uids);
    [[nodiscard]] Result<std::vector<Uid>> uids(MailboxId mailbox, UidValidity uidValidity);
    [[nodiscard]] Result<std::vector<Uid>> relink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids);
    [[nodiscard]] Result<void> endPass(MailboxId mailbox);

private:
    Database &m_database;
    ChangeCollector &m_changes;
};

} // namespace kittiwake::store

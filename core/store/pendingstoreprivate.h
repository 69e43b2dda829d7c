// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/database.h"
#include "core/store/pendingstore.h"

#include <map>
#include <optional>

namespace kittiwake::store
{

/** Octets of one value in pending.db; Gmail and Outlook take 25 to 35 MB, before base64. */
inline constexpr qsizetype longestPending = 64 * 1024 * 1024;

/** What cannot be noted down. */
[[nodiscard]] Failure unusablePending(const QString &detail);

/**
 * What was read of the operations and is still so: the journal and the outbox ask for the same ones at every step. They
 * are read again after each change that this connection makes; there is no other that writes. Nothing is remembered
 * that is read within a transaction.
 */
class PendingMemory
{
public:
    struct Known {
        std::optional<std::vector<PendingOperation>> operations; ///< no more than mostBytes of them
        std::optional<std::vector<PendingBrief>> briefs;
    };

    explicit PendingMemory(const Database &database) : m_database(database) { }

    /** Null: nothing may be remembered now. account: invalid for all. */
    [[nodiscard]] Known *of(AccountId account);
    /** Likewise. */
    [[nodiscard]] std::optional<PendingCounts> *counts();
    /** Null: it is not remembered. */
    [[nodiscard]] const PendingOperation *find(OperationId id);

    static constexpr qsizetype mostBytes = 1024 * 1024;

private:
    [[nodiscard]] bool isUsable();

    const Database &m_database;
    std::int64_t m_changes = -1; ///< of the connection, when all this was read
    std::map<AccountId, Known> m_known;
    std::optional<PendingCounts> m_counts;
};

struct PendingStore::Private {
    std::unique_ptr<Database> database;
    std::optional<PendingMemory> memory; ///< of the one who writes
};

} // namespace kittiwake::store

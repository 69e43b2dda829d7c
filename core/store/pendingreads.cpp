// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/pendingstoreprivate.h"

#include <algorithm>

#define OPERATION_COLUMNS                                                                                              \
    "id, account, kind, state, attempts, created_at, next_attempt_at, error, undo, payload, progress, "                \
    "(SELECT action FROM part_of WHERE part_of.operation = operation.id)"

/** What is asked of pending.db about operations. */
namespace kittiwake::store
{

namespace
{

PendingOperation operation(const Statement &statement)
{
    PendingOperation result;
    result.id = statement.id<OperationId>(0);
    result.account = statement.id<AccountId>(1);
    result.kind = statement.text(2);
    result.state = static_cast<OperationState>(statement.integer(3));
    result.attempts = static_cast<int>(statement.integer(4));
    result.createdAt = statement.integer(5);
    result.nextAttemptAt = statement.integer(6);
    result.error = statement.text(7);
    result.undo = statement.blob(8);
    result.payload = statement.blob(9);
    result.progress = statement.blob(10);
    result.action = statement.id<OperationId>(11);
    return result;
}

Result<std::vector<PendingOperation>> readOperations(Database &database, AccountId account)
{
    auto statement = database.prepare("SELECT " OPERATION_COLUMNS " FROM operation WHERE ?1 = 0 OR account = ?1 "
                                      "ORDER BY id");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    auto all = statement->all([](const Statement &row) { return operation(row); });
    if (all) { // not by SQLite, which would copy what may be megabytes
        std::stable_sort(all->begin(), all->end(), [](const PendingOperation &left, const PendingOperation &right) {
            return actionOf(left) < actionOf(right);
        });
    }
    return all;
}

Result<std::vector<PendingBrief>> readBriefs(Database &database, AccountId account)
{
    auto statement = database.prepare("SELECT o.id, o.account, o.kind, o.state, o.next_attempt_at, "
                                      "length(o.undo) > 0, p.action FROM operation o LEFT JOIN part_of p "
                                      "ON p.operation = o.id WHERE ?1 = 0 OR o.account = ?1 ORDER BY o.id");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    auto all = statement->all([](const Statement &row) {
        PendingBrief brief;
        brief.id = row.id<OperationId>(0);
        brief.account = row.id<AccountId>(1);
        brief.kind = row.text(2);
        brief.state = static_cast<OperationState>(row.integer(3));
        brief.nextAttemptAt = row.integer(4);
        brief.canBeUndone = row.boolean(5);
        brief.action = row.integer(6) > 0 ? row.id<OperationId>(6) : brief.id;
        return brief;
    });
    if (all) { // by SQLite it would cost more than all the rest
        std::stable_sort(all->begin(), all->end(), [](const PendingBrief &left, const PendingBrief &right) {
            return left.action < right.action;
        });
    }
    return all;
}

bool isSmall(const std::vector<PendingOperation> &operations)
{
    qsizetype bytes = 0;
    for (const PendingOperation &operation : operations)
        bytes += operation.payload.size() + operation.progress.size() + operation.undo.size();
    return bytes <= PendingMemory::mostBytes;
}

} // namespace

bool PendingMemory::isUsable()
{
    if (m_database.inTransaction())
        return false; // it may be rolled back
    const std::int64_t changes = m_database.allChanges();
    if (m_changes != changes) {
        m_known.clear();
        m_counts.reset();
        m_changes = changes;
    }
    return true;
}

PendingMemory::Known *PendingMemory::of(AccountId account)
{
    return isUsable() ? &m_known[account] : nullptr;
}

std::optional<PendingCounts> *PendingMemory::counts()
{
    return isUsable() ? &m_counts : nullptr;
}

const PendingOperation *PendingMemory::find(OperationId id)
{
    if (!isUsable())
        return nullptr;
    for (const auto &[account, known] : m_known) {
        if (!known.operations)
            continue;
        const auto found = std::find_if(known.operations->begin(), known.operations->end(),
                                        [id](const PendingOperation &operation) { return operation.id == id; });
        if (found != known.operations->end())
            return &*found;
    }
    return nullptr;
}

Result<std::vector<PendingBrief>> PendingStore::briefs(AccountId account) const
{
    auto *known = d->memory ? d->memory->of(account) : nullptr;
    if (known != nullptr && known->briefs)
        return *known->briefs;
    auto all = readBriefs(*d->database, account);
    if (all && known != nullptr)
        known->briefs = *all;
    return all;
}

Result<std::vector<PendingOperation>> PendingStore::list(AccountId account) const
{
    auto *known = d->memory ? d->memory->of(account) : nullptr;
    if (known != nullptr && known->operations)
        return *known->operations;
    auto all = readOperations(*d->database, account);
    if (all && known != nullptr && isSmall(*all))
        known->operations = *all;
    return all;
}

Result<PendingCounts> PendingStore::counts() const
{
    auto *known = d->memory ? d->memory->counts() : nullptr;
    if (known != nullptr && *known)
        return **known;
    // What is written is saved to the server every few seconds: nothing to be told of, unless it is refused.
    auto statement = d->database->prepare("SELECT ifnull(sum(state IN (2, 4)), 0), ifnull(sum(state IN (0, 1)), 0) "
                                          "FROM operation WHERE kind <> 'draft' OR state = 2");
    if (!statement)
        return failure(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    PendingCounts counts;
    if (*row) {
        counts.failed = statement->integer(0);
        counts.waiting = statement->integer(1);
    }
    if (known != nullptr)
        *known = counts;
    return counts;
}

Result<std::optional<PendingOperation>> PendingStore::find(OperationId id) const
{
    if (const PendingOperation *known = d->memory ? d->memory->find(id) : nullptr)
        return std::optional(*known);
    auto statement = d->database->prepare("SELECT " OPERATION_COLUMNS " FROM operation WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, id);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? std::optional(operation(*statement)) : std::nullopt;
}

} // namespace kittiwake::store

// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what waits for the person has to.
#include "core/sync/operations/folderoperation.h"
#include "tests/sim/simulation.h"

namespace kittiwake::sim
{

/** What was done is not refused: its answer was lost, and the server says NO to the repetition alone. */
void Simulation::checkFolderRefusal(const PendingRow &row)
{
    using Kind = sync::FolderOperation::Kind;
    const auto operation = sync::FolderOperation::fromBytes(row.kind, row.payload);
    if (!operation || !row.hasProgress)
        return;
    const std::string name = encodeMailboxName(operation->mailbox.text);
    bool isDone = false;
    if (operation->kind == Kind::Create)
        isDone = m_ledger.wasMadeByClient(name);
    else if (operation->kind == Kind::Delete)
        isDone = m_ledger.wasDeletedByClient(name);
    else if (operation->kind == Kind::Rename)
        isDone = m_ledger.wasNamedByClient(encodeMailboxName(operation->to.text), name) && !m_server.mail().find(name);
    if (isDone)
        violation(QStringLiteral("operation %1 (%2 “%3”) is refused, although it was done: %4")
                      .arg(QString::number(row.id), row.kind, operation->mailbox.text, row.error));
}

/** A folder that has another name by now is the same one, and so are messages that have other UIDs. */
void Simulation::checkRefusals(const std::vector<PendingRow> &parked)
{
    const model::Personality &server = m_history.server;
    if (server.refusals > 0 || server.overQuota > 0 || server.shrinksExists)
        return; // reasons enough
    for (const PendingRow &row : parked) {
        checkFolderRefusal(row);
        // What has begun, nobody may be able to tell from what is done; without the cache nobody knows what had a name.
        if (row.hasProgress || row.id <= m_cacheDroppedAfter || !m_ledger.couldBeDone(row.id))
            continue;
        violation(QStringLiteral("operation %1 (%2) waits for the person, although all that it needs is there: %3")
                      .arg(QString::number(row.id), row.kind, row.error));
    }
}

} // namespace kittiwake::sim

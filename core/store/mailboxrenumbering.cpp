// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/mailboxwriter.h"

/** How messages keep their rows when the server gives them other UIDs. */
namespace kittiwake::store
{

namespace
{

template <typename... Values>
Result<void> runStatement(Database &database, const char *sql, const Values &...values)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    int index = 0;
    (statement->bind(++index, values), ...);
    return statement->run();
}

} // namespace

/** Before messages are deleted: other mailboxes may show some of them until the server has moved them there. */
Result<void> MailboxWriter::resetHosts(MailboxId mailbox)
{
    auto hosts = m_database.prepare("SELECT DISTINCT -o.hidden FROM overlay o JOIN message m ON m.id = o.message "
                                    "WHERE o.hidden < 0 AND m.mailbox = ?1");
    if (!hosts)
        return failure(std::move(hosts.error()));
    hosts->bind(1, mailbox);
    return hosts->each([this](const Statement &row) { m_changes.resetMailbox(row.id<MailboxId>(0)); });
}

Result<std::int64_t> MailboxWriter::renumber(MailboxId mailbox, UidValidity uidValidity,
                                             std::span<const Renumbered> kept)
{
    if (kept.empty()) {
        if (auto told = resetHosts(mailbox); !told)
            return failure(std::move(told.error()));
        auto all = reset(mailbox, uidValidity);
        if (!all)
            return failure(std::move(all.error()));
        return 0;
    }
    // Negative while both numberings meet, so that no new UID runs into an old one.
    auto done = runStatement(m_database, "UPDATE message SET uid = -uid WHERE mailbox = ?1", mailbox);
    if (!done)
        return failure(std::move(done.error()));
    std::int64_t stayed = 0;
    {
        auto statement
            = m_database.prepare("UPDATE message SET uid = ?3, modseq = 0 WHERE id = ?2 AND mailbox = ?1 AND uid < 0");
        if (!statement)
            return failure(std::move(statement.error()));
        for (const Renumbered &one : kept) {
            if (!one.uid.isValid())
                continue;
            statement->bind(1, mailbox);
            statement->bind(2, one.id);
            statement->bind(3, one.uid);
            done = statement->run();
            if (!done)
                return failure(std::move(done.error()));
            stayed += m_database.changes();
        }
    }
    done = resetHosts(mailbox);
    if (!done)
        return failure(std::move(done.error()));
    done = runStatement(m_database, "DELETE FROM message WHERE mailbox = ?1 AND uid < 0", mailbox);
    if (!done)
        return failure(std::move(done.error()));
    done = runStatement(m_database, "DELETE FROM unlinked WHERE mailbox = ?1", mailbox);
    if (!done)
        return failure(std::move(done.error()));
    done = runStatement(m_database, "UPDATE mailbox SET uidvalidity = ?2, doubtful = 0 WHERE id = ?1", mailbox,
                        uidValidity);
    if (!done)
        return failure(std::move(done.error()));
    done = distrust(mailbox);
    if (!done)
        return failure(std::move(done.error()));
    m_changes.resetMailbox(mailbox);
    return stayed;
}

} // namespace kittiwake::store

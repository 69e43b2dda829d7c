// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/unlinkedmessages.h"

#include "core/mail/flags.h"
#include "core/store/changecollector.h"
#include "core/store/database.h"

#include <algorithm>

// The columns that a message takes with it, besides its id, mailbox and UID.
#define CONTENT_COLUMNS                                                                                                \
    "thread, flags, modseq, internal_date, date, size, has_attachment, keywords, message_id, subject, from_name, "     \
    "from_address, from_others, to_list, cc_list, reply_to_list, email_id"

namespace kittiwake::store
{

Result<void> UnlinkedMessages::keep(MailboxId mailbox, std::span<const UidRange> uids)
{
    // What a UID meant when it was unlinked earlier, and fetched again since, is forgotten.
    auto statement = m_database.prepare(
        "INSERT OR REPLACE INTO unlinked (id, mailbox, uidvalidity, uid, pass, " CONTENT_COLUMNS ") "
        "SELECT id, mailbox, (SELECT uidvalidity FROM mailbox WHERE id = ?1), uid, "
        "(SELECT pass FROM mailbox WHERE id = ?1), " CONTENT_COLUMNS
        " FROM message WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3");
    if (!statement)
        return failure(std::move(statement.error()));
    for (const UidRange &range : uids) {
        statement->bind(1, mailbox);
        statement->bind(2, range.first);
        statement->bind(3, range.last);
        auto done = statement->run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<Uid>> UnlinkedMessages::uids(MailboxId mailbox, UidValidity uidValidity)
{
    auto statement
        = m_database.prepare("SELECT uid FROM unlinked WHERE mailbox = ?1 AND uidvalidity = ?2 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, uidValidity);
    return statement->all([](const Statement &row) { return row.id<Uid>(0); });
}

Result<std::vector<Uid>> UnlinkedMessages::relink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids)
{
    auto insert = m_database.prepare(
        "INSERT INTO message (id, mailbox, uid, " CONTENT_COLUMNS ") SELECT id, mailbox, uid, " CONTENT_COLUMNS
        " FROM unlinked AS gone WHERE mailbox = ?1 AND uidvalidity = ?2 AND uid BETWEEN ?3 AND ?4 "
        "AND NOT EXISTS (SELECT 1 FROM message WHERE mailbox = ?1 AND uid = gone.uid) RETURNING id, uid, flags");
    if (!insert)
        return failure(std::move(insert.error()));
    auto forget = m_database.prepare("DELETE FROM unlinked WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3");
    if (!forget)
        return failure(std::move(forget.error()));
    std::vector<Uid> result;
    std::int64_t unseen = 0;
    for (const UidRange &range : uids) {
        insert->bind(1, mailbox);
        insert->bind(2, uidValidity);
        insert->bind(3, range.first);
        insert->bind(4, range.last);
        auto linked = insert->each([&](const Statement &row) {
            m_changes.of(mailbox).added.push_back(row.id<MessageId>(0));
            result.push_back(row.id<Uid>(1));
            unseen += (row.integer(2) & static_cast<std::uint32_t>(mail::SystemFlag::Seen)) == 0 ? 1 : 0;
        });
        if (!linked)
            return failure(std::move(linked.error()));
        insert->reset();
        forget->bind(1, mailbox);
        forget->bind(2, range.first);
        forget->bind(3, range.last);
        auto done = forget->run();
        if (!done)
            return failure(std::move(done.error()));
    }
    if (!result.empty()) {
        auto count = m_database.prepare("UPDATE mailbox SET cached = cached + ?2, cached_unseen = cached_unseen + ?3 "
                                        "WHERE id = ?1");
        if (!count)
            return failure(std::move(count.error()));
        count->bind(1, mailbox);
        count->bind(2, result.size());
        count->bind(3, unseen);
        auto done = count->run();
        if (!done)
            return failure(std::move(done.error()));
        m_changes.rowChanged(mailbox);
    }
    std::sort(result.begin(), result.end());
    return result;
}

Result<void> UnlinkedMessages::endPass(MailboxId mailbox)
{
    for (const char *sql :
         {"DELETE FROM unlinked WHERE mailbox = ?1 AND pass < (SELECT pass FROM mailbox WHERE id = ?1)",
          "UPDATE mailbox SET pass = pass + 1 WHERE id = ?1"}) {
        auto statement = m_database.prepare(sql);
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, mailbox);
        auto done = statement->run();
        if (!done)
            return done;
    }
    return {};
}

} // namespace kittiwake::store

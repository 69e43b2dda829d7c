// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/cachestore.h"
#include "core/store/cachewriter.h"
#include "core/store/database.h"
#include "core/store/hash64.h"

/** Messages by their Message-ID: no column is indexed for it, but every id leads to a thread (threadlinks.h). */
namespace kittiwake::store
{

namespace
{

constexpr int longestMergeChain = 64; // as in threadlinker.cpp

Result<ThreadId> threadOf(Database &database, std::uint64_t key)
{
    auto statement = database.prepare("SELECT thread FROM thread_link WHERE key = ?1 UNION ALL "
                                      "SELECT thread FROM thread_link_recent WHERE key = ?1 LIMIT 1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, static_cast<std::int64_t>(key));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->id<ThreadId>(0) : ThreadId();
}

/** What became of a thread that joined others. */
Result<ThreadId> rootOf(Database &database, ThreadId thread)
{
    for (int step = 0; step < longestMergeChain; ++step) {
        auto statement = database.prepare("SELECT merged_into FROM thread_merge WHERE thread = ?1");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, thread);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            break;
        thread = statement->id<ThreadId>(0);
    }
    return thread;
}

} // namespace

Result<std::vector<MessagePlace>> CacheStore::findMessages(AccountId account, const QByteArray &messageId) const
{
    Database &database = m_writer->database();
    if (messageId.isEmpty())
        return std::vector<MessagePlace>();
    auto thread = threadOf(database, hash64(messageId, static_cast<std::uint64_t>(account.value())));
    if (thread && thread->isValid())
        thread = rootOf(database, *thread);
    if (!thread)
        return failure(std::move(thread.error()));
    if (!thread->isValid())
        return std::vector<MessagePlace>();
    auto statement = database.prepare("SELECT m.mailbox, m.uid FROM message m JOIN mailbox b ON b.id = m.mailbox "
                                      "WHERE m.thread = ?1 AND m.message_id = ?2 AND b.account = ?3 ORDER BY m.id");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, *thread);
    statement->bindUncopied(2, messageId);
    statement->bind(3, account);
    return statement->all([](const Statement &row) { return MessagePlace{row.id<MailboxId>(0), row.id<Uid>(1)}; });
}

} // namespace kittiwake::store

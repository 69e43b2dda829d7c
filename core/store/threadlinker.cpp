// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/threadlinker.h"

#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/hash64.h"
#include "core/store/limits.h"

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::store
{

namespace
{

constexpr int longestMergeChain = 64; // merging into the larger one keeps chains at log2 of the messages

void addKey(std::vector<std::uint64_t> &keys, AccountId account, const QByteArray &messageId)
{
    // The account is part of the key: the same message in two accounts is in two threads.
    if (messageId.isEmpty() || messageId.size() > limits::messageId)
        return;
    const std::uint64_t key = hash64(messageId, static_cast<std::uint64_t>(account.value()));
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
}

} // namespace

ThreadLinker::ThreadLinker(Database &database, ChangeCollector &changes)
    : m_database(database), m_changes(changes), m_links(database)
{
}

void ThreadLinker::forget()
{
    m_links.forget();
    m_anyMerged.reset();
}

Result<bool> ThreadLinker::anyMerged()
{
    if (!m_anyMerged) {
        const auto first = m_database.integer("SELECT EXISTS (SELECT 1 FROM thread_merge)");
        if (!first)
            return failure(first.error());
        m_anyMerged = *first != 0;
    }
    return *m_anyMerged;
}

Result<ThreadId> ThreadLinker::choose(AccountId account, const mail::MessageHeader &header, MessageId id)
{
    m_keys.clear();
    m_newKeys.clear();
    m_found.clear();
    addKey(m_keys, account, header.messageId);
    const qsizetype count = header.references.size();
    for (qsizetype index = 0; index < count; ++index) {
        // The root of a conversation and its latest messages are worth more than its middle.
        if (count > limits::references && index == limits::references / 2)
            index = count - limits::references / 2;
        addKey(m_keys, account, header.references.at(index));
    }
    for (const std::uint64_t key : m_keys) {
        auto done = lookUp(key);
        if (!done)
            return failure(std::move(done.error()));
    }
    if (m_found.empty()) {
        m_chosen = ThreadId(id.value());
        return m_chosen;
    }
    m_chosen = m_found.front();
    if (m_found.size() > 1) {
        auto best = largest(m_found);
        if (!best)
            return best;
        m_chosen = *best;
    }
    return m_chosen;
}

Result<void> ThreadLinker::lookUp(std::uint64_t key)
{
    const auto linked = m_links.find(key);
    if (!linked)
        return failure(linked.error());
    if (!*linked) {
        m_newKeys.push_back(key);
        return {};
    }
    ThreadId thread = **linked;
    const auto merged = anyMerged();
    if (!merged)
        return failure(merged.error());
    if (*merged) {
        const auto now = root(thread);
        if (!now)
            return failure(now.error());
        thread = *now;
    }
    if (std::find(m_found.begin(), m_found.end(), thread) == m_found.end())
        m_found.push_back(thread);
    return {};
}

Result<ThreadId> ThreadLinker::root(ThreadId thread)
{
    auto statement = m_database.prepare("SELECT merged_into FROM thread_merge WHERE thread = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    for (int step = 0; step < longestMergeChain; ++step) {
        statement->bind(1, thread);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return thread;
        thread = statement->id<ThreadId>(0);
        statement->reset();
    }
    return failure(m_database.error(SQLITE_CORRUPT)); // a circle: we write none
}

Result<ThreadId> ThreadLinker::largest(const std::vector<ThreadId> &threads)
{
    auto statement = m_database.prepare("SELECT count(*) FROM message WHERE thread = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    ThreadId best;
    std::int64_t most = -1;
    for (const ThreadId thread : threads) {
        statement->bind(1, thread);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        const std::int64_t size = statement->integer(0);
        if (size > most || (size == most && thread < best)) {
            most = size;
            best = thread;
        }
        statement->reset();
    }
    return best;
}

Result<void> ThreadLinker::link(AccountId account)
{
    for (const std::uint64_t key : m_newKeys) {
        auto done = m_links.add(account, key, m_chosen);
        if (!done)
            return done;
    }
    for (const ThreadId thread : m_found) {
        if (thread == m_chosen)
            continue;
        auto done = merge(account, thread, m_chosen);
        if (!done)
            return done;
    }
    return {};
}

Result<void> ThreadLinker::merge(AccountId account, ThreadId from, ThreadId into)
{
    {
        auto statement = m_database.prepare("UPDATE message SET thread = ?1 WHERE thread = ?2 RETURNING mailbox, id");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, into);
        statement->bind(2, from);
        for (;;) {
            const auto row = statement->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            m_changes.of(statement->id<MailboxId>(0)).changed.push_back(statement->id<MessageId>(1));
        }
    }
    {
        auto statement = m_database.prepare("UPDATE unlinked SET thread = ?1 WHERE thread = ?2");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, into);
        statement->bind(2, from);
        auto done = statement->run();
        if (!done)
            return done;
    }
    m_anyMerged = true;
    auto statement = m_database.prepare("INSERT INTO thread_merge (thread, account, merged_into) VALUES (?1, ?2, ?3)");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, from);
    statement->bind(2, account);
    statement->bind(3, into);
    return statement->run();
}

} // namespace kittiwake::store

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

constexpr qsizetype rememberedLinks = 50'000; // about 2 MB; a batch mostly names messages of its own threads
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

std::int64_t stored(std::uint64_t key)
{
    return static_cast<std::int64_t>(key); // SQLite's integers are signed
}

} // namespace

ThreadLinker::ThreadLinker(Database &database, ChangeCollector &changes) : m_database(database), m_changes(changes) { }

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
        const auto best = largest(m_found);
        if (!best)
            return best;
        m_chosen = *best;
    }
    return m_chosen;
}

Result<void> ThreadLinker::lookUp(std::uint64_t key)
{
    ThreadId thread;
    if (const auto known = m_known.constFind(key); known != m_known.constEnd()) {
        thread = *known;
    } else {
        auto statement = m_database.prepare("SELECT thread_link.thread, merged_into FROM thread_link LEFT JOIN "
                                            "thread_merge ON thread_merge.thread = thread_link.thread WHERE key = ?1");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, stored(key));
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row) {
            m_newKeys.push_back(key);
            return {};
        }
        thread = statement->id<ThreadId>(0);
        if (const auto merged = statement->id<ThreadId>(1); merged.isValid()) {
            const auto found = root(merged);
            if (!found)
                return failure(found.error());
            thread = *found;
        }
        if (m_known.size() >= rememberedLinks)
            m_known.clear();
        m_known.insert(key, thread);
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
    if (!m_newKeys.empty()) {
        auto statement = m_database.prepare("INSERT INTO thread_link (key, account, thread) VALUES (?1, ?2, ?3)");
        if (!statement)
            return failure(std::move(statement.error()));
        if (m_known.size() >= rememberedLinks)
            m_known.clear();
        for (const std::uint64_t key : m_newKeys) {
            statement->bind(1, stored(key));
            statement->bind(2, account);
            statement->bind(3, m_chosen);
            auto done = statement->run();
            if (!done)
                return done;
            m_known.insert(key, m_chosen);
        }
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
    m_known.clear();
    auto statement = m_database.prepare("INSERT INTO thread_merge (thread, account, merged_into) VALUES (?1, ?2, ?3)");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, from);
    statement->bind(2, account);
    statement->bind(3, into);
    return statement->run();
}

} // namespace kittiwake::store

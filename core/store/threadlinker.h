// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mail/messageheader.h"
#include "core/store/threadlinks.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;

/**
 * Puts messages of an account into threads by Message-ID, References and In-Reply-To, in whatever order they arrive.
 * Every id that a message has or names leads to its thread (ThreadLinks), so that a parent which comes after its
 * replies finds them, and copies of a message in several mailboxes share a thread. A message whose ids lead to several
 * threads joins them: the smaller ones become part of the largest (table thread_merge tells where they went, so that
 * their links need no rewriting). A thread is named after the message that began it, and its name is never reused.
 *
 * Part of CacheWriter; used within its transaction. Not RFC 5256's REFERENCES algorithm to the letter: subjects join
 * nothing, since "Re: hello" from two strangers is no conversation.
 */
class ThreadLinker
{
public:
    ThreadLinker(Database &database, ChangeCollector &changes);

    /** The thread for a message that will be stored as id: an existing one, or a new one with that name. Writes
     * nothing.
     */
    [[nodiscard]] Result<ThreadId> choose(AccountId account, const mail::MessageHeader &header, MessageId id);
    /** Writes what the last choose() found out: links of ids that were new, and threads that become one. Call it once
     * the row is there, and flush() after the last row. */
    [[nodiscard]] Result<void> link(AccountId account);
    [[nodiscard]] Result<void> flush() { return m_links.flush(); }
    /** After a rollback: what is remembered may not be true. */
    void forget();

private:
    [[nodiscard]] Result<void> lookUp(std::uint64_t key);
    [[nodiscard]] Result<bool> anyMerged();
    [[nodiscard]] Result<ThreadId> root(ThreadId thread);
    [[nodiscard]] Result<ThreadId> largest(const std::vector<ThreadId> &threads);
    [[nodiscard]] Result<void> merge(AccountId account, ThreadId from, ThreadId into);

    Database &m_database;
    ChangeCollector &m_changes;
    ThreadLinks m_links;
    std::optional<bool> m_anyMerged; ///< whether thread_merge has rows; most mailboxes join no threads
    std::vector<std::uint64_t> m_keys;
    std::vector<std::uint64_t> m_newKeys;
    std::vector<ThreadId> m_found;
    ThreadId m_chosen;
};

} // namespace kittiwake::store

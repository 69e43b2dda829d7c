// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"
#include "core/store/keyfilter.h"

#include <QHash>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kittiwake::store
{

class Database;

/**
 * The map from the hash of an account's Message-ID to a thread, in two tables. Hashes come in random order, so that
 * each one written to a large table touches a page of its own: 500 messages would write 2 MB. New links are therefore
 * appended to a small table (thread_link_recent), whose content is also held here, and moved to the large one
 * (thread_link) in the order of their keys when there are some ten thousands of them: a third of the time of inserting
 * 100,000 headers, and 18 times fewer pages written. Most keys that are looked up are new; once it pays, a filter in
 * memory says so without a look into the large table.
 *
 * Part of CacheWriter; used within its transaction.
 */
class ThreadLinks
{
public:
    explicit ThreadLinks(Database &database) : m_database(database) { }

    /** The thread as it was when the link was written: it may have become part of another since. */
    [[nodiscard]] Result<std::optional<ThreadId>> find(std::uint64_t key);
    /** key must not be there. Written by flush() at the latest. */
    [[nodiscard]] Result<void> add(AccountId account, std::uint64_t key, ThreadId thread);
    /** Writes what was added. Before the transaction ends, and before anything else reads the tables. */
    [[nodiscard]] Result<void> flush();
    /** After a rollback, and after somebody else changed the tables. */
    void forget();

private:
    struct Link {
        std::uint64_t key;
        AccountId account;
        ThreadId thread;
    };

    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> write(std::string_view sql, std::span<const Link> links);
    [[nodiscard]] Result<void> moveRecent();
    [[nodiscard]] Result<void> fillFilter();
    void remember(std::uint64_t key, ThreadId thread);

    Database &m_database;
    bool m_isLoaded = false;
    QHash<std::uint64_t, ThreadId> m_recent; ///< all of thread_link_recent
    std::vector<Link> m_unwritten; ///< those of m_recent that are not in the table yet
    KeyFilter m_filter; ///< all of thread_link, once m_hasFilter
    bool m_hasFilter = false;
    int m_lookUps = 0; ///< in thread_link, without a filter
    QHash<std::uint64_t, ThreadId> m_known; ///< some of thread_link: replies ask for the same ones again and again
};

} // namespace kittiwake::store

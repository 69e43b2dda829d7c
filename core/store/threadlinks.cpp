// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/threadlinks.h"

#include "core/store/database.h"

#include <string>

namespace kittiwake::store
{

namespace
{

constexpr qsizetype mostRecent = 65'536; // 2 megabytes of memory
constexpr qsizetype mostKnown = 16'384;
constexpr int manyLookUps = 5000; // reading the keys of a million messages costs as much as ten thousand of them

constexpr std::size_t linksInStatement = 32;

constexpr std::string_view insertOne = "INSERT INTO thread_link_recent (key, account, thread) VALUES (?, ?, ?)";

/** Many rows in one statement: half of what a row costs is to begin and to end the statement. */
const std::string &insertMany()
{
    static const std::string sql = [] {
        std::string text(insertOne);
        for (std::size_t row = 1; row < linksInStatement; ++row)
            text += ", (?, ?, ?)";
        return text;
    }();
    return sql;
}

std::int64_t stored(std::uint64_t key)
{
    return static_cast<std::int64_t>(key); // SQLite's integers are signed
}

} // namespace

void ThreadLinks::forget()
{
    m_isLoaded = false;
    m_recent.clear();
    m_unwritten.clear();
    m_known.clear();
    m_filter = {};
    m_hasFilter = false;
    m_lookUps = 0;
}

Result<void> ThreadLinks::load()
{
    const auto any = m_database.integer("SELECT EXISTS (SELECT 1 FROM thread_link)");
    if (!any)
        return failure(any.error());
    m_hasFilter = *any == 0;
    auto statement = m_database.prepare("SELECT key, thread FROM thread_link_recent");
    if (!statement)
        return failure(std::move(statement.error()));
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            break;
        m_recent.insert(static_cast<std::uint64_t>(statement->integer(0)), statement->id<ThreadId>(1));
    }
    m_isLoaded = true;
    return {};
}

void ThreadLinks::remember(std::uint64_t key, ThreadId thread)
{
    if (m_known.size() >= mostKnown)
        m_known.clear();
    m_known.insert(key, thread);
}

Result<std::optional<ThreadId>> ThreadLinks::find(std::uint64_t key)
{
    if (!m_isLoaded) {
        auto loaded = load();
        if (!loaded)
            return failure(std::move(loaded.error()));
    }
    if (const auto recent = m_recent.constFind(key); recent != m_recent.constEnd())
        return std::optional(*recent);
    if (const auto known = m_known.constFind(key); known != m_known.constEnd())
        return std::optional(*known);
    if (!m_hasFilter && ++m_lookUps > manyLookUps) {
        auto filled = fillFilter();
        if (!filled)
            return failure(std::move(filled.error()));
    }
    if (m_hasFilter && !m_filter.mayContain(key))
        return std::optional<ThreadId>();
    auto statement = m_database.prepare("SELECT thread FROM thread_link WHERE key = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, stored(key));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    if (!*row)
        return std::optional<ThreadId>();
    const auto thread = statement->id<ThreadId>(0);
    remember(key, thread);
    return std::optional(thread);
}

Result<void> ThreadLinks::add(AccountId account, std::uint64_t key, ThreadId thread)
{
    if (m_recent.size() >= mostRecent) {
        auto moved = moveRecent();
        if (!moved)
            return moved;
    }
    m_recent.insert(key, thread);
    m_unwritten.push_back({key, account, thread});
    if (m_unwritten.size() < linksInStatement)
        return {};
    auto done = write(insertMany(), m_unwritten);
    m_unwritten.clear();
    return done;
}

Result<void> ThreadLinks::flush()
{
    for (const Link &link : m_unwritten) {
        auto done = write(insertOne, std::span(&link, 1));
        if (!done)
            return done;
    }
    m_unwritten.clear();
    return {};
}

Result<void> ThreadLinks::write(std::string_view sql, std::span<const Link> links)
{
    auto statement = m_database.prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    int parameter = 0;
    for (const Link &link : links) {
        statement->bind(++parameter, stored(link.key));
        statement->bind(++parameter, link.account);
        statement->bind(++parameter, link.thread);
    }
    return statement->run();
}

Result<void> ThreadLinks::moveRecent()
{
    auto flushed = flush();
    if (!flushed)
        return flushed;
    for (const char *sql : {"INSERT INTO thread_link (key, account, thread) "
                            "SELECT key, account, thread FROM thread_link_recent ORDER BY key",
                            "DELETE FROM thread_link_recent"}) {
        auto statement = m_database.prepare(sql);
        if (!statement)
            return failure(std::move(statement.error()));
        auto done = statement->run();
        if (!done)
            return done;
    }
    if (m_hasFilter) {
        for (auto recent = m_recent.constBegin(); recent != m_recent.constEnd(); ++recent)
            m_filter.add(recent.key());
    }
    m_recent.clear();
    return {};
}

Result<void> ThreadLinks::fillFilter()
{
    auto statement = m_database.prepare("SELECT key FROM thread_link");
    if (!statement)
        return failure(std::move(statement.error()));
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            break;
        m_filter.add(static_cast<std::uint64_t>(statement->integer(0)));
    }
    m_hasFilter = true;
    return {};
}

} // namespace kittiwake::store

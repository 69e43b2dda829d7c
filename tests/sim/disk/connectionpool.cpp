// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/disk/connectionpool.h"

#include "tests/sim/disk/memoryvfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

extern "C" {
int __real_sqlite3_open_v2(const char *name, sqlite3 **connection, int flags, const char *vfs);
int __real_sqlite3_close(sqlite3 *connection);
int __real_sqlite3_close_v2(sqlite3 *connection);
int __real_sqlite3_prepare_v2(sqlite3 *connection, const char *sql, int size, sqlite3_stmt **statement,
                              const char **tail);
int __real_sqlite3_prepare_v3(sqlite3 *connection, const char *sql, int size, unsigned flags, sqlite3_stmt **statement,
                              const char **tail);
int __real_sqlite3_exec(sqlite3 *connection, const char *sql, int (*take)(void *, int, char **, char **), void *context,
                        char **error);
int __real_sqlite3_finalize(sqlite3_stmt *statement);
int __real_sqlite3_create_function_v2(sqlite3 *connection, const char *name, int arguments, int flags, void *context,
                                      void (*function)(sqlite3_context *, int, sqlite3_value **),
                                      void (*step)(sqlite3_context *, int, sqlite3_value **),
                                      void (*last)(sqlite3_context *), void (*destroy)(void *));
}

namespace kittiwake::sim
{

namespace
{

/** What is known of a connection that may sleep. */
struct Entry {
    std::string name;
    int flags = 0;
    bool isAsleep = false;
    std::set<std::string, std::less<>> functions;
    std::map<std::string, std::string, std::less<>> settings; ///< what PRAGMA has set, and only this connection knows
    /** Compiled, and used by nobody; the keys are of sqlite3_sql(). */
    std::unordered_multimap<std::string_view, sqlite3_stmt *> statements;
};

/** SQLite calls itself too, by the same names where it is linked as an archive: nothing of that is looked at. */
class Inside
{
public:
    Inside() { ++depth; }
    Inside(const Inside &) = delete;
    Inside &operator=(const Inside &) = delete;
    ~Inside() { --depth; }

    static inline int depth = 0;
};

struct Pool {
    QByteArray vfs;
    std::unordered_map<sqlite3 *, Entry> entries;

    Pool() = default;
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;
    ~Pool()
    {
        while (!entries.empty())
            close(entries.begin()->first);
    }

    int close(sqlite3 *connection)
    {
        const Inside inside;
        const auto entry = entries.find(connection);
        for (const auto &[sql, statement] : entry->second.statements)
            __real_sqlite3_finalize(statement);
        entries.erase(entry);
        return __real_sqlite3_close_v2(connection);
    }
};

Pool &pool()
{
    static Pool instance;
    return instance;
}

Entry *entryOf(sqlite3 *connection)
{
    if (Inside::depth > 0)
        return nullptr;
    auto &entries = pool().entries;
    const auto found = entries.find(connection);
    return found == entries.end() ? nullptr : &found->second;
}

/** One that was opened so before, with the same files; null: there is none. */
sqlite3 *wake(const char *name, int flags)
{
    auto &entries = pool().entries;
    std::vector<sqlite3 *> lost;
    sqlite3 *found = nullptr;
    for (auto &[connection, entry] : entries) {
        if (!entry.isAsleep || entry.flags != flags || entry.name != name)
            continue;
        if (MemoryVfs::wakeUp(connection)) {
            entry.isAsleep = false;
            found = connection;
            break;
        }
        lost.push_back(connection);
    }
    for (sqlite3 *connection : lost)
        pool().close(connection);
    return found;
}

/** False: what it was doing cannot be undone just now, so it cannot be used again. */
bool fallAsleep(sqlite3 *connection)
{
    const Inside inside;
    if (sqlite3_get_autocommit(connection) == 0
        && __real_sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK)
        return false;
    sqlite3_db_release_memory(connection); // no page is known to the next process
    sqlite3_set_last_insert_rowid(connection, 0);
    return MemoryVfs::fallAsleep(connection);
}

int closeOrSleep(sqlite3 *connection, int (*close)(sqlite3 *))
{
    Entry *entry = entryOf(connection);
    if (entry == nullptr)
        return close(connection);
    // While a disk fails another one may have been opened for the same.
    const auto &entries = pool().entries;
    const bool isEnough = std::any_of(entries.begin(), entries.end(), [entry](const auto &other) {
        return other.second.isAsleep && other.second.flags == entry->flags && other.second.name == entry->name;
    });
    entry->isAsleep = fallAsleep(connection);
    return entry->isAsleep && !isEnough ? SQLITE_OK : pool().close(connection);
}

int prepare(sqlite3 *connection, const char *sql, int size, unsigned flags, sqlite3_stmt **statement, const char **tail)
{
    if (Entry *entry = entryOf(connection); entry != nullptr && tail == nullptr) {
        const std::string_view text = size < 0 ? std::string_view(sql) : std::string_view(sql, std::size_t(size));
        if (const auto found = entry->statements.find(text); found != entry->statements.end()) {
            *statement = found->second;
            entry->statements.erase(found);
            return SQLITE_OK;
        }
    }
    const Inside inside;
    return __real_sqlite3_prepare_v3(connection, sql, size, flags, statement, tail);
}

using Settings = std::vector<std::pair<std::string_view, std::string_view>>;

/** "PRAGMA this=that; PRAGMA ..." of what belongs to the connection and not to the file; empty: it does something else.
 */
Settings settingsOf(std::string_view sql)
{
    constexpr std::string_view begin = "PRAGMA ";
    constexpr std::array<std::string_view, 8> ofConnection{"temp_store",         "foreign_keys",      "cell_size_check",
                                                           "cache_size",         "synchronous",       "secure_delete",
                                                           "wal_autocheckpoint", "journal_size_limit"};
    Settings settings;
    while (!sql.empty()) {
        const std::string_view one = sql.substr(0, sql.find(';'));
        sql.remove_prefix(std::min(sql.size(), one.size() + 2));
        const std::size_t equals = one.find('=');
        if (!one.starts_with(begin) || equals == std::string_view::npos)
            return {};
        const std::string_view name = one.substr(begin.size(), equals - begin.size());
        if (std::find(ofConnection.begin(), ofConnection.end(), name) == ofConnection.end())
            return {};
        settings.emplace_back(name, one.substr(equals + 1));
    }
    return settings;
}

} // namespace

void ConnectionPool::setVfs(const QByteArray &name)
{
    pool().vfs = name;
}

} // namespace kittiwake::sim

using namespace kittiwake::sim;

extern "C" {

int __wrap_sqlite3_open_v2(const char *name, sqlite3 **connection, int flags, const char *vfs)
{
    const bool isOurs = vfs != nullptr && pool().vfs == vfs;
    if (isOurs) {
        *connection = wake(name, flags);
        if (*connection != nullptr)
            return SQLITE_OK;
    }
    const int code = __real_sqlite3_open_v2(name, connection, flags, vfs);
    if (isOurs && code == SQLITE_OK)
        pool().entries[*connection] = {name, flags, false, {}, {}, {}};
    return code;
}

int __wrap_sqlite3_close(sqlite3 *connection)
{
    return closeOrSleep(connection, __real_sqlite3_close);
}

int __wrap_sqlite3_close_v2(sqlite3 *connection)
{
    return closeOrSleep(connection, __real_sqlite3_close_v2);
}

int __wrap_sqlite3_prepare_v2(sqlite3 *connection, const char *sql, int size, sqlite3_stmt **statement,
                              const char **tail)
{
    return prepare(connection, sql, size, 0, statement, tail);
}

int __wrap_sqlite3_prepare_v3(sqlite3 *connection, const char *sql, int size, unsigned flags, sqlite3_stmt **statement,
                              const char **tail)
{
    return prepare(connection, sql, size, flags, statement, tail);
}

int __wrap_sqlite3_exec(sqlite3 *connection, const char *sql, int (*take)(void *, int, char **, char **), void *context,
                        char **error)
{
    // To set once more what is set would have SQLite compile all statements anew.
    Entry *entry = entryOf(connection);
    const Settings settings = entry == nullptr ? Settings() : settingsOf(sql);
    const bool isSet = !settings.empty() && std::all_of(settings.begin(), settings.end(), [entry](const auto &setting) {
        const auto known = entry->settings.find(setting.first);
        return known != entry->settings.end() && known->second == setting.second;
    });
    if (isSet)
        return SQLITE_OK;
    const Inside inside;
    const int code = __real_sqlite3_exec(connection, sql, take, context, error);
    for (const auto &[name, value] : settings) {
        if (code == SQLITE_OK)
            entry->settings.insert_or_assign(std::string(name), std::string(value));
    }
    return code;
}

int __wrap_sqlite3_finalize(sqlite3_stmt *statement)
{
    Entry *entry = statement == nullptr ? nullptr : entryOf(sqlite3_db_handle(statement));
    if (entry == nullptr || sqlite3_sql(statement) == nullptr) // the latter is a blob
        return __real_sqlite3_finalize(statement);
    const int code = sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    entry->statements.emplace(sqlite3_sql(statement), statement);
    return code;
}

int __wrap_sqlite3_create_function_v2(sqlite3 *connection, const char *name, int arguments, int flags, void *context,
                                      void (*function)(sqlite3_context *, int, sqlite3_value **),
                                      void (*step)(sqlite3_context *, int, sqlite3_value **),
                                      void (*last)(sqlite3_context *), void (*destroy)(void *))
{
    // The same function once more would have SQLite compile all statements anew.
    Entry *entry = entryOf(connection);
    if (entry != nullptr && context == nullptr && !entry->functions.insert(name).second)
        return SQLITE_OK;
    return __real_sqlite3_create_function_v2(connection, name, arguments, flags, context, function, step, last,
                                             destroy);
}
}

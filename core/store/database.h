// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/store/statement.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>

struct sqlite3;

namespace kittiwake::store
{

/** How a database is opened. The defaults are those of the writer of a cache. */
struct DatabaseOptions {
    enum class Mode {
        ReadWrite, ///< made (mode 0600, also -wal and -shm) where it is missing
        ReadOnly, ///< must exist
    };
    enum class Synchronous {
        Normal, ///< a power cut may take back the last commits, and damages nothing: for what can be fetched again
        Full, ///< a commit that returned is on the disk: for what exists only here
    };
    enum class SecureDelete {
        Fast, ///< deleted content is overwritten where that costs no extra write
        On, ///< deleted content is always overwritten with zeroes
    };
    Mode mode = Mode::ReadWrite;
    Synchronous synchronous = Synchronous::Normal;
    SecureDelete secureDelete = SecureDelete::Fast;
    bool disposable = true; ///< only words the sentence about damage: it can be fetched again, or it cannot
    int cacheKiB = 2048; ///< memory for pages, at most
    int walPages = 1000; ///< pages in the WAL after which a commit moves them into the file
    std::chrono::milliseconds busyTimeout{5000};
    QByteArray vfs; ///< name of a registered SQLite VFS (tests inject faults with one); the system's where empty
};

/**
 * One SQLite connection, WAL, foreign keys on, temporary tables in memory only. Raw SQLite rather than QtSql, which
 * hides statement reuse, sqlite3_interrupt and extended error codes. Used by one thread at a time (opened without
 * SQLite's mutexes), interrupt excepted. Errors everywhere: Storage, made by storageError.
 *
 * The files will be encrypted with a key that only the keychain holds, by a VFS of ours below this class. Until that
 * exists the key must be empty: open refuses any other rather than pretend.
 */
class Database
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const QString &path, const Secret &key,
                                                                const DatabaseOptions &options);
    /** All statements must have been given back. */
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /** Runs SQL without parameters, several statements if need be. */
    [[nodiscard]] Result<void> execute(const char *sql);
    /** From the cache, or compiled: keep sql a constant. */
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /** The first column of the first row as a number; 0 if there is none. */
    [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);

    /** BEGIN IMMEDIATE: takes the write lock now, so that no later statement can fail with "busy". */
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();
    /** Allowed when there is no transaction: some errors (disk full) end it by themselves. */
    void rollback();
    [[nodiscard]] bool inTransaction() const;

    [[nodiscard]] std::int64_t lastInsertId() const;
    [[nodiscard]] std::int64_t changes() const; ///< rows changed by the last INSERT, UPDATE or DELETE
    [[nodiscard]] std::int64_t allChanges() const; ///< by all of them so far, also what was rolled back

    /** Moves what it can of the WAL into the file; waits for nobody. */
    [[nodiscard]] Result<void> checkpoint();
    /** PRAGMA quick_check or integrity_check; an error that isDamaged() says yes to, with the first finding in detail.
     */
    [[nodiscard]] Result<void> check(bool full);

    /** Makes a statement that runs in another thread fail with Cancelled. The one call allowed from any thread. */
    void interrupt();

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] sqlite3 *handle() const { return m_handle; }
    /** An Error from a result code of this connection. */
    [[nodiscard]] Error error(int extendedCode) const;

private:
    Database(QString path, bool disposable);
    [[nodiscard]] Result<void> configure(const DatabaseOptions &options);

    QString m_path;
    bool m_disposable;
    sqlite3 *m_handle = nullptr;
    // A deque does not move its elements; the key views are of sqlite3_sql(), which lives as long as the statement.
    std::deque<PreparedStatement> m_statements;
    std::unordered_multimap<std::string_view, PreparedStatement *> m_bySql;
};

} // namespace kittiwake::store

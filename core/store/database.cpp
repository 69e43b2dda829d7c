// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"

#include "core/base/log.h"
#include "core/store/storageerror.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sqlite3.h>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace kittiwake::store
{

namespace
{

constexpr int longestValue = 256 * 1024 * 1024; // bytes; pending.db may hold a message with its attachments

/**
 * Makes the file before SQLite does, with mode 0600; SQLite gives -wal and -shm the mode of the file. An existing file
 * is never opened here: closing any descriptor of a file drops all POSIX locks that the process holds on it, also those
 * of SQLite's other connections (sqlite.org/howtocorrupt.html section 2.2).
 */
void makePrivate(const QString &path)
{
#ifdef Q_OS_UNIX
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0)
        ::close(descriptor);
    for (const QString &file : {path, QString(path + QLatin1String("-wal")), QString(path + QLatin1String("-shm"))}) {
        const QByteArray name = QFile::encodeName(file);
        struct stat status = {};
        if (::stat(name.constData(), &status) == 0 && (status.st_mode & 0077) != 0)
            ::chmod(name.constData(), status.st_mode & 0700);
    }
#else
    Q_UNUSED(path) // below the person's own application data, whose access list excludes others
#endif
}

/**
 * Before anything else is asked of SQLite in this process (otherwise it refuses, which costs nothing but the gain): it
 * need not count the bytes that it holds. Counting takes a mutex at every allocation, fifteen for a message stored.
 */
void withoutMemoryStatistics()
{
    [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

const char *synchronousSql(DatabaseOptions::Synchronous synchronous)
{
    return synchronous == DatabaseOptions::Synchronous::Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
}

} // namespace

Database::Database(QString path, bool disposable) : m_path(std::move(path)), m_disposable(disposable) { }

Database::~Database()
{
    for (const PreparedStatement &statement : m_statements) {
        Q_ASSERT(!statement.leased);
        sqlite3_finalize(statement.handle);
    }
    sqlite3_close_v2(m_handle);
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, const Secret &key, const DatabaseOptions &options)
{
    if (!key.isEmpty()) {
        const QString file = QDir::toNativeSeparators(path);
        return failure(ErrorKind::Storage, file,
                       QCoreApplication::translate("core",
                                                   "%1 cannot be encrypted by this version of Kittiwake, so it was not "
                                                   "opened. Use a profile without encryption.")
                           .arg(file),
                       QStringLiteral("a key was given, and there is no cipher"));
    }
    withoutMemoryStatistics();
    const bool readOnly = options.mode == DatabaseOptions::Mode::ReadOnly;
    if (!readOnly && options.vfs.isEmpty())
        makePrivate(path);
    // NOFOLLOW is not used: people do keep their profile behind a symbolic link.
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
        | (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    auto database = std::unique_ptr<Database>(new Database(path, options.disposable));
    const int code = sqlite3_open_v2(path.toUtf8().constData(), &database->m_handle, flags,
                                     options.vfs.isEmpty() ? nullptr : options.vfs.constData());
    if (code != SQLITE_OK)
        return failure(database->error(code));
    auto configured = database->configure(options);
    if (!configured)
        return failure(std::move(configured.error()));
    return database;
}

Result<void> Database::configure(const DatabaseOptions &options)
{
    sqlite3_busy_timeout(m_handle, static_cast<int>(options.busyTimeout.count()));
    sqlite3_limit(m_handle, SQLITE_LIMIT_LENGTH, longestValue);
    // A file that somebody else prepared must not make SQLite run what its schema says.
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);

    // Sorting a folder must not write its senders and subjects to /tmp.
    auto done = execute("PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON");
    if (!done)
        return done;
    const QByteArray cache = QByteArrayLiteral("PRAGMA cache_size=-") + QByteArray::number(options.cacheKiB);
    done = execute(cache.constData());
    if (!done || options.mode == DatabaseOptions::Mode::ReadOnly)
        return done;

    done = execute(synchronousSql(options.synchronous));
    if (!done)
        return done;
    const bool secure = options.secureDelete == DatabaseOptions::SecureDelete::On;
    done = execute(secure ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=FAST");
    if (!done)
        return done;
    {
        auto statement = prepare("PRAGMA journal_mode=WAL");
        if (!statement)
            return failure(std::move(statement.error()));
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        // It stays "delete" without an error where the VFS has no shared memory.
        if (!*row || statement->view(0) != "wal")
            return failure(storageError(SQLITE_CANTOPEN, m_path, m_disposable, "the file system cannot do WAL"));
    }
    const QByteArray wal = "PRAGMA wal_autocheckpoint=" + QByteArray::number(options.walPages)
        + "; PRAGMA journal_size_limit=" + QByteArray::number(qint64(options.walPages) * 4096);
    return execute(wal.constData());
}

Error Database::error(int extendedCode) const
{
    // sqlite3_errmsg() tells of the last call, which need not be the one that failed with this code.
    const bool last = m_handle != nullptr && sqlite3_extended_errcode(m_handle) == extendedCode;
    return storageError(extendedCode, m_path, m_disposable, last ? sqlite3_errmsg(m_handle) : nullptr);
}

Result<void> Database::execute(const char *sql)
{
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return failure(error(code));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    const auto [first, last] = m_bySql.equal_range(sql);
    for (auto it = first; it != last; ++it) {
        if (!it->second->leased)
            return Statement(*this, *it->second);
    }
    sqlite3_stmt *handle = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &handle, nullptr);
    if (code != SQLITE_OK)
        return failure(error(code));
    PreparedStatement &prepared = m_statements.emplace_back();
    prepared.handle = handle;
    prepared.parameters.resize(static_cast<std::size_t>(sqlite3_bind_parameter_count(handle)));
    m_bySql.emplace(sqlite3_sql(handle), &prepared);
    return Statement(*this, prepared);
}

Result<std::int64_t> Database::integer(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<void> Database::begin()
{
    auto statement = prepare("BEGIN IMMEDIATE");
    if (!statement)
        return failure(std::move(statement.error()));
    return statement->run();
}

Result<void> Database::commit()
{
    auto statement = prepare("COMMIT");
    if (!statement)
        return failure(std::move(statement.error()));
    return statement->run();
}

void Database::rollback()
{
    if (!inTransaction())
        return;
    auto statement = prepare("ROLLBACK");
    const auto done = statement ? statement->run() : Result<void>(failure(statement.error()));
    if (!done)
        qCWarning(logStore) << "rollback failed:" << done.error();
}

bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_handle);
}

std::int64_t Database::allChanges() const
{
    return sqlite3_total_changes64(m_handle);
}

Result<void> Database::checkpoint()
{
    const int code = sqlite3_wal_checkpoint_v2(m_handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // Busy: another connection checkpoints right now. The work is being done.
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return failure(error(code));
    return {};
}

Result<void> Database::check(bool full)
{
    auto statement = prepare(full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (!statement)
        return failure(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    const QByteArray finding = *row ? statement->blob(0) : QByteArray();
    if (finding != "ok")
        return failure(storageError(SQLITE_CORRUPT, m_path, m_disposable, finding.constData()));
    return {};
}

void Database::interrupt()
{
    sqlite3_interrupt(m_handle);
}

} // namespace kittiwake::store

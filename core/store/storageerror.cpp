// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/storageerror.h"

#include <QCoreApplication>
#include <QDir>

#include <sqlite3.h>

#include <array>
#include <utility>

namespace kittiwake::store
{

namespace
{

// The codes that mean something to whoever reads a log. Others are printed as their primary code's name and the number.
constexpr std::array<std::pair<int, const char *>, 51> codeNames{{
    {SQLITE_ERROR, "SQLITE_ERROR"},
    {SQLITE_INTERNAL, "SQLITE_INTERNAL"},
    {SQLITE_PERM, "SQLITE_PERM"},
    {SQLITE_ABORT, "SQLITE_ABORT"},
    {SQLITE_BUSY, "SQLITE_BUSY"},
    {SQLITE_LOCKED, "SQLITE_LOCKED"},
    {SQLITE_NOMEM, "SQLITE_NOMEM"},
    {SQLITE_READONLY, "SQLITE_READONLY"},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT"},
    {SQLITE_IOERR, "SQLITE_IOERR"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT"},
    {SQLITE_FULL, "SQLITE_FULL"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN"},
    {SQLITE_PROTOCOL, "SQLITE_PROTOCOL"},
    {SQLITE_SCHEMA, "SQLITE_SCHEMA"},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG"},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT"},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH"},
    {SQLITE_MISUSE, "SQLITE_MISUSE"},
    {SQLITE_NOLFS, "SQLITE_NOLFS"},
    {SQLITE_AUTH, "SQLITE_AUTH"},
    {SQLITE_RANGE, "SQLITE_RANGE"},
    {SQLITE_NOTADB, "SQLITE_NOTADB"},
    {SQLITE_IOERR_READ, "SQLITE_IOERR_READ"},
    {SQLITE_IOERR_SHORT_READ, "SQLITE_IOERR_SHORT_READ"},
    {SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"},
    {SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"},
    {SQLITE_IOERR_DIR_FSYNC, "SQLITE_IOERR_DIR_FSYNC"},
    {SQLITE_IOERR_TRUNCATE, "SQLITE_IOERR_TRUNCATE"},
    {SQLITE_IOERR_FSTAT, "SQLITE_IOERR_FSTAT"},
    {SQLITE_IOERR_LOCK, "SQLITE_IOERR_LOCK"},
    {SQLITE_IOERR_ACCESS, "SQLITE_IOERR_ACCESS"},
    {SQLITE_IOERR_DELETE, "SQLITE_IOERR_DELETE"},
    {SQLITE_IOERR_SHMOPEN, "SQLITE_IOERR_SHMOPEN"},
    {SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"},
    {SQLITE_IOERR_SHMMAP, "SQLITE_IOERR_SHMMAP"},
    {SQLITE_BUSY_RECOVERY, "SQLITE_BUSY_RECOVERY"},
    {SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT"},
    {SQLITE_CANTOPEN_ISDIR, "SQLITE_CANTOPEN_ISDIR"},
    {SQLITE_CORRUPT_INDEX, "SQLITE_CORRUPT_INDEX"},
    {SQLITE_CORRUPT_SEQUENCE, "SQLITE_CORRUPT_SEQUENCE"},
    {SQLITE_CORRUPT_VTAB, "SQLITE_CORRUPT_VTAB"},
    {SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"},
    {SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"},
    {SQLITE_READONLY_CANTINIT, "SQLITE_READONLY_CANTINIT"},
    {SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"},
    {SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"},
    {SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE"},
    {SQLITE_CONSTRAINT_DATATYPE, "SQLITE_CONSTRAINT_DATATYPE"},
}};

constexpr const char *newerVersion = "KITTIWAKE_NEWER_VERSION";
constexpr const char *foreignFile = "KITTIWAKE_FOREIGN_FILE";

int primaryCode(int extendedCode)
{
    return extendedCode & 0xff; // "the primary result code is the least significant 8 bits", sqlite.org/rescode.html
}

QString codeName(int extendedCode)
{
    for (const int code : {extendedCode, primaryCode(extendedCode)}) {
        for (const auto &[known, name] : codeNames) {
            if (known == code)
                return QString::fromLatin1(name);
        }
    }
    return QStringLiteral("SQLITE");
}

QString sentence(int extendedCode, const QString &file, bool disposable)
{
    switch (primaryCode(extendedCode)) {
    case SQLITE_FULL:
        return QCoreApplication::translate("core",
                                           "The disk is full, so %1 could not be saved. Free some space, then "
                                           "try again.")
            .arg(file);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return QCoreApplication::translate("core",
                                           "Kittiwake may not write to %1. Give yourself permission to write to the "
                                           "file and its folder, then try again.")
            .arg(file);
    case SQLITE_CANTOPEN:
        return QCoreApplication::translate("core",
                                           "%1 cannot be opened. Check that its folder exists and that you may read "
                                           "and write there, then try again.")
            .arg(file);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        if (disposable) {
            return QCoreApplication::translate("core",
                                               "%1 is damaged. Everything in it is also on the server: drop the cache "
                                               "to have it fetched again.")
                .arg(file);
        }
        return QCoreApplication::translate("core",
                                           "%1 is damaged. It holds work that no server has yet, so it was left as it "
                                           "is. Restore it from a backup, or move it away to begin with an empty one.")
            .arg(file);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return QCoreApplication::translate("core",
                                           "%1 is being used by another program. Close that program, then try again.")
            .arg(file);
    case SQLITE_IOERR:
        return QCoreApplication::translate("core",
                                           "The disk failed while %1 was read or written. Check the disk, then try "
                                           "again.")
            .arg(file);
    case SQLITE_NOMEM:
        return QCoreApplication::translate("core",
                                           "There is not enough memory to work with %1. Close other programs, then try "
                                           "again.")
            .arg(file);
    case SQLITE_INTERRUPT:
        return QCoreApplication::translate("core", "Reading %1 was stopped.").arg(file);
    default:
        return QCoreApplication::translate("core",
                                           "Something unexpected happened while %1 was used (%2). Please report it; "
                                           "starting Kittiwake again may help.")
            .arg(file, codeName(extendedCode));
    }
}

} // namespace

Error storageError(int extendedCode, const QString &file, bool disposable, const char *message)
{
    Error error;
    error.kind = primaryCode(extendedCode) == SQLITE_INTERRUPT ? ErrorKind::Cancelled : ErrorKind::Storage;
    error.where = QDir::toNativeSeparators(file);
    error.userText = sentence(extendedCode, error.where, disposable);
    error.detail = QStringLiteral("%1 (%2): %3")
                       .arg(codeName(extendedCode), QString::number(extendedCode),
                            QString::fromUtf8(message != nullptr ? message : sqlite3_errstr(extendedCode)));
    return error;
}

Error newerVersionError(const QString &file, int version, int known)
{
    const QString path = QDir::toNativeSeparators(file);
    return {ErrorKind::Storage, path,
            QCoreApplication::translate("core",
                                        "%1 was written by a newer version of Kittiwake. Update Kittiwake, or start it "
                                        "with another profile.")
                .arg(path),
            QStringLiteral("%1: schema %2, this version knows %3")
                .arg(QString::fromLatin1(newerVersion), QString::number(version), QString::number(known))};
}

Error foreignFileError(const QString &file, int applicationId)
{
    const QString path = QDir::toNativeSeparators(file);
    return {
        ErrorKind::Storage, path,
        QCoreApplication::translate("core",
                                    "%1 does not belong to Kittiwake. Move it away, or start Kittiwake with another "
                                    "profile.")
            .arg(path),
        QStringLiteral("%1: application_id %2")
            .arg(QString::fromLatin1(foreignFile), QString::number(applicationId, 16))};
}

bool isDamaged(const Error &error)
{
    return error.detail.startsWith(QLatin1String("SQLITE_CORRUPT"))
        || error.detail.startsWith(QLatin1String("SQLITE_NOTADB"));
}

bool isDiskFull(const Error &error)
{
    return error.detail.startsWith(QLatin1String("SQLITE_FULL"));
}

bool isBusy(const Error &error)
{
    return error.detail.startsWith(QLatin1String("SQLITE_BUSY"));
}

bool isNewerVersion(const Error &error)
{
    return error.detail.startsWith(QLatin1String(newerVersion));
}

} // namespace kittiwake::store

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>

namespace kittiwake::store
{

/**
 * An Error from SQLite's extended result code: kind Storage (Cancelled for SQLITE_INTERRUPT), where = file, userText by
 * what a person can do about it; disposable says whether the file can be fetched again. detail starts with the symbolic
 * name and the number of the extended code, "SQLITE_IOERR_WRITE (778)", then message, which holds no text of mail.
 */
[[nodiscard]] Error storageError(int extendedCode, const QString &file, bool disposable, const char *message = nullptr);

/** The file was written by a newer version of Kittiwake, whose schema has this number. */
[[nodiscard]] Error newerVersionError(const QString &file, int version, int known);
/** The file is a database of another program, or of another purpose. */
[[nodiscard]] Error foreignFileError(const QString &file, int applicationId);

/** The file is damaged (SQLITE_CORRUPT, SQLITE_NOTADB): a cache may be rebuilt (CacheStore::openOrRebuild). */
[[nodiscard]] bool isDamaged(const Error &error);
[[nodiscard]] bool isDiskFull(const Error &error);
/** Another process writes, and did not finish within the busy timeout. */
[[nodiscard]] bool isBusy(const Error &error);
[[nodiscard]] bool isNewerVersion(const Error &error);

} // namespace kittiwake::store

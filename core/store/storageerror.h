// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QString>

namespace kittiwake::store
{

/**
 * An Error from SQLite's extended result code: kind Storage (Cancelled for SQLITE_INTERRUPT), where = file, userText by
 * what a person can do about it. detail starts with the symbolic name of the extended code, "SQLITE_IOERR_WRITE (778)",
 * then message, which must hold no text of mail.
 */
[[nodiscard]] Error storageError(int extendedCode, const QString &file, const char *message = nullptr);

/** The file is damaged (SQLITE_CORRUPT, SQLITE_NOTADB): a cache may be rebuilt (CacheStore::openOrRebuild). */
[[nodiscard]] bool isDamaged(const Error &error);
[[nodiscard]] bool isDiskFull(const Error &error);
/** Another process writes, and did not finish within the busy timeout. */
[[nodiscard]] bool isBusy(const Error &error);
/** The file was written by a newer version of Kittiwake. */
[[nodiscard]] bool isNewerVersion(const Error &error);

} // namespace kittiwake::store

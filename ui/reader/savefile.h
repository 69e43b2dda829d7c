// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QFuture>
#include <QString>

namespace kittiwake::ui
{

/** A name with its extension (with the dot) apart, so that it is never cut from sight: "report.pdf" -> "report",
 * ".pdf". */
struct SplitName {
    QString stem;
    QString extension;
};
[[nodiscard]] SplitName splitName(const QString &fileName);

/**
 * A sender's file name as a suggestion for this computer: one name without folders, not hidden, not reserved on any
 * system, at most 200 characters; never empty.
 */
[[nodiscard]] QString safeFileName(const QString &fileName);

/** folder/name, or "name (2).ext" and so on where that is taken. */
[[nodiscard]] QString unusedPath(const QString &folder, const QString &name);

/** Tells the system that a file came from the network, where it knows such a mark (CVE-2022-3155). */
void markAsDownloaded(const QString &path);

/** saveFile() in this thread, which is not the UI's. */
[[nodiscard]] Result<void> writeFile(const QString &path, const QByteArray &data);

/**
 * Writes data to path in a worker thread: all of it or nothing, through QSaveFile, and marks it as come from the
 * network where the system knows such a mark (CVE-2022-3155). Errors: Storage, with the reason.
 */
[[nodiscard]] QFuture<Result<void>> saveFile(const QString &path, const QByteArray &data);

} // namespace kittiwake::ui

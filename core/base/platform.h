// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <chrono>
#include <cstdint>

/** The few things that each operating system does differently and that have no equal in Qt. */
namespace kittiwake::platform
{

/**
 * Makes the folder where it is missing (its parents too), and lets only this person in (0700; on Windows the folder's
 * own access list does that). A folder that exists is narrowed, unless it is shared by its nature: owned by somebody
 * else, sticky as /tmp is, the root, or the whole home. Errors: Storage.
 */
[[nodiscard]] Result<void> makePrivateFolder(const QString &path);
/** Lets only this person read and write an existing file (0600). Errors: Storage. */
[[nodiscard]] Result<void> makePrivateFile(const QString &path);
/** Makes the names in a folder durable, after a file in it was renamed. Best effort: not every file system can. */
void syncFolder(const QString &path);

/**
 * Ends the process with what is written flushed, and without the exit handlers of the libraries. For the end of main(),
 * after everything was destroyed: QThread::wait() returns while the thread still gives back its memory (Qt 6.4 starts
 * its threads detached), and OpenSSL's handler frees in the same arena; about one process in 400 was aborted by
 * malloc_consolidate() after its work was done (Debian 12, November 2026). Under a sanitizer it returns, so that leaks
 * are still looked for.
 */
int leaveProcess(int code);

/** What this process has used. Zero where the system does not tell. */
struct ProcessFigures {
    std::uint64_t residentBytes = 0;
    std::uint64_t peakResidentBytes = 0;
    std::chrono::microseconds userCpu{0};
    std::chrono::microseconds systemCpu{0};
};
[[nodiscard]] ProcessFigures processFigures();

} // namespace kittiwake::platform

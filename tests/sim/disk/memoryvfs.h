// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/disk/memorydisk.h"

#include <QByteArray>

#include <memory>

struct sqlite3;

namespace kittiwake::sim
{

/** SQLite on a MemoryDisk: registered under name() while it lives. All connections are of one process and one thread.
 */
class MemoryVfs
{
public:
    explicit MemoryVfs(MemoryDisk &disk);
    ~MemoryVfs();
    MemoryVfs(const MemoryVfs &) = delete;
    MemoryVfs &operator=(const MemoryVfs &) = delete;

    [[nodiscard]] QByteArray name() const;

    // For ConnectionPool.
    /**
     * A connection of a process that has died, and that does nothing until it wakes: its locks are gone, and it does
     * not count among those who have the files open. False where its files are not of a MemoryVfs.
     */
    static bool fallAsleep(sqlite3 *connection);
    /** A new process has opened the same files. False: they are other files by now, or the disk is not well. */
    [[nodiscard]] static bool wakeUp(sqlite3 *connection);

    struct Private;

private:
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::sim

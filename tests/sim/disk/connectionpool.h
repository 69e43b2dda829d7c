// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace kittiwake::sim
{

/**
 * SQLite's connections of a program that was killed, asleep until it is started again. To open one costs reading the
 * schema and compiling every statement anew: a sixth of all that a history costs, and it is the same each time. What a
 * process loses when it dies they lose too: transaction, locks, their pages, and their part in the WAL index, which is
 * made anew from the WAL when nobody has it open (MemoryVfs). What they keep is what they have compiled, which SQLite
 * itself compares with the file's schema at each use. They wake only for the files that they had open, and only while
 * the disk is well; else, and in histories that want it so, SQLite opens anew.
 *
 * The linker puts it between all callers and SQLite (--wrap, CMakeLists.txt): nobody else knows of it.
 */
class ConnectionPool
{
public:
    /** Connections of this VFS sleep instead of being closed; an empty name: all are opened and closed as asked for. */
    static void setVfs(const QByteArray &name);
};

} // namespace kittiwake::sim

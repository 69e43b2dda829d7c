// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>

namespace kittiwake::store::test
{

/**
 * A VFS on top of the system's whose writes fail from a chosen one on, as when the disk is full or torn out. One at a
 * time; registered under name() while it lives. Every database opened with it must be closed before it goes.
 */
class FaultVfs
{
public:
    enum class Fault {
        DiskFull, ///< xWrite and xTruncate that grow: SQLITE_FULL
        WriteError, ///< SQLITE_IOERR_WRITE
        SyncError, ///< xSync: SQLITE_IOERR_FSYNC
    };

    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs &) = delete;
    FaultVfs &operator=(const FaultVfs &) = delete;

    [[nodiscard]] static QByteArray name();
    /** After this many further calls of the kind every one fails. */
    void failAfter(std::int64_t calls, Fault fault);
    void heal();
    /** Calls that failed since failAfter. */
    [[nodiscard]] std::int64_t failures() const;
};

} // namespace kittiwake::store::test

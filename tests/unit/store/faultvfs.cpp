// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/store/faultvfs.h"

#include <sqlite3.h>

#include <cstring>

namespace kittiwake::store::test
{

namespace
{

struct State {
    bool armed = false;
    FaultVfs::Fault fault = FaultVfs::Fault::DiskFull;
    std::int64_t left = 0;
    std::int64_t failures = 0;
};

// SQLite's callbacks have no place for a pointer of ours that needs no cast; there is one FaultVfs at a time.
State state; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
sqlite3_vfs vfs;
sqlite3_vfs *base = nullptr;

struct File {
    sqlite3_file own;
    sqlite3_file *real;
};

sqlite3_file *real(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file)->real;
}

bool fails(FaultVfs::Fault fault)
{
    if (!state.armed || state.fault != fault)
        return false;
    if (state.left > 0) {
        --state.left;
        return false;
    }
    ++state.failures;
    return true;
}

int close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

int read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
    return real(file)->pMethods->xRead(real(file), data, size, offset);
}

int write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    if (fails(FaultVfs::Fault::DiskFull))
        return SQLITE_FULL;
    if (fails(FaultVfs::Fault::WriteError))
        return SQLITE_IOERR_WRITE;
    return real(file)->pMethods->xWrite(real(file), data, size, offset);
}

int truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return real(file)->pMethods->xTruncate(real(file), size);
}

int sync(sqlite3_file *file, int flags)
{
    if (fails(FaultVfs::Fault::SyncError))
        return SQLITE_IOERR_FSYNC;
    return real(file)->pMethods->xSync(real(file), flags);
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

int lock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

int unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

int checkReservedLock(sqlite3_file *file, int *result)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

int fileControl(sqlite3_file *file, int operation, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

int sectorSize(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

int deviceCharacteristics(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int shmMap(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}

int shmLock(sqlite3_file *file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void shmBarrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

int shmUnmap(sqlite3_file *file, int deleteIt)
{
    return real(file)->pMethods->xShmUnmap(real(file), deleteIt);
}

// Version 2: with shared memory for WAL, without memory-mapped pages, whose writes would pass us by.
const sqlite3_io_methods methods = {2,
                                    close,
                                    read,
                                    write,
                                    truncate,
                                    sync,
                                    fileSize,
                                    lock,
                                    unlock,
                                    checkReservedLock,
                                    fileControl,
                                    sectorSize,
                                    deviceCharacteristics,
                                    shmMap,
                                    shmLock,
                                    shmBarrier,
                                    shmUnmap,
                                    nullptr,
                                    nullptr};

int open(sqlite3_vfs *, const char *path, sqlite3_file *file, int flags, int *outFlags)
{
    auto *mine = reinterpret_cast<File *>(file);
    mine->own.pMethods = nullptr;
    mine->real = reinterpret_cast<sqlite3_file *>(mine + 1);
    const int code = base->xOpen(base, path, mine->real, flags, outFlags);
    if (code == SQLITE_OK)
        mine->own.pMethods = &methods;
    return code;
}

} // namespace

FaultVfs::FaultVfs()
{
    base = sqlite3_vfs_find(nullptr);
    vfs = *base;
    vfs.pNext = nullptr;
    vfs.zName = "kittiwake-faults";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + base->szOsFile;
    vfs.xOpen = open;
    state = {};
    sqlite3_vfs_register(&vfs, 0);
}

FaultVfs::~FaultVfs()
{
    sqlite3_vfs_unregister(&vfs);
}

QByteArray FaultVfs::name()
{
    return QByteArrayLiteral("kittiwake-faults");
}

void FaultVfs::failAfter(std::int64_t calls, Fault fault)
{
    state = {true, fault, calls, 0};
}

void FaultVfs::heal()
{
    state.armed = false;
}

std::int64_t FaultVfs::failures() const
{
    return state.failures;
}

} // namespace kittiwake::store::test

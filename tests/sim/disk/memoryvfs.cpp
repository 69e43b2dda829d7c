// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/disk/memoryvfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace kittiwake::sim
{

namespace
{

constexpr std::size_t regionSize = 32 * 1024; ///< what SQLite asks for, of the WAL index

/** What the connections of one process share about a file: its locks, and the memory of its WAL index. */
struct Shared {
    int sharedLocks = 0;
    const void *reserved = nullptr;
    const void *pending = nullptr;
    const void *exclusive = nullptr;

    std::array<int, SQLITE_SHM_NLOCK> shmShared{};
    std::array<const void *, SQLITE_SHM_NLOCK> shmExclusive{};
    std::vector<std::unique_ptr<char[]>> regions;
    int shmUsers = 0;
};

} // namespace

struct MemoryVfs::Private {
    explicit Private(MemoryDisk &owner) : disk(owner) { }

    MemoryDisk &disk;
    sqlite3_vfs vfs = {};
    QByteArray name;
    std::map<std::string, std::shared_ptr<Shared>> shared;
};

namespace
{

struct Handle {
    MemoryVfs::Private *vfs;
    std::shared_ptr<MemoryDisk::File> file;
    std::shared_ptr<Shared> shared;
    std::string name;
    bool deleteOnClose = false;
    int lock = SQLITE_LOCK_NONE;
    bool usesShm = false;
    bool isAsleep = false; ///< its process has died: see ConnectionPool
    std::array<int, SQLITE_SHM_NLOCK> shm{}; ///< 0, SHARED or EXCLUSIVE

    [[nodiscard]] MemoryDisk &disk() const { return vfs->disk; }
};

/** SQLite allocates it; the C++ part is behind the pointer. */
struct File {
    sqlite3_file base;
    Handle *handle;
};

Handle &handleOf(sqlite3_file *file)
{
    return *reinterpret_cast<File *>(file)->handle;
}

int writeError(const Handle &handle, int otherwise)
{
    return handle.disk().fault() == MemoryDisk::Fault::Full && !handle.disk().isFrozen() ? SQLITE_FULL : otherwise;
}

int unlock(sqlite3_file *file, int level)
{
    Handle &handle = handleOf(file);
    Shared &shared = *handle.shared;
    if (handle.lock <= level)
        return SQLITE_OK;
    if (shared.exclusive == &handle)
        shared.exclusive = nullptr;
    if (shared.pending == &handle)
        shared.pending = nullptr;
    if (shared.reserved == &handle)
        shared.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE)
        --shared.sharedLocks;
    handle.lock = level;
    return SQLITE_OK;
}

int lock(sqlite3_file *file, int level)
{
    Handle &handle = handleOf(file);
    Shared &shared = *handle.shared;
    if (handle.isAsleep)
        return SQLITE_BUSY; // when it is closed at last, it does nothing to files that may be of others now
    if (handle.lock >= level)
        return SQLITE_OK;
    const auto others = [&handle](const void *owner) { return owner != nullptr && owner != &handle; };
    if (handle.lock == SQLITE_LOCK_NONE) {
        if (others(shared.pending) || others(shared.exclusive))
            return SQLITE_BUSY;
        ++shared.sharedLocks;
        handle.lock = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) {
        if (others(shared.reserved) || others(shared.pending) || others(shared.exclusive))
            return SQLITE_BUSY;
        shared.reserved = &handle;
        handle.lock = SQLITE_LOCK_RESERVED;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        shared.pending = &handle;
        handle.lock = SQLITE_LOCK_PENDING;
        if (shared.sharedLocks > 1)
            return SQLITE_BUSY;
        shared.exclusive = &handle;
        handle.lock = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

int shmLock(sqlite3_file *file, int offset, int count, int flags)
{
    Handle &handle = handleOf(file);
    Shared &shared = *handle.shared;
    for (int i = offset; i < offset + count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if ((flags & SQLITE_SHM_UNLOCK) != 0)
            continue;
        const bool takenByOther = shared.shmExclusive[at] != nullptr && shared.shmExclusive[at] != &handle;
        const int mine = handle.shm[at] == SQLITE_SHM_SHARED ? 1 : 0;
        if (takenByOther || ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && shared.shmShared[at] > mine))
            return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const int before = handle.shm[at];
        if (before == SQLITE_SHM_SHARED)
            --shared.shmShared[at];
        else if (before == SQLITE_SHM_EXCLUSIVE)
            shared.shmExclusive[at] = nullptr;
        handle.shm[at] = 0;
        if ((flags & SQLITE_SHM_UNLOCK) != 0)
            continue;
        if ((flags & SQLITE_SHM_SHARED) != 0) {
            ++shared.shmShared[at];
            handle.shm[at] = SQLITE_SHM_SHARED;
        } else {
            shared.shmExclusive[at] = &handle;
            handle.shm[at] = SQLITE_SHM_EXCLUSIVE;
        }
    }
    return SQLITE_OK;
}

/** The WAL index lives in the memory of the processes that use it: without one, it is made anew from the WAL. */
void forgetIndex(Shared &shared)
{
    for (const auto &region : shared.regions)
        std::memset(region.get(), 0, regionSize); // not given back: those that sleep point at it
}

int shmUnmap(sqlite3_file *file, int deletes)
{
    Handle &handle = handleOf(file);
    if (!handle.usesShm || handle.isAsleep)
        return SQLITE_OK;
    shmLock(file, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    handle.usesShm = false;
    if (--handle.shared->shmUsers == 0 || deletes != 0)
        forgetIndex(*handle.shared);
    return SQLITE_OK;
}

int shmMap(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
    Handle &handle = handleOf(file);
    if (!std::exchange(handle.usesShm, true))
        ++handle.shared->shmUsers;
    auto &regions = handle.shared->regions;
    const auto wanted = static_cast<std::size_t>(region) + 1;
    *memory = nullptr;
    if (size != static_cast<int>(regionSize))
        return SQLITE_IOERR_SHMSIZE;
    if (regions.size() < wanted && extend == 0)
        return SQLITE_OK;
    while (regions.size() < wanted)
        regions.push_back(std::make_unique<char[]>(regionSize));
    *memory = regions[wanted - 1].get();
    return SQLITE_OK;
}

int close(sqlite3_file *file)
{
    Handle *handle = reinterpret_cast<File *>(file)->handle;
    shmUnmap(file, 0);
    if (!handle->isAsleep)
        unlock(file, SQLITE_LOCK_NONE);
    if (handle->deleteOnClose)
        handle->disk().remove(handle->name);
    delete handle;
    return SQLITE_OK;
}

int read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset)
{
    Handle &handle = handleOf(file);
    if (!handle.disk().mayRead())
        return SQLITE_IOERR_READ;
    const std::string &content = handle.file->content;
    const auto at = static_cast<std::size_t>(offset);
    const auto wanted = static_cast<std::size_t>(amount);
    const std::size_t there = at < content.size() ? std::min(wanted, content.size() - at) : 0;
    if (there > 0)
        std::memcpy(buffer, content.data() + at, there);
    if (there == wanted)
        return SQLITE_OK;
    std::memset(static_cast<char *>(buffer) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset)
{
    Handle &handle = handleOf(file);
    const bool done = handle.disk().write(*handle.file, static_cast<std::uint64_t>(offset),
                                          static_cast<const char *>(buffer), static_cast<std::size_t>(amount));
    return done ? SQLITE_OK : writeError(handle, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file *file, sqlite3_int64 size)
{
    Handle &handle = handleOf(file);
    return handle.disk().truncate(*handle.file, static_cast<std::uint64_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync(sqlite3_file *file, int)
{
    Handle &handle = handleOf(file);
    return handle.disk().sync(*handle.file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = static_cast<sqlite3_int64>(handleOf(file).file->content.size());
    return SQLITE_OK;
}

int checkReservedLock(sqlite3_file *file, int *result)
{
    *result = handleOf(file).shared->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int fileControl(sqlite3_file *, int, void *)
{
    return SQLITE_NOTFOUND;
}

int sectorSize(sqlite3_file *)
{
    return 4096;
}

int deviceCharacteristics(sqlite3_file *)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; // what SQLite assumes of real disks too
}

void shmBarrier(sqlite3_file *)
{
    // One thread: nothing to order.
}

const sqlite3_io_methods methods{2,
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

MemoryVfs::Private &ownerOf(sqlite3_vfs *vfs)
{
    return *static_cast<MemoryVfs::Private *>(vfs->pAppData);
}

int open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *outFlags)
{
    file->pMethods = nullptr;
    MemoryVfs::Private &owner = ownerOf(vfs);
    if (owner.disk.isFrozen())
        return SQLITE_IOERR;
    const std::string name = path != nullptr ? path : "temporary";
    auto content = owner.disk.find(name);
    if (!content) {
        if ((flags & SQLITE_OPEN_CREATE) == 0)
            return SQLITE_CANTOPEN;
        if (owner.disk.fault() != MemoryDisk::Fault::None)
            return owner.disk.fault() == MemoryDisk::Fault::Full ? SQLITE_FULL : SQLITE_IOERR;
        content = owner.disk.create(name);
    }
    auto &shared = owner.shared[name];
    if (!shared)
        shared = std::make_shared<Shared>();
    auto *handle = new Handle{&owner, std::move(content), shared, name};
    handle->deleteOnClose = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    reinterpret_cast<File *>(file)->handle = handle;
    file->pMethods = &methods;
    if (outFlags != nullptr)
        *outFlags = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs *vfs, const char *path, int)
{
    MemoryVfs::Private &owner = ownerOf(vfs);
    if (owner.disk.isFrozen())
        return SQLITE_IOERR_DELETE;
    if (!owner.disk.find(path))
        return SQLITE_IOERR_DELETE_NOENT;
    owner.disk.remove(path);
    return SQLITE_OK;
}

int access(sqlite3_vfs *vfs, const char *path, int, int *result)
{
    *result = ownerOf(vfs).disk.find(path) ? 1 : 0;
    return SQLITE_OK;
}

int fullPathname(sqlite3_vfs *, const char *path, int size, char *result)
{
    sqlite3_snprintf(size, result, "%s", path);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs *, int size, char *bytes)
{
    std::memset(bytes, 7, static_cast<std::size_t>(size)); // the same history for the same seed
    return size;
}

int sleep(sqlite3_vfs *, int microseconds)
{
    return microseconds; // nobody else could go on meanwhile
}

int currentTime(sqlite3_vfs *, double *julianDay)
{
    *julianDay = 2461000.5;
    return SQLITE_OK;
}

int currentTime64(sqlite3_vfs *, sqlite3_int64 *milliseconds)
{
    *milliseconds = 2461000LL * 86'400'000 + 43'200'000;
    return SQLITE_OK;
}

int lastError(sqlite3_vfs *, int, char *)
{
    return 0;
}

/** The database's file, or its WAL; null: not of a MemoryVfs. */
Handle *handleOf(sqlite3 *connection, int which)
{
    sqlite3_file *file = nullptr;
    if (sqlite3_file_control(connection, "main", which, &file) != SQLITE_OK || file == nullptr
        || file->pMethods != &methods)
        return nullptr;
    return &handleOf(file);
}

} // namespace

bool MemoryVfs::fallAsleep(sqlite3 *connection)
{
    Handle *handle = handleOf(connection, SQLITE_FCNTL_FILE_POINTER);
    Handle *wal = handleOf(connection, SQLITE_FCNTL_JOURNAL_POINTER);
    if (handle == nullptr || wal == nullptr || !handle->usesShm || handle->lock != SQLITE_LOCK_SHARED)
        return false; // it has never read anything
    Shared &shared = *handle->shared;
    for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) {
        if (handle->shm.at(static_cast<std::size_t>(i)) != 0)
            return false;
    }
    --shared.sharedLocks;
    handle->isAsleep = true;
    if (--shared.shmUsers == 0)
        forgetIndex(shared);
    return true;
}

bool MemoryVfs::wakeUp(sqlite3 *connection)
{
    Handle *handle = handleOf(connection, SQLITE_FCNTL_FILE_POINTER);
    const Handle *wal = handleOf(connection, SQLITE_FCNTL_JOURNAL_POINTER);
    const MemoryDisk &disk = handle->disk();
    if (disk.fault() != MemoryDisk::Fault::None || disk.isFrozen() || disk.find(handle->name) != handle->file
        || disk.find(wal->name) != wal->file || handle->shared->exclusive != nullptr)
        return false;
    ++handle->shared->sharedLocks;
    ++handle->shared->shmUsers;
    handle->isAsleep = false;
    return true;
}

MemoryVfs::MemoryVfs(MemoryDisk &disk) : d(std::make_unique<Private>(disk))
{
    static int count = 0;
    d->name = "kittiwake-sim-" + QByteArray::number(++count);
    sqlite3_vfs &vfs = d->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(File);
    vfs.mxPathname = 512;
    vfs.zName = d->name.constData();
    vfs.pAppData = d.get();
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = fullPathname;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = currentTime;
    vfs.xGetLastError = lastError;
    vfs.xCurrentTimeInt64 = currentTime64;
    sqlite3_vfs_register(&vfs, 0);
}

MemoryVfs::~MemoryVfs()
{
    sqlite3_vfs_unregister(&d->vfs);
}

QByteArray MemoryVfs::name() const
{
    return d->name;
}

} // namespace kittiwake::sim

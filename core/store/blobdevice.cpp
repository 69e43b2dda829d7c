// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/blobdevice.h"

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::store
{

Result<std::unique_ptr<BlobDevice>> BlobDevice::open(Database &database, const char *table, const char *column,
                                                     std::int64_t row, Access access)
{
    sqlite3_blob *blob = nullptr;
    const bool isWritten = access == Access::Write;
    const int code = sqlite3_blob_open(database.handle(), "main", table, column, row, isWritten ? 1 : 0, &blob);
    if (code != SQLITE_OK) {
        Error error = database.error(sqlite3_extended_errcode(database.handle()));
        sqlite3_blob_close(blob);
        return failure(std::move(error));
    }
    std::unique_ptr<BlobDevice> device(new BlobDevice(blob));
    // Unbuffered: QIODevice's own buffer would only be one more copy.
    device->QIODevice::open((isWritten ? ReadWrite : ReadOnly) | Unbuffered);
    return device;
}

BlobDevice::~BlobDevice()
{
    BlobDevice::close();
}

void BlobDevice::close()
{
    sqlite3_blob_close(m_blob);
    m_blob = nullptr;
    QIODevice::close();
}

qint64 BlobDevice::size() const
{
    return m_blob == nullptr ? 0 : sqlite3_blob_bytes(m_blob);
}

qint64 BlobDevice::readData(char *data, qint64 most)
{
    const qint64 count = std::min(most, size() - pos());
    if (count <= 0)
        return 0;
    m_code = sqlite3_blob_read(m_blob, data, static_cast<int>(count), static_cast<int>(pos()));
    return m_code == SQLITE_OK ? count : -1;
}

qint64 BlobDevice::writeData(const char *data, qint64 count)
{
    // Its size is fixed: what does not fit is an error, never cut.
    m_code = pos() + count > size()
        ? SQLITE_TOOBIG
        : sqlite3_blob_write(m_blob, data, static_cast<int>(count), static_cast<int>(pos()));
    return m_code == SQLITE_OK ? count : -1;
}

} // namespace kittiwake::store

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/database.h"

#include <QIODevice>

#include <cstdint>
#include <memory>

struct sqlite3_blob;

namespace kittiwake::store
{

/**
 * One BLOB of a database as a device of fixed size, so that what is large never is in memory as a whole. Closed, and
 * gone, before the transaction ends and before its row is changed otherwise. One thread, as the Database.
 */
class BlobDevice final : public QIODevice
{
public:
    enum class Access { Read, Write };

    /** column of the row with that rowid in a table of the main database. Errors: Storage. */
    [[nodiscard]] static Result<std::unique_ptr<BlobDevice>> open(Database &database, const char *table,
                                                                  const char *column, std::int64_t row, Access access);
    ~BlobDevice() override;

    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 size() const override;
    void close() override;
    [[nodiscard]] int errorCode() const { return m_code; } ///< SQLite's, of the last read or write that failed

protected:
    qint64 readData(char *data, qint64 most) override;
    qint64 writeData(const char *data, qint64 count) override;

private:
    explicit BlobDevice(sqlite3_blob *blob) : m_blob(blob) { }

    sqlite3_blob *m_blob;
    int m_code = 0;
};

} // namespace kittiwake::store

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/pendingpeek.h"

#include <sqlite3.h>

namespace kittiwake::sim
{

PendingPeek::PendingPeek(QByteArray vfs)
{
    sqlite3_open_v2("/sim/pending.db", &m_database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, vfs.constData());
    sqlite3_prepare_v2(
        m_database,
        "SELECT id, kind, state, error, length(undo), length(progress), next_attempt_at, payload, progress "
        "FROM operation ORDER BY id",
        -1, &m_statement, nullptr);
    sqlite3_prepare_v2(m_database, "PRAGMA data_version", -1, &m_version, nullptr);
}

PendingPeek::~PendingPeek()
{
    sqlite3_finalize(m_statement);
    sqlite3_finalize(m_version);
    sqlite3_close(m_database);
}

std::vector<PendingRow> PendingPeek::rows()
{
    std::vector<PendingRow> rows;
    if (m_statement == nullptr || m_version == nullptr)
        return rows;
    // It changes with every commit of another connection: what was read before is often read again.
    const bool isKnown = sqlite3_step(m_version) == SQLITE_ROW;
    const std::int64_t version = isKnown ? sqlite3_column_int64(m_version, 0) : -1;
    sqlite3_reset(m_version);
    if (isKnown && version == m_readVersion)
        return m_rows;
    while (sqlite3_step(m_statement) == SQLITE_ROW) {
        const auto text = [this](int column) {
            return QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column)));
        };
        PendingRow row;
        row.id = sqlite3_column_int64(m_statement, 0);
        row.kind = text(1);
        row.state = sqlite3_column_int(m_statement, 2);
        row.error = text(3);
        row.canBeUndone = sqlite3_column_int(m_statement, 4) > 0;
        row.hasProgress = sqlite3_column_int(m_statement, 5) > 0;
        row.nextAttemptAt = sqlite3_column_int64(m_statement, 6);
        row.payload = QByteArray(static_cast<const char *>(sqlite3_column_blob(m_statement, 7)),
                                 sqlite3_column_bytes(m_statement, 7));
        if (row.hasProgress)
            row.progress = QByteArray(static_cast<const char *>(sqlite3_column_blob(m_statement, 8)),
                                      sqlite3_column_bytes(m_statement, 8));
        rows.push_back(std::move(row));
    }
    const bool isWhole = sqlite3_reset(m_statement) == SQLITE_OK;
    m_readVersion = isWhole ? version : -1;
    m_rows = rows;
    return rows;
}

} // namespace kittiwake::sim

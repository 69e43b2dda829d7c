// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace kittiwake::sim
{

/** A row of pending.db. */
struct PendingRow {
    std::int64_t id = 0;
    QString kind;
    int state = 0; ///< store::OperationState
    QString error;
    bool canBeUndone = false;
    bool hasProgress = false;
    std::int64_t nextAttemptAt = 0;
    QByteArray payload;
    QByteArray progress;

    [[nodiscard]] bool isLetter() const { return kind == QLatin1String("send"); } ///< in the outbox
    [[nodiscard]] bool isUnknown() const { return state == 4; } ///< nobody knows whether it was sent
    [[nodiscard]] bool isQueued() const { return state == 0; }
    [[nodiscard]] bool isParked() const { return state == 2; }
    [[nodiscard]] bool isDone() const { return state == 3; }
};

/** Reads pending.db beside the program, with SQLite alone. */
class PendingPeek
{
public:
    explicit PendingPeek(QByteArray vfs);
    PendingPeek(const PendingPeek &) = delete;
    PendingPeek &operator=(const PendingPeek &) = delete;
    ~PendingPeek();

    [[nodiscard]] std::vector<PendingRow> rows();

private:
    sqlite3 *m_database = nullptr;
    sqlite3_stmt *m_statement = nullptr;
    sqlite3_stmt *m_version = nullptr;
    std::int64_t m_readVersion = -1;
    std::vector<PendingRow> m_rows;
};

} // namespace kittiwake::sim

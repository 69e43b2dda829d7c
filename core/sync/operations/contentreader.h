// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/pendingstore.h"

#include <QByteArray>

#include <cstdint>

namespace kittiwake::sync
{

/** The message of an operation, read from pending.db a mebibyte at a time. The store outlives it. */
class ContentReader
{
public:
    ContentReader(const store::PendingStore &pending, OperationId operation, std::int64_t size)
        : m_pending(pending), m_operation(operation), m_size(size)
    {
    }

    [[nodiscard]] std::int64_t size() const { return m_size; }
    /** Up to most octets from there on; empty at the end. Reading on is cheap, going back is not. Errors: Storage. */
    [[nodiscard]] Result<QByteArray> read(std::int64_t from, qsizetype most)
    {
        if (from < 0 || from >= m_size)
            return QByteArray();
        if (from < m_from || from >= m_from + m_buffer.size()) {
            auto piece = m_pending.contentPiece(m_operation, from, bufferSize);
            if (!piece)
                return failure(std::move(piece.error()));
            m_buffer = std::move(*piece);
            m_from = from;
        }
        return m_buffer.mid(static_cast<qsizetype>(from - m_from), most);
    }

private:
    static constexpr qsizetype bufferSize = 1024 * 1024;

    const store::PendingStore &m_pending;
    OperationId m_operation;
    std::int64_t m_size;
    std::int64_t m_from = 0; ///< of the buffer
    QByteArray m_buffer;
};

} // namespace kittiwake::sync

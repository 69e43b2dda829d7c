// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/smtp/messagesource.h"
#include "core/store/pendingstore.h"

namespace kittiwake::sync
{

/** The message of an operation, read from pending.db a mebibyte at a time. The store outlives it. */
class ContentSource final : public smtp::MessageSource
{
public:
    ContentSource(const store::PendingStore &pending, OperationId operation, std::int64_t size)
        : m_pending(pending), m_operation(operation), m_size(size)
    {
    }

    [[nodiscard]] std::uint64_t size() const override { return static_cast<std::uint64_t>(m_size); }
    [[nodiscard]] Result<QByteArray> read(qsizetype most) override
    {
        if (m_used == m_buffer.size() && m_from < m_size) {
            auto piece = m_pending.contentPiece(m_operation, m_from, bufferSize);
            if (!piece)
                return failure(std::move(piece.error()));
            m_buffer = std::move(*piece);
            m_from += m_buffer.size();
            m_used = 0;
        }
        QByteArray result = m_buffer.mid(m_used, most);
        m_used += result.size();
        return result;
    }

private:
    static constexpr qsizetype bufferSize = 1024 * 1024;

    const store::PendingStore &m_pending;
    OperationId m_operation;
    std::int64_t m_size;
    std::int64_t m_from = 0; ///< of the next buffer
    QByteArray m_buffer;
    qsizetype m_used = 0;
};

} // namespace kittiwake::sync

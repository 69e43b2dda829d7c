// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <algorithm>
#include <cstdint>

namespace kittiwake::smtp
{

/** A message to be sent, read once from its beginning to its end, so that no more of it than a piece is copied. */
class MessageSource
{
public:
    MessageSource() = default;
    MessageSource(const MessageSource &) = delete;
    MessageSource &operator=(const MessageSource &) = delete;
    virtual ~MessageSource() = default;

    /** Octets in all. */
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /** The next octets, at most so many; empty at the end. Errors: Storage. */
    [[nodiscard]] virtual Result<QByteArray> read(qsizetype most) = 0;
};

/** A message in memory. */
class BytesSource final : public MessageSource
{
public:
    explicit BytesSource(QByteArray bytes) : m_bytes(std::move(bytes)) { }

    [[nodiscard]] std::uint64_t size() const override { return static_cast<std::uint64_t>(m_bytes.size()); }
    [[nodiscard]] Result<QByteArray> read(qsizetype most) override
    {
        const qsizetype count = std::min(most, m_bytes.size() - m_position);
        QByteArray piece = m_bytes.mid(m_position, count);
        m_position += count;
        return piece;
    }

private:
    QByteArray m_bytes;
    qsizetype m_position = 0;
};

} // namespace kittiwake::smtp

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imap/codec/literalsource.h"

#include <QByteArray>

#include <cstdint>
#include <deque>
#include <memory>

namespace kittiwake::imap
{

/**
 * What a session has to write: small pieces put together, large ones shared with whoever made them, and literals that
 * are read when their turn comes. One thread.
 */
class OutputQueue
{
public:
    void append(const QByteArray &bytes);
    void append(std::shared_ptr<const LiteralSource> literal);
    [[nodiscard]] bool isEmpty() const { return m_pieces.empty(); }
    void clear() { m_pieces.clear(); }
    /** The next octets, at most so many; empty when there are none. Errors: those of LiteralSource::read(). */
    [[nodiscard]] Result<QByteArray> take(qsizetype most);

private:
    struct Piece {
        QByteArray bytes;
        std::shared_ptr<const LiteralSource> literal; ///< instead of bytes
        std::uint64_t taken = 0;
    };
    [[nodiscard]] static Result<QByteArray> read(const Piece &piece, qsizetype most);

    std::deque<Piece> m_pieces; ///< none of them is empty
};

} // namespace kittiwake::imap

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/outputqueue.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

namespace
{

constexpr qsizetype largestJoined = 16 * 1024; ///< what is larger is not copied behind something else

Failure endedEarly()
{
    return failure(ErrorKind::Storage, {},
                   QCoreApplication::translate("core",
                                               "The message could not be read to its end while it was stored on the "
                                               "server; it is tried again."),
                   QStringLiteral("a literal ended early"));
}

} // namespace

void OutputQueue::append(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return;
    const bool joins = !m_pieces.empty() && !m_pieces.back().literal && m_pieces.back().taken == 0
        && m_pieces.back().bytes.size() + bytes.size() <= largestJoined;
    if (joins)
        m_pieces.back().bytes += bytes;
    else
        m_pieces.push_back({bytes, nullptr, 0});
}

void OutputQueue::append(std::shared_ptr<const LiteralSource> literal)
{
    if (literal->size() > 0)
        m_pieces.push_back({{}, std::move(literal), 0});
}

Result<QByteArray> OutputQueue::read(const Piece &piece, qsizetype most)
{
    if (!piece.literal) {
        const auto from = static_cast<qsizetype>(piece.taken);
        return from == 0 && piece.bytes.size() <= most ? piece.bytes : piece.bytes.mid(from, most);
    }
    const std::uint64_t left = piece.literal->size() - piece.taken;
    const auto wanted = static_cast<qsizetype>(std::min(left, static_cast<std::uint64_t>(most)));
    auto bytes = piece.literal->read(piece.taken, wanted);
    // More than was announced would be read as the next command.
    if (bytes && (bytes->isEmpty() || bytes->size() > wanted))
        return endedEarly();
    return bytes;
}

Result<QByteArray> OutputQueue::take(qsizetype most)
{
    QByteArray result;
    while (!m_pieces.empty() && result.size() < most) {
        Piece &piece = m_pieces.front();
        auto bytes = read(piece, most - result.size());
        if (!bytes)
            return bytes;
        piece.taken += static_cast<std::uint64_t>(bytes->size());
        const auto size = piece.literal ? piece.literal->size() : static_cast<std::uint64_t>(piece.bytes.size());
        if (piece.taken >= size)
            m_pieces.pop_front();
        if (result.isEmpty())
            result = std::move(*bytes); // usually all there is, and no copy
        else
            result += *bytes;
    }
    return result;
}

} // namespace kittiwake::imap

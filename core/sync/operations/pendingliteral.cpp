// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/pendingliteral.h"

namespace kittiwake::sync
{

PendingLiteral::PendingLiteral(const store::PendingStore &pending, OperationId operation, std::int64_t size,
                               QByteArray prefix)
    : m_content(pending, operation, size), m_prefix(std::move(prefix))
{
}

Result<std::shared_ptr<const PendingLiteral>> PendingLiteral::of(const store::PendingStore &pending,
                                                                 OperationId operation, const QByteArray &prefix)
{
    using Shared = std::shared_ptr<const PendingLiteral>;
    const auto size = pending.contentSize(operation);
    if (!size)
        return failure(size.error());
    if (!*size)
        return Shared();
    const std::shared_ptr<PendingLiteral> literal(new PendingLiteral(pending, operation, **size, prefix));
    const auto hasNul = literal->findNul();
    if (!hasNul)
        return failure(hasNul.error());
    literal->m_hasNul = *hasNul;
    return Shared(literal);
}

std::uint64_t PendingLiteral::size() const
{
    return static_cast<std::uint64_t>(m_prefix.size() + m_content.size());
}

Result<QByteArray> PendingLiteral::read(std::uint64_t from, qsizetype most) const
{
    const auto at = static_cast<qsizetype>(from);
    return at < m_prefix.size() ? m_prefix.mid(at, most) : m_content.read(at - m_prefix.size(), most);
}

Result<bool> PendingLiteral::findNul() const
{
    constexpr qsizetype piece = 256 * 1024;
    for (std::int64_t at = 0; at < m_content.size(); at += piece) {
        const auto bytes = m_content.read(at, piece);
        if (!bytes)
            return failure(bytes.error());
        if (bytes->contains('\0'))
            return true;
    }
    return false;
}

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/literalsource.h"
#include "core/sync/operations/contentreader.h"

#include <memory>

namespace kittiwake::sync
{

/**
 * The message of an operation, behind a few header lines that only the copy in this mailbox has, as the literal of
 * APPEND. Where the operation is given up while it is read, it ends, and with it the connection. The store outlives it.
 */
class PendingLiteral final : public imap::LiteralSource
{
public:
    /** Reads all of it once. Errors: Storage. None where the operation has no message. */
    [[nodiscard]] static Result<std::shared_ptr<const PendingLiteral>>
    of(const store::PendingStore &pending, OperationId operation, const QByteArray &prefix = {});

    [[nodiscard]] std::uint64_t size() const override;
    [[nodiscard]] bool hasNul() const override { return m_hasNul; }
    [[nodiscard]] Result<QByteArray> read(std::uint64_t from, qsizetype most) const override;

private:
    PendingLiteral(const store::PendingStore &pending, OperationId operation, std::int64_t size, QByteArray prefix);
    [[nodiscard]] Result<bool> findNul() const;

    mutable ContentReader m_content; ///< keeps what it has read last
    QByteArray m_prefix;
    bool m_hasNul = false;
};

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/parsedoperations.h"

namespace kittiwake::sync
{

namespace
{

/** Mostly they are the same in memory, too. */
bool isSame(const QByteArray &left, const QByteArray &right)
{
    return left.isSharedWith(right) || left == right;
}

} // namespace

const ParsedOperations::Parsed &ParsedOperations::of(const store::PendingOperation &operation)
{
    if (operation.payload.size() + operation.progress.size() > mostBytes) {
        m_large = parse(operation);
        return m_large;
    }
    const auto [known, isNew] = m_known.try_emplace(operation.id);
    Known &entry = known->second;
    if (isNew || !isSame(entry.payload, operation.payload) || !isSame(entry.progress, operation.progress))
        entry = {operation.payload, operation.progress, parse(operation)};
    return entry.parsed;
}

void ParsedOperations::keepOnly(std::span<const store::PendingOperation> operations)
{
    std::map<OperationId, Known> kept;
    for (const store::PendingOperation &operation : operations) {
        if (auto known = m_known.extract(operation.id))
            kept.insert(std::move(known));
    }
    m_known = std::move(kept);
}

ParsedOperations::Parsed ParsedOperations::parse(const store::PendingOperation &operation)
{
    Parsed parsed;
    if (operation.kind == QLatin1String(FlagOperation::kind))
        parsed.flags = FlagOperation::fromBytes(operation.payload);
    parsed.move = MoveOperation::fromBytes(operation.kind, operation.payload);
    if (parsed.move)
        parsed.progress = MoveProgress::fromBytes(operation.progress);
    return parsed;
}

} // namespace kittiwake::sync

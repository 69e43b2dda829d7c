// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/pendingstore.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/moveoperation.h"

#include <map>
#include <optional>
#include <span>

namespace kittiwake::sync
{

/**
 * What operations of pending.db say, read once: the journal asks again at every step, for the overlay and for what
 * comes next. An operation whose bytes are others by now is read again. Engine thread.
 */
class ParsedOperations
{
public:
    struct Parsed {
        std::optional<FlagOperation> flags; ///< of kind FlagOperation::kind
        std::optional<MoveOperation> move; ///< of a kind of MoveOperation, with
        MoveProgress progress;
    };

    /** Valid until the next call. */
    [[nodiscard]] const Parsed &of(const store::PendingOperation &operation);
    /** Forgets the others. */
    void keepOnly(std::span<const store::PendingOperation> operations);

private:
    struct Known {
        QByteArray payload;
        QByteArray progress;
        Parsed parsed;
    };

    /** Octets of one operation that is remembered: some thousand messages. */
    static constexpr qsizetype mostBytes = 256 * 1024;

    [[nodiscard]] static Parsed parse(const store::PendingOperation &operation);

    std::map<OperationId, Known> m_known;
    Parsed m_large; ///< the last one that is not remembered
};

} // namespace kittiwake::sync

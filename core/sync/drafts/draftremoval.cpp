// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/drafts/draftreplay.h"

#include <algorithm>

/** The part of DraftReplay that takes away what the server has of a draft. */
namespace kittiwake::sync
{

/** On the server, or still to be brought there. */
Result<bool> DraftReplay::isKept(const KeptVersion &kept, const std::vector<Found> &found) const
{
    const auto row
        = kept.draft.isValid() ? m_pending.draft(kept.draft) : Result<std::optional<store::DraftRow>>(std::nullopt);
    if (!row)
        return failure(row.error());
    if (*row && ((*row)->synced != (*row)->revision || (*row)->push.isValid() || (*row)->outgoing.isValid()))
        return true;
    return std::any_of(found.begin(), found.end(), [&kept](const Found &one) {
        return (kept.uid.isValid() && one.uid == kept.uid)
            || (kept.identity.isValid() && draftIdentity(one.messageId) == kept.identity);
    });
}

async::Task<Result<void>> DraftReplay::remove(const Lease &lease)
{
    if (m_server.validity != lease.uidValidity() && m_server.base)
        m_server.base->uid = {};
    const bool isRenumbered = m_server.validity != lease.uidValidity();
    m_server.validity = lease.uidValidity();
    Uid from(isRenumbered ? 1 : m_server.seen.value() + 1);
    const std::optional<KeptVersion> kept = m_operation.kept;
    if (kept && kept->uid.isValid())
        from = std::min(from, kept->uid);
    const auto found = co_await scan(lease, from);
    if (!found)
        co_return failure(found.error());
    // Under new numbers only what it is called tells the one that was kept.
    if (kept && (!isRenumbered || kept->identity.isValid())) {
        const auto isThere = isKept(*kept, *found);
        if (!isThere)
            co_return failure(isThere.error());
        if (!*isThere) {
            qCInfo(logSync) << "draft: the version that was kept has been taken away elsewhere, so this one stays";
            co_return Result<void>();
        }
    }
    for (const Found &one : *found) {
        const bool isBase = m_server.base
            && (m_server.base->uid.isValid() ? one.uid == m_server.base->uid
                                             : !one.messageId.isEmpty() && one.messageId == m_server.base->messageId);
        const bool isAttempt = !m_server.attempt.isEmpty() && one.messageId == m_server.attempt;
        if (isBase || isAttempt || m_server.isLate(one.messageId))
            supersede(one);
    }
    const auto added = m_pending.replace({}, m_removals);
    co_return added ? Result<void>() : failure(added.error());
}

} // namespace kittiwake::sync

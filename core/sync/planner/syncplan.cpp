// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/planner/syncplan.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

std::optional<FullResyncReason> resetReason(const LocalMailbox &local, const RemoteMailbox &remote, bool fullAsked)
{
    if (!local.uidValidity.isValid())
        return std::nullopt;
    if (local.uidValidity != remote.uidValidity)
        return FullResyncReason::UidValidityChanged;
    if (fullAsked)
        return FullResyncReason::Asked;
    // An empty mailbox may be told without UIDNEXT; a smaller one is another story.
    if (remote.uidNext.isValid() && local.uidNext.isValid() && remote.uidNext < local.uidNext)
        return FullResyncReason::UidNextWentBack;
    return std::nullopt;
}

/** Whether the server's own counters prove that nothing happened (RFC 7162 section 3.1.2.1). */
bool provenUnchanged(const LocalMailbox &local, const RemoteMailbox &remote)
{
    return local.complete && local.highestModSeq.isValid() && local.highestModSeq == remote.highestModSeq
        && remote.uidNext.isValid() && local.uidNext == remote.uidNext && local.cached == remote.exists;
}

} // namespace

SyncPlan planSync(const LocalMailbox &local, const RemoteMailbox &remote, SyncAsked asked)
{
    SyncPlan plan;
    plan.reset = resetReason(local, remote, asked.full);
    const std::int64_t cached = plan.reset || !local.uidValidity.isValid() ? 0 : local.cached;
    if (remote.exists == 0 && cached == 0) {
        plan.comparison = Comparison::None;
    } else if (cached == 0) {
        plan.comparison = Comparison::Uids;
        plan.newestFirst = true;
    } else if (provenUnchanged(local, remote)) {
        plan.comparison = Comparison::None;
    } else if (local.canBeTold() && remote.highestModSeq >= local.highestModSeq) {
        plan.comparison = asked.qresync ? Comparison::Told : Comparison::ChangedSince;
    }
    return plan;
}

QString fullResyncReasonText(FullResyncReason reason)
{
    switch (reason) {
    case FullResyncReason::Asked:
        return QCoreApplication::translate("core", "you asked for it");
    case FullResyncReason::UidValidityChanged:
        return QCoreApplication::translate("core", "the server renumbered its messages");
    case FullResyncReason::UidNextWentBack:
        return QCoreApplication::translate("core", "the server went back to an older state");
    }
    return {};
}

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/planner/syncplan.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

/** What SELECT says against what it said before. */
std::optional<FullResyncReason> contradiction(const LocalMailbox &local, const RemoteMailbox &remote, SyncAsked asked)
{
    if (!local.uidValidity.isValid())
        return std::nullopt;
    if (!remote.uidValidity.isValid())
        return FullResyncReason::UidsNotKept;
    if (local.uidValidity != remote.uidValidity)
        return FullResyncReason::UidValidityChanged;
    if (asked.full)
        return FullResyncReason::Asked;
    const bool hasOtherId
        = !local.objectId.isEmpty() && !remote.objectId.isEmpty() && local.objectId != remote.objectId;
    if (local.doubtful || hasOtherId)
        return FullResyncReason::MaybeAnother;
    const bool hasUidNexts = local.uidNext.isValid() && remote.uidNext.isValid();
    if (hasUidNexts && remote.uidNext < local.uidNext)
        return FullResyncReason::UidNextWentBack;
    if (asked.way != SyncWay::Plain && local.highestModSeq.isValid() && remote.highestModSeq.isValid()
        && remote.highestModSeq < local.highestModSeq)
        return FullResyncReason::ModSeqWentBack;
    if (local.complete && hasUidNexts
        && remote.exists - local.cached > std::int64_t{remote.uidNext.value()} - local.uidNext.value())
        return FullResyncReason::TooManyMessages;
    return std::nullopt;
}

/** Whether the server's own counters prove that nothing happened (RFC 7162 section 3.1.2.1). */
bool provenUnchanged(const LocalMailbox &local, const RemoteMailbox &remote)
{
    return local.complete && local.highestModSeq.isValid() && local.highestModSeq == remote.highestModSeq
        && remote.uidNext.isValid() && local.uidNext == remote.uidNext && local.cached == remote.exists;
}

} // namespace

bool forgetsEverything(FullResyncReason reason)
{
    switch (reason) {
    case FullResyncReason::Asked:
    case FullResyncReason::UidValidityChanged:
    case FullResyncReason::UidsNotKept:
    case FullResyncReason::MaybeAnother:
    case FullResyncReason::UidNextWentBack:
        return true;
    case FullResyncReason::ModSeqWentBack:
    case FullResyncReason::TooManyMessages:
    case FullResyncReason::UnknownMessage:
    case FullResyncReason::AnswerIncomplete:
    case FullResyncReason::CountDiffers:
    case FullResyncReason::Contradiction:
        break;
    }
    return false;
}

SyncPlan planSync(const LocalMailbox &local, const RemoteMailbox &remote, SyncAsked asked)
{
    SyncPlan plan;
    plan.full = contradiction(local, remote, asked);
    const std::int64_t cached = plan.forgets() || !local.uidValidity.isValid() ? 0 : local.cached;
    if (cached == 0) {
        plan.comparison = remote.exists == 0 ? Comparison::None : Comparison::Uids;
        plan.newestFirst = remote.exists != 0;
    } else if (plan.full || asked.way == SyncWay::Plain) {
        plan.comparison = Comparison::UidsAndFlags;
    } else if (provenUnchanged(local, remote)) {
        plan.comparison = Comparison::None;
    } else if (local.canBeTold() && remote.highestModSeq.isValid()) {
        plan.comparison = asked.way == SyncWay::QResync ? Comparison::Told : Comparison::ChangedSince;
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
    case FullResyncReason::UidsNotKept:
        return QCoreApplication::translate("core", "the server does not keep the numbers of its messages");
    case FullResyncReason::MaybeAnother:
        return QCoreApplication::translate("core", "the folder was renamed, and may be another one");
    case FullResyncReason::UidNextWentBack:
    case FullResyncReason::ModSeqWentBack:
        return QCoreApplication::translate("core", "the server went back to an older state");
    case FullResyncReason::TooManyMessages:
    case FullResyncReason::UnknownMessage:
        return QCoreApplication::translate("core", "the server has old messages that it had not told of");
    case FullResyncReason::AnswerIncomplete:
    case FullResyncReason::CountDiffers:
        return QCoreApplication::translate("core", "the server did not tell of all changes");
    case FullResyncReason::Contradiction:
        return QCoreApplication::translate("core", "the server contradicted itself");
    }
    return {};
}

} // namespace kittiwake::sync

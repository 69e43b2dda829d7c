// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/draftstate.h"

#include "core/sync/drafts/draftrecord.h"
#include "core/sync/drafts/draftserver.h"

#include <QCoreApplication>
#include <QStringList>

namespace kittiwake::engine
{

namespace
{

QString lostSentence()
{
    return QCoreApplication::translate("core",
                                       "Another device or program has sent, changed or deleted this draft. What is "
                                       "written here was stored as a draft again.");
}

} // namespace

QString draftConflictSentence()
{
    return QCoreApplication::translate("core",
                                       "This draft was also changed on another device. Both versions are kept: this "
                                       "one is a draft of its own now, the other one is beside it in the drafts.");
}

DraftState draftState(const store::PendingStore &pending, const store::DraftRow &row)
{
    DraftState state;
    state.id = row.id;
    state.account = row.account;
    state.operation = row.outgoing;
    const bool isSynced = row.synced == row.revision;
    state.place = row.outgoing.isValid() ? DraftState::Place::Outbox
        : isSynced                       ? DraftState::Place::Server
                                         : DraftState::Place::Here;
    state.savedAt = isSynced ? row.syncedAt : row.changedAt;
    const sync::DraftServer server = sync::DraftServer::fromBytes(row.server);
    state.identity = server.identity.isValid() ? server.identity : row.id;
    if (server.base)
        state.uid = server.base->uid;
    state.isConflict = server.isConflict;
    state.otherUid = server.other;
    // What was refused is told by the operation.
    const OperationId told = row.outgoing.isValid() ? row.outgoing : row.push;
    const auto operation = told.isValid() ? pending.find(told) : std::optional<store::PendingOperation>();
    if (operation && *operation && !(*operation)->error.isEmpty())
        state.notice = (*operation)->error;
    else if (!row.notice.isEmpty())
        state.notice = row.notice;
    else if (server.isConflict)
        state.notice = draftConflictSentence();
    else if (server.isLost)
        state.notice = lostSentence();
    return state;
}

DraftInfo describeDraft(const store::PendingStore &pending, const store::DraftRow &row)
{
    DraftInfo info;
    info.state = draftState(pending, row);
    info.changedAt = row.changedAt;
    const auto record = sync::DraftRecord::fromBytes(row.written);
    if (!record)
        return info;
    info.subject = record->composition.subject;
    QStringList names;
    for (const auto *addresses : {&record->composition.to, &record->composition.cc, &record->composition.bcc}) {
        for (const mail::Address &one : *addresses)
            names.append(one.shortText());
    }
    info.recipients = names.join(QStringLiteral(", "));
    return info;
}

} // namespace kittiwake::engine

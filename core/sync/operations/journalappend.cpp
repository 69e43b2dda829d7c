// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/appendreplay.h"
#include "core/sync/operations/insertarrived.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

/** Messages that are put into a folder: noted down, shown, replayed, undone. */
namespace kittiwake::sync
{

namespace
{

/** In the room where messages wait that no server has yet. */
Uid waitingUid(OperationId operation)
{
    return Uid(static_cast<std::uint32_t>(operation.value()));
}

} // namespace

Result<OperationId> Journal::append(MailboxId mailbox, const QByteArray &message, const mail::Flags &flags,
                                    std::optional<std::int64_t> internalDate)
{
    const auto row = folder(mailbox);
    if (!row)
        return failure(row.error());
    if (!row->selectable)
        return failure(
            ErrorKind::Input, row->name.text,
            QCoreApplication::translate("core", "“%1” holds folders only, no messages.").arg(row->name.text));
    if (message.isEmpty() || message.contains('\0'))
        return failure(ErrorKind::Input, row->name.text,
                       QCoreApplication::translate("core",
                                                   "This is no message: it is empty, or has NUL octets, which IMAP "
                                                   "cannot carry."));
    store::PendingOperation record;
    record.account = row->account;
    record.kind = QString::fromLatin1(AppendOperation::kind);
    record.payload = AppendOperation::of(row->name, message, flags, internalDate).toBytes();
    record.undo = AppendOperation::undoMark();
    record.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto id = m_pending.add(record, message);
    if (!id)
        return failure(id.error());
    record.id = *id;
    show({record});
    return *id;
}

Result<void> Journal::layAppend(store::CacheTransaction &transaction, const store::PendingOperation &operation)
{
    if (operation.state == store::OperationState::Done)
        return {};
    const auto append = AppendOperation::fromBytes(operation.kind, operation.payload);
    if (!append)
        return {};
    const auto target = m_environment.store.findMailbox(operation.account, append->mailbox);
    if (!target)
        return failure(target.error());
    const auto room = transaction.waitingRoom(operation.account);
    if (!room)
        return failure(room.error());
    const store::UidRange place{waitingUid(operation.id), waitingUid(operation.id)};
    const auto known = m_environment.store.uidsAndFlags(*room, place);
    if (!known)
        return failure(known.error());
    if (known->empty()) {
        const mail::MessageHeader header = append->header(place.first, operation.createdAt);
        const auto added = transaction.insertHeaders(*room, store::waitingValidity, std::span(&header, 1));
        if (!added)
            return failure(added.error());
    }
    const auto laid = transaction.overlay(*room, store::waitingValidity, std::span(&place, 1),
                                          {{}, true, target->value_or(MailboxId())});
    return laid ? Result<void>() : failure(laid.error());
}

/** What is on the server by now, or was given up, waits no more. */
Result<void> Journal::keepWaiting(store::CacheTransaction &transaction, AccountId account,
                                  const std::vector<store::PendingOperation> &operations)
{
    std::vector<Uid> waiting;
    for (const store::PendingOperation &operation : operations) {
        if (AppendOperation::isKind(operation.kind) && operation.state != store::OperationState::Done
            && operation.state != store::OperationState::Failed)
            waiting.push_back(waitingUid(operation.id));
    }
    return transaction.keepWaiting(account, waiting);
}

async::Task<void> Journal::replayAppend(Batch batch, Runner &state)
{
    const store::PendingOperation before = batch.operations.front();
    AccountSync *sync = m_findAccount(before.account);
    if (sync == nullptr) {
        state.isPostponed = true; // It is being removed.
        co_return;
    }
    AppendReplay replay(m_environment, m_pending, *sync, before.id);
    const Result<void> result = co_await replay.run();
    if (!result)
        qCInfo(logSync) << "append:" << result.error();
    CacheWork arrived;
    const auto known = m_pending.find(before.id);
    if (!known)
        state.isPostponed = true; // what cannot be read is tried again, but not at once
    if (known && *known) {
        store::PendingOperation record = **known;
        const bool isWaiting = result && replay.pause();
        if (isWaiting) // and others go on meanwhile
            record.nextAttemptAt = m_environment.clock.wall().toMSecsSinceEpoch() + replay.pause()->count();
        else
            settleOne(record, result, replay.hasBegun(), state);
        if (result && !isWaiting) {
            record.progress = replay.progress().toBytes();
            const auto dropped = m_pending.dropContent(record.id);
            if (!dropped)
                qCWarning(logSync) << dropped.error();
            if (!replay.arrived().empty()) {
                arrived = [this, &replay](store::CacheTransaction &transaction) -> Result<void> {
                    return insertArrived(m_environment.store, transaction, replay.mailbox(), replay.progress().validity,
                                         replay.arrived());
                };
            }
        }
        if (!write(record))
            state.isPostponed = true; // for ever while the disk is full
    }
    auto shown = lay(before.account, {}, arrived);
    // The mailbox is another one by now: the next sync finds the message.
    if (!shown && arrived)
        shown = lay(before.account);
    laid(before.account, shown);
    if (result && !replay.pause())
        sync->refresh(replay.mailbox());
    prune();
    recount();
}

Result<OperationId> Journal::undoAppend(store::PendingOperation operation)
{
    const auto append = AppendOperation::fromBytes(operation.kind, operation.payload);
    const AppendProgress progress = AppendProgress::fromBytes(operation.progress);
    const bool isRunning = runner(operation.account).isReplaying(operation.id);
    const bool isDone = operation.state == store::OperationState::Done;
    if (!append || (!isDone && !isRunning && !progress.isSent)) {
        const auto dropped = drop(operation.id);
        return dropped ? Result<OperationId>(OperationId()) : failure(dropped.error());
    }
    if (!isDone)
        return failure(ErrorKind::Input, append->mailbox.text,
                       QCoreApplication::translate("core",
                                                   "The message is on its way to the server. Undo it when it is "
                                                   "there."));
    operation.undo.clear();
    if (auto noted = m_pending.update(operation); !noted)
        return failure(noted.error());
    if (!progress.uid.isValid() || progress.mailbox.text.isEmpty())
        return failure(ErrorKind::Input, append->mailbox.text,
                       QCoreApplication::translate("core",
                                                   "This cannot be undone: the server does not say where the message "
                                                   "is. Delete it in “%1”.")
                           .arg(append->mailbox.text));
    MoveOperation back;
    back.kind = mail::MoveKind::Expunge;
    back.source = progress.mailbox;
    back.uidValidity = progress.validity;
    back.messages.push_back({progress.uid, append->identity, {}});
    return add(operation.account, back);
}

} // namespace kittiwake::sync

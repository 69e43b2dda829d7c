// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/relocation.h"

#include <QCoreApplication>
#include <QScopedValueRollback>

#include <algorithm>

/** What is noted down: actions, and what undoes them. */
namespace kittiwake::sync
{

namespace
{

Failure nothingToUndo()
{
    return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is nothing to undo."));
}

Failure tooNewToUndo()
{
    return failure(ErrorKind::Storage, {},
                   QCoreApplication::translate("core",
                                               "This action was made by a newer version of Kittiwake and "
                                               "cannot be undone by this one."));
}

Failure cannotBeBroughtBack()
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("core",
                                               "This cannot be undone: the messages were deleted for good. Undo "
                                               "again for what was done before."));
}

} // namespace

Result<OperationId> Journal::changeFlags(MailboxId mailbox, const imap::UidSet &uids, const mail::FlagChange &change)
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    if (!*row || !(*row)->uidValidity.isValid())
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    const auto shown = m_environment.store.shownFlags(mailbox, rangesOf(uids));
    if (!shown)
        return failure(shown.error());
    // Only what really changes is sent, and only that is brought back by undo.
    imap::UidSet wanted;
    std::vector<FlagGroup> undo;
    for (const store::ShownFlags &message : *shown) {
        const mail::FlagChange back = change.undoneFor(message.flags);
        if (back.isEmpty())
            continue;
        wanted.add(message.uid);
        const auto same
            = std::find_if(undo.begin(), undo.end(), [&](const FlagGroup &group) { return group.change == back; });
        if (same == undo.end())
            undo.push_back({imap::UidSet(message.uid), back});
        else
            same->uids.add(message.uid);
    }
    if (wanted.isEmpty())
        return OperationId();
    const FlagOperation operation{(*row)->name, (*row)->uidValidity, {{std::move(wanted), change}}};
    return add((*row)->account, operation, undo);
}

Result<OperationId> Journal::move(MailboxId mailbox, const imap::UidSet &uids, mail::MoveKind kind, MailboxId target,
                                  const mail::FlagChange &change)
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    std::optional<store::MailboxRow> to;
    if (kind != mail::MoveKind::Expunge) {
        const auto found = m_environment.store.mailbox(target);
        if (!found)
            return failure(found.error());
        to = *found;
    }
    if (!*row || !(*row)->uidValidity.isValid() || (kind != mail::MoveKind::Expunge && !to))
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    if (to && to->account != (*row)->account)
        return failure(ErrorKind::Input, to->name.text,
                       QCoreApplication::translate("core",
                                                   "Messages cannot be taken to another account; choose a folder of "
                                                   "the same one."));
    if (to && !to->selectable)
        return failure(ErrorKind::Input, to->name.text,
                       QCoreApplication::translate("core", "“%1” holds folders only, no messages.").arg(to->name.text));
    const auto shown = m_environment.store.shownMessages(mailbox, rangesOf(uids));
    if (!shown)
        return failure(shown.error());
    MoveOperation operation;
    operation.kind = kind;
    operation.source = (*row)->name;
    operation.uidValidity = (*row)->uidValidity;
    if (to)
        operation.target = to->name;
    for (const store::ShownMessage &message : *shown) {
        if (message.shownIn == target && mail::takesAway(kind))
            continue;
        // Only what really changes is sent, and only that is brought back by undo.
        const mail::FlagChange back = change.undoneFor(message.flags);
        operation.messages.push_back({message.uid, message.identity, {back.remove, back.add}});
    }
    if (operation.messages.empty())
        return OperationId();
    return add((*row)->account, operation, true);
}

Result<OperationId> Journal::add(AccountId account, const FlagOperation &operation, const std::vector<FlagGroup> &undo)
{
    store::PendingOperation noted;
    noted.account = account;
    noted.kind = QString::fromLatin1(FlagOperation::kind);
    noted.payload = operation.toBytes();
    if (!undo.empty())
        noted.undo = FlagOperation{operation.mailbox, operation.uidValidity, undo}.toBytes();
    return add(std::move(noted));
}

Result<OperationId> Journal::add(AccountId account, const MoveOperation &operation, bool canBeUndone)
{
    store::PendingOperation noted;
    noted.account = account;
    noted.kind = mail::moveKindName(operation.kind);
    noted.payload = operation.toBytes();
    if (canBeUndone)
        noted.undo = MoveOperation::undoMark();
    return add(std::move(noted));
}

Result<OperationId> Journal::add(store::PendingOperation operation)
{
    operation.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto id = m_pending.add(operation);
    if (!id)
        return failure(id.error());
    operation.id = *id;
    // It is safe now. Where the cache cannot show it, it is still done.
    const QScopedValueRollback laying(m_isLaying, true);
    const auto laid = m_environment.store.write(
        [&](store::CacheTransaction &transaction) { return layOver(transaction, operation); });
    if (!laid)
        qCWarning(logSync) << laid.error();
    recount();
    runner(operation.account).wake();
    return *id;
}

Result<OperationId> Journal::undo()
{
    const auto all = m_pending.list();
    if (!all)
        return failure(all.error());
    const auto last = std::find_if(all->rbegin(), all->rend(),
                                   [](const store::PendingOperation &operation) { return !operation.undo.isEmpty(); });
    if (last == all->rend())
        return nothingToUndo();
    if (MoveOperation::isKind(last->kind))
        return undoMove(*last);
    const std::vector<FlagOperation> back = FlagOperation::listFromBytes(last->undo);
    if (back.empty())
        return tooNewToUndo();
    const Runner &state = runner(last->account);
    const bool isUntouched
        = last->state == store::OperationState::Queued && last->attempts == 0 && !state.isReplaying(last->id);
    if (isUntouched || last->state == store::OperationState::Failed) {
        const auto dropped = drop(last->id);
        return dropped ? Result<OperationId>(OperationId()) : failure(dropped.error());
    }
    // What is undone is not undone again; its opposite is an action like any other, without an undo of its own.
    store::PendingOperation done = *last;
    done.undo.clear();
    auto noted = m_pending.update(done);
    if (!noted)
        return failure(std::move(noted.error()));
    Result<OperationId> id;
    for (const FlagOperation &part : back) {
        id = add(last->account, part, {});
        if (!id)
            return id;
    }
    return id;
}

Result<OperationId> Journal::undoMove(store::PendingOperation operation)
{
    const auto move = MoveOperation::fromBytes(operation.kind, operation.payload);
    if (!move)
        return tooNewToUndo();
    const MoveProgress progress = MoveProgress::fromBytes(operation.progress);
    const bool isRunning = runner(operation.account).isReplaying(operation.id);
    const bool isUntouched = !isRunning && progress == MoveProgress();
    const bool isDone = operation.state == store::OperationState::Done;
    if (!isDone && isUntouched) {
        const auto dropped = drop(operation.id);
        return dropped ? Result<OperationId>(OperationId()) : failure(dropped.error());
    }
    operation.undo.clear();
    auto noted = m_pending.update(operation);
    if (!noted)
        return failure(std::move(noted.error()));
    if (!move->target)
        return cannotBeBroughtBack();
    if (operation.state == store::OperationState::Queued) {
        // Half-way: when it is over, one knows what to bring back.
        MoveOperation back = *move;
        back.kind = mail::takesAway(move->kind) ? mail::MoveKind::Move : mail::MoveKind::Expunge;
        back.source = *move->target;
        back.target = back.kind == mail::MoveKind::Move ? std::optional(move->source) : std::nullopt;
        back.follows = operation.id;
        return add(operation.account, back, false);
    }
    const std::vector<MoveOperation> back = reverseOf(*move, progress);
    if (operation.state == store::OperationState::Failed) {
        if (auto dropped = drop(operation.id); !dropped)
            return failure(dropped.error());
    } else if (back.empty()) {
        return failure(ErrorKind::Input, move->target->text,
                       QCoreApplication::translate("core",
                                                   "This cannot be undone: nobody knows any more where the messages "
                                                   "are. Undo again for what was done before."));
    }
    Result<OperationId> id;
    for (const MoveOperation &part : back) {
        id = add(operation.account, part, false);
        if (!id)
            return id;
    }
    return id;
}

} // namespace kittiwake::sync

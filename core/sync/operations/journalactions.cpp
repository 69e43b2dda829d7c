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

/** It stands in the waiting room. */
Failure notThereYet()
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("core",
                                               "This message is still on its way to the server. Try again when it is "
                                               "there, or undo what put it here."));
}

Failure cannotBeBroughtBack()
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("core",
                                               "This cannot be undone: the messages were deleted for good. Undo "
                                               "again for what was done before."));
}

store::PendingOperation recordOf(AccountId account, const FlagOperation &operation)
{
    store::PendingOperation record;
    record.account = account;
    record.kind = QString::fromLatin1(FlagOperation::kind);
    record.payload = operation.toBytes();
    return record;
}

store::PendingOperation recordOf(AccountId account, const MoveOperation &operation)
{
    store::PendingOperation record;
    record.account = account;
    record.kind = mail::moveKindName(operation.kind);
    record.payload = operation.toBytes();
    return record;
}

/** Else messages of it were moved meanwhile, and what is done to those is an operation of its own (relocate()). */
bool speaksOfAll(const store::PendingOperation &operation, const std::vector<FlagOperation> &back)
{
    const auto waiting = FlagOperation::fromBytes(operation.payload);
    return waiting && std::all_of(back.begin(), back.end(), [&waiting](const FlagOperation &one) {
               return std::all_of(one.groups.begin(), one.groups.end(), [&](const FlagGroup &group) {
                   imap::UidSet left = group.uids;
                   for (const FlagGroup &known : waiting->groups)
                       left.subtract(known.uids);
                   return one.mailbox == waiting->mailbox && one.uidValidity == waiting->uidValidity && left.isEmpty();
               });
           });
}

} // namespace

Result<OperationId> Journal::changeFlags(MailboxId mailbox, const imap::UidSet &uids, const mail::FlagChange &change)
{
    auto part = flagsPart(mailbox, uids, change);
    if (!part)
        return failure(std::move(part.error()));
    return *part ? note({std::move(**part)}) : Result<OperationId>(OperationId());
}

Result<std::optional<store::PendingOperation>> Journal::flagsPart(MailboxId mailbox, const imap::UidSet &uids,
                                                                  const mail::FlagChange &change) const
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    if (!*row || !(*row)->uidValidity.isValid())
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    if ((*row)->isProvisional)
        return notThereYet();
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
        return std::optional<store::PendingOperation>();
    const FlagOperation operation{(*row)->name, (*row)->uidValidity, {{std::move(wanted), change}}};
    store::PendingOperation part = recordOf((*row)->account, operation);
    if (!undo.empty())
        part.undo = FlagOperation{operation.mailbox, operation.uidValidity, undo}.toBytes();
    return std::optional(std::move(part));
}

Result<OperationId> Journal::move(MailboxId mailbox, const imap::UidSet &uids, mail::MoveKind kind, MailboxId target,
                                  const mail::FlagChange &change)
{
    mail::MailboxName name;
    if (kind != mail::MoveKind::Expunge) {
        const auto to = folder(target);
        if (!to)
            return failure(to.error());
        name = to->name;
    }
    auto part = movePart(mailbox, uids, kind, name, target, change);
    if (!part)
        return failure(std::move(part.error()));
    return *part ? note({std::move(**part)}) : Result<OperationId>(OperationId());
}

Result<std::optional<store::PendingOperation>> Journal::movePart(MailboxId mailbox, const imap::UidSet &uids,
                                                                 mail::MoveKind kind, const mail::MailboxName &target,
                                                                 MailboxId targetId,
                                                                 const mail::FlagChange &change) const
{
    const auto row = folder(mailbox);
    if (!row)
        return failure(row.error());
    if (!row->uidValidity.isValid())
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    if (row->isProvisional)
        return notThereYet();
    if (targetId.isValid()) {
        const auto to = folder(targetId);
        if (!to)
            return failure(to.error());
        if (to->account != row->account)
            return failure(ErrorKind::Input, to->name.text,
                           QCoreApplication::translate("core",
                                                       "Messages cannot be taken to another account; choose a folder "
                                                       "of the same one."));
        if (!to->selectable)
            return failure(
                ErrorKind::Input, to->name.text,
                QCoreApplication::translate("core", "“%1” holds folders only, no messages.").arg(to->name.text));
    }
    const auto shown = m_environment.store.shownMessages(mailbox, rangesOf(uids));
    if (!shown)
        return failure(shown.error());
    MoveOperation operation;
    operation.kind = kind;
    operation.source = row->name;
    operation.uidValidity = row->uidValidity;
    if (kind != mail::MoveKind::Expunge)
        operation.target = target;
    operation.messages.reserve(shown->size());
    for (const store::ShownMessage &message : *shown) {
        if (targetId.isValid() && message.shownIn == targetId && mail::takesAway(kind))
            continue;
        // Only what really changes is sent, and only that is brought back by undo.
        const mail::FlagChange back = change.undoneFor(message.flags);
        operation.messages.push_back({message.uid, message.identity, {back.remove, back.add}});
    }
    if (operation.messages.empty())
        return std::optional<store::PendingOperation>();
    store::PendingOperation part = recordOf(row->account, operation);
    part.undo = MoveOperation::undoMark();
    return std::optional(std::move(part));
}

Result<OperationId> Journal::add(AccountId account, const MoveOperation &operation)
{
    return note({recordOf(account, operation)});
}

Result<OperationId> Journal::note(std::vector<store::PendingOperation> parts)
{
    if (parts.empty())
        return OperationId();
    for (store::PendingOperation &part : parts)
        part.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto ids = m_pending.add(parts);
    if (!ids)
        return failure(ids.error());
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].id = (*ids)[i];
    show(parts);
    return ids->back();
}

/** It is safe now. Where the cache cannot show it, it is still done. */
void Journal::show(const std::vector<store::PendingOperation> &parts)
{
    const bool hasFolders = std::any_of(parts.begin(), parts.end(), [](const store::PendingOperation &part) {
        return FolderOperation::isKind(part.kind);
    });
    std::vector<AccountId> accounts;
    for (const store::PendingOperation &part : parts) {
        if (std::find(accounts.begin(), accounts.end(), part.account) == accounts.end())
            accounts.push_back(part.account);
    }
    if (hasFolders) {
        for (const AccountId account : accounts)
            laid(account, lay(account));
    } else {
        const QScopedValueRollback laying(m_isLaying, true);
        const auto shown = m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
            std::map<AccountId, Places> places;
            for (const store::PendingOperation &part : parts) {
                if (auto done = layOver(transaction, part, places[part.account]); !done)
                    return done;
            }
            return {};
        });
        if (!shown)
            qCWarning(logSync) << shown.error();
    }
    recount();
    for (const AccountId account : accounts)
        runner(account).wake();
}

Result<OperationId> Journal::undo()
{
    const auto briefs = m_pending.briefs();
    if (!briefs)
        return failure(briefs.error());
    // By the action, and not by the operation: parts are split off from older ones later (relocate()).
    const store::PendingBrief *last = nullptr;
    for (const store::PendingBrief &brief : *briefs) {
        if (brief.canBeUndone && (last == nullptr || last->action < brief.action))
            last = &brief;
    }
    if (last == nullptr)
        return nothingToUndo();
    // An action over several mailboxes is undone as a whole, what was done last first.
    std::vector<OperationId> parts;
    for (auto brief = briefs->rbegin(); brief != briefs->rend(); ++brief) {
        if (brief->canBeUndone && brief->action == last->action)
            parts.push_back(brief->id);
    }
    Result<OperationId> id;
    std::optional<Error> failed;
    for (const OperationId part : parts) {
        auto operation = m_pending.find(part);
        if (!operation)
            return failure(operation.error());
        if (!*operation)
            continue;
        const auto done = undoOne(std::move(**operation));
        if (!done && !failed)
            failed = done.error();
        else if (done && (done->isValid() || !id->isValid()))
            id = *done;
    }
    if (failed)
        return failure(*failed);
    return id;
}

Result<OperationId> Journal::undoOne(store::PendingOperation operation)
{
    if (MoveOperation::isKind(operation.kind))
        return undoMove(std::move(operation));
    if (FolderOperation::isKind(operation.kind))
        return undoFolder(std::move(operation));
    if (AppendOperation::isKind(operation.kind))
        return undoAppend(std::move(operation));
    return undoFlags(std::move(operation));
}

Result<OperationId> Journal::undoFlags(store::PendingOperation operation)
{
    const std::vector<FlagOperation> back = FlagOperation::listFromBytes(operation.undo);
    if (back.empty())
        return tooNewToUndo();
    const Runner &state = runner(operation.account);
    const bool isFailed = operation.state == store::OperationState::Failed;
    const bool isUntouched = operation.state == store::OperationState::Queued && operation.progress.isEmpty()
        && !state.isReplaying(operation.id);
    const bool isWhole = speaksOfAll(operation, back);
    if (isFailed || (isUntouched && isWhole)) {
        auto dropped = drop(operation.id);
        if (!dropped)
            return failure(std::move(dropped.error()));
        if (isWhole)
            return OperationId();
    } else {
        // What is undone is not undone again; its opposite is an action like any other, without an undo of its own.
        operation.undo.clear();
        auto noted = m_pending.update(operation);
        if (!noted)
            return failure(std::move(noted.error()));
    }
    std::vector<store::PendingOperation> parts;
    parts.reserve(back.size());
    for (const FlagOperation &part : back)
        parts.push_back(recordOf(operation.account, part));
    return note(std::move(parts));
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
        return add(operation.account, back);
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
    std::vector<store::PendingOperation> parts;
    parts.reserve(back.size());
    for (const MoveOperation &part : back)
        parts.push_back(recordOf(operation.account, part));
    return note(std::move(parts));
}

} // namespace kittiwake::sync

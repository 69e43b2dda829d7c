// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/store/limits.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/operations/folderreplay.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/** What people do to folders: noted down, shown, replayed, undone. */
namespace kittiwake::sync
{

namespace
{

using Kind = FolderOperation::Kind;

Failure badName(const QString &name, const QString &sentence)
{
    return failure(ErrorKind::Input, name, sentence);
}

/** What a server may take. CR, LF, NUL never travel; "*" and "%" could not be listed again (RFC 9051 section 6.3.9). */
Result<void> checkName(const QString &name, QChar delimiter)
{
    if (name.trimmed().isEmpty())
        return badName(name, QCoreApplication::translate("core", "A folder needs a name."));
    if (name.size() > store::limits::mailboxName / 2)
        return badName(name.left(50), QCoreApplication::translate("core", "This name is too long for a folder."));
    for (const QChar letter : name) {
        if (letter.category() == QChar::Other_Control || letter == u'*' || letter == u'%')
            return badName(
                name,
                QCoreApplication::translate("core", "The name of a folder cannot hold *, % or control characters."));
    }
    const bool hasGap = !delimiter.isNull()
        && (name.startsWith(delimiter) || name.endsWith(delimiter) || name.contains(QString(2, delimiter)));
    if (hasGap)
        return badName(name, QCoreApplication::translate("core", "There is a part without a name in “%1”.").arg(name));
    return {};
}

QChar delimiterOf(const std::vector<store::MailboxRow> &rows)
{
    const auto row
        = std::find_if(rows.begin(), rows.end(), [](const store::MailboxRow &one) { return !one.delimiter.isNull(); });
    return row == rows.end() ? QChar() : row->delimiter;
}

store::PendingOperation recordOf(AccountId account, const FolderOperation &operation, bool canBeUndone)
{
    store::PendingOperation record;
    record.account = account;
    record.kind = FolderOperation::kindName(operation.kind);
    record.payload = operation.toBytes();
    if (canBeUndone)
        record.undo = FolderOperation::undoMark();
    return record;
}

} // namespace

Result<store::MailboxRow> Journal::folder(MailboxId mailbox) const
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    return **row;
}

/** name: in the server's terms. Nothing may have it, neither there nor on the screen. */
Result<void> Journal::isFree(AccountId account, const QString &name, MailboxId besides) const
{
    for (const auto &rows : {m_environment.store.mailboxes(account), m_environment.store.shownMailboxes(account)}) {
        if (!rows)
            return failure(rows.error());
        const bool isTaken = std::any_of(rows->begin(), rows->end(), [&](const store::MailboxRow &row) {
            return row.id != besides && row.name.text.compare(name, Qt::CaseSensitive) == 0;
        });
        if (isTaken || name.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0)
            return badName(name,
                           QCoreApplication::translate("core",
                                                       "There is a folder “%1” already, or the server still has one. "
                                                       "Choose another name.")
                               .arg(name));
    }
    return {};
}

Result<OperationId> Journal::createFolder(AccountId account, const QString &name)
{
    const auto shown = m_environment.store.shownMailboxes(account);
    if (!shown)
        return failure(shown.error());
    const auto rows = m_environment.store.mailboxes(account);
    if (!rows)
        return failure(rows.error());
    FolderOperation operation;
    operation.delimiter = delimiterOf(*rows);
    if (auto usable = checkName(name, operation.delimiter); !usable)
        return failure(usable.error());
    operation.mailbox.text = serverNameOf(name, operation.delimiter, *shown, *rows);
    if (auto taken = isFree(account, operation.mailbox.text, {}); !taken)
        return failure(taken.error());
    return noteFolder(account, operation, true);
}

Result<OperationId> Journal::renameFolder(MailboxId mailbox, const QString &to)
{
    const auto row = folder(mailbox);
    if (!row)
        return failure(row.error());
    // RENAME of INBOX takes its messages away and leaves it where it is (RFC 9051 section 6.3.6).
    if (row->name.isInbox())
        return badName(to, QCoreApplication::translate("core", "The inbox cannot be renamed."));
    const auto shown = m_environment.store.shownMailboxes(row->account);
    if (!shown)
        return failure(shown.error());
    const auto rows = m_environment.store.mailboxes(row->account);
    if (!rows)
        return failure(rows.error());
    FolderOperation operation;
    operation.kind = Kind::Rename;
    operation.mailbox = row->name;
    operation.delimiter = row->delimiter.isNull() ? delimiterOf(*rows) : row->delimiter;
    if (auto usable = checkName(to, operation.delimiter); !usable)
        return failure(usable.error());
    const auto own = std::find_if(shown->begin(), shown->end(),
                                  [mailbox](const store::MailboxRow &one) { return one.id == mailbox; });
    if (own == shown->end())
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    if (own->name.text == to)
        return OperationId();
    if (isBelow(to, own->name.text, operation.delimiter))
        return badName(to, QCoreApplication::translate("core", "A folder cannot be put into itself."));
    operation.to.text = serverNameOf(to, operation.delimiter, *shown, *rows);
    if (auto taken = isFree(row->account, operation.to.text, mailbox); !taken)
        return failure(taken.error());
    return noteFolder(row->account, operation, true);
}

Result<OperationId> Journal::deleteFolder(MailboxId mailbox)
{
    const auto row = folder(mailbox);
    if (!row)
        return failure(row.error());
    if (row->name.isInbox())
        return badName(row->name.text, QCoreApplication::translate("core", "The inbox cannot be deleted."));
    const auto shown = m_environment.store.shownMailboxes(row->account);
    if (!shown)
        return failure(shown.error());
    const auto own = std::find_if(shown->begin(), shown->end(),
                                  [mailbox](const store::MailboxRow &one) { return one.id == mailbox; });
    if (own == shown->end())
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    const QString name = own->name.text;
    const QChar delimiter = row->delimiter.isNull() ? delimiterOf(*shown) : row->delimiter;
    const bool hasOthers = std::any_of(shown->begin(), shown->end(), [&](const store::MailboxRow &one) {
        return isBelow(one.name.text, name, delimiter);
    });
    if (hasOthers)
        return badName(
            name,
            QCoreApplication::translate("core", "There are folders in “%1”. Delete or move them first.").arg(name));
    // What is still on its way would go with it, or find nothing to go to.
    const auto all = m_pending.list(row->account);
    if (!all)
        return failure(all.error());
    for (const store::PendingOperation &other : *all) {
        if (other.state != store::OperationState::Queued)
            continue;
        const auto move = MoveOperation::fromBytes(other.kind, other.payload);
        const auto append = AppendOperation::fromBytes(other.kind, other.payload);
        if ((move && move->target == row->name) || (append && append->mailbox == row->name))
            return badName(name,
                           QCoreApplication::translate("core",
                                                       "Messages are still on their way into “%1”. Wait until the "
                                                       "server has them, or undo that first.")
                               .arg(name));
    }
    FolderOperation operation;
    operation.kind = Kind::Delete;
    operation.mailbox = row->name;
    operation.delimiter = delimiter;
    operation.uidValidity = row->uidValidity;
    if (row->uidValidity.isValid())
        operation.uidNext = row->uidNext;
    return noteFolder(row->account, operation, true);
}

Result<OperationId> Journal::subscribeFolder(MailboxId mailbox, bool on)
{
    const auto row = folder(mailbox);
    if (!row)
        return failure(row.error());
    const auto shown = m_environment.store.shownMailboxes(row->account);
    if (!shown)
        return failure(shown.error());
    const auto own = std::find_if(shown->begin(), shown->end(),
                                  [mailbox](const store::MailboxRow &one) { return one.id == mailbox; });
    if (own != shown->end() && own->subscribed == on)
        return OperationId();
    FolderOperation operation;
    operation.kind = on ? Kind::Subscribe : Kind::Unsubscribe;
    operation.mailbox = row->name;
    operation.delimiter = row->delimiter;
    return noteFolder(row->account, operation, true);
}

store::PendingOperation Journal::rolePart(AccountId account, const mail::MailboxName &name, QChar delimiter,
                                          mail::MailboxRole role)
{
    FolderOperation operation;
    operation.mailbox = name;
    operation.delimiter = delimiter;
    operation.role = role;
    // It stays when the action that needed it is undone.
    return recordOf(account, operation, false);
}

Result<OperationId> Journal::noteFolder(AccountId account, const FolderOperation &operation, bool canBeUndone)
{
    return note({recordOf(account, operation, canBeUndone)});
}

Result<OperationId> Journal::undoFolder(store::PendingOperation operation)
{
    const auto folder = FolderOperation::fromBytes(operation.kind, operation.payload);
    if (!folder)
        return OperationId();
    const bool isRunning = runner(operation.account).isReplaying(operation.id);
    const bool isUntouched
        = operation.state == store::OperationState::Queued && operation.progress.isEmpty() && !isRunning;
    if (isUntouched || operation.state == store::OperationState::Failed) {
        const auto dropped = drop(operation.id);
        return dropped ? Result<OperationId>(OperationId()) : failure(dropped.error());
    }
    operation.undo.clear();
    if (auto noted = m_pending.update(operation); !noted)
        return failure(noted.error());
    // Where it is under way, this waits for it: folders are taken in order.
    const auto back = folder->reversed();
    if (!back)
        return failure(ErrorKind::Input, folder->mailbox.text,
                       QCoreApplication::translate("core",
                                                   "This cannot be undone: the folder “%1” was deleted for good. Undo "
                                                   "again for what was done before.")
                           .arg(folder->mailbox.text));
    return noteFolder(operation.account, *back, false);
}

Result<void> Journal::retarget(OperationId operation, MailboxId target)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    const bool isParked = *found && (*found)->state == store::OperationState::Failed;
    auto move = isParked ? MoveOperation::fromBytes((*found)->kind, (*found)->payload) : std::nullopt;
    auto append = isParked ? AppendOperation::fromBytes((*found)->kind, (*found)->payload) : std::nullopt;
    if (!append && (!move || !move->target))
        return failure(ErrorKind::Input, QString::number(operation.value()),
                       QCoreApplication::translate("core", "This action needs no other folder."));
    const auto row = folder(target);
    if (!row)
        return failure(row.error());
    if (row->account != (*found)->account || !row->selectable)
        return failure(ErrorKind::Input, row->name.text,
                       QCoreApplication::translate("core", "Choose a folder of the same account that holds messages."));
    store::PendingOperation record = **found;
    // What was under way when the other folder refused it has not arrived there.
    if (append) {
        append->mailbox = row->name;
        record.payload = append->toBytes();
        record.progress.clear();
    } else {
        move->target = row->name;
        record.payload = move->toBytes();
        MoveProgress progress = MoveProgress::fromBytes(record.progress);
        progress.inFlight = {};
        progress.targetValidity = {};
        progress.targetNext = {};
        progress.others.reset();
        std::erase_if(progress.done, [](const MovedPart &part) { return part.hasOriginal; });
        record.progress = progress == MoveProgress() ? QByteArray() : progress.toBytes();
    }
    record.state = store::OperationState::Queued;
    record.error.clear();
    record.nextAttemptAt = 0;
    if (auto noted = m_pending.update(record); !noted)
        return noted;
    recount();
    auto laid = lay(record.account);
    runner(record.account).wake();
    return laid;
}

Result<void> Journal::layFolders(store::CacheTransaction &transaction, AccountId account,
                                 const std::vector<store::PendingOperation> &operations)
{
    std::vector<FolderOperation> folders;
    for (const store::PendingOperation &operation : operations) {
        if (operation.state == store::OperationState::Queued || operation.state == store::OperationState::Running) {
            if (auto folder = FolderOperation::fromBytes(operation.kind, operation.payload))
                folders.push_back(std::move(*folder));
        }
    }
    // First those that are to be made: they may have new names already.
    auto made = transaction.setProvisional(account, provisionalFolders(folders));
    if (!made || folders.empty())
        return made ? transaction.setMailboxOverlay(account, {}) : made;
    const auto rows = m_environment.store.rowsWithProvisional(account);
    if (!rows)
        return failure(rows.error());
    return transaction.setMailboxOverlay(account, overlaysOf(*rows, folders));
}

void Journal::settleOne(store::PendingOperation &record, const Result<void> &result, bool hasBegun, Runner &state) const
{
    ++record.attempts;
    record.error = result ? QString() : result.error().userText;
    const Outcome outcome = outcomeOf(result, hasBegun, record.attempts);
    switch (outcome) {
    case Outcome::Done:
        record.state = store::OperationState::Done;
        state.backoff.reset();
        break;
    case Outcome::Refused:
        record.state = store::OperationState::Failed;
        qCWarning(logSync) << "parked:" << result.error();
        break;
    case Outcome::Later:
        record.nextAttemptAt = m_environment.clock.wall().toMSecsSinceEpoch() + pauseAfter(record.attempts).count();
        break;
    case Outcome::Offline:
        break;
    }
    state.isPostponed = outcome == Outcome::Offline;
    state.noteLost(result, hasBegun, 1);
}

async::Task<void> Journal::replayFolder(Batch batch, Runner &state)
{
    const store::PendingOperation before = batch.operations.front();
    AccountSync *sync = m_findAccount(before.account);
    if (sync == nullptr) {
        state.isPostponed = true; // It is being removed.
        co_return;
    }
    FolderReplay replay(m_environment, m_pending, *sync, before.account, before.id);
    const Result<void> result = co_await replay.run();
    if (!result)
        qCInfo(logSync) << before.kind << result.error();
    const auto known = m_pending.find(before.id);
    if (!known)
        state.isPostponed = true; // what cannot be read is tried again, but not at once
    if (known && *known) {
        store::PendingOperation record = **known;
        settleOne(record, result, replay.hasBegun(), state);
        if (!write(record))
            state.isPostponed = true; // for ever while the disk is full
    }
    laid(before.account, lay(before.account));
    if (result)
        sync->foldersChanged();
    prune();
    recount();
}

} // namespace kittiwake::sync

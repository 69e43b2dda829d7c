// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/journal.h"

#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/journalrunner.h"

#include <QCoreApplication>
#include <QScopedValueRollback>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

Failure unknownOperation(OperationId operation)
{
    return failure(ErrorKind::Input, QString::number(operation.value()),
                   QCoreApplication::translate("core", "There is no such pending action; it may be done already."));
}

bool isOpen(const store::PendingOperation &operation)
{
    return operation.state != store::OperationState::Done;
}

} // namespace

Journal::Journal(const Environment &environment, store::PendingStore &pending, AccountFinder findAccount,
                 std::function<void()> changed)
    : m_environment(environment), m_pending(pending), m_findAccount(std::move(findAccount)),
      m_changed(std::move(changed))
{
}

Journal::~Journal() = default;

Result<void> Journal::restore()
{
    const auto all = m_pending.list();
    if (!all)
        return failure(all.error());
    std::vector<AccountId> accounts;
    for (const store::PendingOperation &operation : *all) {
        if (std::find(accounts.begin(), accounts.end(), operation.account) == accounts.end())
            accounts.push_back(operation.account);
    }
    for (const AccountId account : accounts) {
        auto laid = lay(account);
        if (!laid)
            return laid;
    }
    recount();
    return {};
}

void Journal::start()
{
    const auto all = m_pending.list();
    if (!all) {
        qCWarning(logSync) << all.error();
        return;
    }
    for (const store::PendingOperation &operation : *all) {
        if (operation.state == store::OperationState::Queued)
            runner(operation.account).wake();
    }
}

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

Result<OperationId> Journal::add(AccountId account, const FlagOperation &operation, const std::vector<FlagGroup> &undo)
{
    store::PendingOperation noted;
    noted.account = account;
    noted.kind = QString::fromLatin1(FlagOperation::kind);
    noted.payload = operation.toBytes();
    if (!undo.empty())
        noted.undo = FlagOperation{operation.mailbox, operation.uidValidity, undo}.toBytes();
    noted.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto id = m_pending.add(noted);
    if (!id)
        return failure(id.error());
    noted.id = *id;
    // It is safe now. Where the cache cannot show it, it is still done.
    const QScopedValueRollback laying(m_isLaying, true);
    const auto laid
        = m_environment.store.write([&](store::CacheTransaction &transaction) { return layOver(transaction, noted); });
    if (!laid)
        qCWarning(logSync) << laid.error();
    recount();
    runner(account).wake();
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
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is nothing to undo."));
    const auto back = FlagOperation::fromBytes(last->undo);
    if (!back)
        return failure(ErrorKind::Storage, {},
                       QCoreApplication::translate("core",
                                                   "This action was made by a newer version of Kittiwake and "
                                                   "cannot be undone by this one."));
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
    return add(last->account, *back, {});
}

Result<void> Journal::retry(OperationId operation)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    if (!*found || !isOpen(**found))
        return unknownOperation(operation);
    store::PendingOperation again = **found;
    again.state = store::OperationState::Queued;
    again.nextAttemptAt = 0;
    auto noted = m_pending.update(again);
    if (!noted)
        return noted;
    recount();
    auto laid = lay(again.account);
    runner(again.account).wake();
    return laid;
}

Result<void> Journal::drop(OperationId operation)
{
    const auto found = m_pending.find(operation);
    if (!found)
        return failure(found.error());
    if (!*found || !isOpen(**found))
        return unknownOperation(operation);
    auto removed = m_pending.remove(operation);
    if (!removed)
        return removed;
    recount();
    return lay((*found)->account);
}

Result<void> Journal::forget(AccountId account)
{
    m_runners.erase(account);
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    for (const store::PendingOperation &operation : *all) {
        auto removed = m_pending.remove(operation.id);
        if (!removed)
            return removed;
    }
    recount();
    return {};
}

async::Task<store::OperationState> Journal::attempted(OperationId operation)
{
    const async::Completion<store::OperationState> done(m_environment.clock);
    m_waiting.emplace(operation, done);
    const store::OperationState state = co_await done;
    co_return state;
}

void Journal::connected(AccountId account)
{
    const auto known = m_runners.find(account);
    if (m_summary.waiting > 0 && known != m_runners.end())
        known->second->tryNow();
}

void Journal::storeChanged(const store::StoreChanges &changes)
{
    if (m_summary.waiting == 0 || m_isLaying)
        return;
    // A cache that was dropped comes back with other ids: what waits must lie over the new rows.
    std::vector<AccountId> touched;
    for (const store::MailboxChanges &mailbox : changes.messages) {
        if (mailbox.added.empty() && !mailbox.reset)
            continue;
        const auto row = m_environment.store.mailbox(mailbox.mailbox);
        if (row && *row && std::find(touched.begin(), touched.end(), (*row)->account) == touched.end())
            touched.push_back((*row)->account);
    }
    for (const AccountId account : touched)
        runner(account).layLater();
}

Result<void> Journal::lay(AccountId account, const std::vector<OperationId> &without)
{
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    const QScopedValueRollback laying(m_isLaying, true);
    return m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        auto cleared = transaction.clearOverlay(account);
        if (!cleared)
            return cleared;
        for (const store::PendingOperation &operation : *all) {
            if (!isOpen(operation) || operation.state == store::OperationState::Failed
                || std::find(without.begin(), without.end(), operation.id) != without.end())
                continue;
            auto laid = layOver(transaction, operation);
            if (!laid)
                return laid;
        }
        return {};
    });
}

Result<void> Journal::layOver(store::CacheTransaction &transaction, const store::PendingOperation &operation)
{
    const auto flags = FlagOperation::fromBytes(operation.payload);
    if (!flags)
        return {};
    const auto mailbox = m_environment.store.findMailbox(operation.account, flags->mailbox);
    if (!mailbox)
        return failure(mailbox.error());
    if (!*mailbox)
        return {};
    const auto state = m_environment.store.state(**mailbox);
    if (!state)
        return failure(state.error());
    // The same UIDs under another UIDVALIDITY are other messages.
    if (!*state || (*state)->uidValidity != flags->uidValidity)
        return {};
    for (const FlagGroup &group : flags->groups) {
        const auto done
            = transaction.overlay(**mailbox, flags->uidValidity, rangesOf(group.uids), {group.change, false});
        if (!done)
            return failure(done.error());
    }
    return {};
}

void Journal::write(store::PendingOperation operation)
{
    const store::OperationState state = operation.state;
    if (auto noted = m_pending.update(operation); !noted)
        qCWarning(logSync) << noted.error(); // It is done again after the next start, which changes nothing.
    const auto [first, last] = m_waiting.equal_range(operation.id);
    for (auto entry = first; entry != last; ++entry)
        entry->second.complete(state);
    m_waiting.erase(first, last);
}

void Journal::prune()
{
    const auto all = m_pending.list();
    if (!all)
        return;
    std::size_t kept = 0;
    for (auto operation = all->rbegin(); operation != all->rend(); ++operation) {
        if (isOpen(*operation))
            continue;
        if (!operation->undo.isEmpty() && ++kept <= undoDepth)
            continue;
        if (auto removed = m_pending.remove(operation->id); !removed)
            qCWarning(logSync) << removed.error();
    }
}

void Journal::recount()
{
    const auto all = m_pending.list();
    if (!all)
        return;
    PendingSummary summary;
    for (const store::PendingOperation &operation : *all) {
        if (operation.state == store::OperationState::Failed)
            ++summary.failed;
        else if (isOpen(operation))
            ++summary.waiting;
    }
    if (summary == m_summary)
        return;
    m_summary = summary;
    if (m_changed)
        m_changed();
}

} // namespace kittiwake::sync

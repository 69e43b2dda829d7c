// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/journal.h"

#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/reports.h"

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

/** The operation that brings back what this one does; none for others. */
OperationId leaderOf(const store::PendingOperation &operation)
{
    if (!isOpen(operation) || !MoveOperation::mayFollow(operation.payload))
        return {};
    const auto move = MoveOperation::fromBytes(operation.kind, operation.payload);
    return move ? move->follows : OperationId();
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
    const auto all = m_pending.briefs();
    if (!all)
        return failure(all.error());
    std::vector<AccountId> accounts;
    for (const store::PendingBrief &operation : *all) {
        if (std::find(accounts.begin(), accounts.end(), operation.account) == accounts.end())
            accounts.push_back(operation.account);
    }
    for (const AccountId account : accounts) {
        const auto resolved = resolveEnded(account);
        if (!resolved)
            return failure(resolved.error());
        auto laid = lay(account);
        if (!laid)
            return laid;
    }
    recount();
    return {};
}

/**
 * What follows an operation that has ended without telling it: the program may have ended in between, or a renumbering
 * has parked it. Whether there was any.
 */
Result<bool> Journal::resolveEnded(AccountId account)
{
    // Asked whenever nothing else is to do: operations of a hundred thousand messages are not read for that.
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return failure(briefs.error());
    const bool mayFollow = std::any_of(briefs->begin(), briefs->end(), [](const store::PendingBrief &operation) {
        return operation.state == store::OperationState::Queued;
    });
    if (!mayFollow)
        return false;
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    bool isAny = false;
    for (const store::PendingOperation &follower : *all) {
        if (follower.state != store::OperationState::Queued)
            continue;
        const OperationId leader = leaderOf(follower);
        const auto ended = std::find_if(all->begin(), all->end(), [leader](const store::PendingOperation &one) {
            return leader.isValid() && one.id == leader && one.state != store::OperationState::Queued;
        });
        if (ended == all->end())
            continue;
        auto resolved = resolveFollowers(account, *ended);
        if (!resolved)
            return failure(std::move(resolved.error()));
        isAny = isAny || *resolved;
    }
    return isAny;
}

void Journal::start()
{
    const auto all = m_pending.briefs();
    if (!all) {
        qCWarning(logSync) << all.error();
        return;
    }
    for (const store::PendingBrief &operation : *all) {
        if (operation.state == store::OperationState::Queued)
            runner(operation.account).wake();
    }
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
    if (MoveOperation::isKind(again.kind) && !again.progress.isEmpty()) {
        // Copies that were kept because they might be the last ones: what they were copied from may be there again.
        MoveProgress progress = MoveProgress::fromBytes(again.progress);
        progress.kept = {};
        again.progress = progress == MoveProgress() ? QByteArray() : progress.toBytes();
    }
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
    const auto all = m_pending.list((*found)->account);
    if (!all)
        return failure(all.error());
    for (const store::PendingOperation &other : *all) {
        // What would bring it back has nothing to do any more.
        if (other.id != operation && leaderOf(other) != operation)
            continue;
        auto removed = m_pending.remove(other.id);
        if (!removed)
            return removed;
    }
    recount();
    return lay((*found)->account);
}

Result<void> Journal::forget(AccountId account)
{
    m_runners.erase(account);
    const auto all = m_pending.briefs(account);
    if (!all)
        return failure(all.error());
    for (const store::PendingBrief &operation : *all) {
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

void Journal::statusChanged(const AccountStatus &status)
{
    using State = AccountStatus::State;
    if (status.state != State::Syncing && status.state != State::UpToDate) {
        m_connected.erase(status.account);
        return;
    }
    // Whatever is replayed makes the account sync something: that is no new connection, and no reason to go on at once.
    if (!m_connected.insert(status.account).second)
        return;
    const auto known = m_runners.find(status.account);
    if (known != m_runners.end())
        known->second->tryNow();
}

void Journal::storeChanged(const store::StoreChanges &changes)
{
    if ((m_summary.waiting == 0 && !m_hidesMarked) || m_isLaying)
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
        layLater(account);
}

/** In the next turn, since the transaction that brought the rows is only just over; also while something is replayed,
 * or the messages would show for so long as if nobody had touched them. */
void Journal::layLater(AccountId account)
{
    Runner &state = runner(account);
    if (state.layTimer != 0)
        return;
    state.layTimer = m_environment.clock.post([this, account, &state] {
        state.layTimer = 0;
        laid(account, lay(account));
        recount(); // what was renumbered may have been parked
        state.wake();
    });
}

/** False where it cannot be written down: it is done again after a pause or the next start, which changes nothing. */
bool Journal::write(const store::PendingOperation &operation)
{
    const auto noted = m_pending.update(operation);
    if (!noted)
        qCWarning(logSync) << noted.error();
    tell(operation.id, operation.state);
    return noted.has_value();
}

void Journal::tell(OperationId operation, store::OperationState state)
{
    const auto [first, last] = m_waiting.equal_range(operation);
    for (auto entry = first; entry != last; ++entry)
        entry->second.complete(state);
    m_waiting.erase(first, last);
}

/** Nothing more is tried for now: whoever waits for one of the account's operations learns how it stands. */
void Journal::tellWaiting(AccountId account)
{
    std::vector<OperationId> waiting;
    for (const auto &[operation, done] : m_waiting)
        waiting.push_back(operation);
    for (const OperationId operation : waiting) {
        const auto found = m_pending.find(operation);
        if (!found)
            continue;
        if (!*found)
            tell(operation, store::OperationState::Done);
        else if ((*found)->account == account)
            tell(operation, (*found)->state);
    }
}

void Journal::laid(AccountId account, const Result<void> &result)
{
    if (!result)
        qCWarning(logSync) << "account" << account << "shows what is not so:" << result.error();
}

void Journal::prune()
{
    const auto briefs = m_pending.briefs();
    if (!briefs)
        return;
    // An action counts once, however many mailboxes it was about.
    std::vector<OperationId> kept;
    for (const store::PendingBrief &brief : *briefs) {
        if (brief.canBeUndone)
            kept.push_back(brief.action);
    }
    std::sort(kept.begin(), kept.end(), std::greater<>());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    kept.resize(std::min(kept.size(), undoDepth));
    for (const store::PendingBrief &brief : *briefs) {
        const bool isDone = brief.state == store::OperationState::Done;
        if (brief.canBeUndone ? std::find(kept.begin(), kept.end(), brief.action) != kept.end() : !isDone)
            continue;
        auto operation = m_pending.find(brief.id);
        if (!operation || !*operation)
            continue;
        Result<void> written;
        if (isDone && !mustStayHidden(**operation)) {
            written = m_pending.remove(brief.id);
        } else if (brief.canBeUndone) {
            // What still waits, or has to be known, is too old as well: undo would pass over what came after it.
            (*operation)->undo.clear();
            written = m_pending.update(**operation);
        }
        if (!written)
            qCWarning(logSync) << written.error();
    }
}

void Journal::adopt(AccountId account)
{
    layLater(account);
}

void Journal::retell()
{
    const PendingSummary before = m_summary;
    recount();
    if (m_summary == before && m_changed)
        m_changed();
}

void Journal::recount()
{
    const auto counts = m_pending.counts();
    if (!counts)
        return;
    const PendingSummary summary{counts->waiting, counts->failed};
    if (summary == m_summary)
        return;
    m_summary = summary;
    if (m_changed)
        m_changed();
}

} // namespace kittiwake::sync

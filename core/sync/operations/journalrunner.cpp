// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/journalrunner.h"

#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/operations/flagreplay.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/** How the journal is replayed to the server. */
namespace kittiwake::sync
{

namespace
{

/** Broken connections under one operation before it is held to be the cause. */
constexpr int mostBreaks = 3;

} // namespace

Outcome outcomeOf(const Result<void> &result, bool hasBegun, int attempts)
{
    if (result)
        return Outcome::Done;
    if (!isTemporary(result.error()))
        return Outcome::Refused;
    const bool isLost = result.error().kind == ErrorKind::Network || result.error().kind == ErrorKind::Protocol;
    if (result.error().kind == ErrorKind::ServerRefused || (isLost && hasBegun && attempts >= mostBreaks))
        return Outcome::Later;
    return Outcome::Offline;
}

std::chrono::milliseconds latenessOf(std::uint64_t messages)
{
    // A slow service takes ten seconds for the 2,000 of one command.
    constexpr std::uint64_t most = 2000;
    return std::chrono::seconds(3) + std::chrono::milliseconds(5) * static_cast<int>(std::min(messages, most));
}

Journal::Runner &Journal::runner(AccountId account)
{
    auto &entry = m_runners[account];
    if (!entry) {
        entry = std::make_unique<Runner>(m_environment.clock, m_environment.random);
        entry->scope.start(run(account));
    }
    return *entry;
}

async::Task<void> Journal::run(AccountId account)
{
    Runner &state = *m_runners.at(account);
    co_await state.signal.wait();
    while (true) {
        while (state.quietUntil > state.clock.monotonic()) {
            const bool woken = co_await state.signal.waitFor(state.quietUntil - state.clock.monotonic());
            Q_UNUSED(woken)
        }
        auto batch = m_isPaused ? Result<std::optional<Batch>>(std::nullopt) : nextBatch(account, state);
        if (!batch)
            qCWarning(logSync) << batch.error();
        if (!batch || !*batch) {
            state.isAlone = false;
            const auto resolved = batch ? resolveEnded(account) : Result<bool>(false);
            if (resolved && *resolved) {
                laid(account, lay(account));
                recount();
                continue;
            }
            if (batch)
                tellWaiting(account);
            // Where it cannot be read, there may be something all the same.
            const std::optional<Clock::Duration> pause
                = batch ? untilNextAttempt(account) : std::optional(state.backoff.next());
            if (pause) {
                const bool woken = co_await state.signal.waitFor(*pause);
                Q_UNUSED(woken)
            } else {
                co_await state.signal.wait();
            }
            continue;
        }
        state.replaying.clear();
        for (const store::PendingOperation &operation : (*batch)->operations)
            state.replaying.push_back(operation.id);
        if (!(*batch)->marks.empty()) {
            co_await replayMark(**batch, state);
        } else if (!(*batch)->drafts.empty()) {
            co_await replayDraft(**batch, state);
        } else if (!(*batch)->appends.empty()) {
            co_await replayAppend(**batch, state);
        } else if (!(*batch)->folders.empty()) {
            co_await replayFolder(**batch, state);
        } else if (!(*batch)->moves.empty()) {
            co_await replayMoves(**batch, state);
        } else {
            const Result<void> result = co_await replay(**batch);
            // Its messages have other UIDs meanwhile, or their folder another name: what was refused meant the old
            // ones.
            if (result || !isReaddressed(**batch)) {
                seekGone(**batch, result, state);
                settle(std::move(**batch), result, state);
            }
        }
        state.replaying.clear();
        if (state.isPostponed) {
            tellWaiting(account);
            const bool woken = co_await state.signal.waitFor(state.backoff.next());
            Q_UNUSED(woken) // A new operation is no reason to be more patient with the server than before.
            state.isPostponed = false;
        }
    }
}

/** Whether the operations say something else now than when the batch was made: see renumberOperations(). */
bool Journal::isReaddressed(const Batch &batch) const
{
    return std::any_of(batch.operations.begin(), batch.operations.end(),
                       [this](const store::PendingOperation &operation) {
                           const auto now = m_pending.find(operation.id);
                           return now && *now
                               && ((*now)->payload != operation.payload
                                   || ((*now)->state == store::OperationState::Failed
                                       && operation.state != store::OperationState::Failed));
                       });
}

async::Task<Result<void>> Journal::replay(Batch &batch)
{
    const FlagOperation &first = batch.flags.front();
    const AccountId account = batch.operations.front().account;
    const auto mailbox = findFolder(m_environment.store, account, first.mailbox);
    if (!mailbox)
        co_return failure(mailbox.error());
    if (!*mailbox)
        co_return failure(refusal(first.mailbox,
                                  QCoreApplication::translate("core",
                                                              "The folder is not there any more, so its "
                                                              "messages could not be changed.")));
    AccountSync *sync = m_findAccount(account);
    if (sync == nullptr)
        co_return failure(ErrorKind::Cancelled, first.mailbox.text,
                          QCoreApplication::translate("core", "There is no such account."));
    const MailboxId id = **mailbox;
    const auto lease = co_await sync->borrow(id);
    if (!lease)
        co_return failure(lease.error());
    // While the mailbox was opened, it turned out to have another name or other UIDs: what waits is made a batch anew.
    if (isReaddressed(batch))
        co_return failure(ErrorKind::Cancelled, first.mailbox.text,
                          QCoreApplication::translate("core", "The folder has changed on the server meanwhile."));
    // The same UIDs under another UIDVALIDITY are other messages.
    if (lease->uidValidity() != first.uidValidity)
        co_return failure(madeAnewError(first.mailbox));
    batch.hasBegun = true;
    FlagReplay replay(m_environment, m_pending, *lease, id, batch.operations, batch.flags);
    Result<void> stored = co_await replay.run();
    batch.refused = replay.refused();
    if (!stored)
        co_return stored;
    const auto gone = co_await replay.gone();
    if (!gone)
        co_return failure(gone.error());
    batch.gone = *gone;
    co_return stored;
}

void Journal::settleTaken(Batch &batch, Runner &state)
{
    Batch taken;
    Batch rest;
    for (std::size_t i = 0; i < batch.operations.size(); ++i) {
        imap::UidSet refused = batch.refused;
        refused.intersect(batch.flags[i].uids());
        Batch &part = refused.isEmpty() ? taken : rest;
        part.operations.push_back(std::move(batch.operations[i]));
        part.flags.push_back(std::move(batch.flags[i]));
    }
    rest.hasBegun = batch.hasBegun;
    batch = std::move(rest);
    if (!taken.operations.empty())
        settle(std::move(taken), Result<void>(), state);
}

void Journal::settle(Batch batch, const Result<void> &result, Runner &state)
{
    if (!result && !batch.refused.isEmpty())
        settleTaken(batch, state);
    if (batch.operations.empty())
        return;
    const auto outcome = [&](const store::PendingOperation &operation) {
        return outcomeOf(result, batch.hasBegun, operation.attempts + 1);
    };
    // One of several is at fault: each by itself, so that the others are not kept waiting.
    const bool isSuspicious
        = std::any_of(batch.operations.begin(), batch.operations.end(), [&](const store::PendingOperation &operation) {
              const Outcome one = outcome(operation);
              return one == Outcome::Refused || one == Outcome::Later;
          });
    if (isSuspicious && batch.operations.size() > 1) {
        state.isAlone = true;
        return;
    }
    if (result) {
        state.backoff.reset();
        std::vector<OperationId> done;
        done.reserve(batch.operations.size());
        for (const store::PendingOperation &operation : batch.operations)
            done.push_back(operation.id);
        if (auto laid = lay(batch.operations.front().account, done); !laid)
            qCWarning(logSync) << laid.error();
    }
    bool isWritten = true;
    for (store::PendingOperation &operation : batch.operations) {
        // Undone or dropped meanwhile: what the server has now is what it is shown as.
        const auto known = m_pending.find(operation.id);
        isWritten = isWritten && known;
        if (!known || !*known)
            continue;
        operation = **known;
        // A refusal is an answer: the next attempt is no repetition of one that may have been done.
        if (!result && result.error().kind == ErrorKind::ServerRefused && !operation.progress.isEmpty())
            operation.progress = FlagProgress().toBytes();
        settleOne(operation, result, batch.hasBegun, state);
        isWritten = write(operation) && isWritten;
    }
    // What could not be written down would be taken up again at once, and for ever while the disk is full.
    state.isPostponed = state.isPostponed || !isWritten;
    if (!result && !isTemporary(result.error())) {
        if (auto laid = lay(batch.operations.front().account); !laid)
            qCWarning(logSync) << laid.error();
    }
    prune();
    recount();
}

} // namespace kittiwake::sync

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

/** More are split into several rounds, so that each leaves a trace of what is done. */
constexpr std::size_t largestBatch = 500;

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

/** Gathers a batch from the operations as they come: what is skipped must not be overtaken by others of its messages.
 */
struct Journal::Selection {
    /** Messages of one mailbox that an operation speaks of, or a folder. */
    struct Subject {
        mail::MailboxName mailbox;
        UidValidity uidValidity;
        imap::UidSet uids;
        std::optional<mail::MailboxName> target = {};
        std::optional<FolderOperation> folder = {};

        [[nodiscard]] bool touches(const FolderOperation &operation) const
        {
            return operation.touches(mailbox.text) || (target && operation.touches(target->text))
                || (folder && !folder->to.text.isEmpty() && operation.touches(folder->to.text));
        }
        [[nodiscard]] bool isSubscription() const
        {
            return folder
                && (folder->kind == FolderOperation::Kind::Subscribe
                    || folder->kind == FolderOperation::Kind::Unsubscribe);
        }
        [[nodiscard]] bool overlaps(const Subject &other) const
        {
            // It is about a name: it neither waits for what is to be done to messages there nor holds that up.
            if ((isSubscription() && !other.folder) || (other.isSubscription() && !folder))
                return false;
            if (folder)
                return other.touches(*folder);
            if (other.folder)
                return touches(*other.folder);
            if (mailbox != other.mailbox || uidValidity != other.uidValidity)
                return false;
            imap::UidSet both = uids;
            both.intersect(other.uids);
            return !both.isEmpty();
        }
    };

    [[nodiscard]] bool isBlocked(const Subject &subject) const
    {
        return std::any_of(later.begin(), later.end(), [&](const Subject &one) { return one.overlaps(subject); });
    }
    [[nodiscard]] bool belongs(const FlagOperation &flags) const
    {
        return batch.operations.empty()
            || (!batch.flags.empty() && batch.flags.front().mailbox == flags.mailbox
                && batch.flags.front().uidValidity == flags.uidValidity);
    }
    /** Copies and moves do not mix; the same message twice is two things to do. */
    [[nodiscard]] bool belongs(const MoveOperation &move, const Subject &subject) const
    {
        if (batch.operations.empty())
            return true;
        if (batch.moves.empty())
            return false;
        const MoveOperation &first = batch.moves.front();
        return first.source == move.source && first.uidValidity == move.uidValidity && first.target == move.target
            && mail::takesAway(first.kind) == mail::takesAway(move.kind) && !first.searchFrom.isValid()
            && !move.searchFrom.isValid()
            && std::none_of(taken.begin(), taken.end(), [&](const Subject &one) { return one.overlaps(subject); });
    }

    Batch batch;
    std::vector<Subject> later;
    std::vector<Subject> taken;
};

Result<std::optional<Journal::Batch>> Journal::nextBatch(AccountId account, const Runner &state) const
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return failure(briefs.error());
    Selection selection;
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    for (const store::PendingBrief &brief : *briefs) {
        if (brief.state != store::OperationState::Queued)
            continue;
        const auto record = m_pending.find(brief.id);
        if (!record)
            return failure(record.error());
        if (!*record)
            continue;
        const store::PendingOperation &operation = **record;
        Selection::Subject subject;
        auto [flags, move, progress] = m_parsed.of(operation);
        const bool isFlags = flags.has_value();
        auto folder = isFlags || move ? std::nullopt : FolderOperation::fromBytes(operation.kind, operation.payload);
        auto append = AppendOperation::fromBytes(operation.kind, operation.payload);
        auto draft = DraftOperation::fromBytes(operation.kind, operation.payload);
        auto mark = MarkOperation::fromBytes(operation.kind, operation.payload);
        if (isFlags) {
            subject = {flags->mailbox, flags->uidValidity, flags->uids()};
        } else if (move) {
            subject = {move->source, move->uidValidity, move->uids(), move->target};
        } else if (folder) {
            subject.mailbox = folder->mailbox;
            subject.folder = folder;
        } else if (append) {
            subject.target = append->mailbox;
        } else if (draft) {
            subject.target = draft->server.mailbox;
        } else if (!mark) { // of no folder yet
            continue; // A newer program's: it waits for that one.
        }
        if (move && move->follows.isValid()) {
            // Of no messages yet, but its folders must not go.
            selection.later.push_back({move->source, {}, {}, move->target, {}});
            continue; // Until it is known what there is to bring back (settleMoves()).
        }
        // What waits must not be overtaken by what comes later of the same messages; the others go on.
        if (isToCome(operation.nextAttemptAt, now) || selection.isBlocked(subject)) {
            selection.later.push_back(std::move(subject));
            continue;
        }
        if (folder || append || draft || mark) { // each by itself
            if (!selection.batch.operations.empty())
                break;
            selection.batch.operations.push_back(operation);
            if (folder)
                selection.batch.folders.push_back(std::move(*folder));
            else if (append)
                selection.batch.appends.push_back(std::move(*append));
            else if (draft)
                selection.batch.drafts.push_back(std::move(*draft));
            else
                selection.batch.marks.push_back(std::move(*mark));
            break;
        }
        if (isFlags ? !selection.belongs(*flags) : !selection.belongs(*move, subject))
            break;
        selection.batch.operations.push_back(operation);
        if (isFlags)
            selection.batch.flags.push_back(std::move(*flags));
        else
            selection.batch.moves.push_back(std::move(*move));
        selection.taken.push_back(std::move(subject));
        if (state.isAlone || selection.batch.operations.size() >= largestBatch)
            break;
    }
    if (selection.batch.operations.empty())
        return std::optional<Batch>();
    return std::optional(std::move(selection.batch));
}

std::optional<Clock::Duration> Journal::untilNextAttempt(AccountId account) const
{
    const auto all = m_pending.briefs(account);
    if (!all)
        return std::nullopt;
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    std::optional<Clock::Duration> soonest;
    for (const store::PendingBrief &operation : *all) {
        if (operation.state != store::OperationState::Queued || !isToCome(operation.nextAttemptAt, now))
            continue;
        const Clock::Duration pause(operation.nextAttemptAt - now);
        soonest = soonest ? std::min(*soonest, pause) : pause;
    }
    return soonest;
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

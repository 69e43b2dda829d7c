// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/insertarrived.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/movereplay.h"
#include "core/sync/operations/readdress.h"
#include "core/sync/operations/relocation.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/** What becomes of moves that were replayed. */
namespace kittiwake::sync
{

namespace
{

/** The messages that are wanted elsewhere and were not there any more. */
std::optional<Error> whatWasGone(const MoveReplay::Item &item)
{
    const auto kind = item.operation.kind;
    if (item.kept > 0)
        return refusal(
            item.operation.source,
            QCoreApplication::translate("core",
                                        "Copies in “%1” stay (%2 of %3): what they were copied from is not in "
                                        "its folder any more, so they may be the last ones. Delete them "
                                        "yourself if you do not want them, and drop this action.")
                .arg(item.operation.source.text, QString::number(item.kept),
                     QString::number(static_cast<std::int64_t>(item.operation.messages.size()))));
    const auto gone = static_cast<std::int64_t>(item.progress.gone.count()) + item.unfound;
    // Whoever wanted them deleted has what was wanted.
    if (gone == 0 || kind == mail::MoveKind::Delete || kind == mail::MoveKind::Expunge)
        return std::nullopt;
    return refusal(item.operation.source,
                   QCoreApplication::translate("core",
                                               "Messages that were to go from “%1” were not there any more (%2 of %3): "
                                               "another program has moved or deleted them.")
                       .arg(item.operation.source.text, QString::number(gone),
                            QString::number(static_cast<std::int64_t>(item.operation.messages.size()) + item.unfound)));
}

bool isFinished(const MoveReplay::Item &item)
{
    imap::UidSet left = item.operation.uids();
    left.subtract(item.progress.settled());
    return left.isEmpty() && !item.operation.searchFrom.isValid();
}

} // namespace

async::Task<void> Journal::replayMoves(Batch batch, Runner &state)
{
    AccountSync *sync = m_findAccount(batch.operations.front().account);
    std::vector<MoveReplay::Item> items;
    for (std::size_t i = 0; i < batch.operations.size(); ++i) {
        MoveReplay::Item item;
        item.progress = MoveProgress::fromBytes(batch.operations[i].progress);
        item.record = std::move(batch.operations[i]);
        item.noted = item.record.payload;
        item.operation = std::move(batch.moves[i]);
        items.push_back(std::move(item));
    }
    if (sync == nullptr) {
        state.isPostponed = true; // It is being removed.
        co_return;
    }
    MoveReplay *running = nullptr;
    MoveReplay replay(m_environment, m_pending, *sync, std::move(items),
                      [this, &running](const imap::UidSet &uids) { return isReferenced(*running, uids); });
    running = &replay;
    const Result<void> result = co_await replay.run();
    if (!result)
        qCInfo(logSync) << "move:" << result.error();
    settleMoves(replay, result, state);
    // The server does not tell of what came into a mailbox that nobody watches.
    for (const std::optional<mail::MailboxName> &name :
         {std::optional(replay.items().front().operation.source), replay.items().front().operation.target}) {
        const AccountId account = replay.items().front().record.account;
        const auto mailbox
            = name ? m_environment.store.findMailbox(account, *name) : Result<std::optional<MailboxId>>();
        if (mailbox && *mailbox)
            sync->refresh(**mailbox);
    }
}

bool Journal::isReferenced(MoveReplay &replay, const imap::UidSet &uids) const
{
    const auto &items = replay.items();
    const MoveOperation &first = items.front().operation;
    const auto all = m_pending.list(items.front().record.account);
    if (!all)
        return true;
    return std::any_of(all->begin(), all->end(), [&](const store::PendingOperation &operation) {
        const bool isOwn = std::any_of(items.begin(), items.end(),
                                       [&](const MoveReplay::Item &item) { return item.record.id == operation.id; });
        return !isOwn && refersTo(operation, first.source, first.uidValidity, uids);
    });
}

void Journal::settleMoves(MoveReplay &replay, const Result<void> &result, Runner &state)
{
    std::vector<MoveReplay::Item> &items = replay.items();
    const AccountId account = items.front().record.account;
    int attempts = 1;
    for (const MoveReplay::Item &item : items)
        attempts = std::max(attempts, item.record.attempts + 1);
    const Outcome outcome = outcomeOf(result, replay.hasBegun(), attempts);
    const bool isRefused = outcome == Outcome::Refused;
    const bool isOffline = outcome == Outcome::Offline;
    // One of several is at fault: each by itself, so that the others are not kept waiting.
    const bool splits = (isRefused || outcome == Outcome::Later) && items.size() > 1;
    if (result)
        state.backoff.reset();
    std::vector<store::PendingOperation> records;
    std::vector<OperationId> readdressed; // tried again at once
    for (MoveReplay::Item &item : items) {
        const auto known = m_pending.find(item.record.id);
        if (!known || !*known)
            continue; // Given up meanwhile.
        store::PendingOperation record = **known;
        // Its messages have other UIDs meanwhile, or their folder another name: what was refused meant the old ones.
        if (item.isReaddressed(record) && !isFinished(item)) {
            readdressed.push_back(record.id);
            continue;
        }
        if (const auto now = MoveOperation::fromBytes(record.kind, record.payload); item.isReaddressed(record) && now)
            followNames(item.operation, item.progress, *now);
        else
            record.payload = item.operation.toBytes();
        record.progress = item.progress == MoveProgress() ? QByteArray() : item.progress.toBytes();
        const bool isOver = isFinished(item);
        const auto gone = isOver ? whatWasGone(item) : std::nullopt;
        const bool hasMoved = !item.progress.done.empty();
        if (isOver || !splits)
            ++record.attempts;
        if (isOver ? gone && !hasMoved : isRefused && !splits)
            record.state = store::OperationState::Failed;
        else if (isOver)
            record.state = store::OperationState::Done;
        else if (!result && !isOffline && !splits)
            record.nextAttemptAt = m_environment.clock.wall().toMSecsSinceEpoch() + pauseAfter(record.attempts).count();
        record.error = gone ? gone->userText : isOver || result ? QString() : result.error().userText;
        if (record.state == store::OperationState::Failed)
            qCWarning(logSync) << "parked:" << record.error;
        records.push_back(std::move(record));
    }
    state.isAlone = splits && readdressed.empty();
    state.isPostponed = isOffline && readdressed.empty();
    std::uint64_t asked = 0;
    for (const MoveReplay::Item &item : items)
        asked += item.progress.inFlight.count();
    state.noteLost(result, replay.hasBegun(), asked);
    const auto finished = finishMoves(replay, records);
    if (!finished) {
        qCWarning(logSync) << finished.error();
        state.isPostponed = true; // It is looked for again, but not at once, and for ever while the disk is full.
    }
    bool isLaid = finished && *finished;
    for (const store::PendingOperation &record : records) {
        if (record.state == store::OperationState::Queued)
            continue;
        const auto resolved = resolveFollowers(account, record);
        if (!resolved)
            qCWarning(logSync) << resolved.error();
        isLaid = isLaid && resolved && !*resolved;
    }
    if (!isLaid)
        laid(account, lay(account));
    for (const MoveReplay::Item &item : items) {
        const auto known = m_pending.find(item.record.id);
        const auto now = known && *known ? (*known)->state : store::OperationState::Done;
        const bool isAgain = std::find(readdressed.begin(), readdressed.end(), item.record.id) != readdressed.end();
        if ((!splits && !isAgain) || now != store::OperationState::Queued)
            tell(item.record.id, now);
    }
    prune();
    recount();
}

/** Makes true what the journal and the cache say of messages that have moved, and then takes off what hid them. */
Result<bool> Journal::finishMoves(MoveReplay &replay, std::vector<store::PendingOperation> &records)
{
    const std::vector<MoveReplay::Item> &items = replay.items();
    const AccountId account = items.front().record.account;
    std::vector<Relocation> relocations;
    for (const MoveReplay::Item &item : items) {
        for (Relocation &relocation : relocationsOf(item.operation, item.progress))
            relocations.push_back(std::move(relocation));
    }
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    std::vector<store::PendingOperation> updated = records;
    std::vector<store::PendingOperation> added;
    for (store::PendingOperation operation : *all) {
        const bool isOwn = std::any_of(records.begin(), records.end(), [&](const store::PendingOperation &record) {
            return record.id == operation.id;
        });
        if (!isOwn && !relocations.empty() && relocate(operation, relocations, added))
            updated.push_back(std::move(operation));
    }
    // What brings marks back is in the operation that they were split off from, for all of them.
    for (store::PendingOperation &part : added) {
        if (part.kind == QLatin1String(FlagOperation::kind))
            part.undo.clear();
    }
    auto written = m_pending.replace(updated, added);
    if (!written)
        return failure(std::move(written.error()));

    const auto source = placeOf(account, items.front().operation.source, items.front().operation.uidValidity);
    if (!source)
        return failure(source.error());
    imap::UidSet away;
    for (const MoveReplay::Item &item : items) {
        imap::UidSet mine = item.progress.settled();
        if (!mail::takesAway(item.operation.kind))
            mine = item.progress.gone;
        mine.subtract(item.progress.marked);
        mine.subtract(item.progress.kept);
        away.unite(mine);
    }
    const auto &target = items.front().operation.target;
    const auto place = target ? placeOf(account, *target, replay.arrivalsValidity())
                              : Result<std::optional<MailboxId>>(std::optional<MailboxId>());
    if (!place)
        return failure(place.error());
    if (*source && *source == *place)
        return false;
    auto shown = lay(account, {}, [&](store::CacheTransaction &transaction) -> Result<void> {
        if (*source && !away.isEmpty()) {
            const auto gone = transaction.unlink(**source, items.front().operation.uidValidity, rangesOf(away));
            if (!gone)
                return failure(gone.error());
        }
        if (*place && !replay.arrivals().empty()) {
            auto arrived = insertArrived(m_environment.store, transaction, **place, replay.arrivalsValidity(),
                                         replay.arrivals());
            if (!arrived)
                return arrived;
        }
        return {};
    });
    return shown ? Result<bool>(true) : failure(std::move(shown.error()));
}

/** What waited to know what leader has done can now bring it back. */
Result<bool> Journal::resolveFollowers(AccountId account, const store::PendingOperation &leader)
{
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    bool isAny = false;
    for (const store::PendingOperation &operation : *all) {
        const auto follower
            = operation.state == store::OperationState::Done || !MoveOperation::mayFollow(operation.payload)
            ? std::nullopt
            : MoveOperation::fromBytes(operation.kind, operation.payload);
        if (!follower || follower->follows != leader.id)
            continue;
        isAny = true;
        const auto move = MoveOperation::fromBytes(leader.kind, leader.payload);
        const std::vector<MoveOperation> back
            = move ? reverseOf(*move, MoveProgress::fromBytes(leader.progress)) : std::vector<MoveOperation>();
        if (leader.state == store::OperationState::Failed) {
            // It was to be undone: then it need not be done either.
            if (auto removed = m_pending.remove(leader.id); !removed)
                return failure(removed.error());
        }
        if (back.empty()) {
            if (auto removed = m_pending.remove(operation.id); !removed)
                return failure(removed.error());
            tell(operation.id, store::OperationState::Done);
            continue;
        }
        store::PendingOperation resolved = operation;
        resolved.payload = back.front().toBytes();
        std::vector<store::PendingOperation> others;
        for (std::size_t i = 1; i < back.size(); ++i) {
            others.push_back(resolved);
            others.back().action = actionOf(resolved);
            others.back().payload = back[i].toBytes();
        }
        const auto written = m_pending.replace(std::span(&resolved, 1), others);
        if (!written)
            return failure(written.error());
    }
    return isAny;
}

} // namespace kittiwake::sync

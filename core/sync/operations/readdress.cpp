// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/readdress.h"

#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "core/sync/operations/relocation.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>
#include <set>

namespace kittiwake::sync
{

namespace
{

/** So many messages of one operation are told apart; of more, none is taken along. */
constexpr std::uint64_t mostMessages = 1'000'000;

bool isOpen(const store::PendingOperation &operation)
{
    return operation.state != store::OperationState::Done;
}

bool isFlags(const store::PendingOperation &operation)
{
    return operation.kind == QLatin1String(FlagOperation::kind);
}

/** A move that knows its messages by UID in their mailbox; others are looked for by identity, wherever they are. */
std::optional<MoveOperation> waitingMove(const store::PendingOperation &operation)
{
    if (!isOpen(operation) || !MoveOperation::isKind(operation.kind))
        return std::nullopt;
    auto move = MoveOperation::fromBytes(operation.kind, operation.payload);
    return move && !move->follows.isValid() && !move->searchFrom.isValid() ? move : std::nullopt;
}

bool isAt(const FlagOperation &operation, const MailboxAddress &mailbox)
{
    return operation.mailbox == mailbox.name && operation.uidValidity == mailbox.uidValidity;
}

bool isAt(const MoveOperation &operation, const MailboxAddress &mailbox)
{
    return operation.source == mailbox.name && operation.uidValidity == mailbox.uidValidity;
}

imap::UidSet uidsAt(const store::PendingOperation &operation, const MailboxAddress &mailbox)
{
    imap::UidSet result;
    std::vector<FlagOperation> flags
        = isFlags(operation) ? FlagOperation::listFromBytes(operation.undo) : std::vector<FlagOperation>();
    if (isFlags(operation) && isOpen(operation)) {
        if (auto waiting = FlagOperation::fromBytes(operation.payload))
            flags.push_back(std::move(*waiting));
    }
    for (const FlagOperation &one : flags) {
        for (const FlagGroup &group : one.groups) {
            if (isAt(one, mailbox))
                result.unite(group.uids);
        }
    }
    if (const auto move = waitingMove(operation); move && isAt(*move, mailbox))
        result.unite(move->uids());
    if (!MoveOperation::isKind(operation.kind) || operation.progress.isEmpty())
        return result;
    for (const MovedPart &part : MoveProgress::fromBytes(operation.progress).done) {
        if (part.isVerified && part.mailbox == mailbox.name && part.pairs.validity == mailbox.uidValidity)
            result.unite(imap::UidSet(imap::SequenceSet::fromRanges(part.pairs.destination)));
    }
    return result;
}

/** A number that the server does not use for this mailbox. */
UidValidity otherThan(UidValidity validity)
{
    return validity.value() == UINT32_MAX ? UidValidity(UINT32_MAX - 1) : UidValidity(UINT32_MAX);
}

void park(store::PendingOperation &operation)
{
    operation.state = store::OperationState::Failed;
    operation.nextAttemptAt = 0;
    operation.error
        = QCoreApplication::translate("core",
                                      "The server has made this folder anew, and the messages could not be "
                                      "found in it again. Choose them in the folder once more, or drop this "
                                      "action.");
}

/** One renumbering of one mailbox. */
class Renumbering
{
public:
    Renumbering(const MailboxAddress &before, UidValidity now, std::span<const MovedUid> moved)
        : m_before(before), m_now{before.name, now}, m_moves(moved.begin(), moved.end())
    {
        m_lost = m_before == m_now ? MailboxAddress{before.name, otherThan(now)} : m_before;
        std::sort(m_moves.begin(), m_moves.end(),
                  [](const MovedUid &left, const MovedUid &right) { return left.before < right.before; });
    }

    std::set<OperationId> followed; ///< something waits to bring them back when they are over
    std::vector<store::PendingOperation> changed;
    std::vector<store::PendingOperation> added;

    void take(store::PendingOperation operation)
    {
        const imap::UidSet uids = uidsAt(operation, m_before);
        if (uids.isEmpty())
            return;
        std::vector<store::PendingOperation> parts;
        const bool isUnderWay = takeUnderWay(operation, parts);
        // Under the same UIDVALIDITY it is what was lost that gets another address.
        const Relocation relocation = m_before == m_now
            ? Relocation{m_before.name, m_before.uidValidity, m_lost.name, m_lost.uidValidity, lostOf(uids)}
            : Relocation{m_before.name, m_before.uidValidity, m_now.name, m_now.uidValidity, foundOf(uids)};
        const store::OperationState state = operation.state;
        if (isUnderWay) // Only where its messages have arrived: relocate() must not split the rest again.
            operation.state = store::OperationState::Done;
        const bool isRelocated = !relocation.pairs.empty() && relocate(operation, {relocation}, parts);
        Q_UNUSED(isRelocated) // What was not found is told from the rest by its address.
        operation.state = state;
        // What was found goes on as the operation that it was.
        const auto kept = std::find_if(parts.begin(), parts.end(), [&](const store::PendingOperation &part) {
            return !isUnderWay && isLost(operation) && !isLost(part);
        });
        if (kept != parts.end())
            std::swap(operation.payload, kept->payload);
        finish(operation);
        const auto action = actionOf(operation);
        changed.push_back(std::move(operation));
        for (store::PendingOperation &part : parts) {
            part.action = action;
            part.id = {};
            finish(part);
            added.push_back(std::move(part));
        }
    }

private:
    std::map<Uid, Uid> foundOf(const imap::UidSet &uids) const
    {
        std::map<Uid, Uid> found;
        for (const imap::NumberRange &range : uids.ranges()) {
            auto move = std::lower_bound(m_moves.begin(), m_moves.end(), range.first,
                                         [](const MovedUid &one, auto number) { return one.before.value() < number; });
            for (; move != m_moves.end() && move->before.value() <= range.last; ++move) {
                if (m_before != m_now || move->before == move->now)
                    found.emplace(move->before, move->now);
            }
        }
        return found;
    }
    std::map<Uid, Uid> lostOf(imap::UidSet uids) const
    {
        const std::map<Uid, Uid> found = foundOf(uids);
        std::map<Uid, Uid> lost;
        for (const imap::NumberRange &range : uids.ranges()) {
            for (std::uint64_t number = range.first; number <= range.last && lost.size() < mostMessages; ++number) {
                const Uid uid(static_cast<std::uint32_t>(number));
                if (!found.contains(uid))
                    lost.emplace(uid, uid);
            }
        }
        return lost;
    }
    /** A move that has begun: what is left of it goes on by itself, what may be under way is looked for. */
    bool takeUnderWay(store::PendingOperation &operation, std::vector<store::PendingOperation> &parts)
    {
        auto move = waitingMove(operation);
        if (!move || !isAt(*move, m_before) || operation.progress.isEmpty())
            return false;
        MoveProgress progress = MoveProgress::fromBytes(operation.progress);
        imap::UidSet busy = progress.settled();
        imap::UidSet asked = progress.inFlight;
        asked.unite(progress.copied());
        asked.subtract(busy);
        // What waits to bring it back is told what was done under this number, and not under another one.
        const bool isUndone = followed.contains(operation.id);
        auto goesOn
            = isUndone ? takeWhole(operation, *move, progress, asked) : takeAsked(operation, *move, progress, asked);
        busy.unite(asked);
        if (isUndone)
            leaveToWhoUndoes(*move, progress, asked);
        MoveOperation rest = *move;
        rest.messages.clear();
        std::erase_if(move->messages, [&](const MovedMessage &message) {
            if (busy.contains(message.uid))
                return false;
            rest.messages.push_back(message);
            return true;
        });
        const bool isSplit = !rest.messages.empty();
        if (isSplit) {
            store::PendingOperation part = operation;
            part.payload = rest.toBytes();
            part.progress.clear();
            std::vector<store::PendingOperation> more;
            const imap::UidSet uids = rest.uids();
            const Relocation relocation = m_before == m_now
                ? Relocation{m_before.name, m_before.uidValidity, m_lost.name, m_lost.uidValidity, lostOf(uids)}
                : Relocation{m_before.name, m_before.uidValidity, m_now.name, m_now.uidValidity, foundOf(uids)};
            const bool isRelocated = !relocation.pairs.empty() && relocate(part, {relocation}, more);
            Q_UNUSED(isRelocated)
            parts.push_back(std::move(part));
            parts.insert(parts.end(), more.begin(), more.end());
        }
        if (goesOn && move->messages.empty()) {
            operation = std::move(*goesOn);
            return true;
        }
        if (goesOn)
            parts.push_back(std::move(*goesOn));
        // Of these nothing is left to do, or nobody knows what was done. The address stays: undoing it needs it.
        if (!move->messages.empty()) {
            operation.payload = move->toBytes();
            operation.progress = progress.toBytes();
        }
        if (isUndone || !asked.isEmpty()) // what is done and cannot be undone is soon forgotten
            park(operation);
        else if (isSplit || operation.state != store::OperationState::Failed) // else all of it is parked, and says why
            operation.state = store::OperationState::Done;
        return true;
    }
    /** takeAsked(), where that is all that the operation says: so it keeps its number. */
    std::optional<store::PendingOperation> takeWhole(const store::PendingOperation &operation, MoveOperation &move,
                                                     MoveProgress &progress, imap::UidSet &asked) const
    {
        MoveOperation left = move;
        MoveProgress known = progress;
        imap::UidSet lost = asked;
        auto whole = takeAsked(operation, left, known, lost);
        if (!whole || !left.messages.empty())
            return std::nullopt;
        move = std::move(left);
        progress = std::move(known);
        asked = std::move(lost);
        return whole;
    }
    /**
     * It is undone: what may have arrived is looked for in the target, by who brings it back, and nobody has to be
     * asked what became of it. That leaves asked.
     */
    void leaveToWhoUndoes(const MoveOperation &move, MoveProgress &progress, imap::UidSet &asked) const
    {
        imap::UidSet sent = progress.inFlight;
        sent.subtract(progress.arrived());
        sent.intersect(asked);
        if (mail::takesAway(move.kind)) { // what is still here has not gone
            for (const auto &[before, uid] : foundOf(sent))
                sent.subtract(imap::UidSet(before));
        }
        if (sent.isEmpty() || !move.target || !progress.targetNext.isValid() || !progress.targetValidity.isValid())
            return;
        MovedPart part;
        part.mailbox = *move.target;
        part.pairs.validity = progress.targetValidity;
        part.pairs.source = sent.ranges();
        part.searchFrom = progress.targetNext;
        progress.done.push_back(std::move(part));
        progress.inFlight.subtract(sent);
        asked.subtract(sent);
    }
    /**
     * What may have been copied or moved, or has been copied while its original stays, goes on under the new UIDs where
     * they are known, with what is known of it: it is looked for before it is repeated. It leaves move and asked.
     */
    std::optional<store::PendingOperation> takeAsked(const store::PendingOperation &operation, MoveOperation &move,
                                                     MoveProgress &progress, imap::UidSet &asked) const
    {
        const std::map<Uid, Uid> found = foundOf(asked);
        MoveOperation now = move;
        now.uidValidity = m_now.uidValidity;
        now.messages.clear();
        std::erase_if(move.messages, [&](const MovedMessage &message) {
            const auto place = found.find(message.uid);
            if (place == found.end())
                return false;
            now.messages.push_back(message);
            now.messages.back().uid = place->second;
            return true;
        });
        if (now.messages.empty())
            return std::nullopt;
        const MoveProgress known
            = takeKnown(progress, {m_before.name, m_before.uidValidity, m_now.name, m_now.uidValidity, found});
        for (const auto &[before, uid] : found)
            asked.subtract(imap::UidSet(before));
        store::PendingOperation part = operation;
        part.payload = now.toBytes();
        part.progress = known.toBytes();
        return part;
    }
    [[nodiscard]] bool isLost(const store::PendingOperation &operation) const
    {
        if (const auto move = waitingMove(operation))
            return isAt(*move, m_lost);
        const auto flags
            = isFlags(operation) && isOpen(operation) ? FlagOperation::fromBytes(operation.payload) : std::nullopt;
        return flags && isAt(*flags, m_lost);
    }
    /** One that is meant wherever it is (FlagOperation::sought). */
    static bool seek(store::PendingOperation &operation)
    {
        const auto flags = isFlags(operation) ? FlagOperation::fromBytes(operation.payload) : std::nullopt;
        if (!flags || !flags->sought)
            return false;
        operation.kind = QString::fromLatin1(MarkOperation::kind);
        operation.payload = soughtElsewhere(*flags).toBytes();
        operation.progress.clear();
        operation.state = store::OperationState::Queued;
        operation.nextAttemptAt = 0;
        return true;
    }
    /** Parks what speaks of messages that were not found; of these nothing can be undone either. */
    void finish(store::PendingOperation &operation) const
    {
        const bool lost = isLost(operation);
        if (lost && seek(operation))
            return;
        if (lost)
            park(operation);
        std::vector<FlagOperation> undo
            = isFlags(operation) ? FlagOperation::listFromBytes(operation.undo) : std::vector<FlagOperation>();
        if (undo.empty())
            return;
        if (lost)
            keepOnly(undo, *FlagOperation::fromBytes(operation.payload));
        else
            std::erase_if(undo, [this](const FlagOperation &one) { return isAt(one, m_lost); });
        operation.undo = undo.empty() ? QByteArray() : FlagOperation::listToBytes(undo);
    }
    /** What undoes this operation, of what undid it together with others. */
    void keepOnly(std::vector<FlagOperation> &undo, const FlagOperation &operation) const
    {
        imap::UidSet uids;
        for (const FlagGroup &group : operation.groups)
            uids.unite(group.uids);
        for (FlagOperation &one : undo) {
            for (FlagGroup &group : one.groups) {
                if (isAt(one, m_lost) || isAt(one, m_before))
                    group.uids.intersect(uids);
                else
                    group.uids = {};
            }
            std::erase_if(one.groups, [](const FlagGroup &group) { return group.uids.isEmpty(); });
            one.uidValidity = m_lost.uidValidity;
        }
        std::erase_if(undo, [](const FlagOperation &one) { return one.groups.empty(); });
    }

    MailboxAddress m_before;
    MailboxAddress m_now;
    MailboxAddress m_lost; ///< what was not found says that it is here
    std::vector<MovedUid> m_moves;
};

} // namespace

Result<imap::UidSet> addressedUids(const store::PendingStore &pending, AccountId account, const MailboxAddress &mailbox)
{
    const auto all = pending.list(account);
    if (!all)
        return failure(all.error());
    imap::UidSet result;
    for (const store::PendingOperation &operation : *all)
        result.unite(uidsAt(operation, mailbox));
    return result;
}

Result<void> renumberOperations(store::PendingStore &pending, AccountId account, const MailboxAddress &mailbox,
                                UidValidity now, std::span<const MovedUid> moved)
{
    const auto all = pending.list(account);
    if (!all)
        return failure(all.error());
    Renumbering renumbering(mailbox, now, moved);
    for (const store::PendingOperation &operation : *all) {
        const auto move = waitingMove(operation);
        const auto back = move ? std::nullopt : MoveOperation::fromBytes(operation.kind, operation.payload);
        if (back && back->follows.isValid() && isOpen(operation))
            renumbering.followed.insert(back->follows);
    }
    for (const store::PendingOperation &operation : *all)
        renumbering.take(operation);
    const auto written = pending.replace(renumbering.changed, renumbering.added);
    return written ? Result<void>() : Result<void>(failure(written.error()));
}

} // namespace kittiwake::sync

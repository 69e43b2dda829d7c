// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/movereplay.h"

#include "core/sync/account/accountsync.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

imap::UidSet keysOf(const std::map<Uid, Uid> &pairs)
{
    std::vector<Uid> keys;
    keys.reserve(pairs.size());
    for (const auto &[from, to] : pairs)
        keys.push_back(from);
    return imap::UidSet::fromUids(keys);
}

imap::UidSet without(imap::UidSet set, const imap::UidSet &others)
{
    set.subtract(others);
    return set;
}

imap::UidSet both(imap::UidSet set, const imap::UidSet &others)
{
    set.intersect(others);
    return set;
}

} // namespace

MoveReplay::MoveReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                       std::vector<Item> items, std::function<bool(const imap::UidSet &)> isReferenced)
    : m_environment(environment), m_pending(pending), m_sync(sync), m_items(std::move(items)),
      m_isReferenced(std::move(isReferenced))
{
}

const MovedMessage &MoveReplay::messageOf(const Slot &slot) const
{
    return m_items[slot.item].operation.messages[slot.message];
}

imap::UidSet MoveReplay::uidsOf(const std::vector<Slot> &slots) const
{
    std::vector<Uid> uids;
    uids.reserve(slots.size());
    for (const Slot &slot : slots)
        uids.push_back(messageOf(slot).uid);
    return imap::UidSet::fromUids(uids);
}

std::vector<MoveReplay::Slot> MoveReplay::slotsOf(const std::vector<Slot> &slots, const imap::UidSet &uids) const
{
    std::vector<Slot> result;
    std::copy_if(slots.begin(), slots.end(), std::back_inserter(result),
                 [&](const Slot &slot) { return uids.contains(messageOf(slot).uid); });
    return result;
}

Result<void> MoveReplay::findFolders()
{
    const AccountId account = m_items.front().record.account;
    const auto source = findFolder(m_environment.store, account, first().source);
    if (!source)
        return failure(source.error());
    if (!*source)
        return failure(refusal(first().source,
                               QCoreApplication::translate("core",
                                                           "The folder is not there any more, so its "
                                                           "messages could not be changed.")));
    m_source = **source;
    if (!first().target)
        return {};
    const auto target = findFolder(m_environment.store, account, *first().target);
    if (!target)
        return failure(target.error());
    if (!*target)
        return failure(targetRefusedError(
            Error{ErrorKind::ServerRefused, first().target->text, {}, QStringLiteral("NO [NONEXISTENT] not listed")},
            *first().target));
    m_target = **target;
    return {};
}

async::Task<Result<void>> MoveReplay::run()
{
    const auto folders = findFolders();
    if (!folders)
        co_return failure(folders.error());
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].operation.searchFrom.isValid())
            continue;
        const auto identified = co_await identify(i);
        if (!identified)
            co_return failure(identified.error());
    }
    const auto open = [this] {
        std::uint64_t count = 0;
        for (const Item &item : m_items)
            count += without(item.operation.uids(), item.progress.settled()).count();
        return count;
    };
    for (std::uint64_t left = open(); left > 0;) {
        Chunk chunk = nextChunk();
        // Back where it came from, by way of a folder that would not have it.
        if (m_source == m_target) {
            Found same;
            for (const Slot &slot : chunk.slots)
                same.emplace(messageOf(slot).uid, messageOf(slot).uid);
            settle(chunk.slots, same, Sent{{}, {}, {}, false, false, first().uidValidity, {}}, true);
            originalsHaveGone(uidsOf(chunk.slots));
        } else {
            const auto done = co_await runChunk(std::move(chunk));
            if (!done)
                co_return failure(done.error());
        }
        const std::uint64_t now = open();
        if (now == left)
            co_return failure(ErrorKind::Protocol, first().source.text,
                              QCoreApplication::translate("core",
                                                          "The server does not go on with this. It is tried "
                                                          "again later."));
        left = now;
    }
    co_return Result<void>();
}

/** What may have been under way comes first, each operation by itself: each has asked for its own UIDNEXT. */
MoveReplay::Chunk MoveReplay::nextChunk() const
{
    Chunk chunk;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const Item &item = m_items[i];
        const imap::UidSet asked = without(item.progress.inFlight, item.progress.settled());
        if (asked.isEmpty())
            continue;
        for (std::size_t m = 0; m < item.operation.messages.size(); ++m) {
            if (asked.contains(item.operation.messages[m].uid))
                chunk.slots.push_back({i, m});
        }
        chunk.isAsked = true;
        if (!chunk.slots.empty())
            return chunk;
    }
    chunk.isAsked = false;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const imap::UidSet settled = m_items[i].progress.settled();
        for (std::size_t m = 0; m < m_items[i].operation.messages.size(); ++m) {
            const Uid uid = m_items[i].operation.messages[m].uid;
            if (!uid.isValid() || settled.contains(uid))
                continue;
            chunk.slots.push_back({i, m});
            if (chunk.slots.size() >= largestChunk)
                return chunk;
        }
    }
    return chunk;
}

async::Task<Result<void>> MoveReplay::runChunk(Chunk chunk)
{
    const imap::UidSet uids = uidsOf(chunk.slots);
    const bool hasTarget = m_target.isValid();
    if (chunk.isAsked && hasTarget) {
        const auto looked = co_await lookForAsked(chunk.slots);
        if (!looked)
            co_return looked;
    }
    const imap::UidSet arrivedBefore = arrivedOf(uids);
    if (!takesAway() && without(uids, arrivedBefore).isEmpty())
        co_return Result<void>();
    auto answer = co_await send(chunk.slots, arrivedBefore);
    if (!answer && m_isTargetOther) {
        // Whoever opens it finds out what has become of the one that was meant, and rewrites what waits (note()).
        const auto opened = co_await lookAtTarget();
        if (!opened)
            co_return failure(opened.error());
        answer = co_await send(chunk.slots, arrivedBefore);
    }
    if (!answer)
        co_return failure(answer.error());
    const Sent &sent = *answer;

    const imap::UidSet absent = without(without(uids, sent.present), arrivedBefore);
    if (chunk.isAsked && hasTarget && !absent.isEmpty()) {
        const std::vector<Slot> lost = slotsOf(chunk.slots, absent);
        const auto elsewhere = co_await lookEverywhere(lost);
        if (!elsewhere)
            co_return failure(elsewhere.error());
        settle(chunk.slots, *elsewhere, sent, true);
    }

    // A copy is looked at before its original goes; where the server has moved it, only for what comes later.
    const bool needsProof = takesAway() && !sent.isMoved;
    const bool isWorthIt = sent.sent.count() <= smallChunk || m_isReferenced(sent.sent);
    imap::UidSet unproven = sent.sent;
    if (hasTarget && !sent.sent.isEmpty() && (needsProof || isWorthIt)) {
        const std::vector<Slot> sentSlots = slotsOf(chunk.slots, sent.sent);
        const auto arrived = co_await look(sentSlots, sent.hints, sent.validity, sent.next, Likeness::Lenient);
        if (!arrived)
            co_return failure(arrived.error());
        // From here on they are not copied again, whatever becomes of the copies: only their originals are to go.
        settle(chunk.slots, *arrived, sent, true);
        unproven.subtract(keysOf(*arrived));
    }

    if (!hasTarget && !sent.sent.isEmpty()) {
        const std::vector<Slot> sentSlots = slotsOf(chunk.slots, sent.sent);
        const auto kept = co_await keepLastOnes(sentSlots);
        if (!kept)
            co_return kept;
    }
    imap::UidSet away;
    if (takesAway()) {
        away = hasTarget ? both(sent.present, arrivedOf(uids)) : sent.sent;
        if (sent.isMoved)
            away.subtract(sent.sent);
        for (const Item &item : m_items)
            away.subtract(item.progress.kept);
        if (!away.isEmpty()) {
            const auto taken = co_await takeAway(away);
            if (!taken)
                co_return failure(taken.error());
        }
    }

    const imap::UidSet gone = without(absent, arrivedOf(uids));
    for (Item &item : m_items)
        item.progress.gone.unite(both(gone, item.operation.uids()));
    originalsHaveGone(uids);
    if (!hasTarget || unproven.isEmpty() || (needsProof && sent.mayBePart))
        co_return Result<void>();
    if (needsProof)
        co_return failure(
            refusal(*first().target,
                    QCoreApplication::translate("core",
                                                "The server says that it has copied the messages to “%1”, "
                                                "but they are not there, so they stay where they are.")
                        .arg(first().target->text)));
    // The server has said that it is done; where they are is asked when somebody wants to know.
    Found hinted;
    for (const imap::CopyUidCode &code : sent.hints) {
        for (const auto &[from, to] : pairsOf(code)) {
            if (unproven.contains(from))
                hinted.emplace(from, to);
        }
    }
    for (const Slot &slot : slotsOf(chunk.slots, without(unproven, keysOf(hinted))))
        hinted.emplace(messageOf(slot).uid, Uid());
    settle(chunk.slots, hinted, sent, false);
    originalsHaveGone(uids);
    co_return Result<void>();
}

/** Of these, those that have arrived. */
imap::UidSet MoveReplay::arrivedOf(const imap::UidSet &uids) const
{
    imap::UidSet result;
    for (const Item &item : m_items)
        result.unite(item.progress.arrived());
    result.intersect(uids);
    return result;
}

void MoveReplay::originalsHaveGone(const imap::UidSet &uids)
{
    for (Item &item : m_items)
        item.progress.originalsHaveGone(uids);
}

async::Task<Result<void>> MoveReplay::lookAtTarget()
{
    const auto lease = co_await m_sync.borrow(m_target);
    if (!lease)
        co_return failure(lease.error());
    m_isTargetSeen = true;
    co_return Result<void>();
}

/** found: where the messages of these slots are now; a UID of none where nobody knows. */
void MoveReplay::settle(const std::vector<Slot> &slots, const Found &found, const Sent &sent, bool isVerified)
{
    std::map<std::size_t, Found> byItem;
    for (const Slot &slot : slots) {
        const auto place = found.find(messageOf(slot).uid);
        if (place != found.end())
            byItem[slot.item].insert(*place);
    }
    for (const auto &[index, pairs] : byItem) {
        MoveProgress &progress = m_items[index].progress;
        MovedPart part;
        part.mailbox = *m_items[index].operation.target;
        part.searchFrom = sent.next.isValid() ? sent.next : progress.targetNext;
        part.isVerified = isVerified;
        part.hasOriginal = takesAway();
        const UidValidity validity = isVerified && m_arrivalsValidity.isValid() ? m_arrivalsValidity : sent.validity;
        const bool isKnown
            = std::all_of(pairs.begin(), pairs.end(), [](const auto &pair) { return pair.second.isValid(); });
        part.pairs = codeOf(validity, pairs);
        if (!isKnown)
            part.pairs.destination.clear();
        progress.done.push_back(std::move(part));
        progress.inFlight.subtract(keysOf(pairs));
        if (progress.inFlight.isEmpty())
            progress.others.reset();
    }
}

/** Committed before the command is sent: whoever finds this after a crash looks before doing it again. */
Result<void> MoveReplay::note(const std::vector<Slot> &slots, const Sent &sent, bool isCopied)
{
    std::map<std::size_t, std::vector<Slot>> byItem;
    for (const Slot &slot : slots)
        byItem[slot.item].push_back(slot);
    std::vector<std::pair<OperationId, QByteArray>> notes;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        MoveProgress &progress = m_items[i].progress;
        const auto mine = byItem.find(i);
        if (mine == byItem.end())
            continue;
        progress.inFlight = uidsOf(mine->second);
        progress.targetValidity = sent.validity;
        progress.targetNext = sent.next;
        progress.others.reset();
        // What MOVE has not done is still in the source, wherever the other one is; a copy leaves no such trace.
        if (isCopied) {
            if (auto others = noteOthers(progress, mine->second); !others)
                return others;
        }
        // Read again: it may have been undone or given up meanwhile.
        const auto record = m_pending.find(m_items[i].record.id);
        if (!record)
            return failure(record.error());
        if (!*record)
            return failure(ErrorKind::Cancelled, first().source.text,
                           QCoreApplication::translate("core", "This was given up."));
        if (m_items[i].isReaddressed(**record))
            return failure(ErrorKind::Cancelled, first().source.text,
                           QCoreApplication::translate("core", "The folder has changed on the server meanwhile."));
        notes.emplace_back(m_items[i].record.id, progress.toBytes());
    }
    auto noted = m_pending.setProgress(notes);
    return noted;
}

void MoveReplay::keep(std::vector<mail::MessageHeader> headers, UidValidity validity, const Found &found)
{
    if (validity != m_arrivalsValidity) {
        m_arrivals.clear();
        m_arrivalsValidity = validity;
    }
    std::vector<Uid> places;
    for (const auto &[from, to] : found)
        places.push_back(to);
    std::sort(places.begin(), places.end());
    for (mail::MessageHeader &header : headers) {
        if (std::binary_search(places.begin(), places.end(), header.uid))
            m_arrivals.push_back(std::move(header));
    }
}

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/mailboxsync/flight.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <algorithm>

/** How open() finds out what the cache lacks: the three ways of RFC 7162, and the plain one. */
namespace kittiwake::sync
{

async::Task<Result<void>> MailboxSync::compare(SyncPlan plan, const imap::SelectResult &selected, LocalMailbox local)
{
    Comparison comparison = plan.comparison;
    const Uid next = selected.mailbox.uidNext;
    m_knownBelow = next.isValid() ? std::max(next, local.uidNext) : Uid();
    if (comparison == Comparison::Told || comparison == Comparison::ChangedSince) {
        Result<bool> enough;
        if (comparison == Comparison::Told) {
            m_outcome.path = QStringLiteral("qresync");
            enough = takeTold(selected, local);
        } else {
            m_outcome.path = QStringLiteral("condstore");
            enough = co_await compareSince(local);
        }
        if (!enough)
            co_return failure(enough.error());
        if (*enough)
            co_return Result<void>();
        // What the server told does not add up to what it has: look at everything.
        logFullResync(m_unseenTold ? FullResyncReason::UnknownMessage : FullResyncReason::AnswerIncomplete,
                      m_outcome.path);
        m_comparesAll = true;
        comparison = Comparison::UidsAndFlags;
    }
    Result<void> compared;
    if (comparison == Comparison::None) {
        m_outcome.path = m_state.highestModSeq.isValid() ? QStringLiteral("condstore") : QStringLiteral("plain");
        m_open = true;
    } else if (comparison == Comparison::Uids) {
        m_outcome.path = QStringLiteral("full");
        compared = co_await compareUids(plan.newestFirst);
    } else {
        m_outcome.path = QStringLiteral("plain");
        compared = co_await compareFlags();
    }
    co_return compared;
}

Result<bool> MailboxSync::takeTold(const imap::SelectResult &selected, const LocalMailbox &local)
{
    for (const imap::FetchData &data : selected.changed) {
        if (!data.uid.isValid())
            continue;
        if (data.uid >= local.uidNext)
            m_missing.add(data.uid);
        else if (data.flags)
            m_comparing.push_back({data.uid, *data.flags, data.modseq});
    }
    m_missing.subtract(selected.vanished);
    return finishTold(rangesOf(selected.vanished));
}

/** Takes what was told as changes. False: it cannot be all, or not right. */
Result<bool> MailboxSync::finishTold(const std::vector<store::UidRange> &gone)
{
    m_unseenTold = false;
    for (const store::FlagUpdate &update : m_comparing) {
        const auto known = m_store.findUid(m_mailbox, update.uid);
        if (!known)
            return failure(known.error());
        m_unseenTold = m_unseenTold || !*known;
    }
    if (const auto finished = finishComparison(gone); !finished)
        return failure(finished.error());
    const auto enough = addsUp();
    if (!enough)
        return failure(enough.error());
    return *enough && !m_unseenTold;
}

async::Task<Result<bool>> MailboxSync::compareSince(LocalMailbox local)
{
    const imap::UidSet known = imap::UidSet::range(Uid(1), Uid(local.uidNext.value() - 1));
    imap::FetchItems items;
    items.flags = true;
    addLabelItems(items);
    const imap::FetchSink sink = [this](imap::FetchedMessage &&message) {
        if (message.flags)
            m_comparing.push_back({message.uid, *message.flags, message.modseq});
        takeLabels(message);
    };
    const imap::FetchModifiers since{local.highestModSeq, false};
    m_isComparing = true;
    const auto fetched = co_await m_client.fetch(known, items, sink, since);
    if (!fetched)
        co_return failure(fetched.error());
    const std::vector<imap::SearchKey> arrivals{imap::SearchKey::uids(imap::UidSet::from(local.uidNext))};
    const auto found = co_await m_client.search(arrivals);
    if (!found)
        co_return failure(found.error());
    m_missing = *found;
    // "n:*" names the last message even when its UID is below n.
    m_missing.subtract(known);
    harvest(fetched->vanished);
    std::vector<store::UidRange> gone;
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        co_return failure(cached.error());
    const auto selected = m_client.selected();
    if (selected && *cached + static_cast<std::int64_t>(m_missing.count()) != std::int64_t{selected->exists}) {
        const auto goneUids = co_await findGone();
        if (!goneUids)
            co_return failure(goneUids.error());
        gone = *goneUids;
    }
    co_return finishTold(gone);
}

/** Asks for the UIDs of all messages: what the cache has besides is gone. */
async::Task<Result<std::vector<store::UidRange>>> MailboxSync::findGone()
{
    // Read before it is asked: what another connection, or the journal, puts into the cache meanwhile may be younger
    // than the answer.
    const auto cached = m_store.uids(m_mailbox);
    if (!cached)
        co_return failure(cached.error());
    const std::vector<imap::SearchKey> everything{imap::SearchKey::all()};
    const auto found = co_await m_client.search(everything);
    if (!found)
        co_return failure(found.error());
    std::vector<Uid> gone;
    std::copy_if(cached->begin(), cached->end(), std::back_inserter(gone),
                 [&found](Uid uid) { return !found->contains(uid); });
    Result<std::vector<store::UidRange>> proven = co_await provenGone(std::move(gone));
    co_return proven;
}

/**
 * Messages that came after the SELECT, by another connection, need not be in this one's view of the mailbox yet. NOOP
 * brings it up to date (RFC 9051 section 7.4.1: EXISTS is told with it at the latest); what is not there then, although
 * it was in the cache before, has gone.
 */
async::Task<Result<std::vector<store::UidRange>>> MailboxSync::provenGone(std::vector<Uid> gone)
{
    const bool mayBeNew = m_knownBelow.isValid()
        && std::any_of(gone.begin(), gone.end(), [this](Uid uid) { return uid >= m_knownBelow; });
    if (mayBeNew) {
        const auto asked = co_await m_client.noop();
        if (!asked)
            co_return failure(asked.error());
        const std::vector<imap::SearchKey> everything{imap::SearchKey::all()};
        const auto found = co_await m_client.search(everything);
        if (!found)
            co_return failure(found.error());
        std::erase_if(gone, [&found](Uid uid) { return found->contains(uid); });
    }
    co_return rangesOf(gone);
}

/** Whether cache and headers to come are as many as the server has messages. */
Result<bool> MailboxSync::addsUp()
{
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        return failure(cached.error());
    const auto selected = m_client.selected();
    return selected && *cached + static_cast<std::int64_t>(m_missing.count()) == std::int64_t{selected->exists};
}

async::Task<void> MailboxSync::searchAll(async::Completion<Result<imap::UidSet>> done)
{
    const std::vector<imap::SearchKey> everything{imap::SearchKey::all()};
    auto found = co_await m_client.search(everything, imap::SearchEnd::Told);
    done.complete(std::move(found));
}

async::Task<Result<void>> MailboxSync::compareUids(bool newestFirst)
{
    m_isComparing = true;
    // In this order on the wire: the page that is waited for, the question, and work for the server while the answer
    // to it is looked at.
    if (newestFirst)
        launchNewest();
    const async::Completion<Result<imap::UidSet>> answer(m_clock);
    m_scope.start(searchAll(answer));
    if (newestFirst)
        launchNext();
    const auto found = co_await answer;
    if (!found)
        co_return failure(found.error());
    m_missing = *found;
    for (const auto &flight : m_flights) { // launchNewest(), launchNext()
        flight->limitTo(*found);
        m_missing.subtract(flight->uids());
    }
    const auto finished = finishComparison({});
    co_return finished;
}

async::Task<Result<void>> MailboxSync::compareFlags()
{
    auto cached = m_store.uidsAndFlags(m_mailbox);
    if (!cached)
        co_return failure(cached.error());
    FlagComparison comparison(std::move(*cached));
    imap::FetchItems items;
    items.flags = true;
    addLabelItems(items);
    const imap::UidSet all = imap::UidSet::all();
    const imap::FetchSink sink = [this, &comparison](imap::FetchedMessage &&message) {
        takeLabels(message);
        if (auto update = comparison.take(message))
            m_comparing.push_back(std::move(*update));
    };
    m_isComparing = true;
    const auto fetched = co_await m_client.fetch(all, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    harvest(fetched->vanished);

    m_missing = comparison.unknown();
    std::vector<Uid> gone = comparison.unseen();
    // A server that leaves messages out of its answer has not deleted them. Ask once more before anything goes.
    const auto selected = m_client.selected();
    if (!gone.empty() && (!selected || comparison.answered() != selected->exists)) {
        const std::vector<imap::SearchKey> everything{imap::SearchKey::all()};
        const auto found = co_await m_client.search(everything);
        if (!found)
            co_return failure(found.error());
        std::erase_if(gone, [&found](Uid uid) { return found->contains(uid); });
    }
    const auto proven = co_await provenGone(std::move(gone));
    if (!proven)
        co_return failure(proven.error());
    const auto finished = finishComparison(*proven);
    co_return finished;
}

Result<void> MailboxSync::finishComparison(const std::vector<store::UidRange> &ranges)
{
    m_open = true;
    m_isComparing = false;
    if (!m_missing.isEmpty())
        m_state.uidNext = std::max(m_state.uidNext, Uid(m_missing.largest().value() + 1));
    std::vector<Uid> removed;
    std::vector<Uid> changed;
    auto written = m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        if (!ranges.empty()) {
            auto done = transaction.unlink(m_mailbox, m_state.uidValidity, ranges);
            if (!done)
                return failure(done.error());
            removed = std::move(*done);
        }
        if (auto done = relinkMissing(transaction); !done)
            return done;
        if (!m_comparing.empty()) {
            auto done = transaction.setFlags(m_mailbox, m_state.uidValidity, m_comparing);
            if (!done)
                return failure(done.error());
            changed = std::move(*done);
        }
        m_state.complete = m_missing.isEmpty() && m_flights.empty();
        return writeState(transaction);
    });
    m_comparing.clear();
    if (!written)
        return written;
    if (auto labelled = storeLabels(); !labelled)
        return labelled;
    if (auto told = dropOutOfWindow(removed); !told)
        return told;
    m_outcome.removed += static_cast<std::int64_t>(removed.size());
    m_outcome.changed += static_cast<std::int64_t>(changed.size());
    report(WatchEvent::Kind::Removed, removed);
    report(WatchEvent::Kind::Changed, changed);
    std::vector<Uid> back;
    for (const imap::NumberRange &range : m_relinked.ranges()) {
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
            back.push_back(Uid(static_cast<std::uint32_t>(uid)));
    }
    m_outcome.added += static_cast<std::int64_t>(back.size());
    report(WatchEvent::Kind::Added, back);
    return {};
}

/** What is missing, but was here before it seemed gone, is not fetched again. */
Result<void> MailboxSync::relinkMissing(store::CacheTransaction &transaction)
{
    if (m_missing.isEmpty())
        return {};
    auto unlinked = transaction.unlinkedUids(m_mailbox, m_state.uidValidity);
    if (!unlinked)
        return failure(std::move(unlinked.error()));
    std::erase_if(*unlinked, [this](Uid uid) { return !m_missing.contains(uid); });
    if (unlinked->empty())
        return {};
    const auto back = transaction.relink(m_mailbox, m_state.uidValidity, rangesOf(*unlinked));
    if (!back)
        return failure(back.error());
    m_relinked = imap::UidSet::fromUids(*back);
    m_missing.subtract(m_relinked);
    return {};
}

/** The flags of messages that turned up again may have changed while they were away. */
async::Task<Result<void>> MailboxSync::refreshRelinked()
{
    imap::FetchItems items;
    items.flags = true;
    addLabelItems(items);
    std::vector<store::FlagUpdate> updates;
    const imap::FetchSink sink = [this, &updates](imap::FetchedMessage &&message) {
        if (message.flags)
            updates.push_back({message.uid, *message.flags, message.modseq});
        takeLabels(message);
    };
    const imap::UidSet relinked = std::exchange(m_relinked, {});
    const auto fetched = co_await m_client.fetch(relinked, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    const auto written = m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        const auto done = transaction.setFlags(m_mailbox, m_state.uidValidity, updates);
        return done ? Result<void>() : Result<void>(failure(done.error()));
    });
    if (!written)
        co_return written;
    co_return storeLabels();
}

} // namespace kittiwake::sync

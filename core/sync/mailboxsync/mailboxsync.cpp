// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/mailboxsync.h"

#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/mailboxsync/flight.h"
#include "core/sync/mailboxsync/foundagain.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

constexpr int selectAttempts = 3;

} // namespace

MailboxSync::MailboxSync(Clock &clock, imap::Client &client, store::CacheStore &store, MailboxId mailbox,
                         mail::MailboxName name, MailboxHooks hooks)
    : m_clock(clock), m_client(client), m_store(store), m_mailbox(mailbox), m_name(std::move(name)),
      m_hooks(std::move(hooks)), m_pieceReady(clock)
{
}

MailboxSync::~MailboxSync() = default;

/** What the store knows of the mailbox now; also taken over as m_state. */
Result<LocalMailbox> MailboxSync::readLocal()
{
    const auto state = m_store.state(m_mailbox);
    if (!state)
        return failure(state.error());
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        return failure(cached.error());
    m_state = state->value_or(store::MailboxState{});
    return LocalMailbox{m_state.uidValidity, m_state.uidNext, m_state.highestModSeq, m_state.complete, *cached,
                        m_state.doubtful,    m_state.objectId};
}

RemoteMailbox MailboxSync::remoteMailbox(const imap::SelectedMailbox &selected, SyncWay way)
{
    RemoteMailbox remote{selected.uidValidity, selected.uidNext, selected.highestModSeq, std::int64_t{selected.exists}};
    if (store::isObjectId(selected.mailboxId))
        remote.objectId = selected.mailboxId;
    if (selected.uidNotSticky)
        remote.uidValidity = {};
    if (way == SyncWay::Plain)
        remote.highestModSeq = {}; // told nevertheless, by servers whose CONDSTORE is not to be trusted
    return remote;
}

SyncWay MailboxSync::chooseWay(const LocalMailbox &local, bool full) const
{
    if (!full && local.canBeTold() && m_client.isEnabled("QRESYNC"))
        return SyncWay::QResync;
    const bool hasModSeq = m_client.capabilities().has("CONDSTORE") || m_client.capabilities().has("QRESYNC");
    return hasModSeq ? SyncWay::CondStore : SyncWay::Plain;
}

imap::SelectMode MailboxSync::selectMode(const LocalMailbox &local, SyncWay way) const
{
    imap::SelectMode mode;
    if (way != SyncWay::QResync)
        return mode;
    mode.qresync = imap::QResyncParameters{local.uidValidity, local.highestModSeq, {}, {}, {}};
    if (m_client.quirks().vanishedNeedsLimit)
        mode.qresync->knownUids = imap::UidSet::range(Uid(1), Uid(UINT32_MAX));
    return mode;
}

async::Task<Result<void>> MailboxSync::open(bool full)
{
    m_scope.cancelAll();
    m_flights.clear();
    m_pieceReady.set(); // whoever waits for one finds none
    m_firstPageAsked = false;
    m_missing = {};
    m_comparing.clear();
    m_labels.clear();
    m_open = false;
    m_isComparing = false;
    m_recheck = false;
    m_arrived = false;
    m_resync = false;
    m_relinked = {};
    m_isPass = true;

    // Before SELECT: what has arrived after this STATUS is in the comparison, below its UIDNEXT or above.
    imap::MailboxStatusData counted;
    if (m_client.quirks().selectWithoutUidNext) {
        const imap::StatusItems items{imap::StatusItem::UidNext, imap::StatusItem::UidValidity};
        const auto status = co_await m_client.status(m_name, items);
        if (!status)
            co_return failure(status.error());
        counted = *status;
    }

    // Where another connection has been at work in this mailbox meanwhile, the answer may be older than the cache,
    // which would look like a server that went back: it is asked once more.
    LocalMailbox local;
    SyncAsked asked{full, SyncWay::Plain};
    imap::SelectResult selected;
    for (int attempt = 0; attempt < selectAttempts; ++attempt) {
        const auto before = readLocal();
        if (!before)
            co_return failure(before.error());
        asked.way = chooseWay(*before, full);
        const imap::SelectMode mode = selectMode(*before, asked.way);
        m_recheck = false;
        // Before it is sent: the answer is true as of some moment since, and it may be long on its way.
        m_provenAt = m_clock.wall().toMSecsSinceEpoch();
        auto answer = co_await m_client.select(m_name, mode);
        if (!answer)
            co_return failure(answer.error());
        selected = std::move(*answer);
        const auto after = readLocal();
        if (!after)
            co_return failure(after.error());
        local = *after;
        if (local == *before)
            break;
        local.uidNext = {}; // nothing that the answer could contradict
        local.highestModSeq = {};
        if (asked.way == SyncWay::QResync)
            asked.way = SyncWay::CondStore; // what was told is about another state
    }
    RemoteMailbox remote = remoteMailbox(selected.mailbox, asked.way);
    if (!remote.uidNext.isValid() && counted.uidValidity == remote.uidValidity)
        remote.uidNext = counted.uidNext;
    SyncPlan plan = planSync(local, remote, asked);
    const bool wasTold = asked.way == SyncWay::QResync && (!selected.changed.empty() || !selected.vanished.isEmpty());
    if (plan.comparison == Comparison::None && wasTold)
        plan.comparison = Comparison::Told; // whatever its counters say
    else if (plan.comparison == Comparison::Told && !explainsCounters(selected, local, remote))
        plan.comparison = Comparison::ChangedSince; // asked in so many words
    // News that came before there was a state to apply it to: only a comparison that starts now includes it. The same
    // where more was told than could be taken in.
    if ((m_recheck && (plan.comparison == Comparison::None || plan.comparison == Comparison::Told))
        || (plan.comparison == Comparison::Told && selected.tooManyChanges))
        plan.comparison = Comparison::UidsAndFlags;
    m_needsListing
        = plan.isRenumbered() && plan.full != FullResyncReason::UidsNotKept && !local.doubtful && !m_hooks.isListed;
    if (m_needsListing)
        co_return failure(ErrorKind::Cancelled, m_name.text, fullResyncReasonText(*plan.full));
    // Other UIDs are no other messages: what is found again is not fetched again.
    FoundAgain again;
    if (plan.isRenumbered() && local.cached > 0 && remote.exists > 0) {
        auto found = co_await findAgain(local.uidValidity, remote.uidValidity);
        if (found)
            again = std::move(*found);
        else if (found.error().kind != ErrorKind::ServerRefused || !m_client.isConnected())
            co_return failure(found.error());
        const auto isStill = planAgain(local, remote, asked, plan);
        if (!isStill)
            co_return failure(isStill.error());
        if (!*isStill)
            again = {};
        if (full)
            again.kept.clear();
        if (!again.kept.empty()) {
            plan.comparison = Comparison::UidsAndFlags;
            plan.newestFirst = false;
        }
    }
    if (const auto adopted = adopt(remote, plan, again); !adopted)
        co_return failure(adopted.error());
    const auto news = findNews(local, plan);
    if (!news)
        co_return failure(news.error());
    m_newsFrom = *news;
    if (m_hooks.selected)
        m_hooks.selected();
    auto compared = co_await compare(plan, selected, local);
    if (!again.kept.empty())
        m_outcome.path = QStringLiteral("full");
    if (compared && !m_relinked.isEmpty())
        compared = co_await refreshRelinked();
    co_return compared;
}

/**
 * From which UID on messages have arrived since the cache was last looked after, as against those that a first sync
 * still has to bring; none where everything is the first sync's. By what the cache holds and not by its UIDNEXT, which
 * is ahead of it while a connection that was lost meanwhile left arrivals behind.
 */
Result<Uid> MailboxSync::findNews(const LocalMailbox &local, const SyncPlan &plan) const
{
    if (plan.forgets() || !local.uidValidity.isValid())
        return Uid();
    const auto bounds = m_store.uidBounds(m_mailbox);
    if (!bounds)
        return failure(bounds.error());
    if (*bounds)
        return Uid((*bounds)->last.value() + 1);
    return local.complete ? local.uidNext : Uid();
}

void MailboxSync::apply(const imap::MailboxUpdate &update)
{
    if (const auto *arrived = std::get_if<imap::Arrived>(&update)) {
        m_state.messages = arrived->exists;
        m_arrived = true;
        wake();
    } else if (const auto *vanished = std::get_if<imap::Vanished>(&update)) {
        onVanished(*vanished);
    } else if (const auto *flags = std::get_if<imap::FlagsChanged>(&update)) {
        onFlags(*flags);
    } else if (const auto *inconsistent = std::get_if<imap::Inconsistent>(&update)) {
        distrust(FullResyncReason::Contradiction, inconsistent->reason);
    }
}

void MailboxSync::onVanished(const imap::Vanished &vanished)
{
    if (vanished.unknown > 0)
        distrust(FullResyncReason::Contradiction, QStringLiteral("messages went whose UID was never told"));
    m_state.messages = vanished.exists;
    harvest(vanished.uids);
    if (m_resync || m_error)
        wake();
}

/** Whatever VANISHED came with: these are not there. */
void MailboxSync::harvest(const imap::UidSet &gone)
{
    if (gone.isEmpty())
        return;
    m_missing.subtract(gone);
    for (const auto &flight : m_flights)
        flight->remove(gone);
    if (!m_open && !m_isComparing) {
        m_recheck = true;
        return;
    }
    const std::vector<store::UidRange> ranges = rangesOf(gone);
    std::vector<Uid> removed;
    noteError(m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        auto done = transaction.unlink(m_mailbox, m_state.uidValidity, ranges);
        if (!done)
            return failure(done.error());
        removed = std::move(*done);
        return writeState(transaction);
    }));
    noteError(dropOutOfWindow(removed));
    m_outcome.removed += static_cast<std::int64_t>(removed.size());
    report(WatchEvent::Kind::Removed, removed);
}

void MailboxSync::onFlags(const imap::FlagsChanged &flags)
{
    if (flags.unknown > 0)
        distrust(FullResyncReason::Contradiction, QStringLiteral("flags changed of messages whose UID was never told"));
    std::vector<store::FlagUpdate> updates;
    for (const imap::FlagChange &change : flags.changes) {
        for (const auto &flight : m_flights)
            flight->batch().updateFlags(change.uid, change.flags, change.modseq);
        updates.push_back({change.uid, change.flags, change.modseq});
    }
    if (m_isComparing) {
        // Behind the differences found so far, so that the newest word wins when they are written.
        m_comparing.insert(m_comparing.end(), updates.begin(), updates.end());
    } else if (!m_open) {
        m_recheck = true;
    } else {
        std::vector<Uid> changed;
        noteError(m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
            auto done = transaction.setFlags(m_mailbox, m_state.uidValidity, updates);
            if (!done)
                return failure(done.error());
            changed = std::move(*done);
            if (changed.empty())
                return {};
            // News of a message is news of it under all its labels. Only what is told as it happens: an answer to a
            // comparison may be older than what another mailbox has told since.
            if (hasLabels()) {
                auto shared = transaction.shareFlags(m_mailbox, changed);
                if (!shared)
                    return shared;
            }
            return writeState(transaction);
        }));
        m_outcome.changed += static_cast<std::int64_t>(changed.size());
        report(WatchEvent::Kind::Changed, changed);
    }
    if (m_resync || m_error)
        wake();
}

Result<void> MailboxSync::confirm()
{
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        return failure(cached.error());
    if (!m_arrived && !m_resync) {
        // Messages without a usable header are missing for good: once all was compared, that many may be.
        const std::int64_t lacking = m_state.messages - *cached;
        if (m_comparesAll && m_isPass) {
            m_lacking = lacking;
            if (lacking != 0)
                qCInfo(logSync) << "mailbox" << m_mailbox << "cannot be had as a whole; lacking:" << lacking;
        } else if (lacking != m_lacking) {
            distrust(FullResyncReason::CountDiffers, QString::number(lacking));
        }
    }
    // Only what the server itself calls the highest, after all that it told: the largest MODSEQ of a FETCH may be ahead
    // of changes that it has still to tell.
    const auto selected = m_client.selected();
    if (!m_resync && selected && selected->name == m_name && m_state.highestModSeq.isValid())
        m_state.highestModSeq = std::max(m_state.highestModSeq, selected->highestModSeq);
    const bool isTrue = !m_resync;
    const bool endsPass = std::exchange(m_isPass, false) && isTrue;
    if (isTrue)
        m_state.syncedAt = m_provenAt / 1000;
    return m_store.write([this, endsPass](store::CacheTransaction &transaction) -> Result<void> {
        if (endsPass) {
            auto ended = transaction.endPass(m_mailbox);
            if (!ended)
                return ended;
        }
        return writeState(transaction);
    });
}

/** What is cached is compared as a whole by the next open(), also in another run of the program. */
void MailboxSync::distrust(FullResyncReason reason, const QString &detail)
{
    logFullResync(reason, detail);
    m_state.complete = false;
    m_resync = true;
    if (m_open)
        noteError(m_store.write([this](store::CacheTransaction &transaction) { return writeState(transaction); }));
    wake();
}

void MailboxSync::logFullResync(FullResyncReason reason, const QString &detail) const
{
    qCInfo(logSync).noquote() << "full resync of mailbox" << m_mailbox << fullResyncReasonText(reason) << detail;
}

void MailboxSync::proved(std::int64_t askedAt)
{
    m_provenAt = askedAt;
    // Otherwise whoever brings what is missing confirms it then.
    if (isComplete() && !m_resync && !m_error)
        noteError(confirm());
    if (m_error)
        wake();
}

/** Sees to it that the counts in the row are those of the cache as soon as that knows better than the server's STATUS.
 */
Result<void> MailboxSync::writeState(store::CacheTransaction &transaction)
{
    if (m_state.complete) {
        const auto unseen = m_store.countUnseen(m_mailbox);
        if (!unseen)
            return failure(unseen.error());
        m_state.unseen = *unseen;
    }
    return transaction.setState(m_mailbox, m_state);
}

void MailboxSync::report(WatchEvent::Kind kind, const std::vector<Uid> &uids) const
{
    if (!uids.empty() && m_hooks.changed)
        m_hooks.changed(kind, uids);
}

void MailboxSync::wake() const
{
    if (m_hooks.wake)
        m_hooks.wake();
}

void MailboxSync::noteError(const Result<void> &result)
{
    if (result)
        return;
    // Another connection has begun the mailbox anew under another UIDVALIDITY: what is told here is about other UIDs.
    if (result.error().kind == ErrorKind::Protocol)
        m_resync = true;
    else
        m_error = result.error();
}

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/mailboxsync.h"

#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/mailboxsync/flight.h"

#include <algorithm>

namespace kittiwake::sync
{

MailboxSync::MailboxSync(Clock &clock, imap::Client &client, store::CacheStore &store, MailboxId mailbox,
                         mail::MailboxName name, MailboxHooks hooks)
    : m_clock(clock), m_client(client), m_store(store), m_mailbox(mailbox), m_name(std::move(name)),
      m_hooks(std::move(hooks)), m_pieceReady(clock)
{
}

MailboxSync::~MailboxSync() = default;

async::Task<Result<void>> MailboxSync::open(bool full)
{
    m_scope.cancelAll();
    m_flights.clear();
    m_pieceReady.set(); // whoever waits for one finds none
    m_firstPageAsked = false;
    m_missing = {};
    m_comparing.clear();
    m_open = false;
    m_recheck = false;
    m_arrived = false;
    m_resync = false;

    const auto state = m_store.state(m_mailbox);
    if (!state)
        co_return failure(state.error());
    m_state = state->value_or(store::MailboxState{});
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        co_return failure(cached.error());
    const LocalMailbox local{m_state.uidValidity, m_state.uidNext, m_state.highestModSeq, m_state.complete, *cached};
    imap::SelectMode mode;
    const bool qresync = !full && local.canBeTold() && m_client.isEnabled("QRESYNC");
    if (qresync)
        mode.qresync = imap::QResyncParameters{local.uidValidity, local.highestModSeq, {}, {}, {}};

    const auto selected = co_await m_client.select(m_name, mode);
    if (!selected)
        co_return failure(selected.error());
    const imap::SelectedMailbox &remote = selected->mailbox;
    SyncPlan plan
        = planSync(local, {remote.uidValidity, remote.uidNext, remote.highestModSeq, std::int64_t{remote.exists}},
                   {full, qresync});
    // News that came before there was a state to apply it to: only a comparison that starts now includes it.
    if (m_recheck && (plan.comparison == Comparison::None || plan.comparison == Comparison::Told))
        plan.comparison = Comparison::UidsAndFlags;
    if (const auto adopted = adopt(remote, plan); !adopted)
        co_return failure(adopted.error());
    m_outcome.reset = plan.reset;
    const auto news = findNews(local, plan);
    if (!news)
        co_return failure(news.error());
    m_newsFrom = *news;
    if (m_hooks.selected)
        m_hooks.selected();
    const auto compared = co_await compare(plan.comparison, *selected, local);
    co_return compared;
}

/**
 * From which UID on messages have arrived since the cache was last looked after, as against those that a first sync
 * still has to bring; none where everything is the first sync's. By what the cache holds and not by its UIDNEXT, which
 * is ahead of it while a connection that was lost meanwhile left arrivals behind.
 */
Result<Uid> MailboxSync::findNews(const LocalMailbox &local, const SyncPlan &plan) const
{
    if (plan.reset || !local.uidValidity.isValid())
        return Uid();
    const auto bounds = m_store.uidBounds(m_mailbox);
    if (!bounds)
        return failure(bounds.error());
    if (*bounds)
        return Uid((*bounds)->last.value() + 1);
    return local.complete ? local.uidNext : Uid();
}

Result<void> MailboxSync::adopt(const imap::SelectedMailbox &selected, const SyncPlan &plan)
{
    // A server that keeps no UIDVALIDITY promises nothing about tomorrow: the largest number stands for "this session",
    // and planSync() sees another value next time.
    const UidValidity validity = selected.uidValidity.isValid() ? selected.uidValidity : UidValidity(UINT32_MAX);
    const bool isFirst = !m_state.uidValidity.isValid();
    if (plan.reset)
        qCInfo(logSync) << "full resync of mailbox" << m_mailbox << fullResyncReasonText(*plan.reset);
    return m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        if (plan.reset || isFirst) {
            if (auto done = transaction.resetMailbox(m_mailbox, validity); !done)
                return done;
            const std::int64_t unseen = m_state.unseen;
            m_state = store::MailboxState{};
            m_state.unseen = unseen;
            m_state.uidValidity = validity;
        }
        m_state.messages = selected.exists;
        m_state.uidNext = std::max(m_state.uidNext, selected.uidNext);
        m_state.highestModSeq = selected.highestModSeq;
        if (plan.comparison != Comparison::None)
            m_state.complete = false;
        else if (selected.exists == 0)
            m_state.complete = true;
        return writeState(transaction);
    });
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
        qCWarning(logSync) << "the server contradicted itself about mailbox" << m_mailbox << inconsistent->reason;
        m_resync = true;
        wake();
    }
}

void MailboxSync::onVanished(const imap::Vanished &vanished)
{
    if (vanished.unknown > 0)
        m_resync = true;
    m_state.messages = vanished.exists;
    m_missing.subtract(vanished.uids);
    for (const auto &flight : m_flights)
        flight->remove(vanished.uids);
    if (!m_open && !m_isComparing) {
        m_recheck = true;
    } else {
        std::vector<store::UidRange> ranges;
        for (const imap::NumberRange &range : vanished.uids.ranges())
            ranges.push_back({Uid(range.first), Uid(range.last)});
        std::vector<Uid> removed;
        noteError(m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
            auto done = transaction.remove(m_mailbox, m_state.uidValidity, ranges);
            if (!done)
                return failure(done.error());
            removed = std::move(*done);
            return writeState(transaction);
        }));
        m_outcome.removed += static_cast<std::int64_t>(removed.size());
        report(WatchEvent::Kind::Removed, removed);
    }
    if (m_resync || m_error)
        wake();
}

void MailboxSync::onFlags(const imap::FlagsChanged &flags)
{
    if (flags.unknown > 0)
        m_resync = true;
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
            return changed.empty() ? Result<void>() : writeState(transaction);
        }));
        m_outcome.changed += static_cast<std::int64_t>(changed.size());
        report(WatchEvent::Kind::Changed, changed);
    }
    if (m_resync || m_error)
        wake();
}

Result<void> MailboxSync::confirm()
{
    m_state.syncedAt = m_clock.wall().toSecsSinceEpoch();
    return m_store.write([this](store::CacheTransaction &transaction) { return writeState(transaction); });
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
    if (!result)
        m_error = result.error();
}

} // namespace kittiwake::sync

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"

/** What the server tells without being asked (NOTIFY), and when everything is asked for. */
namespace kittiwake::sync
{

void AccountSync::onReport(const imap::ServerReport &report)
{
    if (const auto *status = std::get_if<imap::MailboxStatusData>(&report)) {
        onStatus(*status);
    } else if (const auto *list = std::get_if<imap::ListData>(&report)) {
        // Nobody renames so many mailboxes between two listings; what is found by its counters needs no such hint.
        constexpr std::size_t mostRenames = 1000;
        if (list->oldName && m_renames.size() < mostRenames)
            m_renames.push_back({*list->oldName, list->mailbox});
        wantSweep(); // one LIST tells the whole tree, whatever was done to it
    } else if (const auto *lost = std::get_if<imap::ReportsLost>(&report)) {
        qCInfo(logSync) << m_account.email << "could not tell all news" << (lost->stopped ? "and has stopped" : "");
        m_notifyLost = m_notifyLost || lost->stopped;
        wantSweep();
    }
}

/** Counts that may be incomplete: what is told and differs from the cache is news. */
void AccountSync::onStatus(const imap::MailboxStatusData &status)
{
    const auto mailbox = m_environment.store.findMailbox(m_account.id, status.mailbox);
    if (!mailbox)
        return;
    if (!*mailbox) {
        wantSweep();
        return;
    }
    const MailboxId id = **mailbox;
    if (m_side.hasOpen(id)) {
        leaveToSide(id, status);
        return;
    }
    const auto state = m_environment.store.state(id);
    const auto cached = m_environment.store.countMessages(id);
    if (!state || !cached || !*state)
        return;
    if (!bringsNews(status, **state, *cached))
        return;
    if (status.messages && status.unseen) {
        const auto counted
            = storeCounts(m_environment.store, {{id, status.mailbox, mail::MailboxRole::None, true, status}});
        if (!counted)
            qCWarning(logSync) << counted.error();
    }
    enqueue(id, id == m_inbox);
    wakeBoth();
}

/**
 * The side line hears the news of its mailbox itself, but maybe later (Dovecot's IDLE waits half a second), and by then
 * it may have gone to another one, or be lost: what it should have heard is looked at again when it has left.
 */
void AccountSync::leaveToSide(MailboxId mailbox, const imap::MailboxStatusData &status)
{
    const auto [known, isNew] = m_leftToSide.try_emplace(mailbox, status);
    if (isNew)
        return;
    // NOTIFY tells what has changed only (RFC 5465 section 5.2). The part of an older answer that stays may be out of
    // date, and costs a visit then.
    imap::MailboxStatusData &kept = known->second;
    const auto take = [](auto &to, const auto &from) {
        if (from)
            to = from;
    };
    take(kept.messages, status.messages);
    take(kept.unseen, status.unseen);
    take(kept.highestModSeq, status.highestModSeq);
    if (status.uidNext.isValid())
        kept.uidNext = status.uidNext;
    if (status.uidValidity.isValid())
        kept.uidValidity = status.uidValidity;
}

void AccountSync::sideHasLeft(MailboxId mailbox)
{
    const auto kept = m_leftToSide.extract(mailbox);
    if (!kept.empty())
        onStatus(kept.mapped());
}

void AccountSync::wantSweep()
{
    m_sweepWanted = true;
    m_main.wake();
}

void AccountSync::armSweep()
{
    m_environment.clock.cancel(m_sweepTimer);
    const Clock::Duration interval = m_main.isNotified() ? safetySweepInterval : sweepInterval;
    m_sweepTimer = m_environment.clock.callAfter(interval, [this] {
        m_sweepTimer = 0;
        wantSweep();
    });
}

} // namespace kittiwake::sync

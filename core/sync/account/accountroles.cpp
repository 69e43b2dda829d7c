// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/async/awaiters.h"
#include "core/sync/account/accountsync.h"

#include <utility>

/** Which line does what. */
namespace kittiwake::sync
{

std::optional<MailboxId> AccountSync::nextWork(Role role) const
{
    for (const Wish &wish : m_wishes) {
        if (takesUrgent(role, wish.mailbox) && !m_queue.isClaimed(wish.mailbox))
            return wish.mailbox;
    }
    if (m_openNeedsSync && takesUrgent(role, m_openMailbox) && !m_queue.isClaimed(m_openMailbox))
        return m_openMailbox;
    if (role == Role::Main || m_staysConnected) {
        if (const auto next = m_queue.next([this, role](const Job &job) { return takesJob(role, job); }))
            return next;
    }
    const MailboxId home = homeOf(role);
    const Line &own = role == Role::Main ? m_main : m_side;
    if (home.isValid() && own.isConnected() && !own.hasOpen(home) && !m_deferred.contains(home))
        return home;
    return std::nullopt;
}

bool AccountSync::takesJob(Role role, const Job &job) const
{
    switch (mode()) {
    case Mode::Alone:
        return role == Role::Main;
    case Mode::Split:
        return (role == Role::Main) == (job.mailbox == m_inbox);
    case Mode::Notified:
        if (job.mailbox == m_inbox)
            return role == Role::Main;
        return role == Role::Main ? !job.isFirstSync : (job.isFirstSync || isMainHeldUp());
    }
    return false;
}

/** It will not be free for another mailbox soon. A visit is over within a few round trips. */
bool AccountSync::isMainHeldUp() const
{
    return m_mainTakesLong || m_main.isLent();
}

/** Who does what a person waits for. */
bool AccountSync::takesUrgent(Role role, MailboxId mailbox) const
{
    if (!m_staysConnected)
        return role == Role::Side;
    switch (mode()) {
    case Mode::Alone:
        return role == Role::Main;
    case Mode::Split:
        return role == Role::Side;
    case Mode::Notified:
        if (isFirstSync(mailbox))
            return role == Role::Side;
        return role == Role::Main || isMainHeldUp();
    }
    return false;
}

/** Only what nextWork() would choose then: else the line would begin the same mailbox again at once, and so on. */
bool AccountSync::hasUrgentWork(Role role, MailboxId current) const
{
    for (const Wish &wish : m_wishes) {
        if (takesUrgent(role, wish.mailbox) && (wish.mailbox == current || !m_queue.isClaimed(wish.mailbox)))
            return wish.mailbox != current;
    }
    return m_openNeedsSync && m_openMailbox != current && takesUrgent(role, m_openMailbox)
        && !m_queue.isClaimed(m_openMailbox);
}

/** A first sync ends early, to go on later: something is urgent, or this line is to close. */
bool AccountSync::makesWay(Role role, MailboxId mailbox) const
{
    const bool isSide = role == Role::Side;
    if (isSide && m_staysConnected && m_guests->count > 0)
        return true;
    return (isSide || mode() == Mode::Alone) && hasUrgentWork(role, mailbox);
}

/** The mailbox that a line watches when there is nothing to do; none: it watches all, or closes. */
MailboxId AccountSync::homeOf(Role role) const
{
    const MailboxId open = m_openMailbox != m_inbox ? m_openMailbox : MailboxId();
    switch (mode()) {
    case Mode::Notified:
        return {};
    case Mode::Split:
        return role == Role::Main ? m_inbox : m_staysConnected ? open : MailboxId();
    case Mode::Alone:
        return role == Role::Side || m_main.isNotified() ? MailboxId() : open.isValid() ? open : m_inbox;
    }
    return {};
}

bool AccountSync::isFirstSync(MailboxId mailbox) const
{
    const auto state = m_environment.store.state(mailbox);
    return !state || !*state || !(*state)->complete;
}

namespace
{

async::Task<bool> waitFor(async::Event event)
{
    co_await event;
    co_return true;
}

} // namespace

async::Task<Guest> AccountSync::makeRoom()
{
    if (!m_staysConnected)
        co_return Guest(); // then there is a connection only for what a person waits for
    Guest guest(m_guests);
    wakeBoth();
    if (m_side.isConnected() || m_side.isConnecting()) {
        const async::Event gone(m_environment.clock);
        m_guests->waiting.push_back(gone);
        // From here on the account may have gone.
        const auto waited = co_await async::withTimeout(m_environment.clock, guestWaits, waitFor(gone));
        Q_UNUSED(waited) // A server that is slow to say goodbye holds nobody up.
    }
    co_return guest;
}

void AccountSync::sideHasGone() const
{
    for (const async::Event &waiting : std::exchange(m_guests->waiting, {}))
        waiting.complete({});
}

/** What was left to the main line meanwhile may be the side line's again. */
void AccountSync::guestHasLeft()
{
    wantOpenMailbox();
    if (nextWork(Role::Side))
        ensureSideLine();
    wakeBoth();
}

} // namespace kittiwake::sync

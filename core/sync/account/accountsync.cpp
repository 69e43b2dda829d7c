// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"

#include "core/imap/session/trouble.h"
#include "core/sync/account/hearnews.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** The cache has messages of the open mailbox that client has not been told of. */
bool isBehind(const imap::Client &client, const store::CacheStore &store, MailboxId mailbox)
{
    const auto selected = client.selected();
    const auto state = store.state(mailbox);
    return selected && selected->uidNext.isValid() && state && *state && (*state)->uidNext > selected->uidNext;
}

} // namespace

AccountSync::AccountSync(const Environment &environment, accounts::Account account, AccountHandlers handlers)
    : m_environment(environment), m_account(std::move(account)), m_handlers(std::move(handlers)),
      m_main(environment, m_account), m_side(environment, m_account)
{
    m_status.account = m_account.id;
    m_guests->left = [this] { guestHasLeft(); };
    m_main.setReportHandler([this](const imap::ServerReport &report) { onReport(report); });
    m_side.setLeftHandler([this](MailboxId mailbox) { sideHasLeft(mailbox); });
    if (environment.surroundings != nullptr)
        m_subscription = environment.surroundings->subscribe([this](Event event) { surroundingsChanged(event); });
}

AccountSync::~AccountSync()
{
    m_guests->left = {};
    sideHasGone();
    if (m_subscription != 0)
        m_environment.surroundings->unsubscribe(m_subscription);
    m_environment.clock.cancel(m_sweepTimer);
    m_environment.clock.cancel(m_ringTimer);
    m_environment.clock.cancel(m_latelyTimer);
    for (const auto &[mailbox, deferred] : m_deferred)
        m_environment.clock.cancel(deferred.timer);
    failWishes(Error{
        ErrorKind::Cancelled, m_account.email, QCoreApplication::translate("core", "The account was closed."), {}});
}

void AccountSync::start()
{
    if (m_staysConnected)
        return;
    m_staysConnected = true;
    m_scope.start(runMain());
}

void AccountSync::setOpenMailbox(MailboxId mailbox)
{
    m_openName.reset();
    if (mailbox == m_openMailbox)
        return;
    m_openMailbox = mailbox;
    m_openNeedsSync = mailbox.isValid() && mailbox != m_inbox;
    if (m_openNeedsSync && takesUrgent(Role::Side, mailbox))
        ensureSideLine();
    wakeBoth();
}

void AccountSync::setOpenMailboxByName(const mail::MailboxName &name)
{
    m_openName = name;
    resolveOpenName();
}

void AccountSync::resolveOpenName()
{
    if (!m_openName)
        return;
    const auto found = m_environment.store.findMailbox(m_account.id, *m_openName);
    if (found && *found)
        setOpenMailbox(**found);
}

/** The line that watched the mailbox on screen is gone: what came meanwhile is looked for, and it is watched again. */
void AccountSync::wantOpenMailbox()
{
    if (homeOf(Role::Side).isValid())
        m_openNeedsSync = true;
}

void AccountSync::checkNow()
{
    ++m_retriesAsked;
    m_sweepWanted = true;
    m_ring.setDue(true);
    wakeBoth();
}

void AccountSync::wakeBoth()
{
    m_main.wake();
    m_side.wake();
}

AccountSync::Mode AccountSync::mode() const
{
    const bool mayHaveTwo
        = m_connectionLimit >= 2 && m_guests->count == 0 && m_environment.clock.monotonic() >= m_oneConnectionUntil;
    if (!mayHaveTwo)
        return Mode::Alone;
    return m_main.isNotified() ? Mode::Notified : Mode::Split;
}

/**
 * After sleep, or in another network, connections are mostly dead without having been told so, and mail has come that
 * nobody told about: each is asked for a sign of life, and made again at once where there is none.
 */
void AccountSync::surroundingsChanged(Event event)
{
    if (event == Event::NetworkLost || !m_staysConnected)
        return;
    ++m_retriesAsked;
    m_sweepWanted = true;
    m_ring.setDue(true);
    for (Line *one : {&m_main, &m_side}) {
        one->giveUpConnecting();
        one->probe(probeLimit);
    }
    wakeBoth();
}

/** Waits until the next attempt to connect, or until it makes sense again. */
async::Task<void> AccountSync::pauseAfter(Error error, Backoff &backoff, Role role)
{
    Line &own = line(role);
    if (own.age() >= steadyAfter)
        backoff.reset();
    const imap::Trouble trouble = imap::troubleOf(error);
    const Clock::Duration now = m_environment.clock.monotonic();
    if (trouble.tooManyConnections) {
        m_oneConnectionUntil = now + fewerConnectionsFor;
        if (role == Role::Side) {
            // The main line does it all; nothing is wrong that a person should hear of.
            wakeBoth();
            co_return;
        }
        m_side.drop();
    }
    tell(WatchEvent::Kind::Error, {}, {}, error.userText);
    if (error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls || error.kind == ErrorKind::Input) {
        setState(AccountStatus::State::NeedsUser, error);
        const int asked = m_retriesAsked;
        while (asked == m_retriesAsked)
            co_await own.signal().wait();
        co_return;
    }
    Clock::Duration pause = backoff.next();
    if (trouble.isThrottled) {
        pause = std::max<Clock::Duration>(pause, trouble.pause.value_or(std::chrono::minutes(1)));
        m_throttledUntil = now + pause;
        m_throttledBy = error;
    }
    setState(AccountStatus::State::Waiting, error, m_environment.clock.wall().toMSecsSinceEpoch() + pause.count());
    const int asked = m_retriesAsked;
    while (true) {
        // What the other line was told counts for this one too. Who asked for a pause gets it, whoever is in a hurry.
        const Clock::Duration until = std::max(now + pause, m_throttledUntil);
        const Clock::Duration time = m_environment.clock.monotonic();
        const bool isAsked = asked != m_retriesAsked;
        const bool isHurried = isAsked || (role == Role::Side && !m_wishes.empty());
        if (time >= until || (isHurried && time >= m_throttledUntil)) {
            if (isAsked)
                backoff.reset();
            co_return;
        }
        co_await own.signal().waitFor(until - time);
    }
}

async::Task<Result<Lease>> AccountSync::borrow(MailboxId mailbox)
{
    for (Line *one : {&m_main, &m_side}) {
        if (!one->hasOpen(mailbox))
            continue;
        Lease lease = one->lend();
        // What the other line was told of does not exist for this one yet: STORE and FETCH would pass it over, and say
        // OK (RFC 9051 sections 5.2 and 7.4.1).
        const imap::Client *client = lease.client();
        if (client != nullptr && isBehind(*client, m_environment.store, mailbox)) {
            const auto asked = co_await hearNews(lease);
            if (!asked)
                co_return failure(asked.error());
        }
        co_return Result<Lease>(std::move(lease));
    }
    if (m_throttledBy && m_environment.clock.monotonic() < m_throttledUntil)
        co_return failure(*m_throttledBy);
    const async::Completion<Result<Lease>> done(m_environment.clock);
    m_wishes.push_back({mailbox, done});
    if (takesUrgent(Role::Side, mailbox))
        ensureSideLine();
    wakeBoth();
    Result<Lease> lease = co_await done;
    co_return lease;
}

void AccountSync::refresh(MailboxId mailbox)
{
    if (m_staysConnected)
        enqueue(mailbox);
}

void AccountSync::foldersChanged()
{
    if (m_staysConnected)
        wantSweep();
}

} // namespace kittiwake::sync

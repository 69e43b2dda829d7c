// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"

#include <QCoreApplication>

#include <algorithm>

/** The work line: what is to be done on it, in which order, and for whom. */
namespace kittiwake::sync
{

void AccountSync::ensureWorkLine()
{
    if (m_workLineRuns)
        return;
    m_workLineRuns = true;
    m_scope.start(runWorkLine());
}

async::Task<void> AccountSync::runWorkLine()
{
    Backoff backoff(m_environment.random);
    while (true) {
        if (!hasWork()) {
            if (!m_workLine.isConnected()) {
                co_await m_workLine.signal().wait();
            } else {
                const bool woken = co_await m_workLine.signal().waitFor(workLineLinger);
                if (!woken)
                    m_workLine.disconnect();
            }
            continue;
        }
        Result<void> result;
        if (!m_workLine.isConnected())
            result = co_await m_workLine.connect();
        if (result) {
            backoff.reset();
            result = co_await workSession();
        }
        m_workBusy = false;
        if (!result) {
            m_workLine.disconnect();
            failWishes(result.error());
            if (hasWork())
                co_await pauseAfter(result.error(), backoff, m_workLine);
        }
    }
}

async::Task<Result<void>> AccountSync::workSession()
{
    while (true) {
        const std::optional<MailboxId> work = nextWork();
        if (!work) {
            m_workBusy = false;
            settle();
            if (!m_workLine.hasOpen(m_openMailbox) || !m_staysConnected)
                co_return Result<void>();
            const std::function<bool()> otherWork
                = [this] { return nextWork().has_value() || !m_workLine.hasOpen(m_openMailbox); };
            const auto followed = co_await follow(m_workLine, otherWork);
            if (!followed)
                co_return failure(followed.error());
            continue;
        }
        const MailboxId mailbox = *work;
        const std::optional<mail::MailboxName> name = nameOf(mailbox);
        if (!name) {
            giveUp(mailbox);
            failWishes(Error{ErrorKind::Input,
                             m_account.email,
                             QCoreApplication::translate("core", "This folder is not there any more."),
                             {}},
                       mailbox);
            continue;
        }
        m_workBusy = true;
        const auto synced = co_await syncOn(m_workLine, mailbox, *name);
        if (!synced) {
            // One mailbox that cannot be opened must not keep the others waiting.
            if (synced.error().kind != ErrorKind::ServerRefused || !m_workLine.isConnected())
                co_return failure(synced.error());
            tell(WatchEvent::Kind::Error, name->text, {}, synced.error().userText);
            giveUp(mailbox);
            failWishes(synced.error(), mailbox);
            continue;
        }
        if (*synced)
            finishWork(mailbox);
    }
}

bool AccountSync::hasWork() const
{
    if (nextWork())
        return true;
    return m_staysConnected && m_openMailbox.isValid() && m_openMailbox != m_inbox && m_workLine.isConnected();
}

std::optional<MailboxId> AccountSync::nextWork() const
{
    if (!m_wishes.empty())
        return m_wishes.front().mailbox;
    if (m_openNeedsSync)
        return m_openMailbox;
    if (!m_queue.empty())
        return m_queue.front();
    if (m_staysConnected && m_openMailbox.isValid() && m_openMailbox != m_inbox && !m_workLine.hasOpen(m_openMailbox))
        return m_openMailbox;
    return std::nullopt;
}

bool AccountSync::hasUrgentWork(MailboxId current) const
{
    if (!m_wishes.empty())
        return m_wishes.front().mailbox != current;
    return m_openNeedsSync && m_openMailbox != current;
}

void AccountSync::enqueue(MailboxId mailbox)
{
    if (std::find(m_queue.begin(), m_queue.end(), mailbox) == m_queue.end())
        m_queue.push_back(mailbox);
}

void AccountSync::finishWork(MailboxId mailbox)
{
    std::erase(m_queue, mailbox);
    if (mailbox == m_openMailbox)
        m_openNeedsSync = false;
}

/** Also where it is the one on screen: it would be tried for ever. The person's next click tries again. */
void AccountSync::giveUp(MailboxId mailbox)
{
    finishWork(mailbox);
    if (mailbox == m_openMailbox)
        m_openMailbox = {};
}

void AccountSync::failWishes(const Error &error, MailboxId only)
{
    // Completing a wish may not add another within this call: awaiting flows go on in a later turn.
    std::erase_if(m_wishes, [&](const Wish &wish) {
        if (only.isValid() && wish.mailbox != only)
            return false;
        wish.done.complete(failure(error));
        return true;
    });
}

void AccountSync::grantWishes(const Line &line, MailboxId mailbox)
{
    std::erase_if(m_wishes, [&](const Wish &wish) {
        if (wish.mailbox != mailbox)
            return false;
        wish.done.complete(Result<Lease>(line.lend()));
        return true;
    });
}

async::Task<Result<Lease>> AccountSync::borrow(MailboxId mailbox)
{
    for (Line *line : {&m_inboxLine, &m_workLine}) {
        if (line->hasOpen(mailbox))
            co_return Result<Lease>(line->lend());
    }
    const async::Completion<Result<Lease>> done(m_environment.clock);
    m_wishes.push_back({mailbox, done});
    ensureWorkLine();
    m_workLine.wake();
    Result<Lease> lease = co_await done;
    co_return lease;
}

} // namespace kittiwake::sync

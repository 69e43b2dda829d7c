// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"

#include <QCoreApplication>

#include <algorithm>

/** What is done on a line: mailboxes that may have changed, those that a person waits for, and watching. */
namespace kittiwake::sync
{

namespace
{

/** A timer of a coroutine: it goes with the frame, also when that is destroyed while it waits. */
class Alarm
{
public:
    Alarm(Clock &clock, Clock::Duration delay, std::function<void()> callback)
        : m_clock(clock), m_id(clock.callAfter(delay, std::move(callback)))
    {
    }
    Alarm(const Alarm &) = delete;
    Alarm &operator=(const Alarm &) = delete;
    ~Alarm() { m_clock.cancel(m_id); }

private:
    Clock &m_clock;
    Clock::TimerId m_id;
};

} // namespace

void AccountSync::ensureSideLine()
{
    if (m_sideLineRuns)
        return;
    m_sideLineRuns = true;
    m_scope.start(runSide());
}

async::Task<void> AccountSync::runSide()
{
    Backoff backoff(m_environment.random);
    while (true) {
        // A mailbox on screen is watched as long as the line is there, but alone it is not worth connecting for.
        if (!nextWork(Role::Side) && !(m_side.isConnected() && homeOf(Role::Side).isValid())) {
            if (!m_side.isConnected()) {
                sideHasGone();
                co_await m_side.signal().wait();
                continue;
            }
            bool isOver = mode() == Mode::Alone;
            if (!isOver) {
                const bool woken = co_await m_side.signal().waitFor(sideLineLinger);
                isOver = !woken || mode() == Mode::Alone;
            }
            if (isOver) {
                m_side.disconnect();
                m_main.wake(); // what was left undone here may be its work now
            }
            continue;
        }
        Result<void> result;
        if (!m_side.isConnected())
            result = co_await m_side.connect();
        if (result)
            result = co_await serve(Role::Side);
        m_sideIsBusy = false;
        m_queue.release(Role::Side);
        if (!result) {
            // What failed on a connection that is still there would fail again at once.
            if (!m_side.isConnected() || (m_side.mailbox() != nullptr && m_side.mailbox()->error()))
                m_side.disconnect();
            wantOpenMailbox();
            // Where two connections are too many, the other line grants them.
            if (!m_main.isConnected() || mode() != Mode::Alone)
                failWishes(result.error());
            if (nextWork(Role::Side))
                co_await pauseAfter(result.error(), backoff, Role::Side);
            if (mode() == Mode::Alone)
                m_main.wake();
        }
    }
}

/** Does what there is to do; the main line ends only with an error, the side line when there is nothing more to do. */
async::Task<Result<void>> AccountSync::serve(Role role)
{
    Line &own = line(role);
    while (true) {
        if (own.lost())
            co_return failure(*own.lost());
        Result<void> done;
        if (role == Role::Main && m_notifyLost) {
            m_notifyLost = false;
            done = co_await askNotify();
            m_sweepWanted = true;
        } else if (role == Role::Main && m_sweepWanted) {
            done = co_await sweep(true);
        } else if (const auto mailbox = nextWork(role)) {
            done = co_await work(role, *mailbox);
        } else if (role == Role::Main && m_ring.isDue()) {
            done = co_await ringStep();
        } else if (role == Role::Main && m_latelyDue) {
            done = co_await askAgain();
        } else {
            settle();
            if (role == Role::Side && own.mailbox() == nullptr && !homeOf(Role::Side).isValid())
                co_return Result<void>();
            done = co_await rest(role);
        }
        if (!done)
            co_return failure(done.error());
    }
}

/** Brings one mailbox up to date. Errors are those of the connection; what is wrong with the mailbox is dealt with. */
async::Task<Result<void>> AccountSync::work(Role role, MailboxId mailbox)
{
    Line &own = line(role);
    const std::optional<mail::MailboxName> name = nameOf(mailbox);
    if (!name) {
        giveUp(mailbox);
        failWishes(Error{ErrorKind::Input,
                         m_account.email,
                         QCoreApplication::translate("core", "This folder is not there any more."),
                         {}},
                   mailbox);
        // What is open here of it would ask for the same work again and again.
        if (own.mailbox() != nullptr && own.mailbox()->mailbox() == mailbox) {
            const auto left = co_await own.leave();
            co_return left;
        }
        co_return Result<void>();
    }
    bool &busy = role == Role::Main ? m_mainIsBusy : m_sideIsBusy;
    busy = true;
    // Also what a person waits for stands in the queue while it is done, so that the other line leaves it alone.
    m_queue.add(mailbox, isFirstSync(mailbox));
    m_queue.claim(mailbox, role);
    m_mainTakesLong = m_mainTakesLong || (role == Role::Main && isFirstSync(mailbox));
    if (role == Role::Main && m_main.isNotified() && std::find(m_left.begin(), m_left.end(), *name) == m_left.end())
        m_left.push_back(*name);
    if (mailbox == m_openMailbox && m_openNeedsSync)
        (role == Role::Main ? m_mainKeptUntil : m_sideKeptUntil) = m_environment.clock.monotonic() + selectionLinger;
    const MailboxHooks hooks = hooksFor(role, mailbox, *name);
    const auto synced = co_await own.bringUpToDate(mailbox, *name, false, hooks);
    busy = false;
    if (role == Role::Main)
        m_mainTakesLong = false;
    m_queue.release(role);
    if (synced) {
        if (*synced)
            finishWork(mailbox);
        co_return Result<void>();
    }
    // One mailbox that cannot be opened must not keep the others waiting.
    if (synced.error().kind != ErrorKind::ServerRefused || !own.isConnected())
        co_return failure(synced.error());
    tell(WatchEvent::Kind::Error, name->text, {}, synced.error().userText);
    giveUp(mailbox);
    tryLater(mailbox);
    failWishes(synced.error(), mailbox);
    co_return Result<void>();
}

/** Until there is something to do. */
async::Task<Result<void>> AccountSync::rest(Role role)
{
    Line &own = line(role);
    if (const MailboxId home = homeOf(role); home.isValid()) {
        MailboxSync *mailbox = own.mailbox();
        if (mailbox == nullptr || mailbox->mailbox() != home) {
            // It would not open: nothing can be watched here until it does.
            co_await own.signal().wait();
            co_return Result<void>();
        }
        const auto followed = co_await follow(own, mailbox);
        co_return followed;
    }
    // Somebody has read a message here a moment ago and may read the next one.
    Clock::Duration &keptUntil = role == Role::Main ? m_mainKeptUntil : m_sideKeptUntil;
    if (MailboxSync *mailbox = own.mailbox()) {
        if (own.isLent())
            keptUntil = m_environment.clock.monotonic() + selectionLinger;
        const auto left = keptUntil - m_environment.clock.monotonic();
        const bool isInTheWay = role == Role::Side && m_guests->count > 0 && !own.isLent();
        if (left > Clock::Duration::zero() && !isInTheWay) {
            const Alarm alarm(m_environment.clock, left, [&own] { own.wake(); });
            const auto followed = co_await follow(own, mailbox);
            co_return followed;
        }
    }
    if (role == Role::Side) {
        const auto left = co_await own.leave();
        co_return left;
    }
    if (own.mailbox() != nullptr || !m_left.empty()) {
        const auto left = co_await leaveMain();
        co_return left;
    }
    own.watchAll();
    if (!own.lost())
        co_await own.signal().wait();
    co_return Result<void>();
}

/** Watches the open mailbox and follows what the server says about it, until the line is woken for something else. */
async::Task<Result<void>> AccountSync::follow(Line &own, MailboxSync *mailbox)
{
    if (mailbox->error())
        co_return failure(*mailbox->error());
    if (mailbox->needsResync()) {
        enqueue(mailbox->mailbox(), true);
        if (nextWork(&own == &m_main ? Role::Main : Role::Side))
            co_return Result<void>();
        // The other line does such work, and what is open here is not followed any more.
        const auto left = co_await own.leave();
        co_return left;
    }
    if (mailbox->needsCatchUp()) {
        const auto caught = co_await mailbox->catchUp();
        if (!caught)
            co_return failure(caught.error());
        const auto confirmed = mailbox->confirm();
        co_return confirmed;
    }
    own.watch();
    co_await own.signal().wait();
    co_return Result<void>();
}

void AccountSync::enqueue(MailboxId mailbox, bool first)
{
    m_queue.add(mailbox, isFirstSync(mailbox), first);
    const bool isForSide = m_queue.next([this](const Job &job) { return takesJob(Role::Side, job); }).has_value();
    if (isForSide && m_staysConnected)
        ensureSideLine();
    wakeBoth();
}

void AccountSync::finishWork(MailboxId mailbox)
{
    m_queue.finish(mailbox);
    if (const auto deferred = m_deferred.find(mailbox); deferred != m_deferred.end()) {
        m_environment.clock.cancel(deferred->second.timer);
        m_deferred.erase(deferred);
    }
    if (mailbox == m_openMailbox)
        m_openNeedsSync = false;
}

/** Also where it is the one on screen: it would be tried for ever. The person's next click tries again. */
void AccountSync::giveUp(MailboxId mailbox)
{
    m_queue.finish(mailbox);
    if (mailbox == m_openMailbox) {
        m_openNeedsSync = false;
        m_openMailbox = {};
    }
}

/** A mailbox that is locked, or not available now (RFC 5530), is tried again after a minute, two, four … an hour. */
void AccountSync::tryLater(MailboxId mailbox)
{
    constexpr int mostDoublings = 6;
    Deferred &deferred = m_deferred[mailbox];
    m_environment.clock.cancel(deferred.timer);
    const Clock::Duration pause = std::chrono::minutes(1) * (1 << std::min(deferred.attempts++, mostDoublings));
    deferred.timer = m_environment.clock.callAfter(pause, [this, mailbox] {
        m_deferred[mailbox].timer = 0;
        enqueue(mailbox);
        wakeBoth();
    });
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

std::optional<mail::MailboxName> AccountSync::nameOf(MailboxId mailbox) const
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row || !*row || (*row)->account != m_account.id || !(*row)->selectable || (*row)->isProvisional)
        return std::nullopt;
    return (*row)->name;
}

MailboxHooks AccountSync::hooksFor(Role role, MailboxId mailbox, const mail::MailboxName &name)
{
    MailboxHooks hooks;
    hooks.progress = [this, name](std::int64_t done, std::int64_t total) { publishProgress(done, total, name); };
    hooks.changed
        = [this, text = name.text](WatchEvent::Kind kind, const std::vector<Uid> &uids) { tell(kind, text, uids); };
    hooks.selected = [this, role, mailbox] { grantWishes(line(role), mailbox); };
    // INBOX goes on where the other line can do what is urgent.
    hooks.yields = [this, role, mailbox] { return makesWay(role, mailbox); };
    if (role == Role::Main && mailbox == m_inbox && !m_setUpDone)
        hooks.firstPage = [this] { startSetUp(); };
    return hooks;
}

} // namespace kittiwake::sync

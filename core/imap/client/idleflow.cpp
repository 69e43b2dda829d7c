// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/idleflow.h"

#include "core/imap/client/flows.h"
#include "core/imap/session/imaperrors.h"

#include <QCoreApplication>

#include <utility>

namespace kittiwake::imap
{

namespace
{

using namespace std::chrono_literals;

/** After other commands, how long to wait for the next one before IDLE comes back: flows send several in a row. */
constexpr Clock::Duration lingering = 20ms;
/** An IDLE that the server ends by itself sooner than this was no IDLE. */
constexpr Clock::Duration shortestIdle = 5s;
constexpr int maxShortLived = 3;

/** A timer that goes with the coroutine. */
class Timer
{
public:
    Timer(Clock &clock, Clock::Duration delay, std::function<void()> callback)
        : m_clock(clock), m_id(clock.callAfter(delay, std::move(callback)))
    {
    }
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;
    ~Timer() { m_clock.cancel(m_id); }

private:
    Clock &m_clock;
    Clock::TimerId m_id;
};

} // namespace

IdleFlow::IdleFlow(std::shared_ptr<Connection> connection) : m_connection(std::move(connection)) { }

async::Task<Result<void>> IdleFlow::run(std::shared_ptr<IdleFlow> self, IdleOptions options)
{
    if (self->m_running)
        co_return failure(ErrorKind::Input, self->m_connection->where(),
                          QCoreApplication::translate("core", "This connection is watched already."));
    struct Running {
        IdleFlow &flow;
        explicit Running(IdleFlow &owner) : flow(owner) { flow.m_running = true; }
        Running(const Running &) = delete;
        Running &operator=(const Running &) = delete;
        ~Running()
        {
            flow.m_running = false;
            flow.m_polling = false;
            flow.m_random = nullptr;
            flow.m_wake.reset();
        }
    };
    const Running running(*self);
    self->m_stopped = false;
    self->m_aborted = false;
    self->m_random = options.random;
    Result<void> result = co_await self->watch(options);
    if (self->m_aborted && !self->m_connection->endError())
        result = failure(cancelledError(self->m_connection->where()));
    co_return result;
}

async::Task<Result<void>> IdleFlow::watch(IdleOptions options)
{
    const Session &session = m_connection->session();
    while (!isOver()) {
        if (!session.isQuiet()) {
            co_await pause(Clock::Duration::zero(), true);
            m_disturbed = true;
            continue;
        }
        if (m_disturbed) {
            // Others are at work: let them finish what they do in several steps.
            m_disturbed = false;
            co_await pause(lingering, false);
            continue;
        }
        if (options.notified) {
            const auto kept = co_await pollOnce(renewal(), true);
            if (!kept)
                co_return kept;
            continue;
        }
        const std::optional<SelectedMailbox> mailbox = session.mailbox().current();
        if (!mailbox)
            co_return failure(ErrorKind::Input, m_connection->where(),
                              QCoreApplication::translate("core", "No folder is open that could be watched."));
        if (options.learnUids && mailbox->unknownUids > 0 && mailbox->exists > 0
            && !session.quirks().sequenceNumbersLie) {
            options.learnUids = false; // once: arrivals are fetched, and so learnt, by whoever watches
            const auto learnt = co_await flows::search(m_connection, {SearchKey::all()}, true, SearchEnd::Tagged);
            if (!learnt && learnt.error().kind != ErrorKind::ServerRefused)
                co_return failure(learnt.error());
            continue;
        }
        const bool idles = session.capabilities().has("IDLE") && !m_withoutIdle;
        Result<void> watched;
        if (idles)
            watched = co_await idleOnce();
        else
            watched = co_await pollOnce(std::chrono::minutes(session.quirks().noopMinutes), false);
        if (!watched)
            co_return watched;
    }
    if (m_connection->endError())
        co_return failure(*m_connection->endError());
    co_return Result<void>();
}

async::Task<Result<void>> IdleFlow::idleOnce()
{
    Clock &clock = m_connection->clock();
    const Clock::Duration begun = clock.monotonic();
    const std::uint64_t donesBefore = m_connection->session().donesSent();
    Operation operation(*m_connection);
    operation.submit(Command::idle());
    bool renewed = false;
    const auto renew = [this, &renewed] {
        renewed = true;
        m_connection->session().endIdle();
        m_connection->flushSoon();
    };
    const Timer timer(clock, renewal(), renew);
    co_await operation.finished();

    if (operation.error())
        co_return failure(*operation.error());
    if (const StatusResponse *refusal = operation.refusal()) {
        if (isNotConnected(*refusal))
            co_return flows::outcomeOf(*m_connection, operation);
        m_withoutIdle = true; // mail.ru: "BAD Unrecognised command" although it may be advertised
        co_return Result<void>();
    }
    const bool endedByUs = m_connection->session().wasIdleEndedByUs();
    // A server that ends IDLE by itself has been asked nothing: nobody knows how old its answer is.
    if (endedByUs && m_connection->session().donesSent() != donesBefore)
        m_connection->proved(m_connection->doneAt());
    m_disturbed = endedByUs && !renewed;
    if (endedByUs || clock.monotonic() - begun >= shortestIdle)
        m_shortLived = 0;
    else if (++m_shortLived >= maxShortLived)
        m_withoutIdle = true;
    co_return Result<void>();
}

Clock::Duration IdleFlow::renewal() const
{
    const Clock::Duration least = std::chrono::minutes(m_connection->session().quirks().idleRenewMinutes);
    if (m_random == nullptr)
        return least;
    const auto third = static_cast<std::uint64_t>(least.count() / 3);
    return least + Clock::Duration(static_cast<std::int64_t>(m_random->below(third + 1)));
}

async::Task<Result<void>> IdleFlow::pollOnce(Clock::Duration limit, bool unselected)
{
    m_polling = true;
    co_await pause(limit, false);
    m_polling = false;
    const Session &session = m_connection->session();
    if (isOver() || !session.isQuiet() || (!unselected && !session.mailbox().current()))
        co_return Result<void>();
    const auto asked = co_await flows::noop(m_connection);
    if (!asked && asked.error().kind != ErrorKind::ServerRefused)
        co_return failure(asked.error());
    co_return Result<void>();
}

async::Task<void> IdleFlow::pause(Clock::Duration limit, bool untilQuiet)
{
    if (isOver() || (untilQuiet && m_connection->session().isQuiet()))
        co_return;
    const async::Event wake(m_connection->clock());
    m_wake = wake;
    m_wakeWhenQuiet = untilQuiet;
    std::optional<Timer> timer;
    if (limit > Clock::Duration::zero())
        timer.emplace(m_connection->clock(), limit, [wake] { wake.complete({}); });
    co_await wake;
    m_wake.reset();
}

void IdleFlow::stop()
{
    m_stopped = true;
    m_connection->session().endIdle();
    m_connection->flushSoon();
    turn();
}

void IdleFlow::aborted()
{
    m_aborted = true;
    turn();
}

bool IdleFlow::isWatching() const
{
    return m_running && (m_polling || m_connection->session().isIdling());
}

void IdleFlow::turn()
{
    if (m_wake && (isOver() || (m_wakeWhenQuiet && m_connection->session().isQuiet())))
        m_wake->complete({});
}

} // namespace kittiwake::imap

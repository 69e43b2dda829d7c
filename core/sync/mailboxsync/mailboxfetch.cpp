// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/mailboxsync/flight.h"
#include "core/sync/mailboxsync/mailboxsync.h"
#include "core/sync/mailboxsync/patientfetch.h"

#include <algorithm>
#include <utility>

/** How headers get from the server into the store: several commands ahead, in pieces as they are told. */
namespace kittiwake::sync
{

void MailboxSync::launch(imap::UidSet uids, std::uint64_t newest)
{
    m_flights.push_back(std::make_shared<Flight>(std::move(uids), newest, m_pieceReady, m_clock.monotonic()));
    const auto run = [](MailboxSync &sync, std::shared_ptr<Flight> flight) -> async::Task<void> {
        Result<void> result = co_await sync.fetchInto(flight);
        flight->end(std::move(result));
    };
    m_scope.start(run(*this, m_flights.back()));
}

/**
 * The newest page is asked for before it is known which UIDs there are: one round trip less before there is something
 * to read. By its place where the server can (PARTIAL), else by a guess: most mailboxes have no gaps at their end. What
 * the guess misses comes with the rest.
 */
void MailboxSync::launchNewest()
{
    const std::uint32_t next = m_state.uidNext.value();
    if (next <= 1)
        return;
    const std::uint32_t first = next > firstPageSize ? next - static_cast<std::uint32_t>(firstPageSize) : 1;
    if (first > 1 && m_client.capabilities().has("PARTIAL"))
        launch(imap::UidSet::range(Uid(1), Uid(next - 1)), firstPageSize);
    else
        launch(imap::UidSet::range(Uid(first), Uid(next - 1)));
    m_firstPageAsked = true;
}

/**
 * The same for those below the newest page, so that the server has work while its first answers are looked at. Dovecot
 * 2.3 with COMPRESS sends nothing before 32 KB have come together, some 500 messages, or all commands are done.
 */
void MailboxSync::launchNext()
{
    const auto count = static_cast<std::uint32_t>(m_pace.next());
    while (!m_flights.empty() && !isPageInAir() && m_flights.size() < flightsInAir) {
        const std::uint32_t end = m_flights.back()->uids().smallest().value();
        if (end <= 1)
            return;
        launch(imap::UidSet::range(Uid(end > count ? end - count : 1), Uid(end - 1)));
    }
}

/** While it is, no other message of the mailbox can be asked for: which one an answer is for would be anybody's guess.
 */
bool MailboxSync::isPageInAir() const
{
    return std::any_of(m_flights.begin(), m_flights.end(), [](const auto &flight) { return flight->newest() > 0; });
}

void MailboxSync::launchMore()
{
    if (isPageInAir() || (m_hooks.yields && m_hooks.yields()))
        return;
    while (m_flights.size() < flightsInAir && !m_missing.isEmpty()
           && (m_flights.empty() || m_scope.count() < commandsInFlight)) {
        launch(m_missing.takeLargest(m_firstPageAsked ? m_pace.next() : firstPageSize));
        m_firstPageAsked = true;
    }
}

async::Task<Result<void>> MailboxSync::fetchInto(std::shared_ptr<Flight> flight)
{
    imap::FetchItems items = headerItems(m_state.highestModSeq.isValid());
    addIdentityItems(items, m_client.capabilities());
    addLabelItems(items);
    const imap::FetchSink sink = [this, flight](imap::FetchedMessage &&message) {
        if (!flight->landed)
            flight->take(message);
        else if (message.flags) // Told twice: its header cannot have changed, its flags can.
            onFlags({{{message.uid, *message.flags, message.modseq}}, 0});
    };
    if (flight->newest() > 0) {
        const imap::FetchModifiers page{
            {}, false, std::pair(std::int64_t{-1}, -static_cast<std::int64_t>(flight->newest()))};
        const auto told = co_await m_client.fetch(flight->uids(), items, sink, page);
        // What a server refuses to tell by place, it is asked for by UID.
        if (!told && (told.error().kind != ErrorKind::ServerRefused || !m_client.isConnected()))
            co_return failure(told.error());
        if (told)
            harvest(told->vanished);
        co_return Result<void>();
    }
    const auto fetched = co_await fetchPatiently(m_client, flight->uids(), items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    harvest(fetched->vanished);
    if (!fetched->refused.isEmpty()) {
        // They stay on the server, and verify names them.
        qCWarning(logSync) << "the server cannot tell of the messages with UID" << fetched->refused.toBytes()
                           << "in mailbox" << m_mailbox;
        m_lacking += static_cast<std::int64_t>(fetched->refused.count());
    }
    co_return Result<void>();
}

async::Task<Result<bool>> MailboxSync::fetchMissing()
{
    while (true) {
        // Before rows are written, so that the server is at work on the next ones meanwhile.
        launchMore();
        if (m_flights.empty())
            break;
        const auto ready = std::find_if(m_flights.begin(), m_flights.end(), [](const std::shared_ptr<Flight> &flight) {
            return flight->hasPiece() || flight->isOver();
        });
        if (ready == m_flights.end()) {
            co_await m_pieceReady.wait();
            continue;
        }
        const std::shared_ptr<Flight> flight = *ready;
        if (const Error *error = flight->error()) {
            const Error failed = *error;
            m_scope.cancelAll();
            m_flights.clear();
            co_return failure(failed);
        }
        if (const auto stored = storePiece(flight); !stored)
            co_return failure(stored.error());
    }
    if (m_missing.isEmpty() && m_hooks.firstPage)
        std::exchange(m_hooks.firstPage, nullptr)();
    co_return m_missing.isEmpty();
}

Result<void> MailboxSync::storePiece(const std::shared_ptr<Flight> &flight)
{
    const bool isOver = flight->isOver();
    const HeaderBatch batch = flight->takeBatch();
    if (batch.unusable() > 0)
        qCWarning(logSync) << batch.unusable() << "answers without a usable header in mailbox" << m_mailbox;
    if (isOver) {
        flight->landed = true;
        std::erase(m_flights, flight);
        if (flight->newest() > 0)
            m_missing.unite(flight->untold());
        const Clock::Duration now = m_clock.monotonic();
        m_pace.landed(flight->asked(), now - std::max(flight->launched(), m_lastLanding));
        m_lastLanding = now;
        noteLowestFetched();
        launchMore();
    }
    auto inserted = insert(batch, false);
    if (!inserted)
        return inserted;
    const bool hasFirstPage = m_outcome.added >= static_cast<std::int64_t>(firstPageSize);
    if (isOver && hasFirstPage && m_hooks.firstPage)
        std::exchange(m_hooks.firstPage, nullptr)();
    return reportProgress();
}

/** Newest first: what is still to come is below, in whatever order the commands were answered. */
void MailboxSync::noteLowestFetched()
{
    Uid missing = m_missing.largest();
    for (const auto &flight : m_flights)
        missing = std::max(missing, flight->uids().largest());
    m_state.lowestFetched = Uid(missing.value() + 1);
}

Result<void> MailboxSync::reportProgress()
{
    if (!m_hooks.progress)
        return {};
    const auto cached = m_store.countMessages(m_mailbox);
    if (!cached)
        return failure(cached.error());
    m_hooks.progress(*cached, m_state.messages);
    return {};
}

Result<void> MailboxSync::insert(const HeaderBatch &batch, bool announce)
{
    auto written = m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        const auto done = transaction.insertHeaders(m_mailbox, m_state.uidValidity, batch.headers());
        if (!done)
            return failure(done.error());
        if (const auto labelled = transaction.setLabels(m_mailbox, m_state.uidValidity, batch.labels()); !labelled)
            return failure(labelled.error());
        m_outcome.added += done->added;
        m_outcome.changed += done->changed;
        m_state.complete = m_missing.isEmpty() && m_flights.empty();
        return writeState(transaction);
    });
    if (written && (announce || m_newsFrom.isValid())) {
        std::vector<Uid> uids;
        for (const mail::MessageHeader &header : batch.headers()) {
            if (announce || header.uid >= m_newsFrom)
                uids.push_back(header.uid);
        }
        report(WatchEvent::Kind::Added, uids);
    }
    return written;
}

async::Task<Result<void>> MailboxSync::catchUp()
{
    while (m_arrived && !m_resync) {
        m_arrived = false;
        const Uid first = m_state.uidNext.isValid() ? m_state.uidNext : Uid(1);
        const auto flight = std::make_shared<Flight>(imap::UidSet::from(first), 0, m_pieceReady, m_clock.monotonic());
        m_flights.push_back(flight);
        const auto fetched = co_await fetchInto(flight);
        if (std::erase(m_flights, flight) == 0)
            co_return Result<void>(); // The mailbox was opened anew.
        if (!fetched)
            co_return failure(fetched.error());
        HeaderBatch batch = flight->takeBatch();
        // "n:*" names the last message even when its UID is below n (RFC 9051 section 9, seq-range).
        if (first.value() > 1)
            batch.remove(imap::UidSet::range(Uid(1), Uid(first.value() - 1)));
        for (const mail::MessageHeader &header : batch.headers())
            m_state.uidNext = std::max(m_state.uidNext, Uid(header.uid.value() + 1));
        const auto inserted = insert(batch, true);
        if (!inserted)
            co_return failure(inserted.error());
    }
    co_return Result<void>();
}

} // namespace kittiwake::sync

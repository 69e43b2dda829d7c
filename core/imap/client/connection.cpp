// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/connection.h"

#include "core/base/log.h"
#include "core/base/random.h"
#include "core/imap/session/imaperrors.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

namespace
{

/** Flags told in one update at most: a batch for whoever stores them. */
constexpr std::size_t maxFlagBatch = 1000;

/** Three letters that somebody who cannot read the connection does not know. */
QByteArray newTagPrefix()
{
    SystemRandom random;
    QByteArray prefix;
    for (int i = 0; i < 3; ++i)
        prefix += static_cast<char>('a' + random.below(26));
    return prefix;
}

SessionOptions sessionOptions(const QString &where, net::TlsMode mode)
{
    SessionOptions options;
    options.where = where;
    options.encrypted = mode == net::TlsMode::Implicit;
    options.tagPrefix = newTagPrefix();
    return options;
}

} // namespace

Connection::Connection(Clock &clock, net::StreamFactory &streams)
    : m_clock(clock), m_streams(streams), m_session(SessionOptions()), m_greeted(clock)
{
}

Connection::~Connection()
{
    shut();
}

void Connection::shut()
{
    setTrace({});
    update = {};
    report = {};
    proof = {};
    alert = {};
    onTurn = {};
    m_operations.clear();
    if (!m_end)
        m_end = cancelledError(m_where);
    m_clock.cancel(std::exchange(m_flushTimer, 0));
    m_clock.cancel(std::exchange(m_watchTimer, 0));
    m_scope.cancelAll();
    m_stream.reset();
}

void Connection::start(std::unique_ptr<net::ByteStream> stream, const QString &where, net::TlsMode mode)
{
    m_where = where;
    m_stream = std::move(stream);
    m_session = Session(sessionOptions(where, mode));
    setTrace(std::move(m_trace));
    m_scope.start(readLoop(this));
}

void Connection::setTrace(TraceHandler trace)
{
    m_trace = std::move(trace);
    if (!m_trace) {
        m_session.setTrace({}); // which then composes no lines
        return;
    }
    m_session.setTrace([this](bool sent, const QByteArray &line) {
        m_trace(sent ? TraceDirection::Sent : TraceDirection::Received, line);
    });
}

async::Task<void> Connection::readLoop(Connection *self)
{
    while (!self->m_end) {
        const Result<QByteArray> bytes = co_await self->m_stream->read();
        self->m_inReadLoop = true;
        if (!bytes)
            self->die(bytes.error(), true);
        else if (bytes->isEmpty())
            self->die(closedError(self->m_where, self->m_session.state() == SessionState::Greeting), true);
        else
            self->received(*bytes);
        self->m_inReadLoop = false;
        if (!self->m_upgradeWanted || self->m_end)
            continue;
        UpgradeWanted wanted = *std::exchange(self->m_upgradeWanted, std::nullopt);
        const Result<void> upgraded = co_await self->upgrade(std::move(wanted));
        self->m_inReadLoop = true;
        if (!upgraded)
            self->die(upgraded.error(), true);
        else
            self->drain();
        self->m_inReadLoop = false;
    }
}

async::Task<Result<void>> Connection::upgrade(UpgradeWanted wanted)
{
    Result<void> upgraded;
    if (wanted.kind == UpgradeWanted::Kind::Tls)
        upgraded = co_await m_stream->startTls();
    else if (wanted.unread.isEmpty())
        upgraded = m_stream->startDeflate();
    else
        upgraded = m_stream->startDeflateAfter(wanted.unread);
    if (upgraded)
        m_session.upgraded(wanted.kind);
    co_return upgraded;
}

void Connection::received(const QByteArray &bytes)
{
    m_deadline = m_clock.monotonic() + answerLimit;
    m_session.feed(bytes);
    drain();
}

void Connection::drain()
{
    while (!m_end) {
        std::optional<SessionEvent> event = m_session.nextEvent();
        if (!event)
            break;
        handle(std::move(*event));
    }
    tellFlags();
    if (m_end)
        return;
    if (onTurn)
        onTurn();
    flush();
}

void Connection::handle(SessionEvent &&event)
{
    if (auto *fetch = std::get_if<FetchReceived>(&event)) {
        fetched(std::move(fetch->data));
    } else if (auto *finished = std::get_if<CommandFinished>(&event)) {
        const auto found = m_operations.find(finished->command.value());
        if (found == m_operations.end())
            return;
        Operation *operation = found->second;
        m_operations.erase(found);
        operation->commandFinished(std::move(*finished));
    } else if (auto *data = std::get_if<DataReceived>(&event)) {
        const auto found = m_operations.find(data->command.value());
        if (found != m_operations.end() && found->second->onData)
            found->second->onData(std::move(data->data));
    } else if (const auto *copied = std::get_if<CopyUidReceived>(&event)) {
        const auto found = m_operations.find(copied->command.value());
        if (found != m_operations.end() && found->second->onCopyUid)
            found->second->onCopyUid(copied->code);
    } else if (const auto *news = std::get_if<MailboxUpdate>(&event)) {
        told(*news);
    } else if (const auto *reported = std::get_if<ReportReceived>(&event)) {
        if (report)
            report(reported->report);
    } else if (std::holds_alternative<GreetingReceived>(event)) {
        m_greeted.complete({});
    } else if (const auto *alerted = std::get_if<AlertReceived>(&event)) {
        if (alert)
            alert(alerted->text);
    } else if (const auto *malformed = std::get_if<MalformedReceived>(&event)) {
        note(malformed->why);
        if (malformed->overLimit) {
            for (const auto &[id, operation] : m_operations)
                operation->noteOverLimit();
        }
    } else if (auto *wanted = std::get_if<UpgradeWanted>(&event)) {
        m_upgradeWanted = std::move(*wanted);
    } else if (auto *ended = std::get_if<SessionEnded>(&event)) {
        die(ended->error, !ended->expected);
    }
}

void Connection::fetched(FetchData &&data)
{
    FetchInterest *weak = nullptr;
    FetchInterest *again = nullptr;
    for (FetchInterest *interest : m_fetches) {
        const FetchInterest::Claim claim = interest->claim(data);
        if (claim == FetchInterest::Claim::Yes) {
            // Two commands may ask for the same of one message, and their order is no guide: Dovecot 2.3 answers both
            // before it says of the first one that it is over (seen 2026-11). Each gets one.
            if (!interest->had(data.uid)) {
                interest->take(std::move(data));
                return;
            }
            if (again == nullptr)
                again = interest;
        }
        if (claim == FetchInterest::Claim::Weak && weak == nullptr)
            weak = interest;
    }
    if (again != nullptr || weak != nullptr) {
        (again != nullptr ? again : weak)->take(std::move(data));
        return;
    }
    if (!data.flags)
        return;
    if (data.uid.isValid())
        m_flags.changes.push_back({data.uid, std::move(*data.flags), data.modseq});
    else
        ++m_flags.unknown;
    if (m_flags.changes.size() >= maxFlagBatch)
        tellFlags();
}

void Connection::unclaimed(std::vector<FetchData> &&rest)
{
    for (FetchData &data : rest) {
        if (data.flags)
            m_flags.changes.push_back({data.uid, std::move(*data.flags), data.modseq});
    }
}

void Connection::tellFlags()
{
    if (m_flags.changes.empty() && m_flags.unknown == 0)
        return;
    const MailboxUpdate news = std::exchange(m_flags, {});
    if (update)
        update(news);
}

void Connection::told(const MailboxUpdate &news)
{
    tellFlags(); // in order
    if (update)
        update(news);
}

void Connection::proved(std::int64_t askedAt) const
{
    if (!m_end && proof)
        proof(askedAt);
}

void Connection::die(const Error &error, bool told)
{
    if (m_end)
        return;
    qCInfo(logImap).noquote() << m_where << "ended:" << errorKindName(error.kind) << error.detail;
    note("connection ended: " + error.detail.toUtf8());
    m_end = error;
    m_clock.cancel(std::exchange(m_flushTimer, 0));
    m_clock.cancel(std::exchange(m_watchTimer, 0));
    // The loop may be who called: then it sees m_end and returns by itself.
    if (!m_inReadLoop)
        m_scope.cancelAll();
    if (m_stream)
        m_lastCounters = m_stream->counters();
    m_stream.reset();
    m_greeted.complete(failure(error));
    std::vector<Operation *> waiting;
    for (const auto &[id, operation] : m_operations) {
        if (std::find(waiting.begin(), waiting.end(), operation) == waiting.end())
            waiting.push_back(operation);
    }
    m_operations.clear();
    for (Operation *operation : waiting)
        operation->fail(error);
    tellFlags();
    if (told && m_established && update)
        update(Disconnected{error});
    if (onTurn)
        onTurn();
}

void Connection::abort()
{
    if (m_end)
        return;
    const auto operations = std::exchange(m_operations, {});
    std::vector<Operation *> waiting;
    // Youngest first: what was not sent yet must not be sent because what was before it has gone.
    for (auto entry = operations.rbegin(); entry != operations.rend(); ++entry)
        m_session.abandon(CommandId(entry->first));
    for (const auto &[id, operation] : operations) {
        if (std::find(waiting.begin(), waiting.end(), operation) == waiting.end())
            waiting.push_back(operation);
    }
    for (Operation *operation : waiting)
        operation->fail(cancelledError(m_where));
    flushSoon();
}

void Connection::raiseLiteralLimit(qsizetype octets)
{
    m_literalLimits.push_back(octets);
    m_session.setLiteralLimit(*std::max_element(m_literalLimits.begin(), m_literalLimits.end()));
}

void Connection::dropLiteralLimit(qsizetype octets)
{
    const auto found = std::find(m_literalLimits.begin(), m_literalLimits.end(), octets);
    if (found != m_literalLimits.end())
        m_literalLimits.erase(found);
    m_session.setLiteralLimit(
        m_literalLimits.empty() ? 0 : *std::max_element(m_literalLimits.begin(), m_literalLimits.end()));
}

TransferFigures Connection::figures() const
{
    const net::ByteCounters counters = m_stream ? m_stream->counters() : m_lastCounters;
    return {counters.received, counters.sent, m_session.roundTrips()};
}

void Connection::note(const QByteArray &text) const
{
    if (m_trace)
        m_trace(TraceDirection::Note, text);
}

} // namespace kittiwake::imap

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/session.h"

#include "core/imap/session/imaperrors.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

namespace
{

/** Servers stop reading when too much waits (Dovecot after 4 commands); more than this gains nothing anyway. */
constexpr std::size_t maxInFlight = 64;

/** Sent only when nothing is in flight. */
bool waitsForEarlier(CommandKind kind)
{
    switch (kind) {
    case CommandKind::StartTls:
    case CommandKind::Authenticate:
    case CommandKind::Login:
    case CommandKind::Select:
    case CommandKind::Examine:
    case CommandKind::Close:
    case CommandKind::Unselect:
    case CommandKind::Idle:
        return true;
    default:
        return false;
    }
}

/** Nothing is sent behind it before it is answered. IDLE: before DONE. */
bool holdsBackLater(CommandKind kind)
{
    return (waitsForEarlier(kind) && kind != CommandKind::Idle) || kind == CommandKind::Compress
        || kind == CommandKind::Logout;
}

/** Two at once would mix up their answers (RFC 9051 section 5.5). */
bool isAloneOfItsKind(CommandKind kind)
{
    switch (kind) {
    case CommandKind::Search:
    case CommandKind::List:
    case CommandKind::Lsub:
    case CommandKind::Xlist:
    case CommandKind::Namespace:
    case CommandKind::Id:
    case CommandKind::Enable:
    case CommandKind::Capability:
        return true;
    default:
        return false;
    }
}

} // namespace

Session::Session(SessionOptions options)
    : m_options(std::move(options)), m_fragmenter(m_options.limits), m_encrypted(m_options.encrypted),
      m_quirks(quirksFor({}, {}, {}))
{
}

CommandId Session::submit(const Command &command, Hints hints)
{
    Entry entry;
    entry.id = CommandId(++m_lastId);
    entry.kind = command.kind();
    entry.command = command;
    entry.hints = std::move(hints);
    const CommandId id = entry.id;
    m_queue.push_back(std::move(entry));
    sendReady();
    return id;
}

CommandId Session::authenticate(sasl::Sasl sasl)
{
    Entry entry;
    entry.id = CommandId(++m_lastId);
    entry.kind = CommandKind::Authenticate;
    entry.sasl = std::move(sasl);
    const CommandId id = entry.id;
    m_queue.push_back(std::move(entry));
    sendReady();
    return id;
}

void Session::abandon(CommandId command)
{
    std::erase_if(m_queue, [&](const Entry &entry) { return entry.id == command; });
    for (Entry &entry : m_flight) {
        if (entry.id != command)
            continue;
        entry.abandoned = true;
        if (entry.kind == CommandKind::Idle)
            endIdle();
        return;
    }
    sendReady();
}

void Session::endIdle()
{
    const auto queued = std::find_if(m_queue.begin(), m_queue.end(),
                                     [](const Entry &entry) { return entry.kind == CommandKind::Idle; });
    if (queued != m_queue.end()) {
        const CommandId id = queued->id;
        m_queue.erase(queued);
        m_idleEndedByUs = true;
        push(CommandFinished{id, CommandKind::Idle, {}, {}});
    }
    if (Entry *idle = oldest(CommandKind::Idle)) {
        idle->doneWanted = true;
        if (idle->idleConfirmed && !idle->doneSent)
            sendDone(*idle);
    }
}

void Session::setLiteralLimit(qsizetype octets)
{
    FragmenterLimits limits = m_options.limits;
    limits.literal = std::max(limits.literal, octets);
    limits.message = std::max(limits.message, limits.literal + limits.line);
    m_fragmenter.setLimits(limits);
}

EncodingOptions Session::encoding() const
{
    EncodingOptions options;
    options.literals = m_capabilities.literalMode();
    options.utf8 = m_enabled.contains("UTF8=ACCEPT") || m_enabled.contains("IMAP4REV2");
    options.binary = m_capabilities.has("BINARY");
    return options;
}

std::size_t Session::countInFlight(CommandKind kind) const
{
    return static_cast<std::size_t>(
        std::count_if(m_flight.begin(), m_flight.end(), [&](const Entry &entry) { return entry.kind == kind; }));
}

bool Session::maySend(const Entry &entry) const
{
    if (m_state == SessionState::Greeting || m_state == SessionState::Ended || m_upgrade)
        return false;
    if (m_flight.empty())
        return true;
    if (waitsForEarlier(entry.kind) || m_flight.size() >= maxInFlight)
        return false;
    for (const Entry &earlier : m_flight) {
        if (!earlier.isComplete() || holdsBackLater(earlier.kind)
            || (earlier.kind == CommandKind::Idle && !earlier.doneSent))
            return false;
    }
    if (isAloneOfItsKind(entry.kind))
        return countInFlight(entry.kind) == 0;
    if (entry.kind == CommandKind::Status)
        return countInFlight(entry.kind) < static_cast<std::size_t>(m_quirks.maxPipelinedStatus);
    return true;
}

void Session::sendReady()
{
    while (!m_queue.empty()) {
        // IDLE lets everybody pass: it would be ended again at once.
        if (m_queue.front().kind == CommandKind::Idle && m_queue.size() > 1)
            std::rotate(m_queue.begin(), m_queue.begin() + 1, m_queue.end());
        if (Entry *idle = oldest(CommandKind::Idle); idle != nullptr && idle->idleConfirmed && !idle->doneSent)
            sendDone(*idle);
        if (!maySend(m_queue.front()))
            return;
        m_flight.push_back(std::move(m_queue.front()));
        m_queue.pop_front();
        Entry &entry = m_flight.back();
        entry.tag = m_options.tagPrefix + QByteArray::number(static_cast<qulonglong>(entry.id.value()));
        const Result<void> begun = begin(entry);
        if (!begun) {
            CommandFinished finished{entry.id, entry.kind, {}, begun.error()};
            finished.status.kind = StatusKind::Bad;
            m_flight.pop_back();
            push(std::move(finished));
        }
    }
}

Result<void> Session::begin(Entry &entry)
{
    if (entry.kind == CommandKind::Authenticate && entry.sasl) {
        Result<void> begun = beginSignIn(entry);
        if (!begun)
            return begun;
    }
    auto pieces = entry.command->encode(entry.tag, encoding());
    if (!pieces)
        return failure(std::move(pieces.error()));
    entry.pieces = std::move(*pieces);
    traceSent(entry.tag + ' ' + entry.command->logText());
    writePieces(entry);
    switch (entry.kind) {
    case CommandKind::Select:
    case CommandKind::Examine:
        // RFC 9051 section 6.3.2: whatever becomes of it, the mailbox that was selected is not any more.
        m_state = SessionState::Authenticated;
        m_mailbox.beginSelect(entry.hints.mailbox, entry.kind == CommandKind::Examine, m_quirks.sequenceNumbersLie);
        break;
    case CommandKind::Authenticate:
    case CommandKind::Login:
        m_capabilitiesFresh = false;
        break;
    default:
        break;
    }
    return {};
}

Result<void> Session::beginSignIn(Entry &entry)
{
    const QByteArray mechanism = sasl::mechanismName(entry.sasl->mechanism());
    if (!m_capabilities.has("SASL-IR") || !entry.sasl->isClientFirst()) {
        entry.command = Command::authenticate(mechanism);
        return {};
    }
    auto first = entry.sasl->step({});
    if (!first)
        return failure(std::move(first.error()));
    entry.command = Command::authenticate(mechanism, Secret(std::move(*first)));
    return {};
}

void Session::writePieces(Entry &entry)
{
    while (!entry.isComplete()) {
        CommandPiece &piece = entry.pieces[entry.nextPiece++];
        if (piece.literal)
            m_output.append(std::exchange(piece.literal, nullptr));
        else
            m_output.append(std::exchange(piece.bytes, {}));
        const bool waits = piece.awaitContinuation;
        if (waits)
            break;
    }
    if (entry.kind != CommandKind::Idle)
        m_outputAsks = true;
}

void Session::sendDone(Entry &idle)
{
    idle.doneSent = true;
    ++m_donesSent;
    m_output.append(Command::idleDoneLine());
    traceSent(QByteArrayLiteral("DONE"));
}

QByteArray Session::takeOutput(qsizetype most)
{
    sendReady();
    if (m_output.isEmpty())
        return {};
    if (m_outputAsks && !isServerBusy())
        ++m_roundTrips;
    m_outputAsks = false;
    for (Entry &entry : m_flight) {
        entry.flushed = true;
        if (entry.kind != CommandKind::Idle || entry.doneSent)
            entry.serverWaits = false;
    }
    auto output = m_output.take(most);
    if (output)
        return std::move(*output);
    end(std::move(output.error()));
    return {};
}

std::optional<SessionEvent> Session::nextEvent()
{
    if (m_events.empty())
        return std::nullopt;
    std::optional<SessionEvent> event(std::move(m_events.front()));
    m_events.pop_front();
    return event;
}

bool Session::isServerBusy() const
{
    return std::any_of(m_flight.begin(), m_flight.end(),
                       [](const Entry &entry) { return entry.flushed && !entry.serverWaits; });
}

bool Session::isIdling() const
{
    return std::any_of(m_flight.begin(), m_flight.end(), [](const Entry &entry) {
        return entry.kind == CommandKind::Idle && entry.idleConfirmed && !entry.doneSent;
    });
}

bool Session::isWaiting() const
{
    return std::any_of(m_flight.begin(), m_flight.end(), [](const Entry &entry) {
        return entry.kind != CommandKind::Idle || !entry.idleConfirmed || entry.doneSent;
    });
}

void Session::upgraded(UpgradeWanted::Kind kind)
{
    const CommandKind command = kind == UpgradeWanted::Kind::Tls ? CommandKind::StartTls : CommandKind::Compress;
    const auto found = std::find_if(m_flight.begin(), m_flight.end(),
                                    [command](const Entry &entry) { return entry.kind == command; });
    if (!m_upgrade || *m_upgrade != kind || found == m_flight.end())
        return;
    m_upgrade.reset();
    const Entry entry = std::move(*found);
    m_flight.erase(found);
    if (kind == UpgradeWanted::Kind::Tls) {
        // CVE-2021-29969: nothing that came in the clear is believed afterwards.
        m_encrypted = true;
        m_fragmenter.reset();
        m_greetingText.clear();
        m_toldCapabilities.clear();
        m_capabilitiesFresh = false;
        m_serverId = {};
        m_events.clear();
        applyQuirks();
    }
    if (!entry.abandoned)
        push(CommandFinished{entry.id, entry.kind, {}, {}});
    sendReady();
}

void Session::traceSent(const QByteArray &line) const
{
    if (m_trace)
        m_trace(true, line);
}

Session::Entry *Session::oldest(CommandKind kind)
{
    for (Entry &entry : m_flight) {
        if (entry.kind == kind)
            return &entry;
    }
    return nullptr;
}

} // namespace kittiwake::imap

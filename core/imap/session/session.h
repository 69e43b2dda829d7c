// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/command.h"
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/responseparser.h"
#include "core/imap/session/capabilities.h"
#include "core/imap/session/mailboxstate.h"
#include "core/imap/session/outputqueue.h"
#include "core/imap/session/quirks.h"
#include "core/imap/session/sessionevent.h"
#include "core/sasl/sasl.h"

#include <QByteArray>
#include <QSet>

#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

enum class SessionState { Greeting, NotAuthenticated, Authenticated, Selected, Ended };

struct SessionOptions {
    QString where; ///< names the server in errors: "imap.example.org:993"
    bool encrypted = true; ///< the stream is private from the first byte
    QByteArray tagPrefix = QByteArrayLiteral("A"); ///< letters; not to be guessed by who cannot read the connection
    FragmenterLimits limits;
};

/** Lines for the protocol trace, without secrets and without texts of messages. */
using SessionTrace = std::function<void(bool sent, const QByteArray &line)>;

/**
 * The state of one IMAP connection: greeting, tags, pipelining, literals that wait for the server, SASL, capabilities,
 * the selected mailbox. Bytes in, bytes out, events; no I/O and no time (RFC 9051 section 3).
 *
 * feed() judges everything at once against what was sent by then, so that an answer cannot come before its question
 * (CVE-2026-42246). A command is sent as soon as the rules of pipelining allow (RFC 9051 section 5.5), in the order of
 * submission; STARTTLS, sign-in, SELECT and the like wait for everything before them and hold back everything after
 * them. A command that arrives while IDLE is running ends it. One thread.
 */
class Session
{
public:
    explicit Session(SessionOptions options);

    /** Bytes of the server. Ignored once the session has ended. */
    void feed(const QByteArray &bytes);
    /**
     * The next octets that have to be written, at most so many; empty when there are none. A literal that cannot be
     * read ends the session: its rest cannot be left out.
     */
    [[nodiscard]] QByteArray takeOutput(qsizetype most = std::numeric_limits<qsizetype>::max());
    /** There is more to write than takeOutput() has given out. */
    [[nodiscard]] bool hasOutput() const { return !m_output.isEmpty(); }
    [[nodiscard]] std::optional<SessionEvent> nextEvent();

    /** What the session should know about a command besides the command itself. */
    struct Hints {
        bool searchesAll = false; ///< UID SEARCH ALL: its answer tells every UID
        bool notifies = false; ///< NOTIFY SET, not NONE
        mail::MailboxName mailbox; ///< of SELECT, EXAMINE and STATUS
    };
    CommandId submit(const Command &command, Hints hints);
    CommandId submit(const Command &command) { return submit(command, Hints()); }
    /** AUTHENTICATE, with the first response in it where the server knows SASL-IR. */
    CommandId authenticate(sasl::Sasl sasl);
    /** Nobody waits for it any more. Unsent: forgotten; sent: its answers are read and update the mailbox. */
    void abandon(CommandId command);
    /** Sends DONE if IDLE is running, or as soon as it is. */
    void endIdle();
    /** The stream was upgraded as UpgradeWanted asked. After TLS nothing is left of what came before. */
    void upgraded(UpgradeWanted::Kind kind);
    /** Literals up to this many octets are taken; at least the default. */
    void setLiteralLimit(qsizetype octets);
    void setTrace(SessionTrace trace) { m_trace = std::move(trace); }

    [[nodiscard]] SessionState state() const { return m_state; }
    [[nodiscard]] const Capabilities &capabilities() const { return m_capabilities; }
    /** Capabilities were told since the last change that voids them (connection, TLS, sign-in). */
    [[nodiscard]] bool areCapabilitiesFresh() const { return m_capabilitiesFresh; }
    [[nodiscard]] const Quirks &quirks() const { return m_quirks; }
    [[nodiscard]] const IdData &serverId() const { return m_serverId; }
    [[nodiscard]] bool isEnabled(const QByteArray &extension) const { return m_enabled.contains(extension); }
    [[nodiscard]] const MailboxState &mailbox() const { return m_mailbox; }

    /** NOTIFY SET was accepted and the server has not given up on it: it tells about other mailboxes. */
    [[nodiscard]] bool isNotifying() const { return m_notifying; }
    [[nodiscard]] bool isIdling() const; ///< confirmed by the server, and not being ended
    /** The last IDLE ended because we had said DONE, not because the server had enough of it. */
    [[nodiscard]] bool wasIdleEndedByUs() const { return m_idleEndedByUs; }
    /** How often DONE was put into the output. */
    [[nodiscard]] std::uint64_t donesSent() const { return m_donesSent; }
    /** Something was sent whose answer is due now (an undisturbed IDLE is not). */
    [[nodiscard]] bool isWaiting() const;
    /** It has been handed something that it must answer before we can go on. */
    [[nodiscard]] bool isServerBusy() const;
    /** Nothing is queued and nothing is in flight. */
    [[nodiscard]] bool isQuiet() const { return m_queue.empty() && m_flight.empty(); }
    /** See TransferFigures::roundTrips. */
    [[nodiscard]] std::uint64_t roundTrips() const { return m_roundTrips; }

private:
    struct Entry {
        CommandId id;
        QByteArray tag;
        CommandKind kind = CommandKind::Noop;
        std::optional<Command> command; ///< none for AUTHENTICATE until it is sent
        Hints hints;
        std::vector<CommandPiece> pieces;
        std::size_t nextPiece = 0;
        bool abandoned = false;
        bool flushed = false; ///< takeOutput() has handed it out
        bool serverWaits = false; ///< the server has asked for more: it is our turn
        bool idleConfirmed = false;
        bool doneWanted = false;
        bool doneSent = false;
        std::optional<sasl::Sasl> sasl;
        std::optional<Error> saslError;

        [[nodiscard]] bool isComplete() const { return nextPiece >= pieces.size(); }
    };

    // Sending: session.cpp
    void sendReady();
    [[nodiscard]] bool maySend(const Entry &entry) const;
    [[nodiscard]] std::size_t countInFlight(CommandKind kind) const;
    [[nodiscard]] Result<void> begin(Entry &entry);
    [[nodiscard]] Result<void> beginSignIn(Entry &entry);
    void writePieces(Entry &entry);
    void sendDone(Entry &idle);
    void traceSent(const QByteArray &line) const;
    [[nodiscard]] EncodingOptions encoding() const;

    // Receiving: sessionreceive.cpp and sessionstatus.cpp
    void receive(const WireMessage &message, Response response);
    void greeting(Response &response);
    void status(StatusResponse &&status);
    void untaggedStatus(const StatusResponse &status);
    void tagged(StatusResponse &&status);
    void settle(Entry &entry, StatusResponse &&status);
    void applyResult(const Entry &entry, const StatusResponse &status);
    void continuation(const ContinuationRequest &request);
    void answerChallenge(Entry &entry, const ContinuationRequest &request);
    void setCapabilities(const QByteArrayList &names);
    void applyQuirks();
    void enabled(const EnabledData &data);
    void searched(const Entry *entry, const SequenceSet &numbers);
    void answer(Entry *entry, Response &&data);
    [[nodiscard]] bool takesReports();
    void report(MailboxStatusData status);
    void mailboxData(Response &&response);
    void pushUpdates();
    void push(SessionEvent event);
    void malformed(const QByteArray &why, bool overLimit);
    void end(Error error, bool expected = false);
    void traceReceived(const WireMessage &message, const Response &response) const;
    [[nodiscard]] Entry *oldest(CommandKind kind);
    [[nodiscard]] Entry *selecting();
    [[nodiscard]] Entry *entryOfTag(const QByteArray &tag);
    [[nodiscard]] Entry *entryOfStatus(const MailboxStatusData &data);
    [[nodiscard]] Entry *entryOfList(ListData::Kind kind);

    SessionOptions m_options;
    Fragmenter m_fragmenter;
    ResponseParser m_parser;
    SessionTrace m_trace;
    SessionState m_state = SessionState::Greeting;
    bool m_encrypted;
    std::optional<UpgradeWanted::Kind> m_upgrade; ///< wanted and not done

    std::deque<Entry> m_queue; ///< not sent yet
    std::deque<Entry> m_flight; ///< sent, at least in part
    std::uint64_t m_lastId = 0;
    OutputQueue m_output;
    bool m_idleEndedByUs = false;
    std::uint64_t m_donesSent = 0;
    bool m_notifying = false;
    bool m_outputAsks = false; ///< m_output holds something that somebody waits for
    std::uint64_t m_roundTrips = 0;

    std::deque<SessionEvent> m_events;
    QByteArray m_greetingText;
    QByteArrayList m_toldCapabilities;
    Capabilities m_capabilities;
    bool m_capabilitiesFresh = false;
    IdData m_serverId;
    Quirks m_quirks;
    QSet<QByteArray> m_enabled;
    MailboxState m_mailbox;
};

} // namespace kittiwake::imap

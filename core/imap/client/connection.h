// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"
#include "core/async/taskscope.h"
#include "core/base/clock.h"
#include "core/imap/client/clienttypes.h"
#include "core/imap/client/fetchinterest.h"
#include "core/imap/client/operation.h"
#include "core/imap/session/session.h"
#include "core/net/bytestream.h"
#include "core/net/sendqueue.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/**
 * What all flows of a Client share: the stream, the session on it, the loop that reads, the time limits, and who waits
 * for what. Flows submit Operations; answers go to them, everything else to the handlers. Flows own it together with
 * the Client, so that one that outlives the Client touches nothing that is gone. Engine thread.
 */
class Connection
{
public:
    static constexpr std::chrono::seconds answerLimit{60}; ///< without a byte while an answer is due
    static constexpr std::int64_t slowestUpload = 16 * 1024; ///< octets a second: what is sent prolongs answerLimit
    static constexpr qsizetype slice = 128 * 1024; ///< octets that are taken from the session at once
    static constexpr std::uint64_t mostUnsent = 512 * 1024; ///< octets that are handed to a stream which can tell

    Connection(Clock &clock, net::StreamFactory &streams);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    [[nodiscard]] Clock &clock() const { return m_clock; }
    [[nodiscard]] net::StreamFactory &streams() const { return m_streams; }
    [[nodiscard]] Session &session() { return m_session; }
    [[nodiscard]] const Session &session() const { return m_session; }
    [[nodiscard]] const QString &where() const { return m_where; }

    /** Takes a stream over and begins to read. where names the server; mode as it was connected. */
    void start(std::unique_ptr<net::ByteStream> stream, const QString &where, net::TlsMode mode);
    NamespaceData namespaces; ///< as the server told
    QByteArray signInMechanism; ///< see Client::signInMechanism

    /** Completed by the greeting, or by the end. */
    [[nodiscard]] const async::Completion<Result<void>> &greeted() const { return m_greeted; }
    [[nodiscard]] bool isStarted() const { return m_stream != nullptr; }
    void setEstablished() { m_established = true; }
    [[nodiscard]] bool isEstablished() const { return m_established && !m_end; }
    /** Why it is over, if it is. */
    [[nodiscard]] const std::optional<Error> &endError() const { return m_end; }
    [[nodiscard]] TransferFigures figures() const;

    /** The connection is over: closed, everybody who waits gets error. told: handlers hear of it. */
    void die(const Error &error, bool told);
    /** The client goes: closes, and tells nobody. Flows that still wait are never resumed. */
    void shut();
    /** Everybody who waits gets Cancelled; the wire stays in step. */
    void abort();
    /** Writes what the session has to say, in this turn or the next. */
    void flush();
    void flushSoon();

    void addFetch(FetchInterest *interest) { m_fetches.push_back(interest); }
    void removeFetch(FetchInterest *interest) { std::erase(m_fetches, interest); }
    /** Hands on what close() of an interest gave back. */
    void unclaimed(std::vector<FetchData> &&rest);

    /** For Operation. */
    void opened(CommandId id, Operation *operation) { m_operations.emplace(id.value(), operation); }
    void forget(CommandId id) { m_operations.erase(id.value()); }

    /** Literals up to octets are taken until the matching call of dropLiteralLimit. */
    void raiseLiteralLimit(qsizetype octets);
    void dropLiteralLimit(qsizetype octets);

    /** Called whenever something has changed that a flow may wait for besides its own commands (idle). */
    std::function<void()> onTurn;
    void setTrace(TraceHandler trace); ///< may be empty
    UpdateHandler update;
    ReportHandler report;
    ProofHandler proof;
    std::function<void(const QString &text)> alert;

    /** Milliseconds since 1970 UTC. */
    [[nodiscard]] std::int64_t now() const { return m_clock.wall().toMSecsSinceEpoch(); }
    /** When the last DONE was sent. */
    [[nodiscard]] std::int64_t doneAt() const { return m_doneAt; }
    /** A question that was asked then is answered. */
    void proved(std::int64_t askedAt) const;

private:
    static async::Task<void> readLoop(Connection *self);
    static async::Task<void> writeLoop(Connection *self);
    [[nodiscard]] net::SendQueue *sendQueue() const { return dynamic_cast<net::SendQueue *>(m_stream.get()); }
    [[nodiscard]] bool writeMore();
    async::Task<Result<void>> upgrade(UpgradeWanted wanted);
    void received(const QByteArray &bytes);
    void drain();
    void handle(SessionEvent &&event);
    void fetched(FetchData &&data);
    void told(const MailboxUpdate &news);
    void tellFlags();
    void watch();
    void watchFired();
    void note(const QByteArray &text) const;

    Clock &m_clock;
    net::StreamFactory &m_streams;
    QString m_where;
    TraceHandler m_trace;
    Session m_session;
    std::unique_ptr<net::ByteStream> m_stream;
    net::ByteCounters m_lastCounters;
    async::Completion<Result<void>> m_greeted;
    std::uint64_t m_dones = 0; ///< of the session, as of the last flush
    std::int64_t m_doneAt = 0;
    bool m_established = false;
    bool m_inReadLoop = false;
    bool m_isWriting = false; ///< writeLoop() writes what is left as the stream takes it
    std::optional<Error> m_end;
    std::optional<UpgradeWanted> m_upgradeWanted;

    std::map<std::uint64_t, Operation *> m_operations; ///< by open command, oldest first
    std::vector<FetchInterest *> m_fetches; ///< oldest first
    FlagsChanged m_flags; ///< not told yet
    std::vector<qsizetype> m_literalLimits;

    Clock::TimerId m_flushTimer = 0;
    Clock::TimerId m_watchTimer = 0;
    Clock::Duration m_deadline{0};
    async::TaskScope m_scope; // last: its tasks use the members above
};

} // namespace kittiwake::imap

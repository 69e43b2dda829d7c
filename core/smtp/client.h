// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/net/bytestream.h"
#include "core/smtp/messagesource.h"
#include "core/smtp/session.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::smtp
{

/** Where and how to sign in for submission. */
struct ConnectOptions {
    net::Endpoint endpoint;
    net::TlsMode tls = net::TlsMode::Implicit;
    net::TlsPolicy policy;
    QString userName;
    Secret password;
    QString mechanism; ///< forces one ("PLAIN"); empty: the strongest that both sides know
    /** For EHLO. An address literal tells nobody what this computer is called (RFC 5321 section 4.1.3). */
    QByteArray helloName = QByteArrayLiteral("[127.0.0.1]");
    std::chrono::seconds greetingLimit{300}; ///< RFC 5321 section 4.5.3.2.1; shorter where a person waits
};

/** What submit() tells and asks on its way. All may be empty. Called in the engine thread. */
struct SubmitHooks {
    /** Octets of the message that have left this computer, of how many. */
    std::function<void(std::uint64_t sent, std::uint64_t total)> progress;
    /**
     * Before the octets go out with which the server may have the whole message. It notes that down, durably: from
     * here on a cut means that nobody knows. An error ends the submission, and the server gets nothing.
     */
    std::function<Result<void>()> beforeEnd;
};

/**
 * One connection to a submission server (RFC 6409), driven by coroutines; one call at a time. The client outlives its
 * tasks. Time limits of RFC 5321 section 4.5.3.2. Engine thread. Destroying it closes the connection at once.
 */
class Client
{
public:
    static constexpr std::chrono::seconds commandLimit{300}; ///< EHLO, AUTH, MAIL, RCPT
    static constexpr std::chrono::seconds recipientLimit{
        10}; ///< more for each recipient, since they come in one answer
    static constexpr std::chrono::seconds dataLimit{120};
    static constexpr std::chrono::seconds pieceLimit{180};
    static constexpr std::chrono::seconds endLimit{600};
    static constexpr std::chrono::seconds quitLimit{3};

    /** Both outlive the client. */
    Client(Clock &clock, net::StreamFactory &streams);
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    void setTraceHandler(TraceHandler handler) { m_trace = std::move(handler); }

    /**
     * Connects, makes the connection private and signs in; once a client. Errors: Network, Tls; Auth with the server's
     * words; ServerRefused where it does not talk to us; Protocol for what is no submission server; Input.
     */
    async::Task<Result<void>> connect(ConnectOptions options);
    /**
     * Hands over one message. source outlives the task. Errors: what stopped it before the server could have the
     * message: Network, Protocol (trying again is safe); Storage of the source, and those of beforeEnd. After an error,
     * and after Outcome::State::Unknown, the connection is gone.
     */
    async::Task<Result<Outcome>> submit(Envelope envelope, MessageSource *source, SubmitHooks hooks);
    /** Says goodbye, waiting a moment for the answer. */
    async::Task<void> quit();

    [[nodiscard]] bool isConnected() const { return m_stream != nullptr; }
    [[nodiscard]] const Extensions &extensions() const;
    [[nodiscard]] const QByteArray &signInMechanism() const { return m_mechanism; }

private:
    using Limit = std::chrono::seconds;

    async::Task<Result<void>> establish(ConnectOptions options);
    async::Task<Result<void>> greet();
    async::Task<Result<void>> sayHello(QByteArray name);
    async::Task<Result<void>> secure();
    async::Task<Result<void>> signIn(ConnectOptions options);
    async::Task<Result<Outcome>> deliver(Envelope envelope, MessageSource *source, SubmitHooks hooks);
    async::Task<Result<Outcome>> sendData(Outcome outcome, MessageSource *source, SubmitHooks hooks);
    async::Task<Result<Outcome>> sendChunks(Outcome outcome, MessageSource *source, SubmitHooks hooks);
    async::Task<Result<Outcome>> refusedEarly(Outcome outcome, Error error);
    async::Task<Result<Outcome>> resetAfter(Outcome outcome);

    async::Task<Result<SessionEvent>> readEvent();
    async::Task<Result<SessionEvent>> event(Limit limit);
    async::Task<Result<Answered>> answer(Step step, Limit limit);
    /** Until at most so many octets wait to be sent. */
    async::Task<Result<void>> drained(std::uint64_t most);
    void flush();
    [[nodiscard]] std::uint64_t unsent() const;
    /** The connection is over. */
    Failure dead(Error error);
    static Outcome concluded(Outcome outcome, const Reply &reply, const QString &where);
    static Outcome unknown(Outcome outcome, Error cut);

    Clock &m_clock;
    net::StreamFactory &m_streams;
    TraceHandler m_trace;
    QString m_where;
    QByteArray m_mechanism;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<net::ByteStream> m_stream;
};

} // namespace kittiwake::smtp

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sasl/sasl.h"
#include "core/smtp/content.h"
#include "core/smtp/extensions.h"
#include "core/smtp/submissiontypes.h"

#include <deque>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace kittiwake::smtp
{

/** What a reply answers. */
enum class Step { Greeting, Hello, StartTls, Auth, Mail, Recipient, Data, Content, Chunk, Reset, Quit };

/** The final answer to a step (of Auth: the last one). Not told of Mail and Recipient: see EnvelopeAnswered. */
struct Answered {
    Step step = Step::Greeting;
    Reply reply;
    std::optional<Error> error; ///< Auth: why it cannot be trusted or was given up, whatever the reply says
};
/** Everything before the message has been answered. Go on with data() or chunk() where canGoOn, else reset(). */
struct EnvelopeAnswered {
    std::vector<RecipientResult> recipients; ///< in the order of the envelope
    std::optional<Refusal> refusal; ///< of the sender: then nobody was asked about, or their answers mean nothing
    bool canGoOn = false; ///< one recipient at least was taken
};
/** The stream makes no sense any more: nothing else follows. */
struct Broken {
    Error error;
};
using SessionEvent = std::variant<Answered, EnvelopeAnswered, Broken>;

enum class TraceDirection { Sent, Received, Note };
/** One line of the protocol; secrets and the text of messages are left out. */
using TraceHandler = std::function<void(TraceDirection direction, const QByteArray &line)>;

/**
 * The client's side of a submission (RFC 6409, RFC 5321), without I/O: feed() what came, send what takeOutput() gives,
 * look at nextEvent(). Commands are called one after the other, each when the one before it was answered; within an
 * envelope they are pipelined where the server can (RFC 2920). One thread.
 */
class Session
{
public:
    explicit Session(QString where) : m_where(std::move(where)) { m_expected.push_back({Step::Greeting, 0}); }

    void setTrace(TraceHandler trace) { m_trace = std::move(trace); }
    void feed(const QByteArray &bytes);
    [[nodiscard]] QByteArray takeOutput() { return std::exchange(m_output, {}); }
    [[nodiscard]] std::optional<SessionEvent> nextEvent();
    [[nodiscard]] bool isBroken() const { return m_isBroken; }

    /** EHLO. name: a domain or an address literal. Where the server knows no EHLO: HELO, and no extension. */
    void hello(const QByteArray &name);
    /** Of the last EHLO; empty again after TLS has started (RFC 3207 section 4.2). */
    [[nodiscard]] const Extensions &extensions() const { return m_extensions; }
    void startTls();
    /** TLS is up: nothing that was told before counts. */
    void encrypted();
    void authenticate(sasl::Sasl sasl);
    /** MAIL and RCPT. The envelope fits the extensions: see whyNot(). */
    void begin(const Envelope &envelope);
    /** Why this server cannot take such a message, before it is asked. */
    [[nodiscard]] std::optional<Refusal> whyNot(const Envelope &envelope) const;
    void data();
    /** A piece of the message after data() was answered with 354. */
    void content(const QByteArray &piece);
    /** The line that ends the message: from here on the server may have it. */
    void endContent();
    /** The message in pieces with their lengths (RFC 3030). The next piece may follow when this one was answered. */
    void chunk(const QByteArray &piece, bool isLast);
    void reset();
    void quit();

private:
    struct Expected {
        Step step = Step::Greeting;
        std::size_t index = 0; ///< of a recipient
    };

    void send(const QByteArray &line, Step step, const QByteArray &shown = {}, std::size_t index = 0);
    void sendRecipients();
    void take(const Reply &reply);
    void takeHello(const Reply &reply);
    void takeAuth(const Reply &reply);
    void takeEnvelope(const Expected &expected, const Reply &reply);
    void answered(Step step, const Reply &reply, std::optional<Error> error = {});
    void breakWith(Error error);
    void trace(TraceDirection direction, const QByteArray &line) const;

    QString m_where;
    TraceHandler m_trace;
    ReplyParser m_parser;
    QByteArray m_output;
    std::deque<SessionEvent> m_events;
    std::deque<Expected> m_expected;
    Extensions m_extensions;
    QByteArray m_helloName;
    bool m_saysHelo = false;
    bool m_isBroken = false;
    bool m_isInContent = false; ///< between 354 and the end of the message
    std::optional<sasl::Sasl> m_sasl;
    std::optional<Error> m_saslError;
    Envelope m_envelope;
    std::size_t m_asked = 0; ///< recipients for whom RCPT was sent
    EnvelopeAnswered m_result;
    ContentEncoder m_encoder{ContentEncoder::Dots::Stuffed};
};

} // namespace kittiwake::smtp

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/session.h"

#include "core/smtp/smtperrors.h"

#include <algorithm>

namespace kittiwake::smtp
{

namespace
{

/** Recipients in flight where the server can pipeline: neither side has to keep more than that. */
constexpr std::size_t pipelineDepth = 100;
constexpr qsizetype longestEnvelopeId = 100; // RFC 3461 section 4.4

/** MAIL FROM with the parameters that the server knows. */
QByteArray mailCommand(const Envelope &envelope, const Extensions &extensions)
{
    QByteArray line = "MAIL FROM:<" + envelope.sender.wire() + '>';
    if (extensions.sizeKnown && envelope.size > 0)
        line += " SIZE=" + QByteArray::number(static_cast<qulonglong>(envelope.size));
    if (extensions.eightBitMime && (envelope.hasEightBit || envelope.needsUtf8()))
        line += " BODY=8BITMIME";
    if (extensions.smtpUtf8 && envelope.needsUtf8())
        line += " SMTPUTF8";
    if (extensions.dsn && !envelope.notify.isDefault()) {
        line += envelope.returnFull ? " RET=FULL" : " RET=HDRS";
        if (!envelope.envelopeId.isEmpty() && envelope.envelopeId.size() <= longestEnvelopeId)
            line += " ENVID=" + xtext(envelope.envelopeId);
    }
    return line;
}

QByteArray recipientCommand(const Path &recipient, const Envelope &envelope, const Extensions &extensions)
{
    QByteArray line = "RCPT TO:<" + recipient.wire() + '>';
    if (!extensions.dsn || envelope.notify.isDefault())
        return line;
    QByteArrayList events;
    if (envelope.notify.success)
        events.append("SUCCESS");
    if (envelope.notify.failure)
        events.append("FAILURE");
    if (envelope.notify.delay)
        events.append("DELAY");
    line += " NOTIFY=" + events.join(',');
    // ORCPT of addresses beyond ASCII needs the "utf-8" type of RFC 6533, which few servers know.
    if (!recipient.needsUtf8())
        line += " ORCPT=rfc822;" + xtext(recipient.wire());
    return line;
}

/** -1 where it is no base64. */
std::optional<QByteArray> decodedChallenge(const Reply &reply)
{
    const QByteArray text = reply.lines.join();
    if (text.size() > 2 * sasl::maxChallengeSize)
        return std::nullopt;
    auto decoded = QByteArray::fromBase64Encoding(text.trimmed(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return *decoded;
}

} // namespace

bool Envelope::needsUtf8() const
{
    return hasUtf8Header || sender.needsUtf8()
        || std::any_of(recipients.begin(), recipients.end(), [](const Path &one) { return one.needsUtf8(); });
}

void Session::trace(TraceDirection direction, const QByteArray &line) const
{
    if (m_trace)
        m_trace(direction, line);
}

void Session::send(const QByteArray &line, Step step, const QByteArray &shown, std::size_t index)
{
    if (m_isBroken)
        return;
    m_output += line + "\r\n";
    m_expected.push_back({step, index});
    trace(TraceDirection::Sent, shown.isEmpty() ? line : shown);
}

void Session::answered(Step step, const Reply &reply, std::optional<Error> error)
{
    m_events.emplace_back(Answered{step, reply, std::move(error)});
}

void Session::breakWith(Error error)
{
    if (m_isBroken)
        return;
    m_isBroken = true;
    m_expected.clear();
    m_output.clear();
    m_events.emplace_back(Broken{std::move(error)});
}

std::optional<SessionEvent> Session::nextEvent()
{
    if (m_events.empty())
        return std::nullopt;
    SessionEvent event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

void Session::feed(const QByteArray &bytes)
{
    if (m_isBroken)
        return;
    m_parser.feed(bytes);
    while (!m_isBroken) {
        const auto reply = m_parser.next();
        if (!reply)
            break;
        trace(TraceDirection::Received, QByteArray::number(reply->code) + ' ' + reply->displayText().toUtf8());
        take(*reply);
    }
    if (!m_isBroken && m_parser.isBroken()) {
        const bool isGreeting = !m_expected.empty() && m_expected.front().step == Step::Greeting;
        breakWith(isGreeting ? notSmtpError(m_where, m_parser.offender())
                             : outOfStepError(m_where, neutralised(m_parser.offender(), 200)));
    }
}

void Session::take(const Reply &reply)
{
    if (m_expected.empty() && m_isInContent) {
        // In the middle of the message: the server has seen enough of it, and the rest is not wanted.
        m_isInContent = false;
        answered(Step::Content, reply);
        return;
    }
    if (m_expected.empty()) {
        // 421 may come unasked when the server goes down (RFC 5321 section 3.8); nothing else may.
        breakWith(reply.code == 421 ? shuttingDownError(m_where, reply) : outOfStepError(m_where, reply.detail()));
        return;
    }
    const Expected expected = m_expected.front();
    m_expected.pop_front();
    switch (expected.step) {
    case Step::Hello:
        return takeHello(reply);
    case Step::Auth:
        return takeAuth(reply);
    case Step::Mail:
    case Step::Recipient:
        return takeEnvelope(expected, reply);
    case Step::StartTls:
        // What came together with the answer was sent in the clear, by whoever (CVE-2020-15685, CVE-2020-14928).
        if (reply.isPositive() && !m_parser.isEmpty()) {
            breakWith(injectedDataError(m_where));
            return;
        }
        break;
    case Step::Data:
        m_isInContent = reply.code == 354;
        break;
    default:
        break;
    }
    answered(expected.step, reply);
}

void Session::hello(const QByteArray &name)
{
    m_helloName = name;
    m_saysHelo = false;
    m_extensions = {};
    send("EHLO " + name, Step::Hello);
}

void Session::takeHello(const Reply &reply)
{
    const bool isUnknown = reply.code == 500 || reply.code == 501 || reply.code == 502 || reply.code == 504;
    if (isUnknown && !m_saysHelo) {
        m_saysHelo = true;
        send("HELO " + m_helloName, Step::Hello);
        return;
    }
    if (reply.isPositive() && !m_saysHelo)
        m_extensions = Extensions::fromHello(reply);
    answered(Step::Hello, reply);
}

void Session::startTls()
{
    send(QByteArrayLiteral("STARTTLS"), Step::StartTls);
}

void Session::encrypted()
{
    m_extensions = {};
    m_parser.clear();
}

void Session::authenticate(sasl::Sasl sasl)
{
    m_saslError.reset();
    m_sasl.emplace(std::move(sasl));
    QByteArray line = "AUTH " + sasl::mechanismName(m_sasl->mechanism());
    if (m_sasl->isClientFirst()) {
        const auto first = m_sasl->step({});
        if (!first) {
            answered(Step::Auth, {}, first.error());
            return;
        }
        line += ' ' + (first->isEmpty() ? QByteArray("=") : first->toBase64());
    }
    send(line, Step::Auth, "AUTH " + sasl::mechanismName(m_sasl->mechanism()) + " (SASL response)");
}

void Session::takeAuth(const Reply &reply)
{
    if (!reply.isIntermediate()) {
        auto sasl = std::exchange(m_sasl, std::nullopt);
        auto error = std::exchange(m_saslError, std::nullopt);
        if (!error && reply.isPositive() && sasl && sasl::provesServer(sasl->mechanism()) && !sasl->isDone())
            error = unprovenServerError(m_where);
        answered(Step::Auth, reply, std::move(error));
        return;
    }
    const auto challenge = decodedChallenge(reply);
    // LOGIN's prompts are words for people, and some servers send them as they are.
    const bool isPrompt = m_sasl && !sasl::provesServer(m_sasl->mechanism());
    Result<QByteArray> response = failure(outOfStepError(m_where, QStringLiteral("a challenge that is no base64")));
    if (m_sasl && !m_saslError && (challenge || isPrompt))
        response = m_sasl->step(challenge.value_or(QByteArray()));
    if (!response) {
        // "*" gives it up; the server answers with 501 (RFC 4954 section 4).
        if (!m_saslError)
            m_saslError = response.error();
        send(QByteArrayLiteral("*"), Step::Auth);
        return;
    }
    send(response->toBase64(), Step::Auth, QByteArrayLiteral("(SASL response)"));
}

std::optional<Refusal> Session::whyNot(const Envelope &envelope) const
{
    if (m_extensions.largestMessage && envelope.size > *m_extensions.largestMessage)
        return tooLargeRefusal(m_where, envelope.size, *m_extensions.largestMessage);
    if (envelope.needsUtf8() && !m_extensions.smtpUtf8)
        return unsupportedRefusal(m_where, true);
    if (envelope.hasEightBit && !m_extensions.eightBitMime)
        return unsupportedRefusal(m_where, false);
    return std::nullopt;
}

void Session::begin(const Envelope &envelope)
{
    m_envelope = envelope;
    m_asked = 0;
    m_result = {};
    m_result.recipients.reserve(envelope.recipients.size());
    for (const Path &recipient : envelope.recipients)
        m_result.recipients.push_back({recipient, std::nullopt});
    send(mailCommand(envelope, m_extensions), Step::Mail);
    if (m_extensions.pipelining)
        sendRecipients();
}

void Session::sendRecipients()
{
    const std::size_t depth = m_extensions.pipelining ? pipelineDepth : 1;
    const std::size_t end = std::min(m_envelope.recipients.size(), m_asked + depth);
    for (; m_asked < end; ++m_asked)
        send(recipientCommand(m_envelope.recipients[m_asked], m_envelope, m_extensions), Step::Recipient, {}, m_asked);
}

void Session::takeEnvelope(const Expected &expected, const Reply &reply)
{
    if (reply.code == 421) {
        breakWith(shuttingDownError(m_where, reply));
        return;
    }
    if (expected.step == Step::Mail) {
        if (!reply.isPositive())
            m_result.refusal = refusalOf(reply, RefusalStage::Sender, m_where, m_envelope.sender.text());
    } else if (!reply.isPositive() && !m_result.refusal) {
        m_result.recipients[expected.index].refusal
            = refusalOf(reply, RefusalStage::Recipient, m_where, m_envelope.recipients[expected.index].text());
    }
    if (!m_expected.empty())
        return;
    if (!m_result.refusal && m_asked < m_envelope.recipients.size())
        return sendRecipients();
    m_result.canGoOn = !m_result.refusal
        && std::any_of(m_result.recipients.begin(), m_result.recipients.end(),
                       [](const RecipientResult &one) { return !one.refusal; });
    m_events.emplace_back(std::exchange(m_result, {}));
}

void Session::data()
{
    m_encoder = ContentEncoder(ContentEncoder::Dots::Stuffed);
    send(QByteArrayLiteral("DATA"), Step::Data);
}

void Session::content(const QByteArray &piece)
{
    m_output += m_encoder.encode(piece);
}

void Session::endContent()
{
    m_isInContent = false;
    m_output += m_encoder.finish();
    send(QByteArrayLiteral("."), Step::Content);
}

void Session::chunk(const QByteArray &piece, bool isLast)
{
    QByteArray line = "BDAT " + QByteArray::number(piece.size());
    if (isLast)
        line += " LAST";
    send(line, Step::Chunk);
    m_output += piece;
}

void Session::reset()
{
    send(QByteArrayLiteral("RSET"), Step::Reset);
}

void Session::quit()
{
    send(QByteArrayLiteral("QUIT"), Step::Quit);
}

} // namespace kittiwake::smtp

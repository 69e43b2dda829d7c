// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/client.h"

#include "core/async/awaiters.h"
#include "core/net/sendqueue.h"
#include "core/smtp/smtperrors.h"

#include <QCoreApplication>

#include <utility>

/** From nothing to a connection that is signed in, and how all flows wait. */
namespace kittiwake::smtp
{

Client::Client(Clock &clock, net::StreamFactory &streams) : m_clock(clock), m_streams(streams) { }

Client::~Client() = default;

const Extensions &Client::extensions() const
{
    static const Extensions none;
    return m_session ? m_session->extensions() : none;
}

Failure Client::dead(Error error)
{
    m_stream.reset();
    if (m_trace)
        m_trace(TraceDirection::Note, error.detail.toUtf8());
    return failure(std::move(error));
}

void Client::flush()
{
    const QByteArray output = m_session->takeOutput();
    if (m_stream && !output.isEmpty())
        m_stream->write(output);
}

std::uint64_t Client::unsent() const
{
    const auto *queue = dynamic_cast<const net::SendQueue *>(m_stream.get());
    return queue == nullptr ? 0 : queue->unsent();
}

async::Task<Result<SessionEvent>> Client::readEvent()
{
    while (true) {
        // A reply may have made the session speak (HELO after EHLO, the next response of a sign-in).
        flush();
        auto event = m_session->nextEvent();
        if (event) {
            if (const auto *broken = std::get_if<Broken>(&*event))
                co_return failure(broken->error);
            co_return std::move(*event);
        }
        const auto bytes = co_await m_stream->read();
        if (!bytes)
            co_return failure(bytes.error());
        if (bytes->isEmpty())
            co_return failure(closedError(m_where, QStringLiteral("closed while an answer was due")));
        m_session->feed(*bytes);
    }
}

async::Task<Result<SessionEvent>> Client::event(Limit limit)
{
    if (!m_stream)
        co_return failure(closedError(m_where, QStringLiteral("not connected")));
    auto event = co_await async::withTimeout(m_clock, limit, readEvent());
    if (!event)
        co_return dead(timeoutError(m_where, static_cast<int>(limit.count())));
    if (!*event)
        co_return dead(event->error());
    co_return std::move(**event);
}

async::Task<Result<Answered>> Client::answer(Step step, Limit limit)
{
    flush();
    auto told = co_await event(limit);
    if (!told)
        co_return failure(told.error());
    auto *answered = std::get_if<Answered>(&*told);
    if (answered == nullptr || answered->step != step)
        co_return dead(outOfStepError(m_where, QStringLiteral("an answer to something else")));
    co_return std::move(*answered);
}

async::Task<Result<void>> Client::connect(ConnectOptions options)
{
    m_where = options.endpoint.text();
    if (m_session)
        co_return failure(ErrorKind::Input, m_where,
                          QCoreApplication::translate("core", "This connection was used already."),
                          QStringLiteral("connect() called twice"));
    m_session = std::make_unique<Session>(m_where);
    m_session->setTrace(m_trace);
    const auto established = co_await establish(std::move(options));
    if (!established)
        m_stream.reset();
    co_return established;
}

async::Task<Result<void>> Client::establish(ConnectOptions options)
{
    auto stream = co_await m_streams.connect(options.endpoint, options.tls, options.policy);
    if (!stream)
        co_return failure(stream.error());
    m_stream = std::move(*stream);
    const auto greeting = co_await answer(Step::Greeting, options.greetingLimit);
    if (!greeting)
        co_return failure(greeting.error());
    if (!greeting->reply.isPositive())
        co_return failure(turnedAwayError(m_where, greeting->reply));
    const auto met = co_await sayHello(options.helloName);
    if (!met)
        co_return met;
    if (options.tls == net::TlsMode::StartTls) {
        const auto secured = co_await secure();
        if (!secured)
            co_return secured;
        const auto again = co_await sayHello(options.helloName);
        if (!again)
            co_return again;
    }
    const auto signedIn = co_await signIn(std::move(options));
    co_return signedIn;
}

async::Task<Result<void>> Client::sayHello(QByteArray name)
{
    m_session->hello(name);
    const auto told = co_await answer(Step::Hello, commandLimit);
    if (!told)
        co_return failure(told.error());
    if (!told->reply.isPositive())
        co_return failure(turnedAwayError(m_where, told->reply));
    co_return Result<void>();
}

async::Task<Result<void>> Client::secure()
{
    if (!extensions().startTls)
        co_return failure(noStartTlsError(m_where, QStringLiteral("not offered")));
    m_session->startTls();
    const auto told = co_await answer(Step::StartTls, commandLimit);
    if (!told)
        co_return failure(told.error());
    if (!told->reply.isPositive())
        co_return failure(noStartTlsError(m_where, told->reply.detail()));
    const auto upgraded = co_await m_stream->startTls();
    if (!upgraded)
        co_return upgraded;
    m_session->encrypted();
    co_return Result<void>();
}

async::Task<Result<void>> Client::signIn(ConnectOptions options)
{
    // Whatever path led here: no secret goes out in the clear.
    if (!m_stream->isEncrypted())
        co_return failure(noStartTlsError(m_where, QStringLiteral("not encrypted before AUTH")));
    if (extensions().authMechanisms.isEmpty() && options.mechanism.isEmpty())
        co_return failure(noSignInError(m_where));
    const auto mechanism = sasl::chooseMechanism(extensions().authMechanisms, options.mechanism, m_where);
    if (!mechanism)
        co_return failure(mechanism.error());
    m_mechanism = sasl::mechanismName(*mechanism);
    auto sasl = sasl::Sasl::start(*mechanism, {options.userName, options.password}, m_where);
    if (!sasl)
        co_return failure(sasl.error());
    m_session->authenticate(std::move(*sasl));
    const auto told = co_await answer(Step::Auth, commandLimit);
    if (!told)
        co_return failure(told.error());
    if (told->error)
        co_return failure(*told->error);
    if (!told->reply.isPositive())
        co_return failure(signInRefusedError(m_where, told->reply));
    co_return Result<void>();
}

async::Task<void> Client::quit()
{
    if (!m_stream)
        co_return;
    m_session->quit();
    const auto told = co_await answer(Step::Quit, quitLimit);
    Q_UNUSED(told) // How it says goodbye changes nothing.
    m_stream.reset();
}

} // namespace kittiwake::smtp

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/qtstream.h"

#include "core/net/socketlink.h"

#include <QCoreApplication>

namespace kittiwake::net
{

namespace
{

using async::Task;
using Link = std::shared_ptr<SocketLink>;

// A coroutine whose stream has gone suspends for ever (std::suspend_always): its owner frees it.

struct Timer {
    Timer(Clock &time, Clock::Duration limit, std::function<void()> callback)
        : clock(time), id(time.callAfter(limit, std::move(callback)))
    {
    }
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;
    ~Timer() { clock.cancel(id); }
    Clock &clock;
    Clock::TimerId id;
};

/** Waits for a connection or a handshake, as long as the limit allows, and ends the link where it fails. */
Task<Result<void>> conclude(Link link, SocketLink::Opened opened)
{
    Result<void> result;
    {
        const Timer timer(link->clock(), SocketLink::timeLimit, [weak = std::weak_ptr(link)] {
            if (const auto late = weak.lock())
                late->fail(timeoutError(late->endpoint(), late->phase(), SocketLink::timeLimit));
        });
        result = co_await opened;
    }
    if (link->isAbandoned())
        co_await std::suspend_always{};
    if (result)
        link->flush();
    else
        link->fail(result.error());
    co_return result;
}

Task<Result<void>> openLink(Link link, TlsMode mode)
{
    const SocketLink::Opened opened = link->connect(mode);
    const Result<void> result = co_await conclude(link, opened);
    co_return result;
}

Task<Result<void>> encryptLink(Link link)
{
    if (link->error())
        co_return failure(*link->error());
    if (link->isEncrypted() || link->isDeflated()) {
        co_return failure(ErrorKind::Tls, link->endpoint().text(),
                          QCoreApplication::translate("core", "The connection to %1 cannot be encrypted a second time.")
                              .arg(link->endpoint().text()));
    }
    if (link->hasUnread()) {
        const Error error = injectionError(link->endpoint());
        link->fail(error);
        co_return failure(error);
    }
    if (link->isClosed()) {
        co_return failure(socketError(link->endpoint(), Phase::Handshake, QAbstractSocket::RemoteHostClosedError,
                                      QStringLiteral("closed before the TLS upgrade")));
    }
    link->flush();
    const SocketLink::Opened opened = link->encrypt();
    const Result<void> result = co_await conclude(link, opened);
    co_return result;
}

Task<Result<QByteArray>> readLink(Link link)
{
    while (true) {
        std::optional<Result<QByteArray>> bytes = link->readNow();
        if (bytes) {
            if (!*bytes)
                link->fail(bytes->error());
            co_return std::move(*bytes);
        }
        const async::Event readable = link->readable();
        co_await readable;
        if (link->isAbandoned())
            co_await std::suspend_always{};
    }
}

Task<Result<void>> drainLink(Link link, std::uint64_t most)
{
    while (true) {
        if (link->error())
            co_return failure(*link->error());
        if (link->isClosed())
            co_return failure(socketError(link->endpoint(), Phase::Open, QAbstractSocket::RemoteHostClosedError,
                                          QStringLiteral("closed with octets unsent")));
        if (link->unsent() <= most)
            co_return Result<void>();
        const async::Event writable = link->writable();
        co_await writable;
        if (link->isAbandoned())
            co_await std::suspend_always{};
    }
}

} // namespace

QtStream::QtStream(Clock &clock, Endpoint endpoint, HostName host, const QSslConfiguration &configuration,
                   AddressRace::Lookup lookup)
    : m_link(
        std::make_shared<SocketLink>(clock, std::move(endpoint), std::move(host), configuration, std::move(lookup)))
{
}

QtStream::~QtStream()
{
    m_link->abandon();
}

Task<Result<void>> QtStream::open(TlsMode mode)
{
    return openLink(m_link, mode);
}

Task<Result<QByteArray>> QtStream::read()
{
    return readLink(m_link);
}

void QtStream::write(const QByteArray &bytes)
{
    m_link->write(bytes);
}

Task<Result<void>> QtStream::startTls()
{
    return encryptLink(m_link);
}

Result<void> QtStream::startDeflate()
{
    return startDeflateAfter({});
}

Result<void> QtStream::startDeflateAfter(const QByteArray &received)
{
    if (m_link->isDeflated() || !m_link->isEncrypted()) {
        return failure(ErrorKind::Protocol, m_link->endpoint().text(),
                       QCoreApplication::translate("core", "The connection to %1 cannot be compressed now.")
                           .arg(m_link->endpoint().text()),
                       QStringLiteral("compressed already, or not encrypted"));
    }
    m_link->startDeflate(received);
    return {};
}

bool QtStream::issuerIsUnknown() const
{
    return m_link->issuerIsUnknown();
}

bool QtStream::isEncrypted() const
{
    return m_link->isEncrypted();
}

std::uint64_t QtStream::unsent() const
{
    return m_link->unsent();
}

Task<Result<void>> QtStream::drained(std::uint64_t most)
{
    return drainLink(m_link, most);
}

ByteCounters QtStream::counters() const
{
    return m_link->counters();
}

} // namespace kittiwake::net

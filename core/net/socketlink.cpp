// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/socketlink.h"

#include "core/base/log.h"
#include "core/net/keepalive.h"

#include <QNetworkProxy>
#include <QNetworkProxyFactory>
#include <QSslCipher>

#include <algorithm>
#include <limits>

namespace kittiwake::net
{

SocketLink::SocketLink(Clock &time, Endpoint peer, HostName host, const QSslConfiguration &configuration,
                       AddressRace::Lookup lookup)
    : m_clock(time), m_endpoint(std::move(peer)), m_host(std::move(host)), m_configuration(configuration),
      m_lookup(std::move(lookup))
{
}

SocketLink::~SocketLink()
{
    drop();
}

QSslSocket *SocketLink::newSocket() const
{
    auto *socket = new QSslSocket;
    socket->setSslConfiguration(m_configuration);
    socket->setReadBufferSize(readBufferSize);
    socket->setPeerVerifyName(m_host.wire());
    // Otherwise the application's proxy, which is the system's unless the program says differently.
    if (m_host.isLoopback())
        socket->setProxy(QNetworkProxy::NoProxy);
    return socket;
}

void SocketLink::take(QSslSocket *socket)
{
    m_socket = socket;
    QObject::connect(m_socket, &QSslSocket::connected, m_socket, [this] { onConnected(); });
    QObject::connect(m_socket, &QSslSocket::encrypted, m_socket, [this] { onEncrypted(); });
    QObject::connect(m_socket, &QSslSocket::sslErrors, m_socket,
                     [this](const QList<QSslError> &errors) { m_certificateErrors = errors; });
    QObject::connect(m_socket, &QSslSocket::errorOccurred, m_socket,
                     [this](QAbstractSocket::SocketError error) { onError(error); });
    QObject::connect(m_socket, &QSslSocket::disconnected, m_socket, [this] { onDisconnected(); });
    // Emitted for every 4 KiB that are decrypted: must cost nothing.
    QObject::connect(m_socket, &QSslSocket::readyRead, m_socket, [this] { wake(); });
    QObject::connect(m_socket, &QSslSocket::encryptedBytesWritten, m_socket, [this](qint64) {
        pump();
        wakeWriter();
    });
}

/** Then the proxy looks the name up and chooses an address. Qt asks the same question when it connects. */
bool SocketLink::goesThroughProxy() const
{
    if (m_host.isLoopback())
        return false;
    const QNetworkProxyQuery query(m_host.wire(), m_endpoint.port, {}, QNetworkProxyQuery::TcpSocket);
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::proxyForQuery(query);
    return !proxies.isEmpty() && proxies.first().type() != QNetworkProxy::NoProxy;
}

SocketLink::Opened SocketLink::connect(TlsMode mode)
{
    m_mode = mode;
    Opened opened(m_clock);
    m_opened = opened;
    if (!m_host.isAddress() && !goesThroughProxy()) {
        race();
        return opened;
    }
    take(newSocket());
    if (mode == TlsMode::Implicit)
        m_socket->connectToHostEncrypted(m_host.wire(), m_endpoint.port);
    else
        m_socket->connectToHost(m_host.wire(), m_endpoint.port);
    return opened;
}

void SocketLink::race()
{
    AddressRace::Handlers handlers;
    handlers.newSocket = [this] {
        QSslSocket *socket = newSocket();
        socket->setProxy(QNetworkProxy::NoProxy); // goesThroughProxy() has asked
        return socket;
    };
    handlers.won = [this](QSslSocket *winner) {
        m_race.reset();
        take(winner);
        onConnected();
        if (m_mode == TlsMode::Implicit)
            m_socket->startClientEncryption();
    };
    handlers.lost = [this](QAbstractSocket::SocketError error, const QString &detail) {
        qCDebug(logNet) << m_endpoint.text() << error << detail;
        fail(socketError(m_endpoint, Phase::Connecting, error, detail));
    };
    m_race = std::make_unique<AddressRace>(m_clock, m_lookup, m_host.wire(), m_endpoint.port, std::move(handlers));
}

SocketLink::Opened SocketLink::encrypt()
{
    Opened opened(m_clock);
    m_opened = opened;
    m_phase = Phase::Handshake;
    m_socket->startClientEncryption();
    return opened;
}

void SocketLink::drop()
{
    m_race.reset();
    m_opened.reset();
    m_readable.reset();
    m_writable.reset();
    if (m_socket == nullptr)
        return;
    QSslSocket *socket = std::exchange(m_socket, nullptr);
    socket->disconnect(); // no signal reaches this link any more
    socket->abort();
    socket->deleteLater();
}

void SocketLink::abandon()
{
    m_abandoned = true;
    drop();
}

void SocketLink::fail(Error error)
{
    if (!m_error)
        m_error = std::move(error);
    conclude(failure(*m_error));
    wake();
    wakeWriter();
    drop();
}

void SocketLink::onConnected()
{
    m_socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    probeWhenSilent(m_socket->socketDescriptor());
    m_phase = m_mode == TlsMode::Implicit ? Phase::Handshake : Phase::Open;
    if (m_mode == TlsMode::StartTls)
        conclude({});
}

void SocketLink::onEncrypted()
{
    qCDebug(logNet) << m_endpoint.text() << "encrypted with" << m_socket->sessionCipher().name();
    m_phase = Phase::Open;
    // Qt accepts a common name beside alternative names, which lets an authority that is limited to some domains vouch
    // for any other; OpenSSL does not.
    if (!m_host.isNamedIn(m_socket->peerCertificate())) {
        m_error = wrongHostError(m_endpoint, m_socket->peerCertificate());
        conclude(failure(*m_error));
        return;
    }
    conclude({});
}

void SocketLink::onError(QAbstractSocket::SocketError error)
{
    const QString detail = m_socket->errorString();
    qCDebug(logNet) << m_endpoint.text() << error << detail;
    if (m_phase == Phase::Open && error == QAbstractSocket::RemoteHostClosedError) {
        m_closed = true;
    } else if (!m_error) {
        if (m_certificateErrors.isEmpty())
            m_error = socketError(m_endpoint, m_phase, error, detail);
        else
            m_error = certificateError(m_endpoint, m_certificateErrors);
        conclude(failure(*m_error));
    }
    wake();
    wakeWriter();
}

void SocketLink::onDisconnected()
{
    if (m_phase == Phase::Open)
        m_closed = true;
    else
        onError(QAbstractSocket::RemoteHostClosedError);
    wake();
    wakeWriter();
}

void SocketLink::conclude(Result<void> result)
{
    if (!m_opened)
        return;
    const Opened opened = *m_opened;
    m_opened.reset();
    opened.complete(std::move(result));
}

void SocketLink::wakeWriter()
{
    if (!m_writable)
        return;
    const async::Event writable = *m_writable;
    m_writable.reset();
    writable.complete({});
}

async::Event SocketLink::writable()
{
    m_writable.emplace(m_clock);
    return *m_writable;
}

std::uint64_t SocketLink::unsent() const
{
    const qint64 inSocket = m_socket == nullptr ? 0 : m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite();
    return static_cast<std::uint64_t>(m_outgoing.size() - m_handedOn)
        + static_cast<std::uint64_t>(std::max<qint64>(inSocket, 0));
}

void SocketLink::wake()
{
    if (!m_readable)
        return;
    const async::Event readable = *m_readable;
    m_readable.reset();
    readable.complete({});
}

async::Event SocketLink::readable()
{
    m_readable.emplace(m_clock);
    return *m_readable;
}

bool SocketLink::hasUnread() const
{
    return m_socket != nullptr && m_socket->bytesAvailable() > 0;
}

std::optional<Result<QByteArray>> SocketLink::readNow()
{
    while (true) {
        if (m_inflater && m_inflater->hasWork()) {
            Result<QByteArray> bytes = m_inflater->next(largestRead);
            if (!bytes || !bytes->isEmpty())
                return bytes;
        }
        const qint64 available = m_socket != nullptr ? m_socket->bytesAvailable() : 0;
        if (available <= 0)
            break;
        QByteArray bytes(static_cast<qsizetype>(std::min<qint64>(available, largestRead)), Qt::Uninitialized);
        const qint64 count = m_socket->read(bytes.data(), bytes.size());
        if (count <= 0)
            break;
        bytes.truncate(count);
        m_counters.received += static_cast<std::uint64_t>(count);
        if (!m_inflater)
            return bytes;
        m_inflater->feed(bytes);
    }
    if (m_error)
        return failure(*m_error);
    if (m_closed)
        return QByteArray();
    return std::nullopt;
}

void SocketLink::write(const QByteArray &bytes)
{
    if (m_socket == nullptr || m_error || m_closed || bytes.isEmpty())
        return;
    m_outgoing.append(bytes);
    if (m_flushPosted)
        return;
    // One TLS record and one flush of the compressor for all that is written in a turn.
    m_flushPosted = true;
    m_clock.post([weak = weak_from_this()] {
        if (const auto link = weak.lock()) {
            link->m_flushPosted = false;
            link->pump();
        }
    });
}

void SocketLink::flush()
{
    m_flushPosted = false;
    handOn(std::numeric_limits<qint64>::max());
}

/**
 * The socket keeps what it is given once as it is and once encrypted: a message of tens of megabytes is not given to it
 * as a whole. Not encrypted, before STARTTLS, there is never much.
 */
void SocketLink::pump()
{
    const bool isEncrypted = m_socket != nullptr && m_socket->isEncrypted();
    handOn(isEncrypted ? qint64{512 * 1024} : std::numeric_limits<qint64>::max());
}

void SocketLink::handOn(qint64 mostInSocket)
{
    constexpr qsizetype slice = 128 * 1024;
    while (m_phase == Phase::Open && m_socket != nullptr && !m_error && !m_closed && m_handedOn < m_outgoing.size()) {
        if (m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite() >= mostInSocket)
            return;
        // Usually all of it, and no copy.
        const qsizetype count = std::min(slice, m_outgoing.size() - m_handedOn);
        const bool isAll = m_handedOn == 0 && count == m_outgoing.size();
        const QByteArray outgoing = isAll ? m_outgoing : m_outgoing.mid(m_handedOn, count);
        m_handedOn += count;
        if (m_handedOn == m_outgoing.size()) {
            m_outgoing = QByteArray();
            m_handedOn = 0;
        }
        const QByteArray wire = m_deflater ? m_deflater->compress(outgoing) : outgoing;
        m_counters.sent += static_cast<std::uint64_t>(wire.size());
        m_socket->write(wire);
        if (m_socket != nullptr)
            m_socket->flush();
    }
}

void SocketLink::startDeflate(const QByteArray &received)
{
    // What was written before the switch is plain for the peer too.
    flush();
    m_deflater = std::make_unique<Deflater>();
    m_inflater = std::make_unique<Inflater>();
    if (!received.isEmpty())
        m_inflater->feed(received);
}

bool SocketLink::issuerIsUnknown() const
{
    return std::any_of(m_certificateErrors.begin(), m_certificateErrors.end(), [](const QSslError &error) {
        switch (error.error()) {
        case QSslError::UnableToGetIssuerCertificate:
        case QSslError::UnableToGetLocalIssuerCertificate:
        case QSslError::UnableToVerifyFirstCertificate:
        case QSslError::SelfSignedCertificate:
        case QSslError::SelfSignedCertificateInChain:
        case QSslError::CertificateUntrusted:
        case QSslError::CertificateSignatureFailed: // by another authority of the same name
            return true;
        default:
            return false;
        }
    });
}

bool SocketLink::isEncrypted() const
{
    return m_socket != nullptr && m_socket->isEncrypted();
}

} // namespace kittiwake::net

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/addressrace.h"

#include "core/base/log.h"

#include <QSslSocket>

#include <algorithm>
#include <utility>

namespace kittiwake::net
{

QList<QHostAddress> raceOrder(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> families[2];
    for (const QHostAddress &address : addresses) {
        const bool isOfFirst = address.protocol() == addresses.first().protocol();
        QList<QHostAddress> &family = families[isOfFirst ? 0 : 1];
        if (!family.contains(address) && family.size() < AddressRace::mostAddresses)
            family.append(address);
    }
    QList<QHostAddress> order;
    for (qsizetype i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
        for (const QList<QHostAddress> &family : families) {
            if (i < family.size())
                order.append(family.at(i));
        }
    }
    return order.first(std::min(order.size(), AddressRace::mostAddresses));
}

AddressRace::Lookup AddressRace::systemLookup()
{
    return [](const QString &name, QObject *context, std::function<void(const QHostInfo &)> told) {
        QHostInfo::lookupHost(name, context, std::move(told));
    };
}

AddressRace::AddressRace(Clock &clock, const Lookup &lookup, const QString &name, std::uint16_t port, Handlers handlers)
    : m_clock(clock), m_port(port), m_handlers(std::move(handlers))
{
    lookup(name, &m_context, [this](const QHostInfo &host) { later([this, host] { resolved(host); }); });
}

AddressRace::~AddressRace()
{
    stopTimer();
    for (QSslSocket *socket : m_attempts)
        discard(socket);
}

void AddressRace::resolved(const QHostInfo &host)
{
    m_left = raceOrder(host.addresses());
    if (m_left.isEmpty()) {
        const bool found = host.error() == QHostInfo::NoError;
        giveUp(QAbstractSocket::HostNotFoundError, found ? QStringLiteral("no address") : host.errorString());
        return;
    }
    dialNext();
}

void AddressRace::dialNext()
{
    stopTimer();
    if (m_left.isEmpty())
        return;
    const QHostAddress address = m_left.takeFirst();
    QSslSocket *socket = m_handlers.newSocket();
    m_attempts.push_back(socket);
    // Its signals only note that something happened: it survives neither being ended nor being used from within them.
    const auto tell = [this, socket] { later([this, socket] { decide(socket); }); };
    QObject::connect(socket, &QSslSocket::connected, socket, tell);
    QObject::connect(socket, &QSslSocket::errorOccurred, socket, tell);
    qCDebug(logNet) << "trying" << address.toString() << "port" << m_port;
    if (!m_left.isEmpty()) {
        m_timer = m_clock.callAfter(attemptDelay, [this] {
            m_timer = 0;
            dialNext();
        });
    }
    socket->connectToHost(address, m_port);
}

/** Something happened to this attempt, which may have been given up since. */
void AddressRace::decide(QSslSocket *socket)
{
    const auto place = std::find(m_attempts.begin(), m_attempts.end(), socket);
    if (place == m_attempts.end())
        return;
    if (socket->state() == QAbstractSocket::HostLookupState || socket->state() == QAbstractSocket::ConnectingState)
        return; // one that was freed has told it, and this one has its place in memory
    m_attempts.erase(place);
    if (socket->state() == QAbstractSocket::ConnectedState) {
        socket->disconnect();
        stopTimer();
        for (QSslSocket *slower : std::exchange(m_attempts, {}))
            discard(slower);
        const auto won = std::exchange(m_handlers, {}).won;
        won(socket);
        return;
    }
    // That there is no way to the other address family says less than what the server itself has answered.
    if (m_detail.isEmpty() || m_error == QAbstractSocket::NetworkError) {
        m_error = socket->error();
        m_detail = socket->errorString();
    }
    discard(socket);
    if (!m_left.isEmpty())
        dialNext();
    else if (m_attempts.empty())
        giveUp(m_error, std::exchange(m_detail, {}));
}

void AddressRace::giveUp(QAbstractSocket::SocketError error, const QString &detail)
{
    const auto lost = std::exchange(m_handlers, {}).lost;
    lost(error, detail);
}

void AddressRace::later(std::function<void()> call)
{
    m_clock.post([alive = std::weak_ptr(m_alive), run = std::move(call)] {
        if (!alive.expired())
            run();
    });
}

void AddressRace::stopTimer()
{
    m_clock.cancel(std::exchange(m_timer, 0));
}

void AddressRace::discard(QSslSocket *socket)
{
    socket->disconnect();
    socket->abort();
    socket->deleteLater();
}

} // namespace kittiwake::net

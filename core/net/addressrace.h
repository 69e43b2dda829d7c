// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QAbstractSocket>
#include <QHostAddress>
#include <QHostInfo>
#include <QSslSocket>

#include <functional>
#include <memory>
#include <vector>

namespace kittiwake::net
{

/**
 * The order in which the addresses of a host are tried (RFC 8305 section 4): as the system sorted them (RFC 6724), but
 * the two address families by turns, each address once.
 */
[[nodiscard]] QList<QHostAddress> raceOrder(const QList<QHostAddress> &addresses);

/**
 * Connects to whichever address of a host answers first (Happy Eyeballs, RFC 8305). Where a network has IPv6 that leads
 * nowhere, QAbstractSocket waits 30 seconds before it tries IPv4, which is longer than anybody waits for mail. The next
 * address is tried after 250 ms, or as soon as one has failed; those that are slower than the winner are given up. Only
 * TCP is raced: which server is trusted does not depend on it.
 *
 * Engine thread. Destroying it ends all attempts, and neither callback is called after that. It may be destroyed by
 * what it calls.
 */
class AddressRace final
{
public:
    /** RFC 8305 section 5, "Connection Attempt Delay". */
    static constexpr std::chrono::milliseconds attemptDelay{250};
    /** More than any mail server has; a name server may say anything. */
    static constexpr qsizetype mostAddresses = 16;

    /** Finds the addresses of a name; calls back in the thread of context, and not when that is gone. */
    using Lookup
        = std::function<void(const QString &name, QObject *context, std::function<void(const QHostInfo &)> told)>;
    [[nodiscard]] static Lookup systemLookup();

    struct Handlers {
        std::function<QSslSocket *()> newSocket; ///< without a parent and not connected
        std::function<void(QSslSocket *winner)> won; ///< connected, not encrypted; it is the callee's now
        std::function<void(QAbstractSocket::SocketError error, const QString &detail)> lost; ///< nothing answers
    };

    /** Starts at once; the handlers are called in later turns of the clock. name: as it is looked up. */
    AddressRace(Clock &clock, const Lookup &lookup, const QString &name, std::uint16_t port, Handlers handlers);
    AddressRace(const AddressRace &) = delete;
    AddressRace &operator=(const AddressRace &) = delete;
    ~AddressRace();

private:
    void resolved(const QHostInfo &host);
    void dialNext();
    void decide(QSslSocket *socket);
    /** detail is none of the members: this may be gone while it is still needed. */
    void giveUp(QAbstractSocket::SocketError error, const QString &detail);
    void later(std::function<void()> call);
    void stopTimer();
    static void discard(QSslSocket *socket);

    Clock &m_clock;
    std::uint16_t m_port;
    Handlers m_handlers;
    QList<QHostAddress> m_left; ///< still to be tried
    std::vector<QSslSocket *> m_attempts;
    QAbstractSocket::SocketError m_error = QAbstractSocket::HostNotFoundError; ///< of those that have failed
    QString m_detail;
    Clock::TimerId m_timer = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); ///< what was put off asks whether it still may run
    QObject m_context; ///< ends the lookup
};

} // namespace kittiwake::net

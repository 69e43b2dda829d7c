// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/unit/net/testauthority.h"

#include <QPointer>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>

#include <functional>

namespace kittiwake::net
{

/** A server on a loopback port that does with each connection what the test says. Lives in the test's thread. */
class TlsServer final : public QTcpServer
{
    Q_OBJECT

public:
    using Behaviour = std::function<void(QSslSocket &)>;

    /** behaviour gets each connection in the clear, just accepted. */
    explicit TlsServer(Behaviour behaviour);

    /** Implicit TLS with this identity; then gets the connection when it is encrypted. */
    [[nodiscard]] static Behaviour encrypting(const Identity &identity, const Behaviour &then = {});
    [[nodiscard]] static QSslConfiguration configuration(const Identity &identity);

    [[nodiscard]] QSslSocket *connection() const { return m_connection; } ///< the last one; nullptr once it is gone
    [[nodiscard]] int count() const { return m_count; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Behaviour m_behaviour;
    QPointer<QSslSocket> m_connection;
    int m_count = 0;
};

} // namespace kittiwake::net

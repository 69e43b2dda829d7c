// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/net/tlsserver.h"

namespace kittiwake::net
{

TlsServer::TlsServer(Behaviour behaviour) : m_behaviour(std::move(behaviour))
{
    if (!listen(QHostAddress::LocalHost, 0))
        qFatal("no loopback port");
}

QSslConfiguration TlsServer::configuration(const Identity &identity)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(identity.certificate);
    configuration.setPrivateKey(identity.key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    return configuration;
}

TlsServer::Behaviour TlsServer::encrypting(const Identity &identity, const Behaviour &then)
{
    return [identity, then](QSslSocket &socket) {
        socket.setSslConfiguration(configuration(identity));
        if (then)
            QObject::connect(&socket, &QSslSocket::encrypted, &socket, [&socket, then] { then(socket); });
        socket.startServerEncryption();
    };
}

void TlsServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
    m_connection = socket;
    ++m_count;
    m_behaviour(*socket);
}

} // namespace kittiwake::net

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/otherstarts.h"

#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>

namespace kittiwake::app
{

namespace
{

constexpr int patienceMs = 1000;
constexpr char show[] = "show\n"; // NOLINT(modernize-avoid-c-arrays)
constexpr char end[] = "end\n"; // NOLINT(modernize-avoid-c-arrays)
constexpr char taken[] = "taken\n"; // NOLINT(modernize-avoid-c-arrays)

QString socketOf(const QString &profile)
{
    return QDir(profile).filePath(QStringLiteral("window.socket"));
}

} // namespace

OtherStarts::OtherStarts(const QString &profile, QObject *parent) : QObject(parent), m_server(new QLocalServer(this))
{
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    // What a killed process left; nobody else listens, since the profile's lock is ours.
    QLocalServer::removeServer(socketOf(profile));
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server->nextPendingConnection()) {
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
            read(socket);
        }
    });
    m_server->listen(socketOf(profile));
}

void OtherStarts::read(QLocalSocket *socket)
{
    int links = 0;
    while (socket->canReadLine()) {
        const QByteArray line = socket->readLine(longestLink + 2);
        if (line == show || line == end) {
            if (line == show)
                Q_EMIT shown();
            socket->write(taken);
        } else if (line.endsWith('\n') && ++links <= mostLinks) {
            Q_EMIT linkOpened(line.trimmed());
        }
    }
    if (socket->bytesAvailable() > longestLink)
        socket->abort();
}

bool OtherStarts::handOver(const QString &profile, const QStringList &links)
{
    QLocalSocket socket;
    socket.connectToServer(socketOf(profile));
    if (!socket.waitForConnected(patienceMs))
        return false;
    for (const QString &link : links.mid(0, mostLinks)) {
        const QByteArray bytes = link.toUtf8();
        // A line end would be another link.
        if (bytes.size() <= longestLink && !bytes.contains('\n'))
            socket.write(bytes + '\n');
    }
    socket.write(links.isEmpty() ? show : end);
    while (socket.state() == QLocalSocket::ConnectedState && !socket.canReadLine()) {
        if (!socket.waitForReadyRead(patienceMs))
            return false;
    }
    return socket.readLine() == taken;
}

} // namespace kittiwake::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QLocalServer;
class QLocalSocket;

namespace kittiwake::app
{

/**
 * Whoever starts the program a second time for the same profile wants the window that is there: to see it, or to write
 * to the address of a link. The second process hands over what it was called with, through a socket in the profile that
 * only the person can open, and ends. UI thread.
 */
class OtherStarts final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype mostLinks = 10; ///< windows that one call opens
    static constexpr qsizetype longestLink = 64 * 1024; ///< as mime::parseMailto

    /** Listens from now on; only the process that holds the profile's lock may. Without a socket nothing is heard. */
    explicit OtherStarts(const QString &profile, QObject *parent = nullptr);

    /** Whether a process with a window took the links; blocks for a second at most, before there is a window here. */
    [[nodiscard]] static bool handOver(const QString &profile, const QStringList &links);

Q_SIGNALS:
    void shown(); ///< the window is wanted
    void linkOpened(const QByteArray &link);

private:
    void read(QLocalSocket *socket);

    QLocalServer *m_server;
};

} // namespace kittiwake::app

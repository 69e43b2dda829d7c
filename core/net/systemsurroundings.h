// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/sleepwatch.h"
#include "core/net/surroundings.h"

#include <QNetworkInformation>
#include <QObject>

namespace kittiwake::net
{

/**
 * Asks the system: SleepWatch for sleep, QNetworkInformation for the network where it has a plug-in (NetworkManager or
 * GLib, Windows, macOS); elsewhere a dead connection is noticed by its own time limits only. Lives in the thread that
 * makes it, which runs an event loop.
 */
class SystemSurroundings final : public Surroundings
{
public:
    /**
     * Has Qt load what tells of the network, once a process; without it only sleep is told. In the main thread, where
     * Qt takes it down again: loaded from another one, the process ended with a damaged heap (Qt 6.4.2, Debian 12).
     */
    static void watchNetwork();

    SystemSurroundings();

private:
    void reachabilityChanged(QNetworkInformation::Reachability reachability);

    QObject m_context; ///< signals of another thread are delivered in this one
    bool m_isReachable = true;
    SleepWatch m_sleep;
};

} // namespace kittiwake::net

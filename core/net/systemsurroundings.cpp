// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/systemsurroundings.h"

#include "core/base/log.h"

namespace kittiwake::net
{

void SystemSurroundings::watchNetwork()
{
    if (!QNetworkInformation::loadDefaultBackend())
        qCInfo(logNet) << "changes of the network are not told by this system";
}

SystemSurroundings::SystemSurroundings() : m_sleep([this] { tell(Event::Woke); })
{
    const QNetworkInformation *information = QNetworkInformation::instance();
    if (information == nullptr)
        return;
    m_isReachable = information->reachability() != QNetworkInformation::Reachability::Disconnected;
    QObject::connect(information, &QNetworkInformation::reachabilityChanged, &m_context,
                     [this](QNetworkInformation::Reachability reachability) { reachabilityChanged(reachability); });
    // From Wi-Fi to cable and the like: the addresses are other ones, although something was reachable all the time.
    QObject::connect(information, &QNetworkInformation::transportMediumChanged, &m_context, [this] {
        if (m_isReachable)
            tell(Event::NetworkChanged);
    });
}

void SystemSurroundings::reachabilityChanged(QNetworkInformation::Reachability reachability)
{
    // Less than "online" is enough: a mail server may be in the local network, and captive portals lie.
    const bool isReachable = reachability != QNetworkInformation::Reachability::Disconnected;
    if (isReachable == m_isReachable)
        return;
    m_isReachable = isReachable;
    tell(isReachable ? Event::NetworkBack : Event::NetworkLost);
}

} // namespace kittiwake::net

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/keepalive.h"

#ifdef Q_OS_WIN
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

namespace kittiwake::net
{

namespace
{

constexpr int silentSeconds = 120;
constexpr int betweenProbesSeconds = 30;
constexpr int probes = 4;

void set(qintptr descriptor, int option, int value)
{
#ifdef Q_OS_WIN
    setsockopt(static_cast<SOCKET>(descriptor), IPPROTO_TCP, option, reinterpret_cast<const char *>(&value),
               sizeof value);
#else
    setsockopt(static_cast<int>(descriptor), IPPROTO_TCP, option, &value, sizeof value);
#endif
}

} // namespace

void probeWhenSilent(qintptr descriptor)
{
    if (descriptor < 0)
        return;
#ifdef Q_OS_MACOS
    set(descriptor, TCP_KEEPALIVE, silentSeconds);
#else
    set(descriptor, TCP_KEEPIDLE, silentSeconds);
#endif
    set(descriptor, TCP_KEEPINTVL, betweenProbesSeconds);
    set(descriptor, TCP_KEEPCNT, probes);
}

} // namespace kittiwake::net

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

// One minute of silence and four probes: 100 seconds, so that a dead connection is noticed within two minutes.
constexpr int silentSeconds = 60;
constexpr int betweenProbesSeconds = 10;
constexpr int probes = 4;
/** What was sent and is not acknowledged for this long is lost too: otherwise resending goes on for 15 minutes. */
constexpr int unacknowledgedMilliseconds = 100'000;

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
#ifdef TCP_USER_TIMEOUT // Linux. With probes it also bounds them, so it must not be shorter (tcp(7)).
    set(descriptor, TCP_USER_TIMEOUT, unacknowledgedMilliseconds);
#endif
}

} // namespace kittiwake::net

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace kittiwake::net
{

/**
 * Has the system probe a connection that is silent for a minute, so that a dead one (a laptop that slept, a router that
 * forgot) is noticed within two, and a NAT table keeps it. The default of most systems is two hours. Best effort;
 * SO_KEEPALIVE itself is set by the caller.
 */
void probeWhenSilent(qintptr descriptor);

} // namespace kittiwake::net

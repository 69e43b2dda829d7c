// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kittiwake::net
{

/**
 * Loads Qt's TLS plugin and what OpenSSL reads when it starts, in the global thread pool. Otherwise the first
 * connection does it: 7 ms of CPU (November 2026) while nothing is under way, where a program that starts has databases
 * to open and a password to ask for meanwhile. Returns at once; whoever connects before it is done waits for the rest
 * of it.
 */
void prepareTls();

} // namespace kittiwake::net

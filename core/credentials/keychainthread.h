// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace kittiwake::credentials
{

/**
 * Runs work in the one thread in which this process talks to QtKeychain. There must be exactly one, for as long as the
 * process lives: QtKeychain (0.13 to 0.15) keeps a hidden queue in the thread of its first job, hands every later job
 * to that thread, and waits for ever when the thread has ended, as an engine's does. It is started with the first
 * work, has an event loop (Secret Service answers through GLib's), and ends with the QCoreApplication.
 */
void runInKeychainThread(std::function<void()> work);

} // namespace kittiwake::credentials

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace kittiwake::net
{

/**
 * Tells when the machine has woken from sleep, within a second and without looking at the time all the while.
 * sleepwatch_linux.cpp has the kernel tell; sleepwatch_other.cpp, for the other systems, notices that the time of day
 * has run ahead of the time that this process has lived, with a timer of two seconds. Lives in the thread that makes
 * it, which runs an event loop.
 */
class SleepWatch
{
public:
    explicit SleepWatch(std::function<void()> woke);
    SleepWatch(const SleepWatch &) = delete;
    SleepWatch &operator=(const SleepWatch &) = delete;
    ~SleepWatch();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::net

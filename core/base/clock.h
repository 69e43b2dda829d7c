// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

#include <chrono>
#include <cstdint>
#include <functional>

namespace kittiwake
{

/**
 * Time, and "later", as something that can be replaced: the product runs on Qt's event loop (QtClock), the tests on
 * virtual time (tests/support/fakeclock.h). One thread: callbacks run on the thread that owns the clock, in the order
 * of their due times, equal times in the order in which they were asked for.
 */
class Clock
{
public:
    using Duration = std::chrono::milliseconds;
    using TimerId = std::uint64_t; ///< never zero, never reused

    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    /** Milliseconds that only grow; their zero is arbitrary. Sleep of the machine may or may not count. */
    [[nodiscard]] virtual Duration monotonic() const = 0;
    /** The time of day in UTC. May jump. */
    [[nodiscard]] virtual QDateTime wall() const = 0;
    /** Calls callback once, after delay, never from within this call. */
    virtual TimerId callAfter(Duration delay, std::function<void()> callback) = 0;
    /** Calls callback in a later turn of the loop. */
    TimerId post(std::function<void()> callback) { return callAfter(Duration::zero(), std::move(callback)); }
    /** A cancelled callback never runs. Unknown and past ids are allowed. */
    virtual void cancel(TimerId id) = 0;
};

} // namespace kittiwake

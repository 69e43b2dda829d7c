// SPDX-License-Identifier: GPL-3.0-or-later
// See sleepwatch.h; the sibling for other systems is sleepwatch_other.cpp.
#include "core/net/sleepwatch.h"

#include <QtGlobal>

#ifdef Q_OS_LINUX

#include "core/base/log.h"

#include <QSocketNotifier>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <limits>

#include <sys/timerfd.h>
#include <unistd.h>

namespace kittiwake::net
{

namespace
{

using namespace std::chrono_literals;

/** Less of it is no sleep, only the two clocks being read one after the other. */
constexpr std::chrono::nanoseconds shortestSleep = 500ms;

std::chrono::nanoseconds readClock(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/** All sleep since the machine was started: CLOCK_MONOTONIC stands still meanwhile, CLOCK_BOOTTIME does not. */
std::chrono::nanoseconds sleepSoFar()
{
    const auto awake = readClock(CLOCK_MONOTONIC);
    return readClock(CLOCK_BOOTTIME) - awake;
}

} // namespace

/**
 * A timer of the time of day that is never due, but cancelled whenever that clock is set, which the kernel does on
 * waking (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET). Whether it was sleep or somebody who set the clock is told by
 * the difference of the two other clocks.
 */
struct SleepWatch::Private {
    explicit Private(std::function<void()> callback)
        : woke(std::move(callback)), slept(sleepSoFar()),
          timer(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC))
    {
        if (timer < 0) {
            qCWarning(logNet) << "sleep of the machine will not be noticed: no timer";
            return;
        }
        arm();
        notifier = std::make_unique<QSocketNotifier>(timer, QSocketNotifier::Read);
        QObject::connect(notifier.get(), &QSocketNotifier::activated, notifier.get(), [this] { look(); });
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private()
    {
        notifier.reset();
        if (timer >= 0)
            close(timer);
    }

    void arm() const
    {
        itimerspec never{};
        never.it_value.tv_sec = std::numeric_limits<time_t>::max();
        if (timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr) != 0)
            qCWarning(logNet) << "sleep of the machine will not be noticed: the timer was refused";
    }

    void look()
    {
        std::uint64_t expirations = 0;
        // ECANCELED: the clock was set. Either way the timer has to be armed anew.
        [[maybe_unused]] const ssize_t count = read(timer, &expirations, sizeof expirations);
        arm();
        const std::chrono::nanoseconds now = sleepSoFar();
        const bool hasSlept = now - slept >= shortestSleep;
        slept = now;
        if (hasSlept)
            woke();
    }

    std::function<void()> woke;
    std::chrono::nanoseconds slept;
    int timer;
    std::unique_ptr<QSocketNotifier> notifier;
};

SleepWatch::SleepWatch(std::function<void()> woke) : d(std::make_unique<Private>(std::move(woke))) { }
SleepWatch::~SleepWatch() = default;

} // namespace kittiwake::net

#endif

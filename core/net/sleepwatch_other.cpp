// SPDX-License-Identifier: GPL-3.0-or-later
// See sleepwatch.h; the sibling for Linux is sleepwatch_linux.cpp.
#include "core/net/sleepwatch.h"

#include <QtGlobal>

#ifndef Q_OS_LINUX

#include <QDateTime>
#include <QTimer>

#include <chrono>

namespace kittiwake::net
{

namespace
{

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds lookInterval = 2s;
/** A timer that is this late was not only kept waiting by a busy machine. */
constexpr std::chrono::milliseconds shortestSleep = 10s;

} // namespace

/**
 * The time of day runs while the machine sleeps; timers do not. Somebody who sets the clock forward looks the same:
 * connections are then probed in vain, which costs one round trip.
 */
struct SleepWatch::Private {
    explicit Private(std::function<void()> callback) : woke(std::move(callback))
    {
        timer.setTimerType(Qt::CoarseTimer);
        QObject::connect(&timer, &QTimer::timeout, &timer, [this] { look(); });
        last = QDateTime::currentMSecsSinceEpoch();
        timer.start(lookInterval);
    }

    void look()
    {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        const bool hasSlept = now - last >= (lookInterval + shortestSleep).count();
        last = now;
        if (hasSlept)
            woke();
    }

    std::function<void()> woke;
    qint64 last = 0;
    QTimer timer;
};

SleepWatch::SleepWatch(std::function<void()> woke) : d(std::make_unique<Private>(std::move(woke))) { }
SleepWatch::~SleepWatch() = default;

} // namespace kittiwake::net

#endif

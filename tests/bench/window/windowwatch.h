// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace kittiwake::bench
{

/** Wall time, and what the window's thread computed meanwhile: on a busy machine the two are far apart. */
class Watch
{
public:
    void start()
    {
        m_wall.start();
        m_cpu = cpuNow();
    }
    [[nodiscard]] double wallMs() const { return static_cast<double>(m_wall.nsecsElapsed()) / 1e6; }
    [[nodiscard]] double cpuMs() const { return cpuNow() - m_cpu; }

private:
    static double cpuNow()
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    QElapsedTimer m_wall;
    double m_cpu = 0;
};

/** The longest time in which the window answered to nothing. Lives in the window's thread. */
class Blocks
{
public:
    explicit Blocks(double limitMs) : m_limit(limitMs)
    {
        m_ticker.setInterval(0);
        QObject::connect(&m_ticker, &QTimer::timeout, [this] { note(); });
    }
    void start()
    {
        longest = longestCpu = 0;
        over = 0;
        m_since.start();
        m_ticker.start();
    }
    void stop()
    {
        note();
        m_ticker.stop();
    }

    double longest = 0; ///< milliseconds of wall time
    double longestCpu = 0; ///< milliseconds of which the thread computed
    int over = 0; ///< so often it computed for longer than the limit

private:
    void note()
    {
        longest = std::max(longest, m_since.wallMs());
        longestCpu = std::max(longestCpu, m_since.cpuMs());
        over += m_since.cpuMs() > m_limit ? 1 : 0;
        m_since.start();
    }

    double m_limit;
    Watch m_since;
    QTimer m_ticker;
};

template <typename Condition>
bool waitUntil(Condition condition, int ms = 20000)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > ms)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 1);
    }
    return true;
}

} // namespace kittiwake::bench

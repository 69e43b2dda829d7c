// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/qtclock.h"

#include <QTest>

#include <string>
#include <vector>

using namespace kittiwake;
using namespace std::chrono_literals;

class TestQtClock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void orderOfDueTimes()
    {
        QtClock clock;
        std::string order;
        clock.callAfter(60ms, [&order] { order += 'd'; });
        clock.callAfter(20ms, [&order] { order += 'b'; });
        clock.callAfter(40ms, [&order] { order += 'c'; });
        clock.callAfter(20ms, [&order] { order += 'B'; });
        clock.post([&order] { order += 'a'; });
        clock.callAfter(-5ms, [&order] { order += 'A'; });
        QCOMPARE(order, std::string());
        QTRY_COMPARE(order.size(), std::size_t(6));
        QCOMPARE(order, std::string("aAbBcd"));
    }

    void neverBeforeItsTime()
    {
        QtClock clock;
        const Clock::Duration start = clock.monotonic();
        std::optional<Clock::Duration> end;
        clock.callAfter(30ms, [&clock, &end] { end = clock.monotonic(); });
        QTRY_VERIFY(end.has_value());
        QVERIFY(*end - start >= 30ms);
    }

    void equalTimesInTheOrderOfAsking()
    {
        QtClock clock;
        std::vector<int> order;
        std::vector<int> expected;
        for (int i = 0; i < 1000; ++i) {
            clock.post([&order, i] { order.push_back(i); });
            expected.push_back(i);
        }
        QTRY_COMPARE(order.size(), std::size_t(1000));
        QCOMPARE(order, expected);
    }

    void cancelledNeverRuns()
    {
        QtClock clock;
        int ran = 0;
        const Clock::TimerId posted = clock.post([&ran] { ran += 100; });
        const Clock::TimerId timer = clock.callAfter(10ms, [&ran] { ran += 100; });
        clock.cancel(posted);
        clock.cancel(timer);
        clock.cancel(timer);
        clock.cancel(0);
        clock.cancel(987'654);
        QVERIFY(posted != 0 && timer != 0 && posted != timer);
        clock.callAfter(30ms, [&ran] { ++ran; });
        QTRY_VERIFY(ran > 0);
        QCOMPARE(ran, 1);
    }

    void cancelledFromACallbackOfTheSameTurn()
    {
        QtClock clock;
        std::string order;
        Clock::TimerId victim = 0;
        Clock::TimerId late = 0;
        clock.post([&] {
            order += 'a';
            clock.cancel(victim);
        });
        victim = clock.post([&order] { order += 'x'; });
        clock.post([&order] { order += 'b'; });
        clock.callAfter(20ms, [&] {
            order += 'c';
            clock.cancel(late);
        });
        late = clock.callAfter(20ms, [&order] { order += 'y'; });
        clock.callAfter(40ms, [&order] { order += 'd'; });
        QTRY_VERIFY(order.find('d') != std::string::npos);
        QCOMPARE(order, std::string("abcd"));
    }

    void ownIdFromWithinIsHarmless()
    {
        QtClock clock;
        Clock::TimerId id = 0;
        bool ran = false;
        id = clock.callAfter(5ms, [&] {
            clock.cancel(id);
            ran = true;
        });
        QTRY_VERIFY(ran);
    }

    void postFromACallbackRunsInALaterTurn()
    {
        QtClock clock;
        std::string order;
        clock.post([&] {
            clock.post([&order] { order += 'c'; });
            order += 'a';
        });
        clock.post([&order] { order += 'b'; });
        QTRY_COMPARE(order, std::string("abc"));
    }

    void endlessPostingStarvesNobody()
    {
        QtClock clock;
        bool timerRan = false;
        int rounds = 0;
        std::function<void()> again = [&] {
            ++rounds;
            if (!timerRan)
                clock.post(again);
        };
        clock.post(again);
        clock.callAfter(10ms, [&timerRan] { timerRan = true; });
        QTRY_VERIFY(timerRan);
        QVERIFY(rounds > 1);
    }

    void timersFromWithinTimers()
    {
        QtClock clock;
        int depth = 0;
        std::function<void()> again = [&] {
            if (++depth < 5)
                clock.callAfter(1ms, again);
        };
        clock.callAfter(1ms, again);
        QTRY_COMPARE(depth, 5);
    }

    /** Qt's own timers hold 24 days at most. */
    void longDelays()
    {
        QtClock clock;
        int early = 0;
        bool ran = false;
        clock.callAfter(std::chrono::hours(24 * 30), [&early] { ++early; });
        const Clock::TimerId year = clock.callAfter(std::chrono::hours(24 * 365), [&early] { ++early; });
        clock.callAfter(std::chrono::hours(24 * 365 * 200), [&early] { ++early; });
        clock.callAfter(20ms, [&ran] { ran = true; });
        QTRY_VERIFY(ran);
        clock.cancel(year);
        QCOMPARE(early, 0);
    }

    void aShorterDelayAfterALongerOne()
    {
        QtClock clock;
        bool ran = false;
        const Clock::Duration start = clock.monotonic();
        clock.callAfter(1h, [] {});
        clock.callAfter(10ms, [&ran] { ran = true; });
        QTRY_VERIFY(ran);
        QVERIFY(clock.monotonic() - start < 1min);
    }

    void destroyedWithWorkPending()
    {
        bool ran = false;
        {
            QtClock clock;
            clock.post([&ran] { ran = true; });
            clock.callAfter(1ms, [&ran] { ran = true; });
        }
        QtClock after;
        bool later = false;
        after.callAfter(20ms, [&later] { later = true; });
        QTRY_VERIFY(later);
        QVERIFY(!ran);
    }

    void wallIsUtc()
    {
        const QtClock clock;
        QCOMPARE(clock.wall().timeSpec(), Qt::UTC);
        QVERIFY(std::abs(clock.wall().secsTo(QDateTime::currentDateTimeUtc())) <= 2);
    }
};

QTEST_GUILESS_MAIN(TestQtClock)
#include "test_qtclock.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/pace.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

class TestPace final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void growsWhileCommandsAreBrief()
    {
        Pace pace;
        const std::uint64_t first = pace.next();
        pace.landed(first, 20ms);
        QCOMPARE(pace.next(), 2 * first);
        for (int i = 0; i < 20; ++i)
            pace.landed(pace.next(), 20ms);
        QCOMPARE(pace.next(), Pace::largest);
    }

    void shrinksWhereTheyAreSlow()
    {
        Pace pace;
        for (int i = 0; i < 20; ++i)
            pace.landed(pace.next(), 2s);
        QCOMPARE(pace.next(), Pace::smallest);
    }

    void staysWhereItIsRight()
    {
        Pace pace;
        const std::uint64_t first = pace.next();
        pace.landed(first, 200ms);
        QCOMPARE(pace.next(), first);
    }

    /** The first page, and what is left at the end, say nothing about larger commands. */
    void aSmallCommandIsNoReasonToGrow()
    {
        Pace pace;
        const std::uint64_t first = pace.next();
        pace.landed(first - 1, 1ms);
        QCOMPARE(pace.next(), first);
    }

    /** Commands that were sent when they were larger land when it has shrunk already. */
    void shrinksByWhatWasAsked()
    {
        Pace pace;
        for (int i = 0; i < 20; ++i)
            pace.landed(pace.next(), 20ms);
        for (int i = 0; i < 3; ++i)
            pace.landed(Pace::largest, 500ms);
        QCOMPARE(pace.next(), Pace::largest / 2);
    }
};

QTEST_GUILESS_MAIN(TestPace)
#include "test_pace.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/replayerrors.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;

class TestReplayErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsNoLongerThanTheLongestPause()
    {
        constexpr std::int64_t now = 1'790'000'000'000;
        constexpr std::int64_t minute = 60'000;
        QVERIFY(!isToCome(0, now));
        QVERIFY(!isToCome(now - minute, now));
        QVERIFY(!isToCome(now, now));
        QVERIFY(isToCome(now + 1, now));
        const std::int64_t longest = pauseAfter(1000).count();
        QCOMPARE(longest, 5 * minute);
        QVERIFY(isToCome(now + longest, now));
        // The clock has been put back by a day since this was written down.
        QVERIFY(!isToCome(now + longest + 1, now));
        QVERIFY(!isToCome(now + 24 * 60 * minute, now));
    }
    void knowsWhatPasses_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("passes");
        QTest::newRow("in use") << QStringLiteral("NO [INUSE] somebody works with it") << true;
        QTest::newRow("unavailable") << QStringLiteral("NO [UNAVAILABLE] later") << true;
        // Dovecot, where one of the messages of a MOVE has gone: the others are moved by the next attempt.
        QTest::newRow("one has gone") << QStringLiteral(
            "NO [EXPUNGEISSUED] Some of the requested messages no longer exist.")
                                      << true;
        QTest::newRow("for good") << QStringLiteral("NO [NOPERM] not yours") << false;
        QTest::newRow("without a reason") << QStringLiteral("NO cannot") << false;
    }
    void knowsWhatPasses()
    {
        QFETCH(QString, answer);
        QFETCH(bool, passes);
        QCOMPARE(isTemporary(Error{ErrorKind::ServerRefused, {}, {}, answer}), passes);
    }
};

QTEST_GUILESS_MAIN(TestReplayErrors)
#include "test_replayerrors.moc"

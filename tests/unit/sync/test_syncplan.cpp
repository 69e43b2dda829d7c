// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/planner/syncplan.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;

Q_DECLARE_METATYPE(kittiwake::sync::LocalMailbox)
Q_DECLARE_METATYPE(kittiwake::sync::RemoteMailbox)
Q_DECLARE_METATYPE(kittiwake::sync::SyncPlan)

class TestSyncPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void table_data()
    {
        QTest::addColumn<LocalMailbox>("local");
        QTest::addColumn<RemoteMailbox>("remote");
        QTest::addColumn<bool>("full");
        QTest::addColumn<SyncPlan>("plan");
        const auto local
            = [](std::uint32_t validity, std::uint32_t next, std::uint64_t modseq, bool complete, std::int64_t cached) {
                  return LocalMailbox{UidValidity(validity), Uid(next), ModSeq(modseq), complete, cached};
              };
        const auto remote = [](std::uint32_t validity, std::uint32_t next, std::uint64_t modseq, std::int64_t exists) {
            return RemoteMailbox{UidValidity(validity), Uid(next), ModSeq(modseq), exists};
        };
        const SyncPlan nothing{{}, Comparison::None, false};
        const SyncPlan compare{{}, Comparison::UidsAndFlags, false};
        const SyncPlan since{{}, Comparison::ChangedSince, false};
        const SyncPlan first{{}, Comparison::Uids, true};

        QTest::newRow("never seen, empty") << LocalMailbox{} << remote(1, 1, 1, 0) << false << nothing;
        QTest::newRow("never seen, full") << LocalMailbox{} << remote(1, 11, 1, 10) << false << first;
        QTest::newRow("never seen, asked in full") << LocalMailbox{} << remote(1, 11, 1, 10) << true << first;
        QTest::newRow("unchanged by modseq") << local(1, 11, 7, true, 10) << remote(1, 11, 7, 10) << false << nothing;
        QTest::newRow("no modseq: nothing is proven")
            << local(1, 11, 0, true, 10) << remote(1, 11, 0, 10) << false << compare;
        QTest::newRow("modseq grew") << local(1, 11, 7, true, 10) << remote(1, 11, 8, 10) << false << since;
        QTest::newRow("arrivals") << local(1, 11, 7, true, 10) << remote(1, 12, 8, 11) << false << since;
        QTest::newRow("same modseq but fewer messages")
            << local(1, 11, 7, true, 10) << remote(1, 11, 7, 9) << false << since;
        QTest::newRow("modseq went back: a backup was restored")
            << local(1, 11, 7, true, 10) << remote(1, 11, 6, 10) << false << compare;
        QTest::newRow("modseq was lost") << local(1, 11, 7, true, 10) << remote(1, 11, 0, 10) << false << compare;
        QTest::newRow("modseq is new") << local(1, 11, 0, true, 10) << remote(1, 11, 7, 10) << false << compare;
        QTest::newRow("interrupted first sync")
            << local(1, 11, 7, false, 5) << remote(1, 11, 7, 10) << false << compare;
        QTest::newRow("interrupted before the first batch")
            << local(1, 11, 7, false, 0) << remote(1, 11, 7, 10) << false << first;
        QTest::newRow("all expunged") << local(1, 11, 7, true, 10) << remote(1, 11, 9, 0) << false << since;
        QTest::newRow("no UIDNEXT told") << local(1, 11, 7, true, 10) << remote(1, 0, 7, 10) << false << since;
        QTest::newRow("renumbered") << local(1, 11, 7, true, 10) << remote(2, 11, 7, 10) << false
                                    << SyncPlan{FullResyncReason::UidValidityChanged, Comparison::Uids, true};
        QTest::newRow("renumbered and empty")
            << local(1, 11, 7, true, 10) << remote(2, 1, 7, 0) << false
            << SyncPlan{FullResyncReason::UidValidityChanged, Comparison::None, false};
        QTest::newRow("restored from a backup") << local(1, 11, 7, true, 10) << remote(1, 9, 5, 8) << false
                                                << SyncPlan{FullResyncReason::UidNextWentBack, Comparison::Uids, true};
        QTest::newRow("asked in full") << local(1, 11, 7, true, 10) << remote(1, 11, 7, 10) << true
                                       << SyncPlan{FullResyncReason::Asked, Comparison::Uids, true};
    }

    void table()
    {
        QFETCH(LocalMailbox, local);
        QFETCH(RemoteMailbox, remote);
        QFETCH(bool, full);
        QFETCH(SyncPlan, plan);
        const SyncPlan made = planSync(local, remote, {full, false});
        QCOMPARE(made.comparison, plan.comparison);
        QCOMPARE(made.newestFirst, plan.newestFirst);
        QVERIFY(made.reset == plan.reset);
        // Asked with QRESYNC, only what CHANGEDSINCE would find out is known already.
        SyncPlan told = planSync(local, remote, {full, true});
        if (told.comparison == Comparison::Told)
            told.comparison = Comparison::ChangedSince;
        QVERIFY(told == plan);
    }
};

QTEST_GUILESS_MAIN(TestSyncPlan)
#include "test_syncplan.moc"

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
        const auto all = [](FullResyncReason reason) { return SyncPlan{reason, Comparison::UidsAndFlags, false}; };
        const auto again = [](FullResyncReason reason) { return SyncPlan{reason, Comparison::Uids, true}; };

        QTest::newRow("never seen, empty") << LocalMailbox{} << remote(1, 1, 1, 0) << false << nothing;
        QTest::newRow("never seen, full") << LocalMailbox{} << remote(1, 11, 1, 10) << false << first;
        QTest::newRow("never seen, asked in full") << LocalMailbox{} << remote(1, 11, 1, 10) << true << first;
        QTest::newRow("never seen, keeps no UIDs") << LocalMailbox{} << remote(0, 11, 1, 10) << false << first;
        QTest::newRow("unchanged by modseq") << local(1, 11, 7, true, 10) << remote(1, 11, 7, 10) << false << nothing;
        QTest::newRow("no modseq: nothing is proven")
            << local(1, 11, 0, true, 10) << remote(1, 11, 0, 10) << false << compare;
        QTest::newRow("modseq grew") << local(1, 11, 7, true, 10) << remote(1, 11, 8, 10) << false << since;
        QTest::newRow("arrivals") << local(1, 11, 7, true, 10) << remote(1, 12, 8, 11) << false << since;
        QTest::newRow("arrivals that went again")
            << local(1, 11, 7, true, 10) << remote(1, 15, 9, 11) << false << since;
        QTest::newRow("same modseq but fewer messages") // CONDSTORE alone need not count expunges (RFC 7162 3.1.2.1)
            << local(1, 11, 7, true, 10) << remote(1, 11, 7, 9) << false << since;
        QTest::newRow("modseq was lost") << local(1, 11, 7, true, 10) << remote(1, 11, 0, 10) << false << compare;
        QTest::newRow("modseq is new") << local(1, 11, 0, true, 10) << remote(1, 11, 7, 10) << false << compare;
        QTest::newRow("interrupted first sync")
            << local(1, 11, 7, false, 5) << remote(1, 11, 7, 10) << false << compare;
        QTest::newRow("interrupted before the first batch")
            << local(1, 11, 7, false, 0) << remote(1, 11, 7, 10) << false << first;
        QTest::newRow("all expunged") << local(1, 11, 7, true, 10) << remote(1, 11, 9, 0) << false << since;
        QTest::newRow("no UIDNEXT told") << local(1, 11, 7, true, 10) << remote(1, 0, 7, 10) << false << since;
        QTest::newRow("no UIDNEXT told, and more messages")
            << local(1, 11, 7, true, 10) << remote(1, 0, 8, 12) << false << since;

        // Contradictions.
        QTest::newRow("renumbered") << local(1, 11, 7, true, 10) << remote(2, 11, 7, 10) << false
                                    << again(FullResyncReason::UidValidityChanged);
        QTest::newRow("renumbered while it was fetched") << local(1, 11, 7, false, 4) << remote(2, 11, 7, 10) << false
                                                         << again(FullResyncReason::UidValidityChanged);
        QTest::newRow("renumbered and empty")
            << local(1, 11, 7, true, 10) << remote(2, 1, 7, 0) << false
            << SyncPlan{FullResyncReason::UidValidityChanged, Comparison::None, false};
        QTest::newRow("keeps no UIDs any more")
            << local(1, 11, 7, true, 10) << remote(0, 11, 7, 10) << false << again(FullResyncReason::UidsNotKept);
        QTest::newRow("kept none before either") << local(UINT32_MAX, 11, 7, true, 10) << remote(0, 11, 7, 10) << false
                                                 << again(FullResyncReason::UidsNotKept);
        QTest::newRow("restored from a backup")
            << local(1, 11, 7, true, 10) << remote(1, 9, 5, 8) << false << again(FullResyncReason::UidNextWentBack);
        QTest::newRow("UIDNEXT went back, the rest did not")
            << local(1, 11, 7, true, 10) << remote(1, 10, 7, 10) << false << again(FullResyncReason::UidNextWentBack);
        const auto identified = [](auto mailbox, const char *id) {
            mailbox.objectId = id;
            return mailbox;
        };
        QTest::newRow("another MAILBOXID")
            << identified(local(1, 11, 7, true, 10), "A") << identified(remote(1, 11, 7, 10), "B") << false
            << again(FullResyncReason::MaybeAnother);
        QTest::newRow("the same MAILBOXID")
            << identified(local(1, 11, 7, true, 10), "A") << identified(remote(1, 11, 7, 10), "A") << false << nothing;
        QTest::newRow("a MAILBOXID that was not told before")
            << local(1, 11, 7, true, 10) << identified(remote(1, 11, 7, 10), "A") << false << nothing;
        QTest::newRow("a MAILBOXID that is not told any more")
            << identified(local(1, 11, 7, true, 10), "A") << remote(1, 11, 7, 10) << false << nothing;
        const auto doubtful = [](LocalMailbox mailbox) {
            mailbox.doubtful = true;
            return mailbox;
        };
        QTest::newRow("may be another one") << doubtful(local(1, 11, 7, false, 10)) << remote(1, 11, 7, 10) << false
                                            << again(FullResyncReason::MaybeAnother);
        QTest::newRow("may be another one, and its UIDVALIDITY is")
            << doubtful(local(1, 11, 7, false, 10)) << remote(2, 11, 7, 10) << false
            << again(FullResyncReason::UidValidityChanged);
        QTest::newRow("may be another one, but all is asked for")
            << doubtful(local(1, 11, 7, false, 10)) << remote(1, 11, 7, 10) << true << again(FullResyncReason::Asked);
        QTest::newRow("modseq went back")
            << local(1, 11, 7, true, 10) << remote(1, 11, 6, 10) << false << all(FullResyncReason::ModSeqWentBack);
        QTest::newRow("modseq went back while it was fetched")
            << local(1, 11, 7, false, 5) << remote(1, 11, 6, 10) << false << all(FullResyncReason::ModSeqWentBack);
        QTest::newRow("modseq went back, and all are gone")
            << local(1, 11, 7, true, 10) << remote(1, 11, 6, 0) << false << all(FullResyncReason::ModSeqWentBack);
        QTest::newRow("more messages without a new UID")
            << local(1, 11, 7, true, 10) << remote(1, 11, 7, 11) << false << all(FullResyncReason::TooManyMessages);
        QTest::newRow("more messages than new UIDs")
            << local(1, 11, 7, true, 8) << remote(1, 13, 9, 11) << false << all(FullResyncReason::TooManyMessages);
        QTest::newRow("as many as new UIDs") << local(1, 11, 7, true, 8) << remote(1, 13, 9, 10) << false << since;
        QTest::newRow("not yet complete: more are no wonder")
            << local(1, 11, 7, false, 3) << remote(1, 11, 7, 11) << false << compare;
        QTest::newRow("asked in full") << local(1, 11, 7, true, 10) << remote(1, 11, 7, 10) << true
                                       << again(FullResyncReason::Asked);
    }

    void table()
    {
        QFETCH(LocalMailbox, local);
        QFETCH(RemoteMailbox, remote);
        QFETCH(bool, full);
        QFETCH(SyncPlan, plan);
        const SyncPlan made = planSync(local, remote, {full, SyncWay::CondStore});
        QCOMPARE(made.comparison, plan.comparison);
        QCOMPARE(made.newestFirst, plan.newestFirst);
        QVERIFY(made.full == plan.full);
        // Asked with QRESYNC, only what CHANGEDSINCE would find out is known already.
        SyncPlan told = planSync(local, remote, {full, SyncWay::QResync});
        if (told.comparison == Comparison::Told)
            told.comparison = Comparison::ChangedSince;
        QVERIFY(told == plan);
        // Without mod-sequences nothing is proven, and nothing told: all is compared, for the same reasons.
        RemoteMailbox plainRemote = remote;
        plainRemote.highestModSeq = {};
        const SyncPlan plain = planSync(local, plainRemote, {full, SyncWay::Plain});
        const bool isFirst = plan.comparison == Comparison::Uids || (remote.exists == 0 && local.cached == 0)
            || (remote.exists == 0 && plan.forgets());
        QCOMPARE(plain.comparison, isFirst ? plan.comparison : Comparison::UidsAndFlags);
        QVERIFY(plain.full == plan.full || plan.full == FullResyncReason::ModSeqWentBack);
    }

    /** What the server still has is never deleted on the word of a contradiction: only other UIDs forget. */
    void onlyOtherUidsForget()
    {
        using enum FullResyncReason;
        for (const auto reason : {Asked, UidValidityChanged, UidsNotKept, UidNextWentBack})
            QVERIFY(forgetsEverything(reason));
        for (const auto reason :
             {ModSeqWentBack, TooManyMessages, UnknownMessage, AnswerIncomplete, CountDiffers, Contradiction})
            QVERIFY(!forgetsEverything(reason));
        for (int reason = 0; reason <= static_cast<int>(Contradiction); ++reason)
            QVERIFY(!fullResyncReasonText(static_cast<FullResyncReason>(reason)).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSyncPlan)
#include "test_syncplan.moc"

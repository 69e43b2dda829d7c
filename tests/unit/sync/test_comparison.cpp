// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/sync/account/backoff.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/mailboxsync/headerbatch.h"

#include <QTest>

#include <map>
#include <random>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

mail::Flags flags(std::uint32_t bits, const QByteArrayList &keywords = {})
{
    mail::Flags made;
    made.setSystemBits(bits);
    for (const QByteArray &keyword : keywords)
        made.addKeyword(keyword);
    return made;
}

imap::FetchData answer(std::uint32_t uid, const mail::Flags &with)
{
    imap::FetchData data;
    data.uid = Uid(uid);
    data.flags = with;
    return data;
}

imap::FetchData headerAnswer(std::uint32_t uid, const QByteArray &subject)
{
    imap::FetchData data = answer(uid, {});
    data.internalDate = 1'700'000'000;
    data.size = 100;
    data.envelope.emplace();
    data.envelope->subject = subject;
    return data;
}

class SeededRandom final : public Random
{
public:
    std::uint64_t next() override { return m_engine(); }

private:
    std::mt19937_64 m_engine{42};
};

} // namespace

class TestComparison final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** What QRESYNC tells is believed only where it explains the counters. */
    void toldIsEnough_data()
    {
        using Uids = QList<std::uint32_t>;
        QTest::addColumn<Uids>("changed");
        QTest::addColumn<Uids>("vanished");
        QTest::addColumn<std::uint32_t>("uidNext");
        QTest::addColumn<bool>("isEnough");
        // The cache knows all below 10.
        QTest::newRow("flags") << Uids{3} << Uids{} << 10u << true;
        QTest::newRow("one went") << Uids{} << Uids{3} << 10u << true;
        QTest::newRow("one came") << Uids{10} << Uids{} << 11u << true;
        QTest::newRow("one came and went") << Uids{} << Uids{10} << 11u << true;
        QTest::newRow("came, went and changed") << Uids{3, 11} << Uids{2, 10} << 12u << true;
        QTest::newRow("nothing") << Uids{} << Uids{} << 10u << false;
        QTest::newRow("nothing, and one came") << Uids{} << Uids{} << 11u << false;
        QTest::newRow("flags, and one came untold") << Uids{3} << Uids{} << 11u << false;
        QTest::newRow("of two that came one is told") << Uids{10} << Uids{} << 12u << false;
        QTest::newRow("UIDNEXT is not known") << Uids{3} << Uids{} << 0u << true;
        QTest::newRow("UIDNEXT is absurd") << Uids{3} << Uids{} << 4'294'967'295u << false;
    }
    void toldIsEnough()
    {
        QFETCH(QList<std::uint32_t>, changed);
        QFETCH(QList<std::uint32_t>, vanished);
        QFETCH(std::uint32_t, uidNext);
        QFETCH(bool, isEnough);
        imap::SelectResult selected;
        for (const std::uint32_t uid : changed)
            selected.changed.push_back(answer(uid, {}));
        for (const std::uint32_t uid : vanished)
            selected.vanished.add(Uid(uid));
        LocalMailbox local;
        local.uidNext = Uid(10);
        RemoteMailbox remote;
        remote.uidNext = Uid(uidNext);
        QCOMPARE(explainsCounters(selected, local, remote), isEnough);
    }

    /** Against a plain model: every answer order, repeats, unknown and missing UIDs. */
    void agreesWithAModelWhateverTheOrder()
    {
        std::mt19937 random(20261001);
        for (int round = 0; round < 300; ++round) {
            std::map<std::uint32_t, mail::Flags> cached;
            std::map<std::uint32_t, mail::Flags> server;
            for (std::uint32_t uid = 1; uid <= 60; ++uid) {
                if (random() % 3 != 0)
                    cached[uid] = flags(random() % 8, random() % 5 == 0 ? QByteArrayList{"$Work"} : QByteArrayList{});
                if (random() % 3 != 0)
                    server[uid] = cached.contains(uid) && random() % 2 == 0 ? cached[uid] : flags(random() % 8);
            }
            std::vector<store::UidFlagsHash> hashes;
            hashes.reserve(cached.size());
            for (const auto &[uid, value] : cached)
                hashes.push_back({store::flagsHash(value), Uid(uid)});
            std::vector<std::uint32_t> order;
            order.reserve(server.size());
            for (const auto &[uid, value] : server)
                order.push_back(uid);
            if (round % 3 == 1)
                std::reverse(order.begin(), order.end());
            if (round % 3 == 2)
                std::shuffle(order.begin(), order.end(), random);
            if (!order.empty() && round % 4 == 0)
                order.push_back(order.front());

            FlagComparison comparison(hashes);
            std::map<std::uint32_t, mail::Flags> changed;
            for (const std::uint32_t uid : order) {
                if (const auto update = comparison.take(answer(uid, server[uid])))
                    changed[update->uid.value()] = update->flags;
            }
            QCOMPARE(comparison.answered(), std::uint64_t(server.size()));
            std::vector<Uid> gone;
            for (const auto &[uid, value] : cached) {
                if (!server.contains(uid))
                    gone.push_back(Uid(uid));
                else
                    QCOMPARE(changed.contains(uid), !(server[uid] == value));
            }
            QVERIFY(comparison.unseen() == gone);
            for (const auto &[uid, value] : server)
                QCOMPARE(comparison.unknown().contains(Uid(uid)), !cached.contains(uid));
        }
    }

    void takesTheLargestUidsFirst()
    {
        imap::UidSet set = imap::UidSet::range(Uid(1), Uid(10));
        set.addRange(Uid(20), Uid(22));
        const imap::UidSet taken = set.takeLargest(5);
        QCOMPARE(taken.toBytes(), QByteArray("9:10,20:22"));
        QCOMPARE(set.toBytes(), QByteArray("1:8"));
        QCOMPARE(set.takeLargest(100).toBytes(), QByteArray("1:8"));
        QVERIFY(set.isEmpty());
        QVERIFY(set.takeLargest(3).isEmpty());
    }

    void aBatchFollowsWhatTheServerSaysMeanwhile()
    {
        HeaderBatch batch;
        batch.take(headerAnswer(5, "five"));
        batch.take(headerAnswer(7, "seven"));
        batch.take(headerAnswer(6, "six"));
        batch.take(headerAnswer(7, "seven again"));
        QCOMPARE(batch.headers().size(), std::size_t(3));
        QVERIFY(batch.updateFlags(Uid(7), flags(1), ModSeq(9)));
        QVERIFY(!batch.updateFlags(Uid(8), flags(1), ModSeq(9)));
        batch.remove(imap::UidSet::range(Uid(5), Uid(6)));
        QCOMPARE(batch.headers().size(), std::size_t(1));
        QCOMPARE(batch.headers().front().subject, QStringLiteral("seven again"));
        QVERIFY(batch.headers().front().flags.has(mail::SystemFlag::Seen));
        QCOMPARE(batch.headers().front().modseq, ModSeq(9));
    }

    void answersWithoutAHeaderAreCountedNotStored()
    {
        HeaderBatch batch;
        batch.take(answer(5, {}));
        imap::FetchData noUid = headerAnswer(0, "no UID");
        batch.take(noUid);
        QVERIFY(batch.isEmpty());
        QCOMPARE(batch.unusable(), 2);
    }

    void statusProvesNothingButEquality()
    {
        store::MailboxState state;
        state.uidValidity = UidValidity(1);
        state.uidNext = Uid(11);
        state.highestModSeq = ModSeq(7);
        state.complete = true;
        state.unseen = 3;
        imap::MailboxStatusData status;
        status.uidValidity = UidValidity(1);
        status.uidNext = Uid(11);
        status.messages = 10;
        status.unseen = 3;
        status.highestModSeq = 7;
        QVERIFY(!mayHaveChanged(status, state, 10, Trust::Proof));
        QVERIFY(mayHaveChanged(status, state, 9, Trust::Proof));
        status.highestModSeq = 8;
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Proof));
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Counts));
        // Without HIGHESTMODSEQ a flag may have changed unseen; frequent looks take the counts' word for it.
        status.highestModSeq.reset();
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Proof));
        QVERIFY(!mayHaveChanged(status, state, 10, Trust::Counts));
        // Mail that came and went leaves an empty mailbox another UIDNEXT and HIGHESTMODSEQ.
        status.messages = 0;
        QVERIFY(!mayHaveChanged(status, state, 0, Trust::Proof));
        status.highestModSeq = 8;
        QVERIFY(mayHaveChanged(status, state, 0, Trust::Proof));
        status.highestModSeq.reset();
        status.uidNext = Uid(12);
        QVERIFY(mayHaveChanged(status, state, 0, Trust::Proof));
        status.uidNext = Uid(11);
        status.messages = 10;
        status.unseen = 2;
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Counts));
        status.unseen = 3;
        state.complete = false;
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Counts));
        state.complete = true;
        status.uidValidity = UidValidity(2);
        QVERIFY(mayHaveChanged(status, state, 10, Trust::Counts));
        QVERIFY(mayHaveChanged({}, state, 10, Trust::Counts));
    }

    void pausesGrowToFiveMinutes()
    {
        SeededRandom random;
        Backoff backoff(random);
        Clock::Duration full = Backoff::first;
        for (int attempt = 0; attempt < 20; ++attempt) {
            const Clock::Duration pause = backoff.next();
            QVERIFY(pause <= full);
            QVERIFY(pause >= full * 3 / 4);
            full = std::min<Clock::Duration>(full * 2, Backoff::longest);
        }
        QCOMPARE(full.count(), std::int64_t(Backoff::longest.count()));
        backoff.reset();
        QVERIFY(backoff.next() <= Backoff::first);
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "test_comparison.moc"

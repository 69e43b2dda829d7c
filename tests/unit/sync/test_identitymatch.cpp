// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/identitymatch.h"

#include <QTest>

#include <map>
#include <random>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

/** The server's messages; Message-IDs are told when they are asked for. */
struct Mailbox {
    std::vector<store::RowIdentity> rows;
    std::map<std::uint32_t, ServerIdentity> server;
    std::uint64_t asked = 0;
    int rounds = 0;

    void row(std::int64_t id, std::uint64_t size, std::uint64_t messageId, std::uint64_t emailId = 0)
    {
        rows.push_back({MessageId(id), Uid(static_cast<std::uint32_t>(id)), size, 1000, messageId, emailId});
    }
    void message(std::uint32_t uid, std::uint64_t size, std::uint64_t messageId, std::uint64_t emailId = 0)
    {
        server[uid] = {Uid(uid), size, 1000, emailId, messageId};
    }
    /** id -> UID */
    imap::UidSet exact; ///< see IdentityMatch
    bool hasSameUids = false;
    std::map<std::int64_t, std::uint32_t> match()
    {
        IdentityMatch match(rows, exact, hasSameUids);
        for (const auto &[uid, message] : server) {
            ServerIdentity told = message;
            told.messageId = 0;
            match.add(told);
        }
        for (imap::UidSet wanted = match.wanted(); !wanted.isEmpty(); wanted = match.wanted()) {
            ++rounds;
            asked += wanted.count();
            for (const auto &[uid, message] : server) {
                if (wanted.contains(Uid(uid)))
                    match.setMessageId(Uid(uid), message.messageId);
            }
        }
        std::map<std::int64_t, std::uint32_t> found;
        for (const store::Renumbered &one : match.match())
            found[one.id.value()] = one.uid.value();
        return found;
    }
};

using Found = std::map<std::int64_t, std::uint32_t>;

} // namespace

class TestIdentityMatch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothing()
    {
        Mailbox empty;
        QCOMPARE(empty.match(), Found{});
        Mailbox rows;
        rows.row(1, 10, 5);
        QCOMPARE(rows.match(), Found{});
        Mailbox server;
        server.message(1, 10, 5);
        QCOMPARE(server.match(), Found{});
        QCOMPARE(server.asked, 0U);
    }

    void bySizeAndDate()
    {
        Mailbox box;
        box.row(1, 10, 5);
        box.row(2, 20, 6);
        box.row(3, 30, 7);
        box.message(100, 30, 7);
        box.message(101, 10, 5);
        box.message(102, 40, 8);
        QCOMPARE(box.match(), (Found{{1, 101}, {3, 100}}));
        QCOMPARE(box.rounds, 1);
    }

    void messageIdsDecideWhereSizesAreTheSame()
    {
        Mailbox box;
        box.row(1, 10, 5);
        box.row(2, 10, 6);
        box.row(3, 10, 6); // twice the same
        box.row(4, 10, 0); // without a Message-ID
        box.row(5, 10, 9); // gone
        box.message(7, 10, 6);
        box.message(8, 10, 6);
        box.message(9, 10, 0);
        box.message(10, 10, 5);
        QCOMPARE(box.match(), (Found{{1, 10}}));
        QCOMPARE(box.asked, 4U);
    }

    /** A folder that was renamed: its copies of one message are not fetched again. */
    void copiesAreToldApartByUidsThatStillHold()
    {
        for (const bool hasSameUids : {true, false}) {
            Mailbox box;
            box.hasSameUids = hasSameUids;
            for (const std::int64_t id : {1, 2, 3})
                box.row(id, 10, 6);
            box.row(4, 10, 0);
            box.row(5, 10, 7);
            box.row(8, 10, 9);
            box.message(2, 10, 6);
            box.message(3, 10, 6);
            box.message(4, 10, 0);
            box.message(5, 10, 8); // another message
            box.message(6, 10, 6);
            box.message(7, 10, 9);
            QCOMPARE(box.match(), (hasSameUids ? Found{{2, 2}, {3, 3}, {1, 6}, {8, 7}} : Found{{8, 7}}));
        }
    }

    void anotherMessageOfTheSameSizeAndDateIsNotTaken()
    {
        Mailbox box;
        box.row(1, 10, 5);
        box.row(2, 20, 6);
        box.message(1, 10, 55); // looks like 1 and is not
        box.message(2, 20, 6);
        QCOMPARE(box.match(), (Found{{2, 2}}));
    }

    void inALargeMailboxTheSampleWarns()
    {
        // A mailbox made anew: the same sizes and dates, other messages.
        Mailbox other;
        for (std::uint32_t uid = 1; uid <= 10'000; ++uid) {
            other.row(uid, uid, uid * 2 + 1);
            other.message(uid, uid, uid * 2 + 2'000'001);
        }
        QCOMPARE(other.match(), Found{});
        QCOMPARE(other.asked, 10'000U);
        QCOMPARE(other.rounds, 2);
        // The same messages in another order: a sample is enough.
        Mailbox same;
        for (std::uint32_t uid = 1; uid <= 10'000; ++uid) {
            same.row(uid, uid, uid * 2 + 1);
            same.message(20'001 - uid, uid, uid * 2 + 1);
        }
        const Found found = same.match();
        QCOMPARE(found.size(), 10'000U);
        QCOMPARE(found.at(1), 20'000U);
        QCOMPARE(same.asked, 200U);
    }

    void emailIdsDecideAlone()
    {
        Mailbox box;
        box.row(1, 10, 5, 71);
        box.row(2, 10, 5, 72);
        box.row(3, 30, 6, 73); // its id is not told any more
        box.row(4, 40, 7, 0); // stored before ids were
        box.row(5, 50, 8, 75);
        box.row(6, 50, 8, 75); // a copy
        box.message(91, 10, 5, 72);
        box.message(92, 10, 5, 71);
        box.message(93, 30, 6, 99);
        box.message(94, 40, 7, 98);
        box.message(95, 50, 8, 75);
        // Of the copies, nobody knows which one is left.
        QCOMPARE(box.match(), (Found{{1, 92}, {2, 91}, {4, 94}}));
        // A server that tells none: what the rows have does no harm.
        Mailbox without;
        without.row(1, 10, 5, 71);
        without.message(9, 10, 5);
        QCOMPARE(without.match(), (Found{{1, 9}}));
    }

    void oneIdForAllMessagesProvesNothing()
    {
        // A server that gives every message the same EMAILID (against RFC 8474 section 4.2).
        Mailbox box;
        for (std::uint32_t uid = 1; uid <= 100; ++uid) {
            box.row(uid, uid, uid + 1000, 7);
            box.message(1000 - uid, uid, uid + 1000, 7);
        }
        box.row(101, 500, 42, 7);
        box.row(102, 500, 42, 7); // the same in everything
        box.message(2001, 500, 42, 7);
        box.message(2002, 500, 42, 7);
        const Found found = box.match();
        QCOMPARE(found.size(), 100U);
        for (const auto &[id, uid] : found)
            QCOMPARE(uid, 1000 - id);
        // Where it gives other ones each time, nothing is the same.
        Mailbox jumping;
        for (std::uint32_t uid = 1; uid <= 100; ++uid) {
            jumping.row(uid, uid, uid + 1000, uid);
            jumping.message(uid, uid, uid + 1000, uid + 500);
        }
        QCOMPARE(jumping.match(), Found{});
    }

    void anIdWithAnotherSizeIsNone()
    {
        Mailbox box;
        box.row(1, 10, 5, 71);
        box.row(2, 20, 6, 72);
        box.message(8, 11, 5, 71);
        box.message(9, 20, 6, 72);
        QCOMPARE(box.match(), (Found{{2, 9}}));
    }

    void anIdForbidsWhatAMessageIdSuggests()
    {
        Mailbox box;
        box.row(1, 10, 5, 71);
        box.row(2, 10, 5, 71); // copies in the cache
        box.message(8, 10, 5, 99); // the same content under another id
        QCOMPARE(box.match(), Found{});
    }

    void whatSomethingWaitsForIsLookedAtOneByOne()
    {
        Mailbox box;
        for (std::uint32_t uid = 1; uid <= 10'000; ++uid) {
            box.row(uid, uid, uid * 2 + 1);
            box.message(uid, uid, uid * 2 + 1);
        }
        // Two that no sample of 200 would have shown.
        box.message(4321, 4321, 999'999);
        box.message(8765, 8765, 0);
        box.exact = imap::UidSet::fromUids({Uid(4321), Uid(4322), Uid(8765)});
        const Found found = box.match();
        QCOMPARE(found.size(), 9998U);
        QCOMPARE(found.count(4321), 0U);
        QCOMPARE(found.at(4322), 4322U);
        QCOMPARE(found.count(8765), 0U);
        QVERIFY(box.asked <= 203);
    }

    void aMailboxThatIsFarLargerIsNotLookedThrough()
    {
        Mailbox box;
        box.row(1, 1, 5);
        IdentityMatch match(box.rows);
        for (std::uint32_t uid = 1; uid <= match.limit(); ++uid)
            match.add({Uid(uid), uid, 1000, 0, 0});
        match.add({Uid(4'000'000'000), 1, 1000, 0, 0});
        QVERIFY(match.wanted().isEmpty());
        QVERIFY(match.match().empty());
    }

    void random()
    {
        std::mt19937 numbers(7);
        for (int history = 0; history < 200; ++history) {
            Mailbox box;
            std::map<std::uint32_t, std::int64_t> truth;
            const std::uint32_t count = numbers() % 300;
            for (std::uint32_t n = 1; n <= count; ++n) {
                const std::uint64_t size = numbers() % 40;
                const std::uint64_t messageId = numbers() % 20 == 0 ? 0 : numbers() % 1000 + 1;
                const bool isHere = numbers() % 10 != 0;
                const bool isThere = numbers() % 10 != 0;
                const std::uint32_t uid = 100'000 - n * 7;
                if (isHere)
                    box.row(n, size, messageId);
                if (isThere) {
                    box.message(uid, size, messageId);
                    truth[uid] = n;
                }
            }
            std::map<std::uint32_t, int> used;
            for (const auto &[id, uid] : box.match()) {
                const auto row = std::find_if(box.rows.begin(), box.rows.end(),
                                              [id = id](const auto &one) { return one.id.value() == id; });
                QVERIFY(row != box.rows.end());
                // The same in everything that can be known; each UID once.
                QCOMPARE(box.server.at(uid).messageId, row->messageId);
                QCOMPARE(box.server.at(uid).size, row->size);
                QCOMPARE(++used[uid], 1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestIdentityMatch)
#include "test_identitymatch.moc"

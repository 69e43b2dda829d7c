// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagoperation.h"

#include <QTest>

#include <map>
#include <random>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

mail::Flags flags(std::initializer_list<const char *> names)
{
    mail::Flags result;
    for (const char *name : names)
        result.addByName(name);
    return result;
}

imap::UidSet uids(const char *text)
{
    return *imap::UidSet::parse(text);
}

FlagOperation operation(const char *set, const mail::FlagChange &change)
{
    return {mail::MailboxName::inbox(), UidValidity(7), {{uids(set), change}}};
}

} // namespace

class TestFlagOperation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAndBack_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("inbox") << QStringLiteral("INBOX") << QByteArray();
        QTest::newRow("text") << QStringLiteral("Größe/日本 \"q\"") << QByteArray();
        QTest::newRow("bytes that are no encoding") << QStringLiteral("bad?") << QByteArray("bad\xff\0x", 6);
    }

    void bytesAndBack()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, wire);
        const FlagOperation before{{name, wire},
                                   UidValidity(0xFFFFFFFF),
                                   {{uids("1:4294967295"), {flags({"\\Seen", "$Label1"}), flags({"\\Flagged"})}},
                                    {uids("2,5:9"), {{}, flags({"Mixed-Case"})}}}};
        QVERIFY(FlagOperation::fromBytes(before.toBytes()) == before);
    }

    void whatIsNoOperationIsNone_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no json") << QByteArray("\xff{");
        QTest::newRow("no mailbox") << QByteArray(R"({"uidvalidity":7,"groups":[{"uids":"1","add":["\\Seen"]}]})");
        QTest::newRow("no uidvalidity") << QByteArray(R"({"mailbox":"a","groups":[{"uids":"1","add":["\\Seen"]}]})");
        QTest::newRow("no groups") << QByteArray(R"({"mailbox":"a","uidvalidity":7})");
        QTest::newRow("open set") << QByteArray(R"({"mailbox":"a","uidvalidity":7,"groups":[{"uids":"1:*"}]})");
        QTest::newRow("bad set") << QByteArray(R"({"mailbox":"a","uidvalidity":7,"groups":[{"uids":"0"}]})");
    }

    void whatIsNoOperationIsNone()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!FlagOperation::fromBytes(bytes));
    }

    void sameChangesShareACommand()
    {
        const mail::FlagChange read{flags({"\\Seen"}), {}};
        const auto groups = coalesced({operation("1", read), operation("3", read), operation("2", read)});
        QCOMPARE(groups.size(), 1U);
        QCOMPARE(groups[0].uids.toBytes(), QByteArray("1:3"));
    }

    void theLastWordCounts()
    {
        const mail::FlagChange read{flags({"\\Seen"}), {}};
        const mail::FlagChange unread{{}, flags({"\\Seen"})};
        const auto groups = coalesced({operation("1:10", read), operation("4", unread)});
        QCOMPARE(groups.size(), 2U);
        for (const FlagGroup &group : groups)
            QCOMPARE(group.change.add == flags({"\\Seen"}), group.uids.toBytes() == "1:3,5:10");
    }

    /** Applying the groups is applying the operations, whatever they are. */
    void equalsDoingOneAfterTheOther()
    {
        std::mt19937 random(4); // NOLINT(bugprone-random-generator-seed): the same cases every time
        const std::array<mail::Flags, 5> some{flags({}), flags({"\\Seen"}), flags({"a"}), flags({"\\Seen", "b"}),
                                              flags({"\\Flagged", "a", "b"})};
        const auto any = [&] { return some.at(random() % some.size()); };
        for (int round = 0; round < 300; ++round) {
            std::vector<FlagOperation> operations;
            std::map<std::uint32_t, mail::Flags> onebyone;
            std::map<std::uint32_t, mail::Flags> together;
            for (std::uint32_t uid = 1; uid <= 20; ++uid)
                together[uid] = onebyone[uid] = any();
            for (int count = 0; count < 6; ++count) {
                const auto first = Uid(static_cast<std::uint32_t>(random() % 20 + 1));
                const auto last = Uid(static_cast<std::uint32_t>(random() % 20 + 1));
                const auto set = imap::UidSet::range(std::min(first, last), std::max(first, last));
                operations.push_back({mail::MailboxName::inbox(), UidValidity(7), {{set, {any(), any()}}}});
                for (auto &[uid, now] : onebyone) {
                    if (set.contains(Uid(uid)))
                        now = operations.back().groups[0].change.appliedTo(now);
                }
            }
            imap::UidSet named;
            for (const FlagGroup &group : coalesced(operations)) {
                imap::UidSet both = named;
                both.intersect(group.uids);
                QVERIFY2(both.isEmpty(), "a message is in one group at most");
                named.unite(group.uids);
                for (auto &[uid, now] : together) {
                    if (group.uids.contains(Uid(uid)))
                        now = group.change.appliedTo(now);
                }
            }
            QVERIFY(together == onebyone);
        }
    }

    void undoBringsBackExactlyWhatWas()
    {
        const mail::FlagChange change{flags({"\\Seen", "a"}), flags({"b"})};
        for (const mail::Flags &base : {flags({}), flags({"\\Seen"}), flags({"b", "c"}), flags({"\\Seen", "a", "b"})}) {
            const mail::FlagChange back = change.undoneFor(base);
            QVERIFY(back.appliedTo(change.appliedTo(base)) == base);
        }
        QVERIFY(change.undoneFor(flags({"\\Seen", "a", "c"})).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestFlagOperation)
#include "test_flagoperation.moc"

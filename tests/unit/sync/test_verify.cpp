// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/verify/rowcomparison.h"
#include "core/sync/verify/uidslices.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

using Kind = MessageDifference::Kind;
using Uids = std::vector<std::uint32_t>;

mail::MessageHeader header(std::uint32_t uid)
{
    mail::MessageHeader made;
    made.uid = Uid(uid);
    made.internalDate = 1'700'000'000;
    made.date = 1'600'000'000;
    made.size = 1234;
    made.subject = QStringLiteral("Hello");
    made.from = {{QStringLiteral("Anna"), QStringLiteral("anna@example.org")}};
    made.messageId = "<a@example.org>";
    return made;
}

std::vector<mail::MessageHeader> headers(const Uids &uids)
{
    std::vector<mail::MessageHeader> made;
    for (const std::uint32_t uid : uids)
        made.push_back(header(uid));
    return made;
}

Uids expanded(const UidList &list)
{
    Uids result;
    for (const store::UidRange &range : list.ranges) {
        for (std::uint64_t uid = range.first.value(); uid <= range.last.value(); ++uid)
            result.push_back(static_cast<std::uint32_t>(uid));
    }
    return result;
}

} // namespace

class TestVerify final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uids_data()
    {
        QTest::addColumn<Uids>("here");
        QTest::addColumn<Uids>("there");
        QTest::addColumn<Uids>("silent");
        QTest::addColumn<Uids>("missing");
        QTest::addColumn<Uids>("extra");
        QTest::addColumn<Uids>("unreadable");
        QTest::newRow("both empty") << Uids{} << Uids{} << Uids{} << Uids{} << Uids{} << Uids{};
        QTest::newRow("equal") << Uids{1, 2, 9} << Uids{1, 2, 9} << Uids{} << Uids{} << Uids{} << Uids{};
        QTest::newRow("nothing here") << Uids{} << Uids{4, 5, 7} << Uids{} << Uids{4, 5, 7} << Uids{} << Uids{};
        QTest::newRow("nothing there") << Uids{4, 5, 7} << Uids{} << Uids{} << Uids{} << Uids{4, 5, 7} << Uids{};
        QTest::newRow("both ways") << Uids{1, 3, 5} << Uids{2, 3, 4294967295} << Uids{} << Uids{2, 4294967295}
                                   << Uids{1, 5} << Uids{};
        QTest::newRow("the largest UID on both sides")
            << Uids{4294967295} << Uids{4294967295} << Uids{} << Uids{} << Uids{} << Uids{};
        QTest::newRow("the server has it but does not tell")
            << Uids{1, 2, 3} << Uids{1, 3} << Uids{2, 4} << Uids{} << Uids{} << Uids{2, 4};
        QTest::newRow("told after all") << Uids{1} << Uids{1} << Uids{1} << Uids{} << Uids{} << Uids{};
    }
    void uids()
    {
        QFETCH(Uids, here);
        QFETCH(Uids, there);
        QFETCH(Uids, silent);
        QFETCH(Uids, missing);
        QFETCH(Uids, extra);
        QFETCH(Uids, unreadable);
        RowComparison comparison;
        std::vector<Uid> quiet;
        for (const std::uint32_t uid : silent)
            quiet.emplace_back(uid);
        comparison.compare(headers(here), headers(there), quiet);
        QCOMPARE(comparison.isEqual(), missing.empty() && extra.empty());
        QCOMPARE(comparison.suspects(100).size(), missing.size() + extra.size() + unreadable.size());
        MailboxVerdict verdict;
        comparison.deliver(verdict);
        QCOMPARE(expanded(verdict.missing), missing);
        QCOMPARE(expanded(verdict.extra), extra);
        QCOMPARE(expanded(verdict.unreadable), unreadable);
        QCOMPARE(verdict.missing.count, std::int64_t(missing.size()));
        QCOMPARE(verdict.differences.size(), missing.size() + extra.size());
        QCOMPARE(verdict.isOk(), missing.empty() && extra.empty());
    }

    void everyFieldIsCompared()
    {
        const mail::MessageHeader good = header(5);
        const std::vector<std::pair<QString, std::function<void(mail::MessageHeader &)>>> damages{
            {QStringLiteral("flags"), [](auto &one) { one.flags.set(mail::SystemFlag::Seen); }},
            {QStringLiteral("flags"), [](auto &one) { one.flags.addKeyword("work"); }},
            {QStringLiteral("size"), [](auto &one) { one.size = 1; }},
            {QStringLiteral("internal_date"), [](auto &one) { one.internalDate = INT64_MIN; }},
            {QStringLiteral("date"), [](auto &one) { one.date = INT64_MAX; }},
            {QStringLiteral("message_id"), [](auto &one) { one.messageId.clear(); }},
            {QStringLiteral("subject"), [](auto &one) { one.subject += u'!'; }},
            {QStringLiteral("from"), [](auto &one) { one.from.front().name.clear(); }},
            {QStringLiteral("to"), [&good](auto &one) { one.to = good.from; }},
            {QStringLiteral("cc"), [&good](auto &one) { one.cc = good.from; }},
            {QStringLiteral("reply_to"), [&good](auto &one) { one.replyTo = good.from; }},
            {QStringLiteral("has_attachment"), [](auto &one) { one.hasAttachment = true; }},
        };
        for (const auto &[field, damage] : damages) {
            mail::MessageHeader bad = good;
            damage(bad);
            const auto found = compareHeaders(bad, good);
            QCOMPARE(found.size(), 1U);
            QCOMPARE(found.front().field, field);
            QVERIFY(found.front().here != found.front().there);
            RowComparison comparison;
            comparison.compare({&bad, 1}, {&good, 1});
            MailboxVerdict verdict;
            comparison.deliver(verdict);
            const bool isFlags = field == QLatin1String("flags");
            QCOMPARE(expanded(verdict.flagsDiffer), isFlags ? Uids{5} : Uids{});
            QCOMPARE(expanded(verdict.fieldsDiffer), isFlags ? Uids{} : Uids{5});
            QCOMPARE(verdict.differences.front().kind, isFlags ? Kind::Flags : Kind::Fields);
        }
        // What is not the message's, or not stored, is no difference.
        mail::MessageHeader other = good;
        other.modseq = ModSeq(7);
        other.references = {"<b@example.org>"};
        other.flags.set(mail::SystemFlag::Recent);
        QVERIFY(compareHeaders(other, good).empty());
    }

    void stretchesAddUp()
    {
        RowComparison comparison;
        comparison.compare(headers({1, 2}), headers({2, 3}));
        comparison.addMissing({Uid(4), Uid(9)});
        comparison.addMissing({Uid(20), Uid(21)});
        comparison.compare(headers({30}), {});
        QCOMPARE(comparison.count(), 1 + 1 + 6 + 2 + 1);
        QCOMPARE(comparison.suspects(3).size(), 3U);
        MailboxVerdict verdict;
        comparison.deliver(verdict);
        QCOMPARE(verdict.missing.ranges, (std::vector<store::UidRange>{{Uid(3), Uid(9)}, {Uid(20), Uid(21)}}));
        QCOMPARE(expanded(verdict.extra), (Uids{1, 30}));
    }

    void whatIsListedIsBoundedAndTheUidsAreNot()
    {
        RowComparison comparison;
        for (std::uint32_t uid = 1; uid <= 5000; uid += 2)
            comparison.compare(headers({uid}), {});
        MailboxVerdict verdict;
        comparison.deliver(verdict);
        QCOMPARE(verdict.differences.size(), MailboxVerdict::mostListed);
        QCOMPARE(verdict.extra.count, 2500);
    }

    void slices()
    {
        imap::UidSet set = imap::UidSet::range(Uid(1), Uid(7));
        set.add(Uid(100));
        set.addRange(Uid(4294967290), Uid(4294967295));
        UidSlices slices(set);
        imap::UidSet all;
        std::vector<std::uint64_t> sizes;
        while (!slices.isEmpty()) {
            const imap::UidSet slice = slices.next(5);
            QVERIFY(all.isEmpty() || slice.smallest() > all.largest());
            sizes.push_back(slice.count());
            all.unite(slice);
        }
        QCOMPARE(all, set);
        QCOMPARE(sizes, (std::vector<std::uint64_t>{5, 5, 4}));
        QVERIFY(slices.next(5).isEmpty());
        QVERIFY(UidSlices(imap::UidSet()).isEmpty());
    }

    void repairedCountsAsInOrder()
    {
        MailboxVerdict verdict;
        QVERIFY(verdict.isOk());
        verdict.mailboxFields.push_back({QStringLiteral("messages"), {}, {}});
        QVERIFY(!verdict.isOk());
        verdict.repaired = true;
        QVERIFY(verdict.isOk());
        VerifyReport report;
        QVERIFY(report.isOk());
        report.mailboxes.push_back(verdict);
        QVERIFY(report.isOk());
        verdict = {};
        verdict.state = MailboxVerdict::State::NotOpened;
        report.mailboxes.push_back(verdict);
        QVERIFY(!report.isOk());
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "test_verify.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagprogress.h"

#include <QTest>

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

store::FlagUpdate message(std::uint32_t uid, std::initializer_list<const char *> names, std::uint64_t modseq)
{
    return {Uid(uid), flags(names), ModSeq(modseq)};
}

} // namespace

class TestFlagProgress final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotedComesBack()
    {
        const std::vector<store::FlagUpdate> messages{
            message(1, {}, 7), message(2, {"\\Seen", "work"}, 9'223'372'036'854'775'807), message(3, {}, 8)};
        const FlagProgress progress = FlagProgress::of(UidValidity(5), messages);
        QCOMPARE(progress.since, ModSeq(9'223'372'036'854'775'807)); // more than a JSON number keeps
        QCOMPARE(progress.before.size(), 2U);
        QCOMPARE(progress.before[0].uids.toBytes(), QByteArray("1,3"));
        QCOMPARE(FlagProgress::fromBytes(progress.toBytes()), std::optional(progress));
    }

    void whatOlderProgramsNotedSaysOnlyThatThereWasAnAttempt()
    {
        QCOMPARE(FlagProgress::fromBytes({}), std::nullopt);
        QCOMPARE(FlagProgress::fromBytes("{\"sent\":true}"), std::optional(FlagProgress()));
        QCOMPARE(FlagProgress::fromBytes("damaged"), std::optional(FlagProgress()));
        QCOMPARE(
            FlagProgress::fromBytes("{\"sent\":true,\"modseq\":\"9\",\"uidvalidity\":1,\"before\":[{\"uids\":\"x\"}]}"),
            std::optional(FlagProgress()));
        QCOMPARE(FlagProgress::fromBytes(FlagProgress().toBytes()), std::optional(FlagProgress()));
    }

    void whatIsDoneTwice_data()
    {
        QTest::addColumn<QByteArrayList>("now");
        QTest::addColumn<quint64>("modseq");
        QTest::addColumn<bool>("done");
        // Before: \Seen, at 100; \Flagged was to be added.
        QTest::newRow("it had not arrived") << QByteArrayList{"\\Seen"} << quint64(100) << false;
        QTest::newRow("it had arrived") << QByteArrayList{"\\Seen", "\\Flagged"} << quint64(101) << true;
        QTest::newRow("it had, and was taken back") << QByteArrayList{"\\Seen"} << quint64(102) << true;
        QTest::newRow("somebody changed something else")
            << QByteArrayList{"\\Seen", "\\Answered"} << quint64(101) << false;
        QTest::newRow("somebody did the same") << QByteArrayList{"\\Flagged"} << quint64(101) << true;
        QTest::newRow("the server tells no MODSEQ") << QByteArrayList{"\\Seen"} << quint64(0) << false;
    }

    void whatIsDoneTwice()
    {
        QFETCH(const QByteArrayList, now);
        QFETCH(const quint64, modseq);
        QFETCH(const bool, done);
        const std::vector<store::FlagUpdate> then{message(4, {"\\Seen"}, 100)};
        mail::Flags flagsNow;
        for (const QByteArray &name : now)
            flagsNow.addByName(name);
        const std::vector<store::FlagUpdate> messages{{Uid(4), flagsNow, ModSeq(modseq)}};
        const imap::UidSet result
            = doneBefore(FlagProgress::of(UidValidity(1), then), messages, {flags({"\\Flagged"}), {}});
        QCOMPARE(result.contains(Uid(4)), done);
    }

    /** Others had set $Junk, our first command took it away, and the second one, which adds $NotJunk, was lost. */
    void halfOfAChangeIsNotTakenBack()
    {
        const std::vector<store::FlagUpdate> then{message(4, {"\\Seen"}, 100)};
        const std::vector<store::FlagUpdate> now{message(4, {"\\Seen"}, 102)};
        const FlagProgress before = FlagProgress::of(UidValidity(1), then);
        QVERIFY(doneBefore(before, now, {flags({"$NotJunk"}), flags({"$Junk"})}).isEmpty());
        QVERIFY(doneBefore(before, now, {flags({"$NotJunk"}), {}}).contains(Uid(4)));
    }

    void kindsOfMessagesAreLimited()
    {
        std::vector<store::FlagUpdate> messages;
        for (std::uint32_t uid = 1; uid <= 100; ++uid) {
            mail::Flags own;
            own.addByName("k" + QByteArray::number(uid));
            messages.push_back({Uid(uid), own, ModSeq(3)});
        }
        const FlagProgress progress = FlagProgress::of(UidValidity(1), messages);
        QCOMPARE(progress.before.size(), 64U);
        for (store::FlagUpdate &one : messages)
            one.modseq = ModSeq(4);
        // Those that were not noted get the change again.
        QCOMPARE(doneBefore(progress, messages, {flags({"\\Seen"}), {}}).toBytes(), QByteArray("1:64"));
    }
};

QTEST_GUILESS_MAIN(TestFlagProgress)
#include "test_flagprogress.moc"

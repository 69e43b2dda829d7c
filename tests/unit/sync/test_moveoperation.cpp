// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/arrivals.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/relocation.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

const mail::MailboxName archive{QStringLiteral("Archive"), {}};

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

store::MessageIdentity identity(const char *id, std::uint64_t size, std::int64_t date = 0)
{
    return {id, size, date};
}

MoveOperation move(std::initializer_list<std::uint32_t> messages)
{
    MoveOperation result;
    result.source = mail::MailboxName::inbox();
    result.uidValidity = UidValidity(7);
    result.target = archive;
    for (const std::uint32_t uid : messages)
        result.messages.push_back({Uid(uid), identity("<a\xFF@b>", 100 + uid, 5), {}});
    return result;
}

MoveProgress moved(const std::map<Uid, Uid> &pairs, bool isVerified = true)
{
    MoveProgress progress;
    progress.done.push_back({archive, codeOf(UidValidity(9), pairs), Uid(50), isVerified});
    return progress;
}

store::PendingOperation record(const QString &kind, const QByteArray &payload, const QByteArray &undo = {})
{
    store::PendingOperation result;
    result.id = OperationId(1);
    result.account = AccountId(1);
    result.kind = kind;
    result.payload = payload;
    result.undo = undo;
    return result;
}

} // namespace

class TestMoveOperation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatFollowsIsSeenWithoutReadingIt()
    {
        MoveOperation operation = move({1, 2});
        operation.source.text = QStringLiteral("\"follows\":");
        QVERIFY(!MoveOperation::mayFollow(operation.toBytes()));
        operation.follows = OperationId(12);
        QVERIFY(MoveOperation::mayFollow(operation.toBytes()));
    }

    void bytesAndBack()
    {
        MoveOperation operation = move({1, 2, 4711});
        operation.source.wire = QByteArray("\x80\xFF", 2);
        operation.messages[1].change = {flags({"$Junk"}), flags({"\\Seen", "$NotJunk"})};
        operation.follows = OperationId(12);
        operation.searchFrom = Uid(99);
        for (const auto kind : {mail::MoveKind::Move, mail::MoveKind::Copy, mail::MoveKind::Delete,
                                mail::MoveKind::Archive, mail::MoveKind::Junk, mail::MoveKind::NotJunk}) {
            operation.kind = kind;
            QCOMPARE(MoveOperation::fromBytes(mail::moveKindName(kind), operation.toBytes()), std::optional(operation));
        }
        QVERIFY(!MoveOperation::fromBytes(QStringLiteral("expunge"), operation.toBytes())); // which has no target
        operation.kind = mail::MoveKind::Expunge;
        operation.target.reset();
        QCOMPARE(MoveOperation::fromBytes(QStringLiteral("expunge"), operation.toBytes()), std::optional(operation));
        QVERIFY(!MoveOperation::fromBytes(QStringLiteral("move"), operation.toBytes()));
        QVERIFY(!MoveOperation::fromBytes(QStringLiteral("flag"), operation.toBytes()));
        QVERIFY(!MoveOperation::fromBytes(QStringLiteral("move"), "{"));

        MoveProgress progress = moved({{Uid(1), Uid(60)}, {Uid(2), Uid(52)}, {Uid(3), Uid(53)}});
        progress.gone = uids("7");
        progress.inFlight = uids("8:9,11");
        progress.targetNext = Uid(70);
        progress.targetValidity = UidValidity(9);
        QCOMPARE(MoveProgress::fromBytes(progress.toBytes()), progress);
        QCOMPARE(progress.settled(), uids("1:3,7"));
        QCOMPARE(MoveProgress::fromBytes("nonsense"), MoveProgress());
    }

    void originalsGoAfterTheirCopies()
    {
        MoveProgress progress = moved({{Uid(1), Uid(60)}, {Uid(2), Uid(52)}, {Uid(3), Uid(53)}});
        progress.done.push_back({archive, codeOf(UidValidity(9), {{Uid(4), Uid(61)}}), Uid(50), true});
        progress.done[0].hasOriginal = true;
        progress.others = {{archive, UidValidity(9), Uid(7)}};
        QVERIFY(MoveProgress::fromBytes(progress.toBytes()) == progress);
        QCOMPARE(progress.arrived(), uids("1:4"));
        QCOMPARE(progress.copied(), uids("1:3"));
        QCOMPARE(progress.settled(), uids("4"));
        // Neither what waits nor what undoes it goes after the copies before that.
        QCOMPARE(relocationsOf(move({1, 2, 3, 4}), progress).size(), 1U);
        QCOMPARE(reverseOf(move({1, 2, 3, 4}), progress).size(), 1U);
        progress.originalsHaveGone(uids("1,3,9"));
        QCOMPARE(progress.copied(), uids("2"));
        QCOMPARE(progress.settled(), uids("1,3:4"));
        QCOMPARE(progress.arrived(), uids("1:4"));
        std::map<Uid, Uid> pairs;
        for (const MovedPart &part : progress.done)
            pairs.merge(pairsOf(part.pairs));
        QVERIFY(pairs
                == (std::map<Uid, Uid>{{Uid(1), Uid(60)}, {Uid(2), Uid(52)}, {Uid(3), Uid(53)}, {Uid(4), Uid(61)}}));
        progress.originalsHaveGone(uids("2"));
        QCOMPARE(progress.settled(), uids("1:4"));
        // A later move of the copy takes its place along, and not more.
        MoveProgress waiting = moved({{Uid(1), Uid(60)}, {Uid(2), Uid(61)}});
        waiting.done[0].hasOriginal = true;
        MoveOperation first = move({1, 2});
        store::PendingOperation open = record(mail::moveKindName(first.kind), first.toBytes());
        open.progress = waiting.toBytes();
        const mail::MailboxName later{QStringLiteral("Later"), {}};
        std::vector<store::PendingOperation> added;
        QVERIFY(relocate(open, {{archive, UidValidity(9), later, UidValidity(11), {{Uid(61), Uid(5)}}}}, added));
        waiting = MoveProgress::fromBytes(open.progress);
        QCOMPARE(waiting.copied(), uids("1:2"));
        QCOMPARE(waiting.done.size(), 2U);
        QVERIFY(added.empty());
    }

    void pairsKeepTheirOrder()
    {
        const std::map<Uid, Uid> pairs{{Uid(1), Uid(9)}, {Uid(2), Uid(8)}, {Uid(3), Uid(10)}, {Uid(7), Uid(11)}};
        QCOMPARE(pairsOf(codeOf(UidValidity(3), pairs)), pairs);
        // Exchange: nothing on either side; and what does not add up is worth nothing.
        QVERIFY(pairsOf({UidValidity(3), {}, {}}).empty());
        QVERIFY(pairsOf({UidValidity(3), {{1, 3}}, {{5, 6}}}).empty());
        // A server may name four thousand million.
        QVERIFY(pairsOf({UidValidity(3), {{1, 4294967295}}, {{1, 4294967295}}}).empty());
    }

    void arrivalsAreKnownByWhatTheyAre()
    {
        const std::vector<WantedMessage> wanted{{Uid(), identity("<a@x>", 10)},
                                                {Uid(), identity("<b@x>", 20)},
                                                {Uid(), identity("", 30, 1000)},
                                                {Uid(), identity("<c@x>", 40)}};
        const std::vector<ArrivedMessage> arrived{{Uid(5), identity("<b@x>", 20)},
                                                  {Uid(6), identity("<a@x>", 11)}, // the copy by way of the list
                                                  {Uid(7), identity("", 30, 1000)},
                                                  {Uid(8), identity("", 30, 2000)},
                                                  {Uid(9), identity("<a@x>", 10)}};
        QCOMPARE(findArrivals(wanted, arrived, Likeness::Strict), (std::vector<Uid>{Uid(9), Uid(5), Uid(7), Uid()}));
    }

    void hintsCountOnlyWhereTheyAreRight()
    {
        // Yahoo: the pairs are there, but not as the server says.
        const std::vector<WantedMessage> permuted{{Uid(6), identity("<a@x>", 1)}, {Uid(5), identity("<b@x>", 1)}};
        const std::vector<ArrivedMessage> arrived{{Uid(5), identity("<a@x>", 1)}, {Uid(6), identity("<b@x>", 1)}};
        QCOMPARE(findArrivals(permuted, arrived, Likeness::Strict), (std::vector<Uid>{Uid(5), Uid(6)}));
        // Of two that are equal the hint says which is which, and each is one message only.
        const std::vector<WantedMessage> twins{
            {Uid(6), identity("<a@x>", 1)}, {Uid(5), identity("<a@x>", 1)}, {Uid(), identity("<a@x>", 1)}};
        const std::vector<ArrivedMessage> two{{Uid(5), identity("<a@x>", 1)}, {Uid(6), identity("<a@x>", 1)}};
        QCOMPARE(findArrivals(twins, two, Likeness::Lenient), (std::vector<Uid>{Uid(6), Uid(5), Uid()}));
    }

    void aChangedSizeIsForgivenWhereTheServerVouches()
    {
        const std::vector<WantedMessage> wanted{{Uid(), identity("<a@x>", 10)}, {Uid(), identity("", 10, 5)}};
        const std::vector<ArrivedMessage> arrived{{Uid(5), identity("<a@x>", 12)}, {Uid(6), identity("", 12, 5)}};
        QCOMPARE(findArrivals(wanted, arrived, Likeness::Strict), (std::vector<Uid>{Uid(), Uid()}));
        QCOMPARE(findArrivals(wanted, arrived, Likeness::Lenient), (std::vector<Uid>{Uid(5), Uid()}));
    }

    void otherOperationsFollowTheMessages()
    {
        const auto relocations = relocationsOf(move({1, 2}), moved({{Uid(1), Uid(61)}, {Uid(2), Uid(60)}}));
        std::vector<store::PendingOperation> added;
        const FlagOperation both{mail::MailboxName::inbox(), UidValidity(7), {{uids("2:3"), {flags({"\\Seen"}), {}}}}};
        auto waiting = record(QStringLiteral("flag"), both.toBytes(), both.toBytes());
        QVERIFY(refersTo(waiting, mail::MailboxName::inbox(), UidValidity(7), uids("1:2")));
        QVERIFY(!refersTo(waiting, mail::MailboxName::inbox(), UidValidity(8), uids("1:2")));
        QVERIFY(relocate(waiting, relocations, added));
        const FlagOperation there{archive, UidValidity(9), {{uids("60"), {flags({"\\Seen"}), {}}}}};
        const FlagOperation rest{mail::MailboxName::inbox(), UidValidity(7), {{uids("3"), {flags({"\\Seen"}), {}}}}};
        QCOMPARE(FlagOperation::fromBytes(waiting.payload), std::optional(there));
        QCOMPARE(added.size(), 1U);
        QCOMPARE(FlagOperation::fromBytes(added.front().payload), std::optional(rest));
        QCOMPARE(FlagOperation::listFromBytes(waiting.undo), (std::vector<FlagOperation>{there, rest}));
        // Nothing of it is left there.
        QVERIFY(!relocate(waiting, relocations, added));

        auto another = record(QStringLiteral("archive"), move({1, 2}).toBytes());
        QVERIFY(relocate(another, relocations, added));
        const auto now = MoveOperation::fromBytes(another.kind, another.payload);
        QVERIFY(now);
        QCOMPARE(now->source, archive);
        QCOMPARE(now->uidValidity, UidValidity(9));
        QCOMPARE(now->uids(), uids("60:61"));
        QCOMPARE(now->messages.front().uid, Uid(61));
    }

    /** A move is parked half-way, and the person moves what is left of it: its UIDs are those of another mailbox now.
     */
    void whatIsKnownGoesWithItsMessages()
    {
        MoveProgress half = moved({{Uid(1), Uid(61)}});
        half.gone = uids("2");
        half.marked = uids("1");
        half.inFlight = uids("3:4");
        half.targetValidity = UidValidity(9);
        half.targetNext = Uid(61);
        auto parked = record(QStringLiteral("archive"), move({1, 2, 3, 4}).toBytes());
        parked.state = store::OperationState::Failed;
        parked.progress = half.toBytes();
        const mail::MailboxName later{QStringLiteral("Later"), {}};
        std::vector<store::PendingOperation> added;
        QVERIFY(relocate(parked,
                         {{mail::MailboxName::inbox(), UidValidity(7), later, UidValidity(11), {{Uid(3), Uid(30)}}}},
                         added));
        QCOMPARE(MoveOperation::fromBytes(parked.kind, parked.payload)->uids(), uids("30"));
        const MoveProgress now = MoveProgress::fromBytes(parked.progress);
        QVERIFY(now.settled().isEmpty()); // 1 and 2 are other messages there
        QCOMPARE(now.inFlight, uids("30"));
        QCOMPARE(now.targetNext, Uid(61));
        QCOMPARE(added.size(), 1U);
        QCOMPARE(MoveOperation::fromBytes(added.front().kind, added.front().payload)->uids(), uids("1:2,4"));
        const MoveProgress rest = MoveProgress::fromBytes(added.front().progress);
        QCOMPARE(rest.settled(), uids("1:2"));
        QCOMPARE(rest.marked, uids("1"));
        QCOMPARE(rest.inFlight, uids("4"));
    }

    void whatIsDoneKnowsWhereItsMessagesHaveGone()
    {
        auto first = record(QStringLiteral("move"), move({1, 2}).toBytes(), MoveOperation::undoMark());
        first.state = store::OperationState::Done;
        first.progress = moved({{Uid(1), Uid(61)}, {Uid(2), Uid(62)}}).toBytes();
        MoveOperation onward = move({61});
        onward.source = archive;
        onward.uidValidity = UidValidity(9);
        MoveProgress there;
        const mail::MailboxName sent{QStringLiteral("Sent"), {}};
        there.done.push_back({sent, codeOf(UidValidity(3), {{Uid(61), Uid(4)}}), Uid(4), true});
        std::vector<store::PendingOperation> added;
        QVERIFY(relocate(first, relocationsOf(onward, there), added));
        const auto back = reverseOf(move({1, 2}), MoveProgress::fromBytes(first.progress));
        QCOMPARE(back.size(), 2U);
        QCOMPARE(back[0].source, sent);
        QCOMPARE(back[0].uids(), uids("4"));
        QCOMPARE(back[1].source, archive);
        QCOMPARE(back[1].uids(), uids("62"));
        for (const MoveOperation &one : back) {
            QCOMPARE(one.target, std::optional(mail::MailboxName::inbox()));
            QVERIFY(!one.searchFrom.isValid());
        }
    }

    void theOppositeOfWhatWasDone()
    {
        MoveOperation junk = move({1, 2});
        junk.kind = mail::MoveKind::Junk;
        junk.messages[0].change = {flags({"$Junk"}), flags({"$NotJunk"})};
        // Nobody has looked whether the server tells the truth: it is to be looked for.
        const auto back = reverseOf(junk, moved({{Uid(1), Uid(61)}}, false));
        QCOMPARE(back.size(), 1U);
        QCOMPARE(back[0].kind, mail::MoveKind::Move);
        QCOMPARE(back[0].messages.size(), 1U);
        QCOMPARE(back[0].messages[0].change, (mail::FlagChange{flags({"$NotJunk"}), flags({"$Junk"})}));
        QCOMPARE(back[0].searchFrom, Uid(50));
        MoveOperation copy = move({1});
        copy.kind = mail::MoveKind::Copy;
        const auto gone = reverseOf(copy, moved({{Uid(1), Uid(61)}}));
        QCOMPARE(gone.size(), 1U);
        QCOMPARE(gone[0].kind, mail::MoveKind::Expunge);
        QVERIFY(!gone[0].target);
        QCOMPARE(gone[0].source, archive);
        // Only while the original is where it was, and only from where the copy was put.
        QVERIFY(gone[0].original == copy.source);
        QCOMPARE(gone[0].originalValidity, copy.uidValidity);
        QCOMPARE(gone[0].messages[0].original, Uid(1));
        QVERIFY(MoveOperation::fromBytes(mail::moveKindName(gone[0].kind), gone[0].toBytes()) == gone[0]);
        MoveProgress movedOn = moved({{Uid(1), Uid(61)}});
        movedOn.done[0].mailbox = mail::MailboxName{QStringLiteral("Later"), {}};
        QVERIFY(reverseOf(copy, movedOn).empty());
        // A move that is parked has left it where it was, and there it was to be copied: nothing may be deleted.
        MoveOperation onto = copy;
        onto.target = onto.source;
        MoveProgress same;
        same.done.push_back({onto.source, codeOf(onto.uidValidity, {{Uid(1), Uid(1)}}), {}, true});
        QVERIFY(reverseOf(onto, same).empty());
        // The person has done it, and takes that back too.
        auto done = record(QStringLiteral("copy"), copy.toBytes());
        done.state = store::OperationState::Done;
        done.progress = moved({{Uid(1), Uid(61)}}).toBytes();
        const mail::MailboxName later{QStringLiteral("Later"), {}};
        std::vector<store::PendingOperation> none;
        QVERIFY(relocate(done, {{archive, UidValidity(9), later, UidValidity(11), {{Uid(61), Uid(5)}}}}, none));
        const auto fromThere = reverseOf(copy, MoveProgress::fromBytes(done.progress));
        QCOMPARE(fromThere.size(), 1U);
        QCOMPARE(fromThere[0].source, later);
        QCOMPARE(fromThere[0].uids(), uids("5"));
        MoveProgress kept;
        kept.kept = uids("3");
        QVERIFY(MoveProgress::fromBytes(kept.toBytes()) == kept);
        QCOMPARE(kept.settled(), uids("3"));
        QVERIFY(relocationsOf(copy, moved({{Uid(1), Uid(61)}})).empty());
        QVERIFY(reverseOf(copy, MoveProgress()).empty());
    }
};

QTEST_GUILESS_MAIN(TestMoveOperation)
#include "test_moveoperation.moc"

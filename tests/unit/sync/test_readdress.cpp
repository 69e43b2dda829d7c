// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/readdress.h"

#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "core/sync/operations/relocation.h"
#include "tests/unit/store/cachefixture.h"

#include <QTemporaryDir>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

constexpr AccountId account(1);
const mail::MailboxName box{QStringLiteral("Box"), {}};
const mail::MailboxName other{QStringLiteral("Other"), {}};
const MailboxAddress address{box, UidValidity(7)};

imap::UidSet uids(const char *text)
{
    return *imap::UidSet::parse(text);
}

mail::FlagChange adding(const char *name)
{
    mail::FlagChange change;
    change.add.addByName(name);
    return change;
}

mail::FlagChange removing(const char *name)
{
    mail::FlagChange change;
    change.remove.addByName(name);
    return change;
}

FlagOperation operation(const char *set, UidValidity validity = address.uidValidity,
                        const mail::MailboxName &mailbox = box)
{
    return {mailbox, validity, {{uids(set), adding("\\Flagged")}}};
}

MoveOperation moving(const char *set)
{
    MoveOperation move;
    move.source = box;
    move.uidValidity = address.uidValidity;
    move.target = other;
    const imap::UidSet named = uids(set);
    for (const imap::NumberRange &range : named.ranges()) {
        for (std::uint32_t uid = range.first; uid <= range.last; ++uid)
            move.messages.push_back({Uid(uid), {"<" + QByteArray::number(uid) + "@example.org>", uid, 1000}, {}});
    }
    return move;
}

struct Rig {
    QTemporaryDir profile;
    std::unique_ptr<store::PendingStore> pending;

    void setUp()
    {
        auto opened = store::PendingStore::open(profile.path(), Secret());
        VERIFY_OK(opened);
        pending = std::move(*opened);
    }
    OperationId add(const FlagOperation &payload, const FlagOperation &undo = {},
                    store::OperationState state = store::OperationState::Queued, AccountId owner = account)
    {
        store::PendingOperation noted;
        noted.account = owner;
        noted.kind = QString::fromLatin1(FlagOperation::kind);
        noted.payload = payload.toBytes();
        if (!undo.groups.empty())
            noted.undo = undo.toBytes();
        noted.state = state;
        noted.createdAt = 1'700'000'000'000;
        noted.nextAttemptAt = 1'700'000'005'000;
        return pending->add(noted).value();
    }
    OperationId addMove(const MoveOperation &operation, const MoveProgress &progress = {},
                        store::OperationState state = store::OperationState::Queued)
    {
        store::PendingOperation noted;
        noted.account = account;
        noted.kind = mail::moveKindName(operation.kind);
        noted.payload = operation.toBytes();
        noted.undo = MoveOperation::undoMark();
        if (progress != MoveProgress())
            noted.progress = progress.toBytes();
        noted.state = state;
        return pending->add(noted).value();
    }
    static MoveOperation move(const store::PendingOperation &operation)
    {
        return MoveOperation::fromBytes(operation.kind, operation.payload).value();
    }
    store::PendingOperation at(OperationId id) const { return pending->find(id).value().value(); }
    FlagOperation payload(OperationId id) const { return FlagOperation::fromBytes(at(id).payload).value(); }
    FlagOperation undo(OperationId id) const
    {
        const auto list = FlagOperation::listFromBytes(at(id).undo);
        return list.size() == 1 ? list.front() : FlagOperation();
    }
    std::vector<store::PendingOperation> all() const { return pending->list().value(); }
    void renumber(std::uint32_t now, const std::vector<MovedUid> &moved)
    {
        VERIFY_OK(renumberOperations(*pending, account, address, UidValidity(now), moved));
    }
};

} // namespace

class TestReaddress final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSpokenOf()
    {
        Rig rig;
        rig.setUp();
        QVERIFY(addressedUids(*rig.pending, account, address).value().isEmpty());
        rig.add(operation("1,5"), {box, UidValidity(7), {{uids("1"), removing("\\Flagged")}}});
        rig.add(operation("9:11"), {}, store::OperationState::Failed);
        // Another UIDVALIDITY, another mailbox, another account.
        rig.add(operation("20", UidValidity(8)));
        rig.add(operation("21", UidValidity(7), {QStringLiteral("Box/Below"), {}}));
        rig.add(operation("22"), {}, store::OperationState::Queued, AccountId(2));
        // Done, but it can be undone.
        rig.add(operation("30"), {box, UidValidity(7), {{uids("30:31"), removing("\\Flagged")}}},
                store::OperationState::Done);
        store::PendingOperation append;
        append.account = account;
        append.kind = QStringLiteral("append");
        append.payload = operation("40").toBytes();
        VERIFY_OK(rig.pending->add(append));
        QCOMPARE(addressedUids(*rig.pending, account, address).value().toBytes(), QByteArray("1,5,9:11,30:31"));
    }

    void itGoesWhereTheMessagesAre()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.add(operation("1:3"), {box, UidValidity(7), {{uids("1:3"), removing("\\Flagged")}}});
        rig.renumber(8, {{Uid(2), Uid(101)}, {Uid(1), Uid(2)}, {Uid(3), Uid(1)}, {Uid(9), Uid(77)}});
        QVERIFY(rig.payload(id) == operation("1:2,101", UidValidity(8)));
        QCOMPARE(rig.undo(id).uidValidity, UidValidity(8));
        QCOMPARE(rig.undo(id).groups.front().uids, uids("1:2,101"));
        QCOMPARE(rig.at(id).state, store::OperationState::Queued);
        QCOMPARE(rig.all().size(), 1U);
        // Once more, as after a crash before the cache knew of it: it does not speak of the old UIDs any more.
        rig.renumber(8, {{Uid(2), Uid(101)}, {Uid(1), Uid(2)}, {Uid(3), Uid(1)}});
        QVERIFY(rig.payload(id) == operation("1:2,101", UidValidity(8)));
    }

    void whatIsNotFoundIsParkedByItself()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.add(operation("1:3"), {box, UidValidity(7), {{uids("1:3"), removing("\\Flagged")}}});
        const OperationId lost = rig.add(operation("2"));
        rig.renumber(8, {{Uid(1), Uid(5)}, {Uid(3), Uid(6)}});
        QVERIFY(rig.payload(id) == operation("5:6", UidValidity(8)));
        QCOMPARE(rig.at(id).state, store::OperationState::Queued);
        QVERIFY(rig.at(id).error.isEmpty());
        QCOMPARE(rig.at(lost).state, store::OperationState::Failed);
        QVERIFY(rig.payload(lost) == operation("2"));
        const auto all = rig.all();
        QCOMPARE(all.size(), 3U);
        // Split off, it keeps its place: before what was done later.
        const store::PendingOperation &parked = all[1];
        QVERIFY(parked.id != id && parked.id != lost && all.back().id == lost);
        QCOMPARE(parked.state, store::OperationState::Failed);
        QCOMPARE(parked.createdAt, rig.at(id).createdAt);
        QVERIFY(FlagOperation::fromBytes(parked.payload) == operation("2"));
        const auto back = FlagOperation::listFromBytes(parked.undo);
        QCOMPARE(back.size(), 1U);
        QCOMPARE(back.front().groups.front().uids, uids("2"));
        for (const store::PendingOperation &one : {parked, rig.at(lost)}) {
            QVERIFY(one.error.contains(QStringLiteral("could not be found")));
            QCOMPARE(one.nextAttemptAt, 0);
        }
    }

    /** The mark of what was answered is meant for the message wherever it is. */
    void whatIsMeantWhereverItIsIsLookedFor()
    {
        Rig rig;
        rig.setUp();
        FlagOperation mark = operation("2");
        mark.sought = SoughtMessage{{"<2@example.org>", 2000, 0}, {}};
        const OperationId lost = rig.add(mark);
        mark.groups.front().uids = uids("3");
        const OperationId found = rig.add(mark);
        rig.renumber(8, {{Uid(3), Uid(6)}});
        const store::PendingOperation sought = rig.at(lost);
        QCOMPARE(sought.state, store::OperationState::Queued);
        const auto what = MarkOperation::fromBytes(sought.kind, sought.payload);
        QVERIFY(what);
        QCOMPARE(what->message.identity, mark.sought->identity);
        QCOMPARE(what->message.left, (std::vector<MessageAt>{{box, UidValidity(7), Uid(2)}}));
        QCOMPARE(what->change, adding("\\Flagged"));
        mark.groups.front().uids = uids("6");
        mark.uidValidity = UidValidity(8);
        QVERIFY(rig.payload(found) == mark);
    }

    void whatIsDoneCanBeUndoneWhereTheMessagesAre()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.add(operation("1:2"), {box, UidValidity(7), {{uids("1:2"), removing("\\Flagged")}}},
                                       store::OperationState::Done);
        rig.renumber(8, {{Uid(2), Uid(9)}});
        QCOMPARE(rig.all().size(), 1U);
        QCOMPARE(rig.at(id).state, store::OperationState::Done);
        QCOMPARE(rig.undo(id).uidValidity, UidValidity(8));
        QCOMPARE(rig.undo(id).groups.front().uids, uids("9"));
        VERIFY_OK(renumberOperations(*rig.pending, account, {box, UidValidity(8)}, UidValidity(9), {}));
        QVERIFY(rig.at(id).undo.isEmpty());
    }

    void underTheSameUidValidityOnlyWhatStayed()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.add(operation("1:3"));
        const std::vector<MovedUid> moved{{Uid(1), Uid(1)}, {Uid(2), Uid(3)}, {Uid(3), Uid(2)}};
        rig.renumber(7, moved);
        QVERIFY(rig.payload(id) == operation("1"));
        QCOMPARE(rig.all().size(), 2U);
        const store::PendingOperation parked = rig.all().back();
        QCOMPARE(parked.state, store::OperationState::Failed);
        const FlagOperation nowhere = FlagOperation::fromBytes(parked.payload).value();
        QVERIFY(nowhere.uidValidity != UidValidity(7));
        QCOMPARE(nowhere.groups.front().uids, uids("2:3"));
        // The same again changes nothing: 1 still means 1.
        rig.renumber(7, moved);
        QVERIFY(rig.payload(id) == operation("1"));
        QCOMPARE(rig.all().size(), 2U);
    }

    void largeSetsCostWhatMoved()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.add(operation("1:4294967295"));
        rig.renumber(8, {{Uid(4'000'000'000), Uid(1)}, {Uid(5), Uid(2)}});
        QVERIFY(rig.payload(id) == operation("1:2", UidValidity(8)));
        QCOMPARE(rig.all().size(), 2U);
    }

    void renamedMailboxes()
    {
        Rig rig;
        rig.setUp();
        const mail::MailboxName third{QStringLiteral("Größe"),
                                      QByteArray("Gr\xF6\xDF"
                                                 "e")};
        const OperationId one = rig.add(operation("1"), {box, UidValidity(7), {{uids("1"), removing("\\Flagged")}}});
        const OperationId two = rig.add(operation("2", UidValidity(9), other));
        const OperationId three = rig.add(operation("3", UidValidity(9), third), {}, store::OperationState::Failed);
        const OperationId foreign = rig.add(operation("4"), {}, store::OperationState::Queued, AccountId(2));
        // Names that change places.
        VERIFY_OK(renameOperations(*rig.pending, account,
                                   std::vector<MailboxRename>{{box, other}, {other, box}, {third, {third.text, {}}}}));
        QVERIFY(rig.payload(one) == operation("1", UidValidity(7), other));
        QVERIFY(rig.undo(one).mailbox == other);
        QVERIFY(rig.payload(two) == operation("2", UidValidity(9), box));
        QVERIFY(rig.payload(three).mailbox.wire.isEmpty());
        QVERIFY(rig.payload(foreign) == operation("4"));
        VERIFY_OK(renameOperations(*rig.pending, account, {}));
    }

    /** Copies were made, and then their folder got another name: undo looks for them under that. */
    void movesThatAreOverFollowNames()
    {
        MoveOperation copy = moving("1:2");
        copy.kind = mail::MoveKind::Copy;
        copy.target = other;
        const mail::MailboxName third{QStringLiteral("Third"), QByteArrayLiteral("Third")};
        MoveProgress progress;
        progress.done.push_back({other, codeOf(UidValidity(9), {{Uid(1), Uid(21)}}), Uid(21), true, false});
        progress.done.push_back({third, codeOf(UidValidity(3), {{Uid(2), Uid(5)}}), Uid(1), true, false});
        MoveOperation now = copy;
        now.source = third;
        now.target = box;
        followNames(copy, progress, now);
        QVERIFY(copy == now);
        QCOMPARE(progress.done.front().mailbox, box);
        QCOMPARE(progress.done.back().mailbox, third); // moved on: not this folder
        const std::vector<MoveOperation> back = reverseOf(copy, progress);
        QCOMPARE(back.size(), 1U);
        QCOMPARE(back.front().source, box);
        QCOMPARE(back.front().uids(), uids("21"));
    }

    void movesGoWhereTheMessagesAre()
    {
        Rig rig;
        rig.setUp();
        const OperationId id = rig.addMove(moving("1:3"));
        QCOMPARE(addressedUids(*rig.pending, account, address).value(), uids("1:3"));
        rig.renumber(8, {{Uid(1), Uid(11)}, {Uid(3), Uid(2)}});
        const MoveOperation now = rig.move(rig.at(id));
        QCOMPARE(now.uidValidity, UidValidity(8));
        QCOMPARE(now.uids(), uids("2,11"));
        QCOMPARE(now.messages.front().identity.messageId, QByteArray("<1@example.org>"));
        QCOMPARE(rig.at(id).state, store::OperationState::Queued);
        QCOMPARE(rig.all().size(), 2U);
        const store::PendingOperation parked = rig.all().back();
        QCOMPARE(parked.state, store::OperationState::Failed);
        QCOMPARE(rig.move(parked).uids(), uids("2"));
        QCOMPARE(rig.move(parked).uidValidity, UidValidity(7));
    }

    void whatAMoveHasBegunIsNotBegunAgain()
    {
        Rig rig;
        rig.setUp();
        MoveProgress progress;
        progress.done.push_back({other, codeOf(UidValidity(9), {{Uid(1), Uid(50)}}), Uid(50), true});
        progress.inFlight = uids("2");
        progress.targetValidity = UidValidity(9);
        progress.targetNext = Uid(51);
        const OperationId id = rig.addMove(moving("1:4"), progress);
        // 2 may have been copied, and is not known again.
        rig.renumber(8, {{Uid(3), Uid(1)}});
        QCOMPARE(rig.at(id).state, store::OperationState::Failed);
        QCOMPARE(rig.move(rig.at(id)).uids(), uids("1:2"));
        QCOMPARE(rig.move(rig.at(id)).uidValidity, UidValidity(7));
        QVERIFY(MoveProgress::fromBytes(rig.at(id).progress) == progress);
        const auto all = rig.all();
        QCOMPARE(all.size(), 3U);
        QCOMPARE(rig.move(all[1]).uids(), uids("1"));
        QCOMPARE(rig.move(all[1]).uidValidity, UidValidity(8));
        QCOMPARE(all[1].state, store::OperationState::Queued);
        QVERIFY(all[1].progress.isEmpty());
        QCOMPARE(rig.move(all[2]).uids(), uids("4"));
        QCOMPARE(all[2].state, store::OperationState::Failed);
        // Without anything that may be under way, the first half is done.
        Rig second;
        second.setUp();
        progress.inFlight = {};
        const OperationId half = second.addMove(moving("1:2"), progress);
        second.renumber(8, {{Uid(2), Uid(12)}});
        QCOMPARE(second.at(half).state, store::OperationState::Done);
        QCOMPARE(second.move(second.at(half)).uids(), uids("1"));
        QCOMPARE(second.move(second.all().back()).uids(), uids("12"));
    }

    void whatMayHaveArrivedGoesOnUnderTheNewUids()
    {
        const MovedPart arrived{other, codeOf(UidValidity(9), {{Uid(1), Uid(50)}}), Uid(50), true};
        const MovedPart copied{other, codeOf(UidValidity(9), {{Uid(2), Uid(51)}, {Uid(3), Uid(52)}}), Uid(50), true,
                               true};
        MoveProgress progress;
        progress.done = {arrived, copied};
        progress.inFlight = uids("4:5");
        progress.targetValidity = UidValidity(9);
        progress.targetNext = Uid(53);
        Rig rig;
        rig.setUp();
        const OperationId id = rig.addMove(moving("1:5"), progress);
        rig.renumber(8, {{Uid(2), Uid(12)}, {Uid(3), Uid(1)}, {Uid(4), Uid(14)}});
        // That it is still there does not say that it was not copied: it is looked for first. Nobody knows of 5.
        QCOMPARE(rig.at(id).state, store::OperationState::Failed);
        QCOMPARE(rig.move(rig.at(id)).uids(), uids("1,5"));
        const auto all = rig.all();
        QCOMPARE(all.size(), 2U);
        QCOMPARE(all[1].state, store::OperationState::Queued);
        QCOMPARE(rig.move(all[1]).uids(), uids("1,12,14"));
        QCOMPARE(rig.move(all[1]).uidValidity, UidValidity(8));
        const MoveProgress now = MoveProgress::fromBytes(all[1].progress);
        QCOMPARE(now.done.size(), 1U);
        QVERIFY(now.done[0].hasOriginal);
        QVERIFY(pairsOf(now.done[0].pairs) == (std::map<Uid, Uid>{{Uid(1), Uid(52)}, {Uid(12), Uid(51)}}));
        QCOMPARE(now.inFlight, uids("14"));
        QCOMPARE(now.targetNext, Uid(53));
        // Where nothing else is left of it, it is the same operation; what is to bring it back waits for that one.
        progress.done = {copied};
        progress.inFlight = {};
        for (const bool isUndone : {false, true}) {
            Rig same;
            same.setUp();
            const OperationId whole = same.addMove(moving("2:3"), progress);
            if (isUndone) {
                MoveOperation back = moving("2:3");
                back.follows = whole;
                QVERIFY(same.addMove(back, {}).isValid());
            }
            same.renumber(8, {{Uid(2), Uid(12)}, {Uid(3), Uid(1)}});
            QCOMPARE(same.all().size(), isUndone ? 2U : 1U);
            QCOMPARE(same.at(whole).state, store::OperationState::Queued);
            QCOMPARE(same.move(same.at(whole)).uids(), uids("1,12"));
        }
    }

    /** A move whose answer was lost was undone, and then its source was numbered anew. */
    void whatIsUndoneIsLookedForWhereItMayHaveGone()
    {
        MoveProgress progress;
        progress.inFlight = uids("2:3");
        progress.targetValidity = UidValidity(9);
        progress.targetNext = Uid(53);
        Rig rig;
        rig.setUp();
        const OperationId id = rig.addMove(moving("2:3"), progress);
        MoveOperation back = moving("2:3");
        back.follows = id;
        QVERIFY(rig.addMove(back, {}).isValid());
        rig.renumber(8, {});
        QCOMPARE(rig.at(id).state, store::OperationState::Failed);
        const std::vector<MoveOperation> found
            = reverseOf(rig.move(rig.at(id)), MoveProgress::fromBytes(rig.at(id).progress));
        QCOMPARE(found.size(), 1U);
        QCOMPARE(found.front().source, other);
        QCOMPARE(found.front().uidValidity, UidValidity(9));
        QCOMPARE(found.front().searchFrom, Uid(53));
        QCOMPARE(found.front().messages.size(), 2U);
        QVERIFY(!found.front().messages.front().uid.isValid());
    }

    /** Copies were kept, and the person has not been asked what to do about them in vain. */
    void whatIsParkedStaysParked()
    {
        MoveOperation back = moving("2");
        back.kind = mail::MoveKind::Expunge;
        back.target.reset();
        MoveProgress progress;
        progress.kept = uids("2");
        Rig rig;
        rig.setUp();
        const OperationId id = rig.addMove(back, progress, store::OperationState::Failed);
        rig.renumber(8, {{Uid(2), Uid(12)}});
        QCOMPARE(rig.at(id).state, store::OperationState::Failed);
        QCOMPARE(rig.all().size(), 1U);
    }

    void whatHasArrivedIsBroughtBackFromWhereItIs()
    {
        Rig rig;
        rig.setUp();
        MoveOperation move = moving("1:2");
        move.source = other;
        move.target = box;
        MoveProgress progress;
        progress.done.push_back({box, codeOf(UidValidity(7), {{Uid(1), Uid(5)}, {Uid(2), Uid(6)}}), Uid(5), true});
        const OperationId id = rig.addMove(move, progress, store::OperationState::Done);
        QCOMPARE(addressedUids(*rig.pending, account, address).value(), uids("5:6"));
        rig.renumber(8, {{Uid(5), Uid(50)}});
        const MoveProgress now = MoveProgress::fromBytes(rig.at(id).progress);
        QCOMPARE(now.done.size(), 2U);
        QVERIFY(now.done[0].pairs == codeOf(UidValidity(8), {{Uid(1), Uid(50)}}));
        QVERIFY(now.done[1].pairs == codeOf(UidValidity(7), {{Uid(2), Uid(6)}}));
        QCOMPARE(rig.all().size(), 1U);
        // Under the same UIDVALIDITY, 50 is another message now.
        VERIFY_OK(renumberOperations(*rig.pending, account, {box, UidValidity(8)}, UidValidity(8), {}));
        for (const MovedPart &part : MoveProgress::fromBytes(rig.at(id).progress).done)
            QVERIFY(part.pairs.validity != UidValidity(8));
    }

    void movesKnowRenamedMailboxes()
    {
        Rig rig;
        rig.setUp();
        MoveProgress progress;
        progress.done.push_back({other, codeOf(UidValidity(9), {{Uid(1), Uid(50)}}), Uid(50), true});
        const OperationId id = rig.addMove(moving("1:2"), progress);
        const mail::MailboxName third{QStringLiteral("Third"), {}};
        VERIFY_OK(renameOperations(*rig.pending, account, std::vector<MailboxRename>{{box, third}, {other, box}}));
        QVERIFY(rig.move(rig.at(id)).source == third);
        QVERIFY(rig.move(rig.at(id)).target == box);
        QVERIFY(MoveProgress::fromBytes(rig.at(id).progress).done.front().mailbox == box);
    }
};

QTEST_GUILESS_MAIN(TestReaddress)
#include "test_readdress.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The journal in virtual time, against a server that has something against one operation.
#include <QTemporaryDir>
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/sync/operations/journal.h"
#include "tests/unit/sync/accountrig.h"
#endif

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace kittiwake::sync::test;
using store::OperationState;

namespace
{

mail::FlagChange added(mail::SystemFlag flag)
{
    mail::FlagChange change;
    change.add.set(flag);
    return change;
}

enum class Fate { Taken, NeverTaken, Busy, HungUpOn };

/** An account with a journal, and a server that does with each \Flagged what fate says. */
struct Rig : AccountRig {
    QTemporaryDir folder;
    std::unique_ptr<store::PendingStore> pending;
    std::unique_ptr<Journal> journal;
    Fate fate = Fate::Taken;
    int stores = 0; ///< of anything else
    int flaggings = 0;
    std::map<std::pair<QByteArray, std::uint32_t>, mail::Flags> stored; ///< what the server has
    void begin()
    {
        setUp();
        server.mailboxes["INBOX"].uids = {1, 2, 3, 4, 5, 6, 7, 8};
        server.mailboxes["Work"].uids = {1, 2, 3};
        server.special = [this](AccountServer::Connection &connection, const QByteArray &tag,
                                const QByteArray &command) { return answer(connection, tag, command); };
        pending = std::move(*store::PendingStore::open(folder.path(), {}));
        journal = std::make_unique<Journal>(
            *environment, *pending, [this](AccountId) { return sync.get(); }, [] {});
        journal->setPaused(true);
        start();
        pass(20s);
        QCOMPARE(cache.store->countMessages(idOf("Work")).value(), 3);
    }

    QByteArray answer(AccountServer::Connection &connection, const QByteArray &tag, const QByteArray &command)
    {
        if (command.startsWith("SELECT"))
            connection.wire->deliver("* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Answered \\*)] Ok\r\n");
        if (!command.startsWith("UID STORE"))
            return {};
        if (!command.contains("\\Flagged")) {
            ++stores;
            return echo(connection, tag, command);
        }
        ++flaggings;
        switch (fate) {
        case Fate::Taken:
            return echo(connection, tag, command);
        case Fate::NeverTaken:
            return tag + " NO [NOPERM] Never\r\n";
        case Fate::Busy:
            return tag + " NO [INUSE] Later\r\n";
        case Fate::HungUpOn:
            connection.wire->close();
            break;
        }
        return "* BYE\r\n";
    }

    /** What a server says that does as it is told. */
    QByteArray echo(const AccountServer::Connection &connection, const QByteArray &tag, const QByteArray &command)
    {
        const qsizetype open = command.lastIndexOf('(');
        mail::FlagChange change;
        const QByteArrayList names = command.mid(open + 1, command.lastIndexOf(')') - open - 1).split(' ');
        for (const QByteArray &name : names)
            (command.contains(" +FLAGS") ? change.add : change.remove).addByName(name);
        QByteArray told;
        const auto uids = imap::UidSet::parse(command.split(' ').value(2));
        for (const imap::NumberRange &range : uids->ranges()) {
            for (std::uint32_t uid = range.first; uid <= range.last; ++uid) {
                mail::Flags &flags = stored[{connection.selected, uid}];
                flags = change.appliedTo(flags);
                const QByteArray number = QByteArray::number(uid);
                told += "* " + number + " FETCH (UID " + number + " FLAGS (" + flags.names().join(' ') + "))\r\n";
            }
        }
        return told + tag + " OK Stored.\r\n";
    }

    [[nodiscard]] OperationId note(const char *mailbox, std::uint32_t uid, mail::SystemFlag flag)
    {
        const auto noted = journal->changeFlags(idOf(mailbox), imap::UidSet(Uid(uid)), added(flag));
        return noted ? *noted : OperationId();
    }
    [[nodiscard]] OperationState stateOf(OperationId operation) const
    {
        const auto found = pending->find(operation);
        return found && *found ? (*found)->state : OperationState::Done;
    }
    [[nodiscard]] bool areDone(const std::vector<OperationId> &operations) const
    {
        return std::all_of(operations.begin(), operations.end(),
                           [this](OperationId one) { return stateOf(one) == OperationState::Done; });
    }
};

/** One operation that fate is about, and many that come after it: of the same folder, and of another. */
struct Course {
    Clock::Duration until{0}; ///< the many are done
    int stores = 0; ///< for them
    OperationState poisoned = OperationState::Queued;
};

Course courseOf(Fate fate)
{
    Rig rig;
    rig.begin();
    rig.fate = fate;
    const OperationId poisoned = rig.note("INBOX", 1, mail::SystemFlag::Flagged);
    std::vector<OperationId> others;
    for (std::uint32_t uid = 2; uid <= 8; ++uid)
        others.push_back(rig.note("INBOX", uid, uid % 2 == 0 ? mail::SystemFlag::Seen : mail::SystemFlag::Answered));
    for (std::uint32_t uid = 1; uid <= 3; ++uid)
        others.push_back(rig.note("Work", uid, mail::SystemFlag::Seen));
    const Clock::Duration begun = rig.clock.monotonic();
    rig.journal->setPaused(false);
    rig.journal->start();
    for (int step = 0; step < 12'000 && !rig.areDone(others); ++step)
        rig.pass(10ms, 10ms);
    Course course;
    course.until = rig.areDone(others) ? rig.clock.monotonic() - begun : Clock::Duration::max();
    course.stores = rig.stores;
    course.poisoned = rig.stateOf(poisoned);
    return course;
}

} // namespace

class TestJournal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsRefusedForEverDelaysNobody_data()
    {
        QTest::addColumn<int>("fate");
        QTest::addColumn<int>("state");
        QTest::newRow("refused for good") << int(Fate::NeverTaken) << int(OperationState::Failed);
        QTest::newRow("refused for a while, each time") << int(Fate::Busy) << int(OperationState::Queued);
    }

    void whatIsRefusedForEverDelaysNobody()
    {
        QFETCH(const int, fate);
        QFETCH(const int, state);
        const Course usual = courseOf(Fate::Taken);
        QVERIFY(usual.until < 10s);
        QCOMPARE(usual.poisoned, OperationState::Done);
        const Course course = courseOf(static_cast<Fate>(fate));
        QCOMPARE(course.until, usual.until);
        QCOMPARE(course.stores, usual.stores);
        QCOMPARE(int(course.poisoned), state);
    }

    void whatMakesTheServerHangUpIsPassedOver()
    {
        const Course course = courseOf(Fate::HungUpOn);
        QVERIFY(course.until < 2min); // three attempts, with their pauses, and then the others
        QCOMPARE(course.poisoned, OperationState::Queued);
    }

    void whatCannotBeDoneNowIsTriedEverMoreSeldom()
    {
        Rig rig;
        rig.begin();
        rig.fate = Fate::Busy;
        const OperationId poisoned = rig.note("INBOX", 1, mail::SystemFlag::Flagged);
        rig.journal->setPaused(false);
        rig.journal->start();
        rig.pass(1h);
        QCOMPARE(rig.stateOf(poisoned), OperationState::Queued);
        QVERIFY2(rig.flaggings >= 10 && rig.flaggings <= 25, qPrintable(QString::number(rig.flaggings)));
        const OperationId later = rig.note("INBOX", 2, mail::SystemFlag::Seen);
        rig.pass(100ms, 10ms);
        QCOMPARE(rig.stateOf(later), OperationState::Done);
        rig.fate = Fate::Taken;
        rig.pass(6min);
        QCOMPARE(rig.stateOf(poisoned), OperationState::Done);
    }

    /** Undo takes back what was done last, and never an older action in place of one that is too old. */
    void whatStillWaitsIsNotUndoneAfterWhatIsTooOld()
    {
        Rig rig;
        rig.begin();
        rig.fate = Fate::Busy;
        rig.journal->setPaused(false);
        rig.journal->start();
        const OperationId waiting = rig.note("INBOX", 1, mail::SystemFlag::Flagged);
        std::size_t later = 0;
        for (const auto flag : {mail::SystemFlag::Seen, mail::SystemFlag::Answered}) {
            for (std::uint32_t uid = 1; uid <= 10; ++uid) {
                const bool isInbox = uid > 3;
                later += rig.note(isInbox ? "INBOX" : "Work", isInbox ? uid - 2 : uid, flag).isValid() ? 1 : 0;
                rig.pass(100ms, 10ms);
            }
        }
        QCOMPARE(later, Journal::undoDepth);
        QCOMPARE(rig.stateOf(waiting), OperationState::Queued);
        std::size_t undone = 0;
        while (rig.journal->undo())
            ++undone;
        QCOMPARE(undone, Journal::undoDepth);
        QCOMPARE(rig.stateOf(waiting), OperationState::Queued);
        QVERIFY(rig.pending->find(waiting)->has_value());
    }

    /** It is about the name of the folder, and not about what is in it. */
    void aSubscriptionNeitherWaitsForMessagesNorHoldsThemUp()
    {
        Rig rig;
        rig.begin();
        rig.fate = Fate::Busy;
        const OperationId poisoned = rig.note("Work", 1, mail::SystemFlag::Flagged);
        const auto subscription = rig.journal->subscribeFolder(rig.idOf("Work"), true);
        VERIFY_OK(subscription);
        QVERIFY(subscription->isValid());
        rig.journal->setPaused(false);
        rig.journal->start();
        rig.pass(1s, 10ms);
        QCOMPARE(rig.server.count("SUBSCRIBE"), 1);
        QCOMPARE(rig.stateOf(*subscription), OperationState::Done);
        QCOMPARE(rig.stateOf(poisoned), OperationState::Queued);
    }

    /** A renumbering parks what is being undone while it is under way, outside of its replay. */
    void whatFollowsAParkedOperationDoesNotWaitForEver()
    {
        Rig rig;
        rig.begin();
        MoveOperation move;
        move.kind = mail::MoveKind::Move;
        move.source = mail::MailboxName::inbox();
        move.uidValidity = UidValidity(7);
        move.target = mail::MailboxName{QStringLiteral("Work"), {}};
        move.messages.push_back({Uid(2), {}, {}});
        store::PendingOperation leader;
        leader.account = rig.account.id;
        leader.kind = mail::moveKindName(move.kind);
        leader.payload = move.toBytes();
        leader.state = OperationState::Failed;
        const auto parked = rig.pending->add(leader);
        VERIFY_OK(parked);
        MoveOperation back = move;
        std::swap(back.source, *back.target);
        back.follows = *parked;
        store::PendingOperation follower = leader;
        follower.payload = back.toBytes();
        follower.state = OperationState::Queued;
        const auto waiting = rig.pending->add(follower);
        VERIFY_OK(waiting);
        rig.journal->setPaused(false);
        rig.journal->start();
        rig.pass(1s, 10ms);
        // Nothing had been moved: neither the one nor the other is to be done.
        QVERIFY(!rig.pending->find(*parked)->has_value());
        QVERIFY(!rig.pending->find(*waiting)->has_value());
    }

    /** Another connection was told of a message, and ended; for this one, it does not exist until it asks. */
    void whatThisSessionHasNotHeardOfIsNotTakenForGone()
    {
        Rig rig;
        rig.begin();
        rig.server.idleIsLate = true;
        rig.server.special = [&rig](AccountServer::Connection &connection, const QByteArray &tag,
                                    const QByteArray &command) -> QByteArray {
            if (command != "NOOP" || connection.selected != "INBOX")
                return rig.answer(connection, tag, command);
            connection.server->uids = rig.server.mailboxes["INBOX"].uids;
            return "* " + QByteArray::number(qulonglong(connection.server->uids.size())) + " EXISTS\r\n" + tag
                + " OK\r\n";
        };
        const MailboxId inbox = rig.idOf("INBOX");
        rig.server.deliver("INBOX");
        mail::MessageHeader ninth;
        ninth.uid = Uid(9);
        store::MailboxState state = **rig.cache.store->state(inbox);
        state.uidNext = Uid(10);
        const auto learnt = rig.cache.store->write([&](store::CacheTransaction &transaction) -> Result<void> {
            const auto put = transaction.insertHeaders(inbox, UidValidity(7), std::vector{ninth});
            return put ? transaction.setState(inbox, state) : failure(put.error());
        });
        VERIFY_OK(learnt);
        rig.journal->setPaused(false);
        rig.journal->start();
        const qsizetype before = rig.server.commands().size();
        const OperationId flagged = rig.note("INBOX", 9, mail::SystemFlag::Seen);
        rig.pass(1s, 10ms);
        QCOMPARE(rig.stateOf(flagged), OperationState::Done);
        const qsizetype asked = rig.server.commands().indexOf("NOOP", before);
        QVERIFY(asked >= 0);
        QVERIFY(rig.server.commands().indexOf("UID STORE 9 +FLAGS (\\Seen)") > asked);

        // One that is in nobody's cache yet, as an old version of a draft may be.
        rig.server.deliver("INBOX");
        MoveOperation removal;
        removal.kind = mail::MoveKind::Expunge;
        removal.source = mail::MailboxName::inbox();
        removal.uidValidity = UidValidity(7);
        removal.messages.push_back({Uid(10), {}, {}});
        store::PendingOperation gone;
        gone.account = rig.account.id;
        gone.kind = mail::moveKindName(removal.kind);
        gone.payload = removal.toBytes();
        VERIFY_OK(rig.journal->note({gone}));
        rig.pass(5s, 10ms);
        QVERIFY(rig.server.commands().contains("UID STORE 10 +FLAGS (\\Deleted)"));
    }

    /** They were not deleted because they might be the last ones. Who has it tried again wants that to be looked at. */
    void copiesThatWereKeptAreLookedAtAgain()
    {
        Rig rig;
        rig.begin();
        MoveOperation back;
        back.kind = mail::MoveKind::Expunge;
        back.source = {QStringLiteral("INBOX"), {}};
        back.uidValidity = UidValidity(7);
        back.original = mail::MailboxName{QStringLiteral("Work"), {}};
        back.messages.push_back({Uid(3), {}, {}, Uid(1)});
        MoveProgress progress;
        progress.kept.add(Uid(3));
        store::PendingOperation record;
        record.account = rig.account.id;
        record.kind = mail::moveKindName(back.kind);
        record.payload = back.toBytes();
        record.progress = progress.toBytes();
        record.state = OperationState::Failed;
        const auto id = rig.pending->add(record);
        QVERIFY(id);
        QVERIFY(rig.journal->retry(*id));
        QVERIFY(rig.stateOf(*id) == OperationState::Queued);
        QVERIFY((*rig.pending->find(*id))->progress.isEmpty());
    }

    void theLastTwentyActionsAreUndone()
    {
        Rig rig;
        rig.begin();
        rig.journal->setPaused(false);
        rig.journal->start();
        // Each second one of a message that has other marks already.
        std::vector<mail::Flags> before;
        const auto shown = [&rig] {
            const store::UidRange all{Uid(1), Uid(8)};
            std::vector<mail::Flags> flags;
            const auto messages = rig.cache.store->shownFlags(rig.idOf("INBOX"), std::span(&all, 1));
            for (const store::ShownFlags &message : *messages)
                flags.push_back(message.flags);
            return flags;
        };
        std::vector<std::vector<mail::Flags>> states{shown()};
        const std::array marks{mail::SystemFlag::Seen, mail::SystemFlag::Answered, mail::SystemFlag::Flagged};
        for (std::uint32_t action = 0; action < 24; ++action) {
            const OperationId noted = rig.note("INBOX", 1 + action % 8, marks[action / 8]);
            QVERIFY(noted.isValid());
            states.push_back(shown());
            if (action % 3 != 0) // some are still waiting, some are on the server
                rig.pass(1s, 100ms);
        }
        for (std::size_t undone = 0; undone < Journal::undoDepth; ++undone) {
            const auto done = rig.journal->undo();
            VERIFY_OK(done);
            states.pop_back();
            QCOMPARE(shown(), states.back());
            if (undone % 2 == 0)
                rig.pass(1s, 100ms);
        }
        rig.pass(1s, 100ms);
        QCOMPARE(shown(), states.back());
        QVERIFY(!rig.journal->undo()); // no more than twenty, and it says so
        QCOMPARE(shown(), states.back());
    }
};

QTEST_GUILESS_MAIN(TestJournal)
#include "test_journal.moc"

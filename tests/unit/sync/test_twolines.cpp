// SPDX-License-Identifier: GPL-3.0-or-later
// A Qt header first: moc 6.4 cannot parse <coroutine> without it.
#include <QTest>

#include "tests/unit/sync/accountrig.h"

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

using Rig = sync::test::AccountRig;
using sync::test::withNotify;

namespace
{

async::Task<void> enter(AccountSync &account, std::optional<Guest> &guest)
{
    guest = co_await account.makeRoom();
}

} // namespace

/** What becomes of the second connection of an account: when it is lost, and when somebody else needs one. */
class TestTwoLines final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Yandex ends IDLE within minutes, https://github.com/mjs/imapclient/issues/234. */
    void whatIsOnScreenIsWatchedAgain()
    {
        Rig rig;
        rig.setUp();
        rig.server.mailboxes["Open"].uids = {1};
        rig.start();
        rig.sync->setOpenMailbox(rig.idOf("Open"));
        rig.pass(10s);
        QCOMPARE(rig.server.open(), 2);
        rig.server.connections()[1]->wire->close();
        rig.server.deliver("Open"); // nobody hears of it
        rig.pass(3s);
        QCOMPARE(rig.server.open(), 2);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Open")), 1);
        rig.server.deliver("Open");
        rig.settle();
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Open")), 2);
        QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
        QCOMPARE(rig.server.attempts(), 3);
    }

    /** The messages are looked for under new UIDs, and before the answer comes another line has found them, and more.
     */
    void whatAnotherLineHasFoundIsNotThrownAway()
    {
        Rig rig;
        rig.setUp();
        rig.start();
        rig.pass(10s);
        const MailboxId inbox = rig.idOf("INBOX");
        rig.server.mailboxes["INBOX"].uids = {1, 2, 3, 4};
        int scans = 0;
        const auto findAll = [&] {
            const auto rows = rig.cache.store->identities(inbox);
            VERIFY_OK(rows);
            std::vector<store::Renumbered> kept;
            for (const store::RowIdentity &row : *rows)
                kept.push_back({row.id, row.uid});
            store::MailboxState state = **rig.cache.store->state(inbox);
            state.uidValidity = UidValidity(8);
            mail::MessageHeader fourth;
            fourth.uid = Uid(4);
            fourth.messageId = "<m4@example.org>";
            const auto written = rig.cache.store->write([&](store::CacheTransaction &transaction) -> Result<void> {
                const auto stayed = transaction.renumberMailbox(inbox, UidValidity(8), kept);
                if (!stayed)
                    return failure(stayed.error());
                if (auto set = transaction.setState(inbox, state); !set)
                    return set;
                const auto added = transaction.insertHeaders(inbox, UidValidity(8), std::vector{fourth});
                return added ? Result<void>() : failure(added.error());
            });
            VERIFY_OK(written);
        };
        rig.server.special = [&](auto &connection, const QByteArray &, const QByteArray &command) -> QByteArray {
            connection.server->uidValidity = 8;
            if (command == "UID FETCH 1:* (UID INTERNALDATE RFC822.SIZE)" && ++scans == 1)
                findAll();
            return {};
        };
        rig.server.connections()[0]->wire->close();
        rig.pass(3s);
        QCOMPARE(scans, 1);
        const auto idOfFourth = [&] {
            const auto rows = rig.cache.store->identities(inbox);
            for (const store::RowIdentity &row : *rows) {
                if (row.uid == Uid(4))
                    return row.id;
            }
            return MessageId();
        };
        const MessageId found = idOfFourth();
        QVERIFY(found.isValid());
        QCOMPARE(found.value(), 4); // the row that the other line has made, and not one of ours
        rig.pass(10s);
        QCOMPARE(idOfFourth(), found);
        QCOMPARE(rig.cache.store->countMessages(inbox).value(), 4);
    }

    /** A star set by another device in a folder that is not open, where only counts are told. */
    void flagsThatNobodyTells()
    {
        Rig rig;
        rig.setUp();
        rig.server.mailboxes["Other"].uids = {1};
        QByteArray flags = "()";
        rig.server.special
            = [&flags](auto &connection, const QByteArray &tag, const QByteArray &command) -> QByteArray {
            if (connection.selected != "Other" || !command.startsWith("UID FETCH 1:* (") || !command.contains("FLAGS"))
                return {};
            return "* 1 FETCH (UID 1 FLAGS " + flags + ")\r\n" + tag + " OK Done.\r\n";
        };
        rig.start();
        rig.pass(10s);
        flags = "(\\Flagged)";
        const auto isFlagged = [&rig] {
            const auto shown = rig.cache.store->uidsAndFlags(rig.idOf("Other"));
            mail::Flags starred;
            starred.setSystemBits(static_cast<std::uint32_t>(mail::SystemFlag::Flagged));
            return shown && shown->size() == 1 && shown->front().hash == store::flagsHash(starred);
        };
        rig.pass(50min, 10s);
        QVERIFY(!isFlagged());
        const auto selects = rig.selected().count("Other");
        rig.pass(20min, 10s);
        QVERIFY(isFlagged());
        QCOMPARE(rig.selected().count("Other"), selects + 1);
        const std::int64_t synced = rig.cache.store->state(rig.idOf("Other")).value()->syncedAt;
        QVERIFY(rig.clock.wall().toSecsSinceEpoch() - synced <= 20 * 60);
        rig.pass(5h, 1min);
        QVERIFY2(rig.selected().count("Other") <= selects + 6,
                 qPrintable(QString::number(rig.selected().count("Other"))));
    }

    /** At most two connections, also while the account is verified. */
    void oneMakesRoom_data()
    {
        QTest::addColumn<bool>("notified");
        QTest::newRow("two lines") << false;
        QTest::newRow("NOTIFY") << true;
    }
    void oneMakesRoom()
    {
        QFETCH(bool, notified);
        Rig rig;
        rig.setUp();
        if (notified)
            rig.server.capabilities = withNotify;
        for (int i = 10; i < 30; ++i)
            rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1, 2};
        std::optional<Guest> guest;
        bool asked = false;
        // In the middle of a first sync, with one more folder on screen.
        rig.server.special = [&](auto &, const QByteArray &, const QByteArray &command) -> QByteArray {
            if (command.startsWith("SELECT") && command.contains("Box12") && !std::exchange(asked, true)) {
                rig.sync->setOpenMailbox(rig.idOf("Box25"));
                rig.scope.start(enter(*rig.sync, guest));
            }
            return {};
        };
        rig.start();
        rig.pass(1s);
        QVERIFY(asked);
        QVERIFY(guest.has_value());
        QCOMPARE(rig.server.open(), 1);
        QCOMPARE(rig.server.attempts(), 2);
        // Everything is done, and watched, over the line that is left.
        rig.pass(10s);
        QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
        QCOMPARE(rig.server.open(), 1);
        for (int i = 10; i < 30; ++i) {
            const QByteArray name = "Box" + QByteArray::number(i);
            QCOMPARE(rig.cache.store->countMessages(rig.idOf(name.constData())).value(), 2);
        }
        rig.server.deliver("Box25");
        rig.pass(1s);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box25")), 1);

        guest.reset();
        rig.pass(3s);
        QCOMPARE(rig.server.open(), notified ? 1 : 2);
        rig.server.deliver("Box25");
        rig.server.deliver("INBOX");
        rig.pass(1s);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box25")), 2);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), 1);
        QCOMPARE(rig.count(WatchEvent::Kind::Error), 0);
    }

    void nobodyIsHeldUp()
    {
        Rig rig;
        rig.setUp();
        rig.server.mailboxes["Open"].uids = {1};
        rig.start();
        rig.sync->setOpenMailbox(rig.idOf("Open"));
        rig.pass(1s);
        QCOMPARE(rig.server.open(), 2);
        rig.server.connections()[1]->silent = true; // it does not even say goodbye
        std::optional<Guest> guest;
        rig.scope.start(enter(*rig.sync, guest));
        rig.pass(31s);
        QVERIFY(guest.has_value());
    }

    void theAccountGoesFirst()
    {
        Rig rig;
        rig.setUp();
        rig.server.mailboxes["Open"].uids = {1};
        rig.start();
        rig.sync->setOpenMailbox(rig.idOf("Open"));
        rig.pass(1s);
        std::optional<Guest> guest;
        rig.scope.start(enter(*rig.sync, guest));
        rig.sync.reset();
        rig.settle();
        QVERIFY(guest.has_value());
        guest.reset();
    }
};

QTEST_GUILESS_MAIN(TestTwoLines)
#include "test_twolines.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// A Qt header first: moc 6.4 cannot parse <coroutine> without it.
#include <QTest>

#include "tests/unit/sync/accountrig.h"

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

using Rig = sync::test::AccountRig;
using sync::test::withNotify;

/** How an account uses its connections, in virtual time, against a server that does what the test says. */
class TestAccountSync final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void notifyNeedsOneConnection();
    void newsLeftToTheOtherLine_data();
    void newsLeftToTheOtherLine();
    void deafIdle_data();
    void deafIdle();
    void overflowIsMadeGood();
    void withoutNotify();
    void throttlingIsHonoured();
    void notConnectedIsTemporary();
    void byeStorms();
    void tooManyConnections();
    void tightProvider();
    void lockedMailbox();
    void awakeWithinSeconds();
    void networkIsBack();
    void ringOfStatus();
    void newestOfInboxFirst();
    void opensWhatThePersonOpens();
};

void TestAccountSync::notifyNeedsOneConnection()
{
    Rig rig;
    rig.setUp();
    rig.server.capabilities = withNotify;
    for (int i = 0; i < 5; ++i)
        rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1, 2};
    rig.start();
    rig.pass(2min); // the first syncs are over, and their connection is closed
    QCOMPARE(rig.server.open(), 1);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    const auto before = rig.server.commands().size();
    rig.server.deliver("Box3");
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box3")), 1);
    rig.server.deliver("INBOX");
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), 1);
    const QByteArrayList since = rig.server.commands().mid(before);
    QVERIFY2(since.size() <= 14, since.join('\n').constData());
    // Many at once are one after the other: no second connection for a moment's work.
    for (const auto &[name, mailbox] : std::map(rig.server.mailboxes))
        rig.server.deliver(name);
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added), 8);
    QCOMPARE(rig.server.attempts(), 2);
    QCOMPARE(rig.server.open(), 1);
    QVERIFY(rig.server.connections()[0]->selected.isEmpty()); // so that everything is told
    // What was selected meanwhile is asked about once more when it has been quiet for a moment; what was not told then
    // is found.
    rig.server.mailboxes["Box3"].uids.push_back(100);
    ++rig.server.mailboxes["Box3"].modseq;
    rig.pass(5s);
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box3")), 3);
    rig.pass(5s);
    // It stays quiet: all is listed every ten minutes, to be sure, and the connection is kept every nine to twelve.
    const auto quiet = rig.server.commands().size();
    rig.pass(7min);
    QCOMPARE(rig.server.commands().size(), quiet);
    rig.pass(6min);
    QVERIFY(rig.server.commands().size() > quiet);
    QVERIFY(rig.server.commands().size() <= quiet + 2);
    QCOMPARE(rig.server.attempts(), 2);
}

void TestAccountSync::newsLeftToTheOtherLine_data()
{
    QTest::addColumn<QString>("end");
    QTest::newRow("another mailbox") << QStringLiteral("other");
    QTest::newRow("nothing more to do") << QStringLiteral("idle");
    QTest::newRow("connection lost") << QStringLiteral("lost");
}

/**
 * While the side line keeps a mailbox open, it is the one to hear of it, but what it has not heard when it goes is
 * known all the same, because the main line was told.
 */
void TestAccountSync::newsLeftToTheOtherLine()
{
    QFETCH(const QString, end);
    Rig rig;
    rig.setUp();
    rig.server.capabilities = withNotify;
    rig.server.mailboxes["Sent"] = {"\\Sent", {1, 2}, 5};
    rig.start();
    rig.pass(2min);
    QCOMPARE(rig.server.open(), 1);
    // A first sync is the side line's, which stays a moment where a person looks.
    rig.server.mailboxes["New"].uids = {1};
    rig.sync->setOpenMailboxByName({QStringLiteral("New"), {}});
    rig.sync->checkNow();
    rig.pass(1s, 100ms);
    QCOMPARE(rig.server.open(), 2);
    QCOMPARE(rig.server.connections().back()->selected, QByteArray("New"));
    rig.server.idleIsLate = true;
    rig.server.deliver("New");
    rig.server.deliver("New");
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("New")), 0);
    if (end == QLatin1String("other")) {
        rig.server.mailboxes["Newer"].uids = {1};
        rig.sync->checkNow();
    } else if (end == QLatin1String("lost")) {
        rig.server.connections().back()->wire->close();
    }
    rig.pass(30s, 100ms);
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("New")), 2);
    QCOMPARE(rig.cache.store->countMessages(rig.idOf("New")).value(), std::int64_t{3});
}

void TestAccountSync::deafIdle_data()
{
    QTest::addColumn<QByteArray>("capabilities");
    QTest::newRow("with LIST-STATUS") << QByteArray("IMAP4rev1 SASL-IR AUTH=PLAIN IDLE LIST-EXTENDED LIST-STATUS");
    QTest::newRow("without") << QByteArray("IMAP4rev1 SASL-IR AUTH=PLAIN IDLE");
}

/**
 * Exchange once told nothing in IDLE for weeks (FairEmail's FAQ), Stalwart likewise (issue 3299): IDLE is renewed, and
 * that brings it out.
 */
void TestAccountSync::deafIdle()
{
    QFETCH(QByteArray, capabilities);
    Rig rig;
    rig.setUp();
    rig.server.capabilities = capabilities;
    rig.server.mailboxes["Work"].uids = {1};
    rig.start();
    rig.pass(2min);
    rig.server.idleIsLate = true;
    rig.server.special = [&rig](test::AccountServer::Connection &connection, const QByteArray &, const QByteArray &) {
        const auto &uids = rig.server.mailboxes["INBOX"].uids;
        if (connection.selected == "INBOX" && connection.server->uids.size() != uids.size()) {
            connection.server->uids = uids;
            connection.wire->deliver("* " + QByteArray::number(qulonglong(uids.size())) + " EXISTS\r\n");
        }
        return QByteArray();
    };
    for (int arrived = 1; arrived <= 3; ++arrived) {
        rig.server.deliver("INBOX");
        rig.settle();
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), arrived - 1);
        rig.pass(12min);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), arrived);
    }
}

void TestAccountSync::overflowIsMadeGood()
{
    Rig rig;
    rig.setUp();
    rig.server.capabilities = withNotify;
    rig.server.mailboxes["Work"].uids = {1};
    rig.start();
    rig.pass(2min);
    for (int overflow = 1; overflow <= 2; ++overflow) {
        auto &connection = *rig.server.connections()[0];
        connection.notified = false;
        rig.server.deliver("Work"); // that is what could not be told
        connection.wire->deliver("* OK [NOTIFICATIONOVERFLOW] Too much\r\n");
        rig.settle();
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Work")), overflow);
        QCOMPARE(rig.server.count("NOTIFY SET"), 1 + overflow);
        QVERIFY(rig.server.connections()[0]->notified);
    }
    // It cannot keep up: from now on it is asked, and INBOX is watched the old way.
    rig.server.connections()[0]->wire->deliver("* OK [NOTIFICATIONOVERFLOW] Too much\r\n");
    rig.pass(1s);
    QCOMPARE(rig.server.count("NOTIFY SET"), 3);
    QCOMPARE(rig.server.connections()[0]->selected, QByteArray("INBOX"));
    QCOMPARE(rig.server.commands().last(), QByteArray("IDLE"));
}

void TestAccountSync::withoutNotify()
{
    Rig rig;
    rig.setUp();
    rig.server.mailboxes["Open"].uids = {1};
    rig.server.mailboxes["Other"].uids = {1};
    rig.start();
    rig.sync->setOpenMailbox(rig.idOf("Open"));
    rig.pass(1s);
    QCOMPARE(rig.server.open(), 2);
    rig.server.deliver("INBOX");
    rig.server.deliver("Open");
    rig.server.deliver("Other");
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), 1);
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Open")), 1);
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Other")), 0);
    rig.pass(5min + 1s); // the next listing
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Other")), 1);
    QCOMPARE(rig.server.attempts(), 2);
}

void TestAccountSync::throttlingIsHonoured()
{
    Rig rig;
    rig.setUp();
    rig.server.mailboxes["Work"].uids = {1, 2};
    bool throttled = true;
    rig.server.special = [&throttled](auto &, const QByteArray &tag, const QByteArray &command) -> QByteArray {
        if (throttled && command.startsWith("UID FETCH"))
            return tag + " BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n";
        return {};
    };
    rig.start();
    throttled = false;
    const auto begun = rig.clock.monotonic();
    const auto before = rig.server.commands().size();
    QCOMPARE(rig.sync->status().state, AccountStatus::State::Waiting);
    QVERIFY(rig.sync->status().error->userText.contains(QStringLiteral("pause")));
    rig.sync->checkNow(); // who is in a hurry waits too
    rig.surroundings.tell(net::Surroundings::Event::NetworkBack);
    while (rig.clock.monotonic() - begun < 92s) {
        rig.pass(1s);
        const QByteArrayList since = rig.server.commands().mid(before);
        // One NOOP is the sign of life after the change of the network.
        QVERIFY2(since.isEmpty() || since == QByteArrayList{"NOOP"}, since.join('\n').constData());
    }
    rig.pass(5s);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    QVERIFY(rig.cache.store->countMessages(rig.idOf("Work")).value() == 2);
    // The connection was still there: signing in again would have been more of what was too much.
    QCOMPARE(rig.server.connections()[0]->begun, Clock::Duration(0));
    QVERIFY(rig.server.connections()[0]->wire->open);
}

void TestAccountSync::notConnectedIsTemporary()
{
    Rig rig;
    rig.setUp();
    bool ill = true;
    rig.server.special = [&ill](auto &, const QByteArray &tag, const QByteArray &command) -> QByteArray {
        if (ill && command.startsWith("SELECT"))
            return tag + " BAD User is authenticated but not connected.\r\n";
        return {};
    };
    rig.start();
    QCOMPARE(rig.sync->status().state, AccountStatus::State::Waiting); // nobody is asked for a password
    QCOMPARE(rig.sync->status().error->kind, ErrorKind::Network);
    rig.pass(30s);
    QVERIFY(rig.server.attempts() <= 6);
    ill = false;
    rig.pass(40s);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
}

/** Signed in, and thrown out at once, for an hour: a few dozen attempts, not thousands. */
void TestAccountSync::byeStorms()
{
    Rig rig;
    rig.setUp();
    rig.server.special = [](auto &, const QByteArray &, const QByteArray &command) -> QByteArray {
        return command.startsWith("IDLE") || command.startsWith("LIST") ? QByteArray("* BYE Server busy\r\n")
                                                                        : QByteArray();
    };
    rig.start();
    rig.pass(1h);
    QVERIFY2(rig.server.attempts() >= 12 && rig.server.attempts() <= 30,
             qPrintable(QString::number(rig.server.attempts())));
    // One that lasted was none of those: its loss costs a second.
    rig.server.special = {};
    rig.pass(10min);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    const int before = rig.server.attempts();
    rig.server.connections().back()->wire->close();
    rig.pass(3s);
    QCOMPARE(rig.server.attempts(), before + 1);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
}

void TestAccountSync::tooManyConnections()
{
    Rig rig;
    rig.setUp();
    for (int i = 0; i < 4; ++i)
        rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1, 2};
    rig.server.special = [&rig](auto &connection, const QByteArray &tag, const QByteArray &command) -> QByteArray {
        if (command.startsWith("AUTHENTICATE") && &connection != rig.server.connections()[0].get())
            return tag + " NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded\r\n";
        return {};
    };
    rig.start();
    rig.pass(5s);
    QCOMPARE(rig.server.attempts(), 2);
    for (int i = 0; i < 4; ++i) {
        const QByteArray name = "Box" + QByteArray::number(i);
        QCOMPARE(rig.cache.store->countMessages(rig.idOf(name.constData())).value(), 2);
    }
    QCOMPARE(rig.count(WatchEvent::Kind::Error), 0); // nothing that a person could do anything about
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    // The mailbox on screen is the one that the only line watches then.
    rig.sync->setOpenMailbox(rig.idOf("Box2"));
    rig.pass(1s);
    QCOMPARE(rig.server.connections()[0]->selected, QByteArray("Box2"));
    rig.server.deliver("Box2");
    rig.settle();
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box2")), 1);
    rig.pass(50min);
    QCOMPARE(rig.server.attempts(), 2);
}

void TestAccountSync::tightProvider()
{
    Rig rig;
    rig.setUp();
    rig.server.capabilities += " X-GM-EXT-1";
    for (int i = 0; i < 4; ++i)
        rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1, 2};
    rig.start();
    rig.sync->setOpenMailbox(rig.idOf("Box1"));
    rig.pass(10s);
    QCOMPARE(rig.server.attempts(), 1);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    QCOMPARE(rig.cache.store->countMessages(rig.idOf("Box3")).value(), 2);
}

void TestAccountSync::lockedMailbox()
{
    Rig rig;
    rig.setUp();
    rig.server.mailboxes["Locked"].uids = {1, 2};
    rig.server.mailboxes["Zoo"].uids = {1};
    int refused = 0;
    rig.server.special = [&refused](auto &, const QByteArray &tag, const QByteArray &command) -> QByteArray {
        if (command.startsWith("SELECT") && command.contains("Locked") && refused < 2) {
            ++refused;
            return tag + " NO [INUSE] Somebody else has it\r\n";
        }
        return {};
    };
    rig.start();
    rig.pass(1s);
    QCOMPARE(refused, 1);
    QCOMPARE(rig.cache.store->countMessages(rig.idOf("Zoo")).value(), 1); // nobody waits for it
    rig.pass(58s);
    QCOMPARE(refused, 1);
    rig.pass(3s);
    QCOMPARE(refused, 2);
    rig.pass(2min + 1s);
    QCOMPARE(rig.cache.store->countMessages(rig.idOf("Locked")).value(), 2);
}

/** The machine slept, its connections are dead without a word, and mail has come. */
void TestAccountSync::awakeWithinSeconds()
{
    for (const bool notified : {false, true}) {
        Rig rig;
        rig.setUp();
        if (notified)
            rig.server.capabilities = withNotify;
        rig.server.mailboxes["Work"].uids = {1};
        rig.start();
        rig.pass(2min);
        for (const auto &connection : rig.server.connections())
            connection->silent = true;
        rig.server.deliver("INBOX");
        rig.server.deliver("Work");
        rig.pass(20s);
        QCOMPARE(rig.count(WatchEvent::Kind::Added), 0); // nothing tells that something is wrong
        rig.surroundings.tell(net::Surroundings::Event::Woke);
        rig.pass(5s, 100ms);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("INBOX")), 1);
        QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Work")), 1);
        // A connection that lives is kept.
        const int attempts = rig.server.attempts();
        rig.surroundings.tell(net::Surroundings::Event::NetworkChanged);
        rig.pass(10s);
        QCOMPARE(rig.server.attempts(), attempts);
    }
}

void TestAccountSync::networkIsBack()
{
    Rig rig;
    rig.setUp();
    rig.server.answersConnect = false;
    rig.start();
    rig.pass(10min); // pauses have grown to minutes
    const int before = rig.server.attempts();
    rig.pass(20s);
    rig.server.answersConnect = true;
    rig.surroundings.tell(net::Surroundings::Event::NetworkLost);
    rig.surroundings.tell(net::Surroundings::Event::NetworkBack);
    rig.pass(2s, 100ms);
    QVERIFY(rig.server.attempts() <= before + 2);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
}

void TestAccountSync::ringOfStatus()
{
    Rig rig;
    rig.setUp();
    rig.server.capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UNSELECT";
    for (int i = 0; i < 60; ++i)
        rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1};
    rig.start();
    rig.pass(10s);
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
    // Known by now; the counts come in three batches, and never more than 25 at once.
    QVERIFY(rig.server.mostStatusesAtOnce <= 25);
    const int first = rig.server.count("STATUS");
    QVERIFY2(first >= 58 && first <= 62, qPrintable(QString::number(first)));
    rig.server.deliver("Box59");
    rig.pass(1min);
    const int next = rig.server.count("STATUS") - first;
    QVERIFY2(next <= 25, qPrintable(QString::number(next)));
    rig.pass(6min); // once round
    QCOMPARE(rig.count(WatchEvent::Kind::Added, QStringLiteral("Box59")), 1);
    QVERIFY(rig.server.mostStatusesAtOnce <= 25);
}

/** What is asked before the first screen is the same for small and large mailboxes, few and many of them. */
void TestAccountSync::newestOfInboxFirst()
{
    QList<QByteArrayList> before;
    for (const auto &[messages, folders] :
         {std::pair(10u, 2), std::pair(200u, 2), std::pair(5000u, 2), std::pair(5000u, 300)}) {
        Rig rig;
        rig.setUp();
        rig.server.capabilities = withNotify;
        auto &inbox = rig.server.mailboxes["INBOX"].uids;
        inbox.clear();
        for (std::uint32_t uid = 1; uid <= messages; ++uid)
            inbox.push_back(uid);
        for (int i = 0; i < folders; ++i)
            rig.server.mailboxes["Box" + QByteArray::number(i)].uids = {1};
        QByteArrayList asked;
        rig.server.special = [&](auto &, const QByteArray &, const QByteArray &command) -> QByteArray {
            const auto cached = rig.cache.store->countMessages(rig.cache.inbox);
            if (cached && *cached < std::min<std::int64_t>(messages, 200))
                asked.append(command.left(command.indexOf(' ', command.startsWith("UID") ? 4 : 0)));
            return {};
        };
        rig.start();
        rig.pass(5s);
        QCOMPARE(rig.cache.store->countMessages(rig.cache.inbox).value(), std::int64_t{messages});
        // What is pipelined behind the first page belongs to the next ones.
        const qsizetype page = asked.indexOf("UID FETCH");
        QVERIFY(page > 0);
        QVERIFY2(!asked.mid(0, page).contains("LIST"), asked.join(' ').constData());
        before.append(asked.mid(0, page + 1));
        QCOMPARE(rig.selected().first(), QByteArray("INBOX"));
    }
    for (const QByteArrayList &commands : before)
        QCOMPARE(commands, before.first());
    QVERIFY2(before.first().size() <= 6, before.first().join(' ').constData());
}

void TestAccountSync::opensWhatThePersonOpens()
{
    Rig rig;
    rig.setUp();
    rig.server.mailboxes["Sent"] = {"\\Sent", {1}, 5};
    rig.server.mailboxes["Trash"] = {"\\Trash", {1}, 5};
    for (int i = 0; i < 30; ++i)
        rig.server.mailboxes["Box" + QByteArray::number(10 + i)].uids = {1};
    int opened = 0;
    rig.server.special = [&](auto &, const QByteArray &, const QByteArray &command) -> QByteArray {
        if (command.startsWith("SELECT") && command.contains("Box12") && opened++ == 0)
            rig.sync->setOpenMailbox(rig.idOf("Box35"));
        return {};
    };
    rig.start();
    rig.pass(10s);
    const QByteArrayList order = rig.selected();
    QCOMPARE(order.mid(0, 6), (QByteArrayList{"INBOX", "Sent", "Box10", "Box11", "Box12", "Box35"}));
    QCOMPARE(order.count("Box20"), 1);
    QVERIFY(order.indexOf("Trash") > order.indexOf("Box39"));
    QCOMPARE(rig.sync->status().state, AccountStatus::State::UpToDate);
}

QTEST_GUILESS_MAIN(TestAccountSync)
#include "test_accountsync.moc"

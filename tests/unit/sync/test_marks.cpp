// SPDX-License-Identifier: GPL-3.0-or-later
// Marks of messages that somebody else has moved, in virtual time.
#include <QTemporaryDir>
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/sync/operations/journal.h"
#include "tests/unit/sync/accountrig.h"
#endif

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace kittiwake::sync::test;

namespace
{

mail::FlagChange answered()
{
    mail::FlagChange change;
    change.add.set(mail::SystemFlag::Answered);
    return change;
}

/** A server that keeps marks of what it has. A message has the same number in each mailbox: it is known by that. */
struct Rig : AccountRig {
    QTemporaryDir folder;
    std::unique_ptr<store::PendingStore> pending;
    std::unique_ptr<Journal> journal;
    std::vector<std::pair<QByteArray, std::uint32_t>> marked;
    bool searchesLie = false; ///< what is looked for is said to be in Work
    bool keepsSilent = false; ///< STORE is answered by nothing but OK

    void begin()
    {
        setUp();
        server.mailboxes["INBOX"].uids = {1, 2, 3, 4};
        server.mailboxes["Work"].uids = {11};
        server.mailboxes["Archive"].uids = {21};
        server.special = [this](AccountServer::Connection &connection, const QByteArray &tag,
                                const QByteArray &command) { return answer(connection, tag, command); };
        pending = std::move(*store::PendingStore::open(folder.path(), {}));
        journal = std::make_unique<Journal>(
            *environment, *pending, [this](AccountId) { return sync.get(); }, [] {});
        start();
        pass(20s);
        QCOMPARE(cache.store->countMessages(idOf("INBOX")).value(), 4);
    }

    [[nodiscard]] bool has(const QByteArray &mailbox, std::uint32_t uid)
    {
        const auto &uids = server.mailboxes[mailbox].uids;
        return std::find(uids.begin(), uids.end(), uid) != uids.end();
    }

    QByteArray answer(AccountServer::Connection &connection, const QByteArray &tag, const QByteArray &command)
    {
        // As the mailbox is now, whenever it is asked about.
        if (!connection.selected.isEmpty() && command.startsWith("UID "))
            connection.server->uids = server.mailboxes[connection.selected].uids;
        if (command.startsWith("SELECT"))
            connection.wire->deliver("* OK [PERMANENTFLAGS (\\Seen \\Answered \\*)] Ok\r\n");
        if (command.startsWith("UID SEARCH") && command.contains("HEADER Message-ID")) {
            const qsizetype at = command.indexOf("<m") + 2;
            const std::uint32_t uid = command.mid(at, command.indexOf('@', at) - at).toUInt();
            const bool isThere = has(connection.selected, uid) || (searchesLie && connection.selected == "Work");
            return "* SEARCH" + (isThere ? ' ' + QByteArray::number(uid) : QByteArray()) + "\r\n" + tag
                + " OK Done.\r\n";
        }
        const std::uint32_t uid = command.split(' ').value(2).toUInt();
        if (searchesLie && connection.selected == "Work" && command.startsWith("UID FETCH")
            && command.contains("ENVELOPE"))
            return LineServer::message(1, uid) + tag + " OK Done.\r\n";
        if (!command.startsWith("UID STORE"))
            return {};
        if (!has(connection.selected, uid))
            return tag + " OK Done.\r\n";
        marked.emplace_back(connection.selected, uid);
        if (keepsSilent)
            return tag + " OK Done.\r\n";
        const QByteArray number = QByteArray::number(uid);
        return "* 1 FETCH (UID " + number + " FLAGS (\\Answered))\r\n" + tag + " OK Done.\r\n";
    }

    /** What somebody has answered gets its mark, once that is asked for. */
    void mark(const QByteArray &id)
    {
        auto parts = journal->markParts(account.id, id, answered());
        VERIFY_OK(parts);
        QCOMPARE(parts->size(), std::size_t(1));
        VERIFY_OK(journal->note(std::move(*parts)));
    }
    [[nodiscard]] std::size_t waiting() const { return pending->list()->size(); }
    [[nodiscard]] int searches() const
    {
        const QByteArrayList &all = server.commands();
        return static_cast<int>(std::count_if(
            all.begin(), all.end(), [](const QByteArray &command) { return command.contains("HEADER Message-ID"); }));
    }
};

using Marked = std::vector<std::pair<QByteArray, std::uint32_t>>;

} // namespace

class TestMarks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAndBack()
    {
        const MarkOperation before{{{"<a@example.org>", 4000, 1'700'000'000},
                                    {{mail::MailboxName::inbox(), UidValidity(0xFFFFFFFF), Uid(7)},
                                     {{QStringLiteral("Größe"), "x"}, UidValidity(2), Uid(1)}}},
                                   answered()};
        QCOMPARE(MarkOperation::fromBytes(QStringLiteral("mark"), before.toBytes()), std::optional(before));
        QVERIFY(!MarkOperation::fromBytes(QStringLiteral("flag"), before.toBytes()));
        for (const char *bytes : {"", "{}", "[]", R"({"message":{"messageId":""}})", R"({"message":4})"})
            QVERIFY2(!MarkOperation::fromBytes(QStringLiteral("mark"), bytes), bytes);
        FlagOperation flags{mail::MailboxName::inbox(), UidValidity(7), {{imap::UidSet(Uid(3)), answered()}}};
        QVERIFY(!FlagOperation::fromBytes(flags.toBytes())->sought);
        flags.sought = before.message;
        QCOMPARE(FlagOperation::fromBytes(flags.toBytes()), std::optional(flags));
        QCOMPARE(soughtElsewhere(flags).message.left.back(),
                 (MessageAt{mail::MailboxName::inbox(), UidValidity(7), Uid(3)}));
    }

    void whereItIsItIsMarkedAndNothingIsAsked_data()
    {
        QTest::addColumn<bool>("silent");
        QTest::newRow("the server tells") << false;
        QTest::newRow("the server says OK and nothing else") << true;
    }
    void whereItIsItIsMarkedAndNothingIsAsked()
    {
        QFETCH(const bool, silent);
        Rig rig;
        rig.begin();
        rig.keepsSilent = silent;
        rig.mark("<m3@example.org>");
        rig.pass(2s, 10ms);
        QCOMPARE(rig.marked, (Marked{{"INBOX", 3}}));
        QCOMPARE(rig.waiting(), std::size_t(0));
        QCOMPARE(rig.searches(), 0);
    }

    void whereItWasMovedItIsMarked()
    {
        Rig rig;
        rig.begin();
        rig.server.mailboxes["INBOX"].uids = {1, 2, 4};
        rig.server.mailboxes["Work"].uids = {3, 11};
        rig.mark("<m3@example.org>");
        rig.pass(5s, 10ms);
        QCOMPARE(rig.marked, (Marked{{"Work", 3}}));
        QCOMPARE(rig.waiting(), std::size_t(0));
    }

    /** The folder is one that another client has just made. */
    void whereNobodyHasHeardOfTheFolderItIsMarked()
    {
        Rig rig;
        rig.begin();
        rig.server.mailboxes["INBOX"].uids = {1, 2, 4};
        rig.server.mailboxes["New"].uids = {3};
        rig.mark("<m3@example.org>");
        rig.pass(5s, 10ms);
        QCOMPARE(rig.marked, (Marked{{"New", 3}}));
        QCOMPARE(rig.waiting(), std::size_t(0));
    }

    void whatWasNeverSeenIsLookedFor()
    {
        Rig rig;
        rig.begin();
        rig.server.mailboxes["Archive"].uids = {3, 21, 30};
        rig.mark("<m30@example.org>");
        rig.pass(5s, 10ms);
        QCOMPARE(rig.marked, (Marked{{"Archive", 30}}));
        QCOMPARE(rig.waiting(), std::size_t(0));
    }

    void whereItIsNowhereNothingWaits()
    {
        Rig rig;
        rig.begin();
        rig.server.mailboxes["INBOX"].uids = {1, 2, 4};
        rig.mark("<m3@example.org>");
        rig.pass(5s, 10ms);
        QCOMPARE(rig.marked, Marked());
        QCOMPARE(rig.waiting(), std::size_t(0));
        QCOMPARE(rig.searches(), 3); // once in each
    }

    /** It is always said to be where it is not. */
    void aServerThatLiesIsNotAskedForEver()
    {
        Rig rig;
        rig.begin();
        rig.searchesLie = true;
        rig.server.mailboxes["INBOX"].uids = {1, 2, 4};
        rig.mark("<m3@example.org>");
        rig.pass(1min, 10ms);
        QCOMPARE(rig.marked, Marked());
        QCOMPARE(rig.waiting(), std::size_t(0));
        QVERIFY2(rig.searches() <= 12, qPrintable(QString::number(rig.searches())));
    }

    /** No server, no end: it is not counted as an attempt. */
    void withoutAConnectionItWaits()
    {
        Rig rig;
        rig.begin();
        rig.server.mailboxes["INBOX"].uids = {1, 2, 4};
        rig.server.mailboxes["Work"].uids = {3, 11};
        rig.server.answersConnect = false;
        for (auto &connection : rig.server.connections())
            connection->wire->close();
        rig.mark("<m30@example.org>");
        rig.mark("<m3@example.org>");
        rig.pass(2h, 10s);
        QCOMPARE(rig.waiting(), std::size_t(2));
        rig.server.answersConnect = true;
        rig.server.mailboxes["Work"].uids = {3, 11, 30};
        rig.pass(20min);
        std::sort(rig.marked.begin(), rig.marked.end());
        QCOMPARE(rig.marked, (Marked{{"Work", 3}, {"Work", 30}}));
        QCOMPARE(rig.waiting(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestMarks)
#include "test_marks.moc"

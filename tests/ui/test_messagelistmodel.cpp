// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fakesource.h"
#include "tests/ui/uitest.h"
#include "ui/models/messagelistmodel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>

#include <random>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

std::vector<ListRow> rowsOf(const MessageListModel &model)
{
    std::vector<ListRow> rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows.push_back(model.listRow(row));
    return rows;
}

mail::MessageHeader headerAt(std::int64_t date, const QString &subject = QStringLiteral("Hello"), bool seen = true)
{
    mail::MessageHeader header;
    header.subject = subject;
    header.from = {{QStringLiteral("Anna Berg"), QStringLiteral("anna@example.org")}};
    header.date = date;
    header.flags.set(mail::SystemFlag::Seen, seen);
    return header;
}

struct Fixture {
    FakeSource source;
    ReadQueue queue{source};
    MessageListModel model{source, queue};
    MailboxId inbox;

    explicit Fixture(int messages, int threadOf = 3)
    {
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        inbox = source.store().addMailbox(account, QStringLiteral("INBOX"), mail::MailboxRole::Inbox);
        source.store().fill(inbox, messages, 1000000000, threadOf);
    }
    void open()
    {
        model.open(inbox);
        QTRY_VERIFY_WITH_TIMEOUT(model.isComplete(), 30000);
    }
    [[nodiscard]] std::vector<ListRow> expected(const QSet<ThreadId> &expanded = {})
    {
        const auto order = source.store().order(inbox, model.sortKey(), model.isAscending(), -1, 0);
        const bool threaded = model.isThreaded() && model.sortKey() == store::SortKey::Date;
        return buildRows(order, {.threaded = threaded, .ascending = model.isAscending(), .expanded = expanded}).rows;
    }
};

} // namespace

class TestMessageListModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheOrderAndReadsWhatIsLookedAt()
    {
        Fixture f(1000);
        f.open();
        QCOMPARE(rowsOf(f.model), f.expected());
        QCOMPARE(f.source.store().counters().rowsRead, 0);
        QVERIFY(!f.model.message(5));
        QTRY_VERIFY(f.model.message(5) != nullptr);
        QCOMPARE(f.model.message(5)->id, f.model.listRow(5).id);
        QVERIFY(f.source.store().counters().rowsRead <= 400); // a page of a hundred, with the folded ones
    }

    void followsRandomChanges_data()
    {
        QTest::addColumn<int>("sort");
        QTest::addColumn<bool>("ascending");
        QTest::addColumn<bool>("threaded");
        QTest::newRow("newest first, conversations") << int(store::SortKey::Date) << false << true;
        QTest::newRow("newest first") << int(store::SortKey::Date) << false << false;
        QTest::newRow("oldest first, conversations") << int(store::SortKey::Date) << true << true;
        QTest::newRow("sender") << int(store::SortKey::From) << true << true;
        QTest::newRow("subject") << int(store::SortKey::Subject) << true << false;
        QTest::newRow("size") << int(store::SortKey::Size) << false << false;
    }

    void followsRandomChanges()
    {
        QFETCH(int, sort);
        QFETCH(bool, ascending);
        QFETCH(bool, threaded);
        Fixture f(400);
        const QAbstractItemModelTester tester(&f.model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.model.setThreaded(threaded);
        f.model.setSort(static_cast<store::SortKey>(sort), ascending);
        f.open();
        FakeStore &store = f.source.store();
        std::mt19937 random(4711);
        const auto below = [&random](std::size_t bound) { return random() % bound; };
        QSet<ThreadId> expanded;
        for (int step = 0; step < 120; ++step) {
            const auto ids = store.ids(f.inbox);
            switch (below(6)) {
            case 0: // mail arrives, now and then into a conversation
            case 1: {
                const std::int64_t date = below(4) == 0 ? 1000000000 - std::int64_t(below(24000)) : 1000000000 + step;
                f.source.deliver(f.inbox, headerAt(date),
                                 below(2) ? ThreadId(1 + std::int64_t(below(130))) : ThreadId());
                break;
            }
            case 2:
                f.source.expunge(f.inbox, {ids[below(ids.size())], ids[below(ids.size())]});
                break;
            case 3:
                f.source.changeFlags(f.inbox, ids[below(ids.size())], static_cast<std::uint32_t>(below(16)));
                break;
            case 4: { // the store finds out that two conversations are one
                const MessageId id = ids[below(ids.size())];
                store.setThread(f.inbox, id, ThreadId(1 + std::int64_t(below(130))));
                f.source.announce({.mailbox = f.inbox, .reset = false, .added = {}, .changed = {id}, .removed = {}});
                break;
            }
            case 5:
                if (threaded && sort == int(store::SortKey::Date) && f.model.rowCount() > 0) {
                    const int row = static_cast<int>(below(std::size_t(f.model.rowCount())));
                    const ListRow shown = f.model.listRow(row);
                    if (shown.count > 1 && shown.kind == ListRow::Kind::Folded && !expanded.contains(shown.thread)) {
                        expanded.insert(shown.thread);
                        f.model.setExpanded(row, true);
                    }
                }
                break;
            }
            if (below(4) == 0)
                QTRY_COMPARE(rowsOf(f.model), f.expected(expanded));
        }
        QTRY_COMPARE(rowsOf(f.model), f.expected(expanded));
        // A fresh model agrees.
        MessageListModel fresh(f.source, f.queue);
        fresh.setThreaded(threaded);
        fresh.setSort(static_cast<store::SortKey>(sort), ascending);
        fresh.open(f.inbox);
        QTRY_VERIFY(fresh.isComplete());
        std::vector<MessageId> first;
        for (const ListRow &row : rowsOf(f.model)) {
            if (row.kind != ListRow::Kind::Child)
                first.push_back(row.id);
        }
        std::vector<MessageId> second;
        for (const ListRow &row : rowsOf(fresh))
            second.push_back(row.id);
        QCOMPARE(first, second);
    }

    void announcementsThatOverlapTheReadingAreCountedOnce()
    {
        Fixture f(300, 1);
        f.open();
        // Committed before it is announced: the next reading sees two messages, the announcements come one by one.
        FakeStore &store = f.source.store();
        const MessageId one = store.add(f.inbox, headerAt(1000000100));
        const MessageId two = store.add(f.inbox, headerAt(1000000200));
        f.source.announce({.mailbox = f.inbox, .reset = false, .added = {one}, .changed = {}, .removed = {}});
        QTRY_COMPARE(f.model.rowCount(), 302);
        f.source.announce({.mailbox = f.inbox, .reset = false, .added = {two}, .changed = {}, .removed = {}});
        f.source.deliver(f.inbox, headerAt(1000000300));
        QTRY_COMPARE(f.model.rowCount(), 303);
        QCOMPARE(rowsOf(f.model), f.expected());
    }

    void aSelectedMessageStaysSelected()
    {
        Fixture f(500, 1);
        f.open();
        const QPersistentModelIndex held(f.model.index(250));
        const MessageId message = f.model.listRow(250).id;
        for (int i = 0; i < 20; ++i)
            f.source.deliver(f.inbox, headerAt(1000001000 + i));
        f.source.expunge(f.inbox, {f.model.listRow(10).id, f.model.listRow(400).id});
        QTRY_COMPARE(f.model.rowCount(), 518);
        QVERIFY(held.isValid());
        QCOMPARE(f.model.listRow(held.row()).id, message);
        // Even when so much has changed that the list is replaced.
        f.source.announce({.mailbox = f.inbox, .reset = true, .added = {}, .changed = {}, .removed = {}});
        std::vector<MessageId> gone;
        for (int row = 0; row < 500; row += 2) {
            if (f.model.listRow(row).id != message)
                gone.push_back(f.model.listRow(row).id);
        }
        f.source.expunge(f.inbox, gone);
        QTRY_COMPARE(f.model.rowCount(), 518 - int(gone.size()));
        QVERIFY(held.isValid());
        QCOMPARE(f.model.listRow(held.row()).id, message);
    }

    void aReplyMovesItsConversationWithItsSelection()
    {
        Fixture f(90);
        f.open();
        const ListRow conversation = f.model.listRow(20);
        QCOMPARE(conversation.count, 3U);
        const QPersistentModelIndex held(f.model.index(20));
        f.source.deliver(f.inbox, headerAt(1000000500), conversation.thread);
        QTRY_COMPARE(held.row(), 0);
        QCOMPARE(f.model.listRow(0).thread, conversation.thread);
        QCOMPARE(f.model.listRow(0).count, 4U);
    }

    void oneReadPageServesAConversation()
    {
        Fixture f(0);
        const ThreadId thread = f.source.store().newThread();
        f.source.store().add(f.inbox, headerAt(100, QStringLiteral("Plan"), false), thread);
        auto reply = headerAt(200, QStringLiteral("Re: Plan"));
        reply.from = {{QStringLiteral("Björn"), QStringLiteral("b@example.org")}};
        reply.flags.set(mail::SystemFlag::Answered);
        f.source.store().add(f.inbox, reply, thread);
        f.open();
        QCOMPARE(f.model.rowCount(), 1);
        QTRY_COMPARE(f.model.summary(0).people,
                     QLocale().createSeparatedList({QStringLiteral("Björn"), QStringLiteral("Anna Berg")}));
        QVERIFY(f.model.summary(0).unread);
        QVERIFY(f.model.summary(0).answered);
        f.source.changeFlags(f.inbox, f.source.store().ids(f.inbox).front(), 1);
        QTRY_VERIFY(!f.model.summary(0).unread);
    }

    void aMillionMessagesAreOpenedWithoutReadingThem()
    {
        Fixture f(1000000);
        QElapsedTimer timer;
        QSignalSpy opened(&f.model, &MessageListModel::opened);
        timer.start();
        f.model.open(f.inbox);
        QTRY_VERIFY_WITH_TIMEOUT(!opened.isEmpty(), 30000);
        const qint64 firstScreen = timer.elapsed();
        QVERIFY(f.model.rowCount() > 0);
        QTRY_VERIFY_WITH_TIMEOUT(f.model.isComplete(), 60000);
        qInfo("first rows after %lld ms, all %d after %lld ms", static_cast<long long>(firstScreen), f.model.rowCount(),
              static_cast<long long>(timer.elapsed()));
        QCOMPARE(f.model.rowCount(), 333334);
        QVERIFY(!f.model.message(200000));
        QTRY_VERIFY(f.model.message(200000) != nullptr);
        QVERIFY(f.source.store().counters().rowsRead < 1000);
        QVERIFY(f.source.store().counters().largestRowsCall <= 1000);
        // An arrival is placed without reading the order again.
        const auto before = f.source.store().counters().orderEntriesRead;
        f.source.deliver(f.inbox, headerAt(1000000100));
        QTRY_COMPARE_WITH_TIMEOUT(f.model.rowCount(), 333335, 30000);
        QVERIFY(f.source.store().counters().orderEntriesRead - before < 1000);
    }

    void switchingMailboxesDropsTheFirst()
    {
        Fixture f(50000, 1);
        const MailboxId other
            = f.source.store().addMailbox(AccountId(1), QStringLiteral("Archive"), mail::MailboxRole::Archive);
        f.source.store().fill(other, 7, 500, 1);
        f.model.open(f.inbox);
        f.model.open(other);
        QTRY_VERIFY(f.model.isComplete());
        QCOMPARE(f.model.rowCount(), 7);
        f.model.open({});
        QCOMPARE(f.model.rowCount(), 0);
        QCOMPARE(f.model.state(), MessageListModel::State::Closed);
    }

    void anErrorIsSaidAndCanBeTriedAgain()
    {
        Fixture f(20);
        f.source.store().setFailing(true);
        f.model.open(f.inbox);
        QTRY_COMPARE(f.model.state(), MessageListModel::State::Failed);
        QVERIFY(!f.model.error().userText.isEmpty());
        f.source.store().setFailing(false);
        f.model.reload();
        QTRY_COMPARE(f.model.state(), MessageListModel::State::Ready);
        QVERIFY(f.model.rowCount() > 0);
    }

    void findsUnreadMessagesBothWays()
    {
        Fixture f(0);
        std::vector<MessageId> ids;
        for (int i = 0; i < 3000; ++i) {
            const bool seen = i != 10 && i != 2500;
            ids.push_back(f.source.store().add(f.inbox, headerAt(1000 + i, QStringLiteral("m"), seen)));
        }
        f.open();
        QSignalSpy found(&f.model, &MessageListModel::unreadFound);
        const auto next = [&](int row, bool forward) {
            found.clear();
            f.model.findUnread(row, forward);
            [&] { QTRY_COMPARE(found.size(), 1); }();
            return found.isEmpty() ? MessageId() : found.first().first().value<MessageId>();
        };
        QCOMPARE(next(-1, true), ids[2500]);
        QCOMPARE(next(f.model.rowOf(ids[2500]), true), ids[10]);
        QCOMPARE(next(f.model.rowOf(ids[10]), true), ids[2500]); // round the end
        QCOMPARE(next(f.model.rowOf(ids[10]), false), ids[2500]);
        f.source.changeFlags(f.inbox, ids[10], 1);
        f.source.changeFlags(f.inbox, ids[2500], 1);
        QCOMPARE(next(5, true), MessageId());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestMessageListModel)
#include "test_messagelistmodel.moc"

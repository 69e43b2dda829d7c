// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fakesource.h"
#include "tests/ui/uitest.h"
#include "ui/models/mailboxtreemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <random>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

/** "INBOX(3)[Sub] Sent": labels, unread counts, children in brackets. */
QString text(const MailboxTreeModel &model, const QModelIndex &parent = {})
{
    QStringList parts;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        QString part = model.data(index, Qt::DisplayRole).toString();
        if (model.node(index)->kind == MailboxNode::Kind::Group)
            part.prepend(QLatin1Char('~'));
        const auto unread = model.data(index, MailboxTreeModel::UnreadRole).toLongLong();
        if (unread > 0)
            part += QStringLiteral("(%1)").arg(unread);
        if (model.rowCount(index) > 0)
            part += QStringLiteral("[%1]").arg(text(model, index));
        parts.append(part);
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace

class TestMailboxTreeModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void specialMailboxesComeFirstWhereverTheyAre()
    {
        using mail::MailboxRole;
        FakeSource source;
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        FakeStore &store = source.store();
        for (const char *name : {"Zoo", "[Gmail]/Labels/old", "work/b10", "work/b9", "Ärger"})
            store.addMailbox(account, QString::fromUtf8(name));
        store.addMailbox(account, QStringLiteral("[Gmail]/Bin"), MailboxRole::Trash);
        store.addMailbox(account, QStringLiteral("[Gmail]/Gesendet"), MailboxRole::Sent);
        const MailboxId inbox = store.addMailbox(account, QStringLiteral("INBOX"), MailboxRole::Inbox);
        store.addMailbox(account, QStringLiteral("INBOX/Sub"));
        store.setUnseen(inbox, 3);
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(model.isRead());
        QCOMPARE(text(model),
                 QString::fromUtf8("me@example.org[Inbox(3)[Sub] Sent Trash ~[Gmail][~Labels[old]] Ärger "
                                   "~work[b9 b10] Zoo]"));
        QCOMPARE(model.firstMailbox(), inbox);
        QCOMPARE(model.allMailboxes().size(), 9U);
        QVERIFY(!(model.flags(model.index(0, 0, {})) & Qt::ItemIsSelectable));
        QVERIFY(model.flags(model.find(inbox)) & Qt::ItemIsSelectable);
    }

    void aFoldedAccountCountsEachMessageOnce()
    {
        using mail::MailboxRole;
        FakeSource source;
        const AccountId plain = source.addFakeAccount(QStringLiteral("me@example.org"));
        const AccountId gmail = source.addFakeAccount(QStringLiteral("me@gmail.example"));
        FakeStore &store = source.store();
        for (const AccountId account : {plain, gmail}) {
            const auto add = [&](const char *name, int unseen, MailboxRole role = MailboxRole::None) {
                const MailboxId mailbox = store.addMailbox(account, QString::fromLatin1(name), role);
                store.setUnseen(mailbox, unseen);
                store.setIsLabel(mailbox, account == gmail);
            };
            add("INBOX", 3, MailboxRole::Inbox);
            add("[Gmail]/All Mail", 7, MailboxRole::All);
            add("[Gmail]/Starred", 1, MailboxRole::Flagged);
            add("[Gmail]/Spam", 10, MailboxRole::Junk);
            add("Work", 2);
            add("Work/Deep", 4);
        }
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        QTRY_VERIFY(model.isRead());
        const auto hidden = [&model](const QModelIndex &index) {
            return model.data(index, MailboxTreeModel::HiddenUnreadRole).toLongLong();
        };
        // Elsewhere All Mail is a view of the others; at Gmail it holds them all, and their labels may overlap.
        QCOMPARE(hidden(model.index(0, 0, {})), 3 + 10 + 2 + 4);
        QCOMPARE(hidden(model.index(1, 0, {})), 7 + 10);
        const QModelIndex account = model.index(1, 0, {});
        const QModelIndex work = model.index(model.rowCount(account) - 1, 0, account);
        QCOMPARE(model.data(work, Qt::DisplayRole).toString(), QStringLiteral("Work"));
        QCOMPARE(hidden(work), 4);
    }

    void aNameIsNotAPathToInfinity()
    {
        FakeSource source;
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        QString deep;
        for (int i = 0; i < 5000; ++i)
            deep += QStringLiteral("x/");
        const MailboxId mailbox = source.store().addMailbox(account, deep + QLatin1Char('y'));
        source.store().addMailbox(account, QStringLiteral("//"));
        source.store().addMailbox(account, QStringLiteral("a//b"));
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        QTRY_VERIFY(model.isRead());
        int depth = 0;
        for (QModelIndex index = model.find(mailbox); index.isValid(); index = index.parent())
            ++depth;
        QVERIFY(depth > 2);
        QVERIFY(depth <= 34);
        QCOMPARE(model.allMailboxes().size(), 3U);
    }

    void changesArriveInPlace()
    {
        FakeSource source;
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        const MailboxId inbox = source.store().addMailbox(account, QStringLiteral("INBOX"), mail::MailboxRole::Inbox);
        const MailboxId lists = source.store().addMailbox(account, QStringLiteral("Lists"));
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(model.isRead());
        const QPersistentModelIndex held(model.find(lists));
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);

        mail::MessageHeader header;
        header.date = 100;
        source.deliver(inbox, header);
        QTRY_COMPARE(text(model), QStringLiteral("me@example.org[Inbox(1) Lists]"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(inserted.size() + removed.size(), 0);

        source.store().addMailbox(account, QStringLiteral("Archive"), mail::MailboxRole::Archive);
        source.announceTree();
        QTRY_COMPARE(text(model), QStringLiteral("me@example.org[Inbox(1) Archive Lists]"));
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(removed.size(), 0);
        QVERIFY(held.isValid());
        QCOMPARE(held.row(), 2);

        source.store().removeMailbox(lists);
        source.announceTree();
        QTRY_COMPARE(text(model), QStringLiteral("me@example.org[Inbox(1) Archive]"));
        QVERIFY(!held.isValid());
        QVERIFY(!model.mailbox(lists));
    }

    void followsRandomChanges()
    {
        FakeSource source;
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::mt19937 random(99);
        std::vector<MailboxId> known;
        const auto name = [&]() -> QString {
            QString result(QChar(char16_t(u'a' + random() % 4)));
            for (auto depth = random() % 3; depth > 0; --depth)
                result += QLatin1Char('/') + QString(QChar(char16_t(u'a' + random() % 4)));
            return result + QString::number(random() % 3);
        };
        for (int step = 0; step < 60; ++step) {
            if (known.empty() || random() % 3 != 0) {
                known.push_back(source.store().addMailbox(account, name(),
                                                          random() % 8 == 0 ? mail::MailboxRole(1 + random() % 6)
                                                                            : mail::MailboxRole::None));
            } else if (random() % 2 == 0) {
                source.store().renameMailbox(known[random() % known.size()], name());
            } else {
                const auto at = known.begin() + std::ptrdiff_t(random() % known.size());
                source.store().removeMailbox(*at);
                known.erase(at);
            }
            source.announceTree();
            if (step % 6 != 5)
                continue;
            MailboxTreeModel fresh(source, queue);
            QTRY_VERIFY(fresh.isRead());
            QTRY_COMPARE(text(model), text(fresh));
        }
    }

    void anAccountThatNeedsThePersonIsMarked()
    {
        FakeSource source;
        const AccountId account = source.addFakeAccount(QStringLiteral("me@example.org"));
        ReadQueue queue(source);
        MailboxTreeModel model(source, queue);
        QTRY_VERIFY(model.isRead());
        engine::AccountStatus status;
        status.account = account;
        status.state = engine::AccountStatus::State::NeedsUser;
        source.setStatus(status);
        QVERIFY(model.data(model.index(0, 0, {}), MailboxTreeModel::NeedsAttentionRole).toBool());
        status.state = engine::AccountStatus::State::UpToDate;
        source.setStatus(status);
        QVERIFY(!model.data(model.index(0, 0, {}), MailboxTreeModel::NeedsAttentionRole).toBool());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestMailboxTreeModel)
#include "test_mailboxtreemodel.moc"

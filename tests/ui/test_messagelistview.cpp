// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/messagelist/listheader.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"

#include <QElapsedTimer>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, now);
    ReadQueue queue{source};
    MessageListModel model{source, queue};
    MessageListPane pane{model};

    explicit Fixture(bool open = true)
    {
        pane.view().messageDelegate().setNow([] { return now; });
        pane.resize(380, 700);
        pane.show();
        if (open)
            openInbox();
    }
    void openInbox()
    {
        model.open(sample.inbox);
        QTRY_VERIFY(model.isComplete());
        QTRY_VERIFY(model.message(0) != nullptr);
    }
    MessageListView &view() { return pane.view(); }
    [[nodiscard]] RowGeometry geometry(int row)
    {
        auto &delegate = view().messageDelegate();
        return delegate.geometry(view().visualRect(model.index(row)), view().font(), view().layoutDirection(), row,
                                 delegate.dateText(row));
    }
};

std::vector<QRect> parts(const RowGeometry &g)
{
    std::vector<QRect> result;
    for (const QRect &part :
         {g.dot, g.people, g.date, g.replied, g.forwarded, g.subject, g.attachment, g.star, g.chip, g.size}) {
        if (!part.isNull())
            result.push_back(part);
    }
    return result;
}

} // namespace

class TestMessageListView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void partsOfARowLieBesideEachOther_data()
    {
        QTest::addColumn<bool>("columns");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<double>("scale");
        for (const double scale : {1.0, 1.6}) {
            QTest::newRow("two lines") << false << false << scale;
            QTest::newRow("two lines, mirrored") << false << true << scale;
            QTest::newRow("columns") << true << false << scale;
            QTest::newRow("columns, mirrored") << true << true << scale;
        }
    }

    void partsOfARowLieBesideEachOther()
    {
        QFETCH(bool, columns);
        QFETCH(bool, mirrored);
        QFETCH(double, scale);
        Fixture f;
        f.view().setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        f.view().setFont(theme::scaled(f.view().font(), scale));
        f.pane.resize(columns ? 900 : 380, 700);
        f.pane.setRowStyle(columns ? RowStyle::Columns : RowStyle::TwoLines);
        QVERIFY(f.view().rowHeight() > f.view().fontMetrics().height());
        for (int row = 0; row < 30; ++row) {
            const QRect line = f.view().visualRect(f.model.index(row));
            QCOMPARE(line.height(), f.view().rowHeight());
            const auto all = parts(f.geometry(row));
            QVERIFY(all.size() >= 3);
            for (std::size_t i = 0; i < all.size(); ++i) {
                QVERIFY(line.contains(all[i]));
                for (std::size_t k = i + 1; k < all.size(); ++k)
                    QVERIFY(!all[i].intersects(all[k]));
            }
        }
        // The sender begins where the line begins.
        const RowGeometry first = f.geometry(0);
        QCOMPARE(first.people.center().x() > first.date.center().x(), mirrored);
    }

    void rowsKeepTheirPlaceWhenOthersComeAboveThem()
    {
        Fixture f;
        f.view().verticalScrollBar()->setValue(40 * f.view().rowHeight() + 7);
        const MessageId top = f.model.listRow(f.view().firstVisibleRow()).id;
        const int at = f.view().visualRect(f.model.index(f.view().firstVisibleRow())).top();
        const int before = f.model.rowCount();
        mail::MessageHeader header;
        header.date = now.toSecsSinceEpoch();
        header.from = {{QStringLiteral("A"), QStringLiteral("a@example.org")}};
        for (int i = 0; i < 5; ++i)
            f.source.deliver(f.sample.inbox, header);
        QTRY_COMPARE(f.model.rowCount(), before + 5);
        QCOMPARE(f.model.listRow(f.view().firstVisibleRow()).id, top);
        QCOMPARE(f.view().visualRect(f.model.index(f.view().firstVisibleRow())).top(), at);
        f.source.expunge(f.sample.inbox, {f.model.listRow(2).id, f.model.listRow(3).id});
        QTRY_COMPARE(f.model.rowCount(), before + 3);
        QCOMPARE(f.model.listRow(f.view().firstVisibleRow()).id, top);
        // At the very top new mail shows itself.
        f.view().verticalScrollBar()->setValue(0);
        f.source.deliver(f.sample.inbox, header);
        QTRY_COMPARE(f.model.rowCount(), before + 4);
        QCOMPARE(f.view().firstVisibleRow(), 0);
    }

    void keysMoveAndChoose()
    {
        Fixture f;
        QSignalSpy chosen(&f.pane, &MessageListPane::messageChosen);
        f.view().setFocus();
        QCOMPARE(chosen.size(), 0); // the keyboard's arrival opens nothing
        QTest::keyClick(&f.view(), Qt::Key_Home);
        QCOMPARE(f.pane.currentMessage(), f.model.listRow(0).id);
        QTest::keyClick(&f.view(), Qt::Key_Down);
        QTest::keyClick(&f.view(), Qt::Key_Down);
        QCOMPARE(f.view().currentIndex().row(), 2);
        QTest::keyClick(&f.view(), Qt::Key_End);
        QCOMPARE(f.view().currentIndex().row(), f.model.rowCount() - 1);
        QVERIFY(f.view().viewport()->rect().contains(f.view().visualRect(f.view().currentIndex())));
        QTest::keyClick(&f.view(), Qt::Key_PageUp);
        QVERIFY(f.view().currentIndex().row() < f.model.rowCount() - 5);
        QSignalSpy read(&f.pane, &MessageListPane::readerRequested);
        QTest::keyClick(&f.view(), Qt::Key_Return);
        QCOMPARE(read.size(), 1);
    }

    void aConversationFoldsByKeyAndByClick()
    {
        Fixture f;
        const int rows = f.model.rowCount();
        QCOMPARE(f.model.listRow(0).count, 2U);
        f.view().setCurrentIndex(f.model.index(0));
        QTest::keyClick(&f.view(), Qt::Key_Right);
        QTRY_COMPARE(f.model.rowCount(), rows + 1);
        QCOMPARE(f.model.listRow(1).kind, ListRow::Kind::Child);
        f.view().setCurrentIndex(f.model.index(1));
        QTest::keyClick(&f.view(), Qt::Key_Left); // to its head
        QCOMPARE(f.view().currentIndex().row(), 0);
        QTest::keyClick(&f.view(), Qt::Key_Left);
        QTRY_COMPARE(f.model.rowCount(), rows);
        const QRect chip = f.geometry(0).chip;
        QVERIFY(!chip.isNull());
        QTest::mouseClick(f.view().viewport(), Qt::LeftButton, {}, chip.center());
        QTRY_COMPARE(f.model.rowCount(), rows + 1);
    }

    void aMessageThatIsExpungedGivesWayToNoOther_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("next");
        QTest::newRow("by itself") << 2 << 3;
        QTest::newRow("newest of a conversation") << 5 << 5; // the older one has taken its row
    }

    void aMessageThatIsExpungedGivesWayToNoOther()
    {
        QFETCH(int, row);
        QFETCH(int, next);
        Fixture f;
        f.view().setCurrentIndex(f.model.index(row));
        const MessageId gone = f.pane.currentMessage();
        const ListRow &shown = f.model.listRow(next);
        const MessageId below = next == row ? f.model.members(shown.thread).back() : shown.id;
        QSignalSpy chosen(&f.pane, &MessageListPane::messageChosen);
        f.source.expunge(f.sample.inbox, {gone});
        QTRY_COMPARE(chosen.size(), 1);
        QVERIFY(!chosen.first().first().value<MessageId>().isValid());
        QTest::keyClick(&f.view(), Qt::Key_Down); // goes on where it was
        QCOMPARE(f.pane.currentMessage(), below);
    }

    void theMessageStaysChosenWhenTheListIsSortedAnew()
    {
        Fixture f;
        f.view().setCurrentIndex(f.model.index(7));
        const MessageId message = f.pane.currentMessage();
        QSignalSpy chosen(&f.pane, &MessageListPane::messageChosen);
        f.model.setSort(store::SortKey::Subject, true);
        QTRY_VERIFY(f.model.isComplete());
        QTRY_VERIFY(f.view().currentIndex().isValid());
        QCOMPARE(f.model.listRow(f.view().currentIndex().row()).id, message);
        QCOMPARE(chosen.size(), 0);
    }

    void theNextUnreadMessageIsUnfoldedWhereItIsHidden()
    {
        Fixture f(false);
        const ThreadId thread = f.source.store().newThread();
        const MailboxId box = f.sample.archive;
        mail::MessageHeader header;
        header.date = 100;
        const MessageId older = f.source.store().add(box, header, thread);
        header.date = 200;
        header.flags.set(mail::SystemFlag::Seen);
        f.source.store().add(box, header, thread);
        f.model.open(box);
        QTRY_VERIFY(f.model.isComplete());
        QCOMPARE(f.model.rowCount(), 1);
        f.pane.selectUnread(true);
        QTRY_COMPARE(f.pane.currentMessage(), older);
        QCOMPARE(f.model.rowCount(), 2);
        QSignalSpy none(&f.pane, &MessageListPane::noUnreadLeft);
        f.pane.selectUnread(true);
        QTRY_COMPARE(none.size(), 1);
        QCOMPARE(f.pane.currentMessage(), older);
    }

    void emptyAndBrokenMailboxesSaySo()
    {
        Fixture f(false);
        auto *empty = f.pane.findChild<EmptyState *>();
        QVERIFY(empty->isVisible());
        f.model.open(f.sample.archive);
        QTRY_COMPARE(f.model.state(), MessageListModel::State::Ready);
        QVERIFY(empty->isVisible());
        QSignalSpy check(&f.pane, &MessageListPane::checkRequested);
        empty->findChild<QPushButton *>()->click();
        QCOMPARE(check.size(), 1);
        f.source.store().setFailing(true);
        f.model.open(f.sample.inbox);
        QTRY_COMPARE(f.model.state(), MessageListModel::State::Failed);
        QVERIFY(empty->isVisible());
        f.source.store().setFailing(false);
        empty->findChild<QPushButton *>()->click();
        QTRY_COMPARE(f.model.state(), MessageListModel::State::Ready);
        QTRY_VERIFY(f.view().isVisible());
    }

    void columnsSortByClick()
    {
        Fixture f;
        f.pane.resize(900, 500);
        f.pane.setRowStyle(RowStyle::Columns);
        ListHeader *header = f.view().header();
        QVERIFY(header->isVisible());
        const QPoint subject(header->sectionViewportPosition(1) + 20, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, subject);
        QCOMPARE(f.model.sortKey(), store::SortKey::Subject);
        QVERIFY(f.model.isAscending());
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, subject);
        QVERIFY(!f.model.isAscending());
        f.pane.setRowStyle(RowStyle::TwoLines);
        QVERIFY(!header->isVisible());
    }

    void aMillionRowsArePaintedLikeAScreenful()
    {
        Fixture f(false);
        const MailboxId box = f.source.store().addMailbox(f.sample.account, QStringLiteral("Large"));
        f.source.store().fill(box, 1000000, now.toSecsSinceEpoch());
        f.model.open(box);
        QTRY_VERIFY_WITH_TIMEOUT(f.model.isComplete(), 60000);
        const auto read = f.source.store().counters().rowsRead;
        QElapsedTimer timer;
        timer.start();
        f.view().verticalScrollBar()->setValue(f.view().verticalScrollBar()->maximum() / 2);
        f.view().viewport()->repaint();
        qInfo("scrolled to the middle and painted in %lld ms", static_cast<long long>(timer.elapsed()));
        QTRY_VERIFY(f.model.cachedMessage(f.model.listRow(f.view().firstVisibleRow()).id) != nullptr);
        QVERIFY(f.source.store().counters().rowsRead - read < 1000);
        QTest::keyClick(&f.view(), Qt::Key_End);
        QCOMPARE(f.view().currentIndex().row(), 999999);
        QVERIFY(f.view().viewport()->rect().contains(f.view().visualRect(f.view().currentIndex())));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestMessageListView)
#include "test_messagelistview.moc"

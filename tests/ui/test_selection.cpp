// SPDX-License-Identifier: GPL-3.0-or-later
// Several messages at once: how they are chosen, what is read meanwhile, and what is done to them.
#include "tests/ui/filingfixture.h"
#include "ui/folders/folderview.h"
#include "ui/models/mailboxtreemodel.h"
#include "ui/widgets/emptystate.h"

#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;
using Fixture = FilingFixture;

namespace
{

MessageListView &viewOf(Fixture &f)
{
    return f.window->messageList().view();
}

void click(Fixture &f, int row, Qt::KeyboardModifiers modifiers = {})
{
    MessageListView &view = viewOf(f);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers,
                      view.visualRect(view.model()->index(row, 0)).center());
}

QString told(Fixture &f)
{
    const ReaderPane &reader = f.window->reader();
    const auto *sentence = f.window->reader().emptyState().findChild<QLabel *>();
    return reader.state() == ReaderPane::State::Empty && sentence != nullptr ? sentence->text() : QString();
}

} // namespace

class TestSelection final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withTheKeyboard()
    {
        Fixture f;
        f.choose(0);
        const std::vector<MessageId> three{f.at(0), f.at(1), f.at(2)};
        const MessageId next = f.at(3);
        QSignalSpy chosen(&f.window->messageList(), &MessageListPane::messageChosen);
        QTest::keyClick(&viewOf(f), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(&viewOf(f), Qt::Key_Down, Qt::ShiftModifier);
        // Nothing is fetched, and nothing marked as read, that is only passed on the way.
        for (const QList<QVariant> &one : chosen)
            QVERIFY(!one.front().value<MessageId>().isValid());
        QCOMPARE(told(f), QStringLiteral("3 messages selected."));
        QCOMPARE(f.window->messageList().selectedMessages(), three);
        f.window->actions().archive->trigger();
        QTRY_COMPARE(f.source.moveRequests().size(), 1U);
        QCOMPARE(f.last().messages, three);
        QTRY_COMPARE(f.window->reader().message(), next);
        QVERIFY(!f.window->messageList().hasSeveral());
        // One row less at a time, back to one that is read.
        QTest::keyClick(&viewOf(f), Qt::Key_Down, Qt::ShiftModifier);
        QVERIFY(f.window->messageList().hasSeveral());
        QTest::keyClick(&viewOf(f), Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(!f.window->messageList().hasSeveral());
        QTRY_COMPARE(f.window->reader().message(), next);
    }

    void withTheMouse()
    {
        Fixture f;
        click(f, 1);
        QTRY_COMPARE(f.window->reader().message(), f.at(1));
        click(f, 3, Qt::ControlModifier);
        QCOMPARE(f.window->messageList().selectedMessages(), (std::vector<MessageId>{f.at(1), f.at(3)}));
        click(f, 5, Qt::ShiftModifier);
        QCOMPARE(f.window->messageList().selectedMessages().size(), 3U); // from the last one that was clicked
        QCOMPARE(told(f), QStringLiteral("3 messages selected."));
        // A click without a key reads one of them.
        click(f, 4);
        QTRY_COMPARE(f.window->reader().message(), f.at(4));
        QCOMPARE(f.window->messageList().currentMessage(), f.at(4));
    }

    void allOfThemAreMarkedTogether()
    {
        Fixture f;
        viewOf(f).setFocus();
        const auto all = static_cast<std::size_t>(f.window->messageModel().rowCount());
        QTest::keyClick(&viewOf(f), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(f.window->messageList().selectedMessages().size(), all);
        QCOMPARE(f.window->messageList().selectedMessages(7).size(), 7U);
        const std::size_t before = f.source.flagRequests().size();
        f.window->actions().toggleRead->trigger();
        QTRY_COMPARE(f.source.flagRequests().size(), before + 1);
        QCOMPARE(f.source.flagRequests().back().messages.size(), all);
        QVERIFY(f.window->messageList().hasSeveral()); // they stay chosen for what comes next
        f.window->actions().remove->trigger();
        QTRY_COMPARE(f.last().messages.size(), all);
    }

    void foldedConversationsCountWhole()
    {
        Fixture f;
        f.window->messageModel().setThreaded(true);
        QTRY_VERIFY(f.window->messageModel().isComplete() && f.window->messageModel().rowCount() > 3);
        int folded = 0;
        while (f.window->messageModel().listRow(folded).kind != ListRow::Kind::Folded)
            ++folded;
        const auto count = f.window->messageModel().listRow(folded).count;
        QVERIFY(count > 1);
        click(f, folded);
        click(f, folded + 1, Qt::ControlModifier);
        std::uint32_t expected = count;
        const ListRow &other = f.window->messageModel().listRow(folded + 1);
        expected += other.kind == ListRow::Kind::Folded ? other.count : 1;
        QCOMPARE(told(f), QStringLiteral("%1 messages selected.").arg(expected));
        QCOMPARE(f.window->messageList().selectedMessages().size(), std::size_t(expected));
    }

    void severalAreDraggedTogether()
    {
        Fixture f;
        auto *folders = f.window->findChild<FolderView *>();
        auto *model = qobject_cast<MailboxTreeModel *>(folders->model());
        click(f, 1);
        click(f, 2, Qt::ControlModifier);
        const std::vector<MessageId> both{f.at(1), f.at(2)};
        MessageListView &view = viewOf(f);
        const QPoint place
            = folders->viewport()->mapToGlobal(folders->visualRect(model->find(f.sample.archive)).center());
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, view.visualRect(view.model()->index(2, 0)).center());
        QMouseEvent move(QEvent::MouseMove, view.viewport()->mapFromGlobal(place), place, Qt::NoButton, Qt::LeftButton,
                         {});
        QCoreApplication::sendEvent(view.viewport(), &move);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, view.viewport()->mapFromGlobal(place));
        QTRY_COMPARE(f.source.moveRequests().size(), 1U);
        QCOMPARE(f.last().messages, both);
    }

    void whatGoesElsewhereLeavesTheOthersChosen()
    {
        Fixture f;
        click(f, 1);
        click(f, 2, Qt::ControlModifier);
        click(f, 3, Qt::ControlModifier);
        const std::vector<MessageId> rest{f.at(1), f.at(2)};
        const auto goes = [&f](MessageId message) { // by another device
            f.source.store().remove(f.sample.inbox, {message});
            f.source.announce(
                {.mailbox = f.sample.inbox, .reset = false, .added = {}, .changed = {}, .removed = {message}});
        };
        goes(f.at(3)); // where the keyboard is
        QTRY_COMPARE(f.window->messageList().selectedMessages(), rest);
        QTRY_COMPARE(told(f), QStringLiteral("2 messages selected."));
        goes(rest.front());
        QTRY_COMPARE(f.window->reader().message(), rest.back());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestSelection)
#include "test_selection.moc"

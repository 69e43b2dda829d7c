// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/filingfixture.h"
#include "ui/folders/folderview.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/models/mailboxtreemodel.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QMouseEvent>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;
using mail::MoveKind;
using Fixture = FilingFixture;

class TestFiling final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReadingGoesOnWithTheNextMessage_data()
    {
        QTest::addColumn<Qt::Key>("key");
        QTest::addColumn<MoveKind>("kind");
        QTest::newRow("delete") << Qt::Key_Delete << MoveKind::Delete;
        QTest::newRow("archive") << Qt::Key_A << MoveKind::Archive;
        QTest::newRow("junk") << Qt::Key_J << MoveKind::Junk;
    }
    void theReadingGoesOnWithTheNextMessage()
    {
        QFETCH(Qt::Key, key);
        QFETCH(MoveKind, kind);
        Fixture f;
        const int rows = f.window->messageModel().rowCount();
        f.choose(1);
        const MessageId chosen = f.at(1);
        const MessageId next = f.at(2);
        f.window->messageList().view().setFocus();
        QTest::keyClick(&f.window->messageList().view(), key);
        QTRY_COMPARE(f.window->messageModel().rowCount(), rows - 1);
        QCOMPARE(f.last().kind, kind);
        QCOMPARE(f.last().messages, std::vector<MessageId>{chosen});
        QTRY_COMPARE(f.window->reader().message(), next);
        QCOMPARE(f.window->messageList().currentMessage(), next);
        // It says what was done, and offers to take it back.
        QTRY_VERIFY(f.banner()->isVisible());
        QVERIFY2(f.banner()->text().contains(QLatin1String("1 message ")), qPrintable(f.banner()->text()));
        f.banner()->findChild<QPushButton *>()->click();
        QCOMPARE(f.source.undos(), 1);
        QVERIFY(!f.banner()->isVisible());
    }

    void aMessageInItsOwnWindowIsTakenAway_data()
    {
        QTest::addColumn<Qt::Key>("key");
        QTest::addColumn<MoveKind>("kind");
        QTest::newRow("delete") << Qt::Key_Delete << MoveKind::Delete;
        QTest::newRow("archive") << Qt::Key_A << MoveKind::Archive;
        QTest::newRow("junk") << Qt::Key_J << MoveKind::Junk;
    }
    void aMessageInItsOwnWindowIsTakenAway()
    {
        QFETCH(Qt::Key, key);
        QFETCH(MoveKind, kind);
        Fixture f;
        f.choose(1);
        const MessageId chosen = f.at(1);
        QTRY_COMPARE(f.window->reader().state(), ReaderPane::State::Showing);
        f.window->messageList().view().setFocus();
        QTest::keyClick(&f.window->messageList().view(), Qt::Key_Return);
        const QPointer<ReaderWindow> own = f.window->findChild<ReaderWindow *>();
        QVERIFY(own);
        // Another one is chosen in the list meanwhile, and stays so.
        f.choose(3);
        const MessageId other = f.at(3);
        own->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), own.data());
        QTest::keyClick(own, key);
        QTRY_VERIFY(!own);
        QCOMPARE(f.last().kind, kind);
        QCOMPARE(f.last().messages, std::vector<MessageId>{chosen});
        QTRY_VERIFY(f.banner()->isVisible());
        QCOMPARE(f.window->messageList().currentMessage(), other);
    }

    void afterTheLastOneComesTheOneBefore()
    {
        Fixture f;
        const int last = f.window->messageModel().rowCount() - 1;
        f.choose(last);
        const MessageId before = f.at(last - 1);
        f.window->actions().archive->trigger();
        QTRY_COMPARE(f.window->messageModel().rowCount(), last);
        QTRY_COMPARE(f.window->messageList().currentMessage(), before);
    }

    void forGoodOnlyWhenThePersonSaysSo()
    {
        Fixture f;
        f.choose(0);
        const MessageId chosen = f.at(0);
        f.window->actions().removeForEver->trigger();
        auto *box = f.window->findChild<QMessageBox *>(QStringLiteral("confirmDeletion"));
        QVERIFY(box != nullptr);
        QVERIFY(box->text().contains(QLatin1String("1 message ")));
        QCOMPARE(box->defaultButton(), box->button(QMessageBox::Cancel));
        box->button(QMessageBox::Cancel)->click();
        QVERIFY(f.source.moveRequests().empty());
        QTRY_VERIFY(f.window->findChild<QMessageBox *>(QStringLiteral("confirmDeletion")) == nullptr);
        f.window->actions().removeForEver->trigger();
        f.window->findChild<QPushButton *>(QStringLiteral("deleteForGood"))->click();
        QCOMPARE(f.source.moveRequests().size(), 1U);
        QCOMPARE(f.last().kind, MoveKind::Expunge);
        QCOMPARE(f.last().messages, std::vector<MessageId>{chosen});
        // Nothing is offered that cannot be had.
        QTRY_VERIFY(f.banner()->isVisible());
        f.banner()->findChild<QPushButton *>()->click();
        QCOMPARE(f.source.undos(), 0);
    }

    void inTheTrashDeleteAsks()
    {
        Fixture f;
        f.open(f.trash);
        f.choose(0);
        f.window->actions().remove->trigger();
        QVERIFY(f.window->findChild<QMessageBox *>(QStringLiteral("confirmDeletion")) != nullptr);
        QVERIFY(f.source.moveRequests().empty());
    }

    void inTheJunkFolderJBringsBack()
    {
        Fixture f;
        f.open(f.junk);
        f.choose(0);
        QCOMPARE(f.window->actions().junk->text(), QStringLiteral("Not junk"));
        f.window->actions().junk->trigger();
        QCOMPARE(f.last().kind, MoveKind::NotJunk);
    }

    void toAnyFolderByTyping()
    {
        Fixture f;
        f.choose(0);
        f.window->actions().moveTo->trigger();
        auto *field = f.window->findChild<QLineEdit *>(QStringLiteral("switcherField"));
        if (field == nullptr) {
            const auto fields = f.window->findChildren<QLineEdit *>();
            for (QLineEdit *one : fields) {
                if (one->isVisible() && one->hasFocus())
                    field = one;
            }
        }
        QVERIFY(field != nullptr);
        QTest::keyClicks(field, QStringLiteral("Archive"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(f.source.moveRequests().size(), 1U);
        QCOMPARE(f.last().kind, MoveKind::Move);
        QCOMPARE(f.last().target, f.sample.archive);
    }

    void droppedOnAFolder()
    {
        Fixture f;
        f.choose(0);
        const MessageId chosen = f.at(0);
        auto *folders = f.window->findChild<FolderView *>(QStringLiteral("folders"));
        auto *model = qobject_cast<MailboxTreeModel *>(folders->model());
        MessageListView &view = f.window->messageList().view();
        const QPoint row = view.visualRect(view.currentIndex()).center();
        const auto drag = [&](MailboxId target, bool givesUp) {
            const QPoint place = folders->viewport()->mapToGlobal(folders->visualRect(model->find(target)).center());
            QTest::mousePress(view.viewport(), Qt::LeftButton, {}, row);
            QMouseEvent move(QEvent::MouseMove, view.viewport()->mapFromGlobal(place), place, Qt::NoButton,
                             Qt::LeftButton, {});
            QCoreApplication::sendEvent(view.viewport(), &move);
            const Qt::CursorShape shape = view.viewport()->cursor().shape();
            if (givesUp)
                QTest::keyClick(&view, Qt::Key_Escape);
            QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, view.viewport()->mapFromGlobal(place));
            return shape;
        };
        QCOMPARE(drag(f.sample.inbox, false), Qt::ForbiddenCursor); // where it is
        QVERIFY(f.source.moveRequests().empty());
        QCOMPARE(drag(f.sample.archive, true), Qt::DragMoveCursor);
        QVERIFY(f.source.moveRequests().empty());
        QCOMPARE(drag(f.sample.archive, false), Qt::DragMoveCursor);
        QCOMPARE(f.source.moveRequests().size(), 1U);
        QCOMPARE(f.last().target, f.sample.archive);
        QCOMPARE(f.last().messages, std::vector<MessageId>{chosen});
    }

    void whatFailsStaysAndSaysWhy()
    {
        Fixture f;
        f.choose(1);
        const MessageId chosen = f.at(1);
        f.source.setActionError(Error{ErrorKind::Input, {}, QStringLiteral("This account has no archive."), {}});
        f.window->actions().archive->trigger();
        QTRY_VERIFY(f.banner()->isVisible());
        QCOMPARE(f.banner()->text(), QStringLiteral("This account has no archive."));
        QTRY_COMPARE(f.window->messageList().currentMessage(), chosen);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestFiling)
#include "test_filing.moc"

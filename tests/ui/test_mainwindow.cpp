// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/accounts/accountdialog.h"
#include "ui/accounts/passworddialog.h"
#include "ui/folders/folderview.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/switcher.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sourcewindow.h"
#include "ui/widgets/banner.h"

#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QTemporaryDir>
#include <QToolButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

struct Fixture {
    FakeSource source;
    Sample sample;
    std::unique_ptr<MainWindow> window;

    explicit Fixture(const QString &profile = {}, bool accounts = true)
    {
        if (accounts)
            sample = fillWithSample(source, now);
        open(profile);
        if (accounts)
            QTRY_VERIFY(window->messageModel().isComplete());
    }
    void open(const QString &profile)
    {
        window = std::make_unique<MainWindow>(source, profile);
        window->setNow([] { return now; });
        window->resize(1280, 800);
        window->show();
        window->activateWindow();
    }
    template <typename T>
    T *find(const char *name)
    {
        return window->findChild<T *>(QLatin1String(name));
    }
    void read(MessageId message)
    {
        window->openMessage(message);
        QTRY_COMPARE(window->reader().message(), message);
        QTRY_VERIFY(window->reader().state() != ReaderPane::State::Loading);
    }
};

/** What a screen reader would say of a control. */
QString nameOf(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QStringList namelessControls(QWidget *root)
{
    QStringList nameless;
    for (QWidget *widget : root->findChildren<QWidget *>()) {
        const bool part = widget->objectName().startsWith(QLatin1String("qt_"))
            || qobject_cast<QAbstractSpinBox *>(widget->parentWidget())
            || qobject_cast<QComboBox *>(widget->parentWidget()) || qobject_cast<QScrollBar *>(widget)
            || qobject_cast<QHeaderView *>(widget);
        const bool control = qobject_cast<QAbstractButton *>(widget) || qobject_cast<QLineEdit *>(widget)
            || qobject_cast<QAbstractItemView *>(widget) || qobject_cast<QComboBox *>(widget)
            || qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QPlainTextEdit *>(widget)
            || (widget->focusPolicy() & Qt::TabFocus);
        if (control && !part && widget->isVisibleTo(root) && nameOf(widget).isEmpty())
            nameless.append(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') + widget->objectName());
    }
    return nameless;
}

} // namespace

class TestMainWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstRunOffersToAddAnAccount()
    {
        Fixture f({}, false);
        QVERIFY(f.find<QWidget>("welcomePage")->isVisible());
        QVERIFY(!f.window->actions().check->isEnabled());
        QCOMPARE(namelessControls(f.window.get()), QStringList());
        f.find<QPushButton>("welcomeAddAccount")->click();
        auto *dialog = f.window->findChild<AccountDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        dialog->reject();
        f.sample = fillWithSample(f.source, now);
        f.source.announceTree();
        QTRY_VERIFY(!f.find<QWidget>("welcomePage")->isVisible());
        QTRY_COMPARE(f.source.openMailbox(), f.sample.inbox);
        QTRY_VERIFY(f.window->messageModel().isComplete());
    }

    void inboxIsOpenedFirstAndNothingIsRead()
    {
        Fixture f;
        QCOMPARE(f.source.openMailbox(), f.sample.inbox);
        QVERIFY(!f.window->reader().message().isValid());
        QTRY_VERIFY(f.window->windowTitle().startsWith(QStringLiteral("Inbox (")));
        QTRY_VERIFY(f.window->messageList().view().hasFocus());
    }

    void readingMarksAsReadAfterAWhileAndMTakesItBack()
    {
        Fixture f;
        f.window->messageList().selectUnread(true);
        QTRY_VERIFY(f.window->reader().state() == ReaderPane::State::Showing
                    || f.window->reader().state() == ReaderPane::State::Failed);
        const MessageId message = f.window->reader().message();
        const auto isUnread = [&] {
            const store::MessageRow *row = f.window->messageModel().cachedMessage(message);
            return row != nullptr && !row->header.flags.has(mail::SystemFlag::Seen);
        };
        QVERIFY(isUnread());
        QVERIFY2(f.source.flagRequests().empty(), "it was marked before anybody could have read it");
        QTRY_VERIFY(!isUnread());
        QCOMPARE(f.source.flagRequests().size(), 1U);
        QCOMPARE(f.source.flagRequests()[0].messages, std::vector<MessageId>{message});
        QCOMPARE(f.window->actions().toggleRead->text(), QStringLiteral("Mark as unread"));
        f.window->actions().toggleRead->trigger();
        QTRY_VERIFY(isUnread());
        QTRY_COMPARE(f.window->actions().toggleRead->text(), QStringLiteral("Mark as read"));
        f.window->actions().toggleStar->trigger();
        QTRY_COMPARE(f.window->actions().toggleStar->text(), QStringLiteral("Remove star"));
        f.window->actions().undo->trigger();
        QCOMPARE(f.source.undos(), 1);
    }

    void anActionThatFailsSaysWhy()
    {
        Fixture f;
        f.window->messageList().selectUnread(true);
        QTRY_VERIFY(f.window->actions().toggleStar->isEnabled());
        f.source.setActionError(Error{ErrorKind::Storage, {}, QStringLiteral("The disk is full."), {}});
        f.window->actions().toggleStar->trigger();
        auto *banner = f.find<Banner>("actionBanner");
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->text(), QStringLiteral("The disk is full."));
        f.window->actions().undo->trigger();
        QTRY_COMPARE(f.source.undos(), 1);
        banner->findChild<QPushButton *>()->click();
        QVERIFY(!banner->isVisible());
    }

    void everyControlHasAName()
    {
        Fixture f;
        f.read(f.sample.attachments);
        QCOMPARE(namelessControls(f.window.get()), QStringList());
        for (const char *command : {"settings", "addAccount", "shortcuts", "switcher"}) {
            f.window->findChild<QAction *>(QLatin1String(command))->trigger();
            QCOMPARE(namelessControls(f.window.get()), QStringList());
            for (QDialog *dialog : f.window->findChildren<QDialog *>()) {
                QCOMPARE(namelessControls(dialog), QStringList());
                dialog->close();
            }
        }
        f.find<QAbstractButton>("activityLine")->click();
        auto *panel = f.find<QWidget>("activityPanel");
        QVERIFY(panel->isVisible());
        QCOMPARE(namelessControls(panel), QStringList());
        panel->hide();
    }

    void aFolderIsMarkedAsReadFromItsMenu()
    {
        Fixture f;
        auto *folders = f.find<FolderView>("folders");
        const auto *model = static_cast<MailboxTreeModel *>(folders->model());
        const auto menuOf = [&](MailboxId mailbox) {
            const QPoint at = folders->visualRect(model->find(mailbox)).center();
            QContextMenuEvent event(QContextMenuEvent::Mouse, at, folders->viewport()->mapToGlobal(at));
            QCoreApplication::sendEvent(folders->viewport(), &event);
            return folders->findChildren<QMenu *>(QStringLiteral("folderMenu")).last();
        };
        QMenu *quiet = menuOf(f.sample.archive);
        QVERIFY(!quiet->findChild<QAction *>(QStringLiteral("markAllRead"))->isEnabled());
        quiet->close();
        QMenu *menu = menuOf(f.sample.inbox);
        menu->findChild<QAction *>(QStringLiteral("markAllRead"))->trigger();
        menu->close();
        QCOMPARE(f.source.flagRequests().size(), std::size_t{1});
        const engine::FlagRequest request = f.source.flagRequests().front();
        QCOMPARE(request.mailbox, f.sample.inbox);
        QCOMPARE(request.uids, QByteArray("1:*"));
        QVERIFY(request.change.add.has(mail::SystemFlag::Seen));
    }

    void changesThatWaitAreShown()
    {
        Fixture f;
        engine::PendingAction waiting;
        waiting.id = OperationId(7);
        waiting.account = f.sample.account;
        waiting.kind = QStringLiteral("flag");
        waiting.state = QStringLiteral("queued");
        waiting.mailbox = QStringLiteral("INBOX");
        waiting.messages = 3;
        waiting.createdAt = QDateTime::currentMSecsSinceEpoch();
        engine::PendingAction refused = waiting;
        refused.id = OperationId(8);
        refused.kind = QStringLiteral("move");
        refused.state = QStringLiteral("failed");
        refused.target = QStringLiteral("Archive");
        refused.messages = 1;
        refused.error = QStringLiteral("The mailbox is full.");
        auto *line = f.find<ActivityButton>("activityLine");
        const auto tellsOfChanges = [line] { return line->summary().line.contains(QLatin1String("change")); };
        // What waits while the server can be reached is gone in a moment.
        f.source.setPending({waiting});
        QTRY_COMPARE(f.window->findChild<PendingActions *>()->summary().waiting, 1);
        QVERIFY(!tellsOfChanges());
        QVERIFY(!f.find<QWidget>("actionBanner")->isVisible());
        // One that is refused says so by itself, once.
        f.source.setPending({waiting, refused});
        auto *banner = f.find<Banner>("actionBanner");
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->text(), refused.error);
        QCOMPARE(line->summary().line, QStringLiteral("The server refused 1 change"));
        banner->findChild<QPushButton *>()->click();
        QVERIFY(!banner->isVisible());
        auto *panel = f.find<QWidget>("activityPanel");
        QVERIFY(panel->isVisible());
        QCOMPARE(namelessControls(panel), QStringList());
        const auto texts = [panel](const char *name) {
            QStringList found;
            for (const QLabel *label : panel->findChildren<QLabel *>(QLatin1String(name)))
                found.append(label->text().remove(QChar(0x2068)).remove(QChar(0x2069)));
            return found;
        };
        QCOMPARE(texts("pendingAction"),
                 QStringList({QStringLiteral("Move 1 message from INBOX to Archive"),
                              QStringLiteral("Mark 3 messages in INBOX")}));
        QVERIFY(texts("pendingState").first().startsWith(refused.error));
        // An error of trying again stays where it can be read.
        f.source.setActionError(Error{ErrorKind::ServerRefused, {}, QStringLiteral("The mailbox is still full."), {}});
        panel->findChild<QPushButton *>(QStringLiteral("retryAction"))->click();
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->text(), QStringLiteral("The mailbox is still full."));
        f.source.setActionError({});
        QTRY_VERIFY(panel->findChild<QPushButton *>(QStringLiteral("retryAction"))->isEnabled());
        panel->findChild<QPushButton *>(QStringLiteral("retryAction"))->click();
        QTRY_COMPARE(texts("pendingAction"), QStringList(QStringLiteral("Mark 3 messages in INBOX")));
        panel->findChild<QPushButton *>(QStringLiteral("dropAction"))->click();
        QTRY_COMPARE(texts("pendingAction"), QStringList());
        QVERIFY(!tellsOfChanges());
        panel->hide();
    }

    void aMessageThatGoesOutIsFollowed()
    {
        Fixture f;
        engine::PendingAction message;
        message.id = OperationId(9);
        message.kind = QStringLiteral("send");
        message.state = QStringLiteral("queued");
        auto *pending = f.window->findChild<PendingActions *>();
        auto *line = f.find<ActivityButton>("activityLine");
        const auto tellsOfIt = [line] { return line->summary().line.startsWith(QLatin1String("Sending")); };
        f.source.setPending({message});
        QTRY_COMPARE(pending->summary().waiting, 1);
        QVERIFY(!tellsOfIt());
        Q_EMIT f.source.sendProgressed({message.id, 430, 1000});
        QCOMPARE(line->summary().line, QStringLiteral("Sending a message, 43 %"));
        QCOMPARE(line->summary().progress, 0.43);
        // The line was lost: it waits, and goes on later.
        message.error = QStringLiteral("The server cannot be reached.");
        f.source.setPending({message});
        QTRY_VERIFY(!tellsOfIt());
        Q_EMIT f.source.sendProgressed({message.id, 1000, 1000});
        message.state = QStringLiteral("sending");
        f.source.setPending({message});
        QTRY_COMPARE(pending->all().front().state, message.state);
        QCOMPARE(line->summary().line, QStringLiteral("Sending a message, 100 %"));
        f.source.setPending({});
        QTRY_VERIFY(!tellsOfIt());
    }

    void quittingSaysWhatWaits()
    {
        Fixture f;
        engine::PendingAction waiting;
        waiting.id = OperationId(7);
        waiting.kind = QStringLiteral("flag");
        waiting.state = QStringLiteral("queued");
        waiting.messages = 3;
        f.source.setPending({waiting, waiting});
        QTRY_COMPARE(f.window->findChild<PendingActions *>()->summary().waiting, 2);
        QVERIFY(!f.window->close());
        QVERIFY(!f.window->close()); // it asks once
        const auto boxes = f.window->findChildren<QMessageBox *>(QStringLiteral("quitQuestion"));
        QCOMPARE(boxes.size(), 1);
        QCOMPARE(boxes.first()->text(), QStringLiteral("2 changes wait for the server"));
        boxes.first()->escapeButton()->click();
        QTRY_VERIFY(f.window->findChildren<QMessageBox *>(QStringLiteral("quitQuestion")).isEmpty());
        QVERIFY(f.window->isVisible());
        QVERIFY(!f.window->close());
        f.window->findChild<QMessageBox *>(QStringLiteral("quitQuestion"))->defaultButton()->click();
        QVERIFY(!f.window->isVisible());
    }

    void theLayoutFollowsTheWidth()
    {
        Fixture f;
        PaneLayout &panes = f.window->panes();
        f.read(f.sample.plain);
        QCOMPARE(panes.mode(), PaneLayout::Mode::Wide);
        QCOMPARE(f.window->messageList().view().rowStyle(), RowStyle::TwoLines);
        QVERIFY(f.window->reader().isVisible());
        f.window->resize(1000, 800);
        QTRY_COMPARE(panes.mode(), PaneLayout::Mode::Classic);
        QCOMPARE(f.window->messageList().view().rowStyle(), RowStyle::Columns);
        const auto top = [&](QWidget &pane) { return pane.mapTo(f.window.get(), QPoint()).y(); };
        QTRY_VERIFY(top(f.window->reader()) > top(f.window->messageList()));
        f.window->resize(700, 800);
        QTRY_COMPARE(panes.mode(), PaneLayout::Mode::Compact);
        QVERIFY(f.window->messageList().isVisible());
        QVERIFY(!f.window->reader().isVisible());
        QVERIFY(!f.find<QWidget>("folders")->isVisible());
        auto &view = f.window->messageList().view();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                          view.visualRect(f.window->messageModel().index(3)).center());
        QVERIFY(f.window->reader().isVisible());
        QVERIFY(!f.window->messageList().isVisible());
        f.find<QToolButton>("backButton")->click();
        QVERIFY(f.window->messageList().isVisible());
        f.find<QToolButton>("backButton")->click();
        QVERIFY(f.find<QWidget>("folders")->isVisible());
        QVERIFY(!f.find<QToolButton>("backButton")->isVisible());
        f.window->setLayoutChoice(LayoutChoice::Wide);
        QCOMPARE(panes.mode(), PaneLayout::Mode::Wide);
        QVERIFY(f.window->reader().isVisible());
    }

    void keysGoThroughUnreadMessagesAndPages()
    {
        Fixture f;
        QTRY_VERIFY(f.window->messageList().view().hasFocus());
        auto &view = f.window->messageList().view();
        QTest::keyClick(&view, Qt::Key_N);
        QTRY_VERIFY(f.window->reader().message().isValid());
        const MessageId first = f.window->reader().message();
        QCOMPARE(f.window->messageModel().rowOf(first), 0);
        QTRY_COMPARE(f.window->reader().state(), ReaderPane::State::Showing);
        QTest::keyClick(&view, Qt::Key_N);
        QTRY_VERIFY(f.window->reader().message() != first);
        const MessageId second = f.window->reader().message();
        QTest::keyClick(&view, Qt::Key_P);
        QTRY_COMPARE(f.window->reader().message(), first);
        QTRY_COMPARE(f.window->reader().state(), ReaderPane::State::Showing);
        // Space pages to the end of a text, then goes on.
        for (int i = 0; i < 20 && f.window->reader().message() == first; ++i) {
            QTest::keyClick(&view, Qt::Key_Space);
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(f.window->reader().message(), second);
        QTest::keyClick(&view, Qt::Key_F5);
        QCOMPARE(f.source.checks(), 1);
        f.read(f.sample.plain);
        QTest::keyClick(&view, Qt::Key_F6);
        QVERIFY(f.window->reader().isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        QVERIFY(f.find<QWidget>("folders")->hasFocus());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
        QVERIFY(view.hasFocus());
    }

    void theSwitcherGoesToFoldersAndRunsCommands()
    {
        Fixture f;
        QTest::keyClick(f.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto *switcher = f.find<Switcher>("switcher");
        auto *input = f.find<QLineEdit>("switcherInput");
        QVERIFY(switcher->isVisible());
        QTest::keyClicks(input, QStringLiteral("arch"));
        QTest::keyClick(input, Qt::Key_Return);
        QVERIFY(!switcher->isVisible());
        QCOMPARE(f.source.openMailbox(), f.sample.archive);
        QTest::keyClick(f.window.get(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(input, QStringLiteral("check m"));
        QTest::keyClick(input, Qt::Key_Return);
        QCOMPARE(f.source.checks(), 1);
        QTest::keyClick(f.window.get(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClick(input, Qt::Key_Escape);
        QVERIFY(!switcher->isVisible());
    }

    void errorsAreBannersThatGoAwayByThemselves()
    {
        Fixture f;
        auto *banner = f.find<Banner>("accountBanner");
        QVERIFY(!banner->isVisible());
        engine::AccountStatus status = f.source.status(f.sample.account);
        const engine::AccountStatus good = status;
        status.state = engine::AccountStatus::State::NeedsUser;
        status.error = Error{ErrorKind::Auth, {}, QStringLiteral("The password was refused."), {}};
        f.source.setStatus(status);
        QVERIFY(banner->isVisible());
        QCOMPARE(banner->text(), QStringLiteral("The password was refused."));
        banner->findChild<QPushButton *>()->click();
        auto *dialog = f.window->findChild<PasswordDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        dialog->reject();
        f.source.setStatus(good);
        QVERIFY(!banner->isVisible());
        // A connection that comes back at once says nothing.
        status.state = engine::AccountStatus::State::Waiting;
        status.error->kind = ErrorKind::Network;
        f.source.setStatus(status);
        QVERIFY(!banner->isVisible());
        f.source.setStatus(good);
        QVERIFY(!banner->isVisible());
    }

    void theWindowRemembersItsPlacesAndNothingOfMessages()
    {
        const QTemporaryDir profile;
        {
            Fixture f(profile.path());
            f.window->setLayoutChoice(LayoutChoice::Classic);
            f.read(f.sample.plain);
            f.window->actions().zoomIn->trigger();
            f.window->openMailbox(f.sample.archive);
            f.window->messageModel().setThreaded(false);
            f.window->close();
        }
        QFile file(QDir(profile.path()).filePath(QStringLiteral("window.ini")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(!text.contains("ferry") && !text.contains("Ferry") && !text.contains("Solberg"));
        Fixture f(profile.path());
        QTRY_COMPARE(f.source.openMailbox(), f.sample.archive);
        QCOMPARE(f.window->panes().mode(), PaneLayout::Mode::Classic);
        QCOMPARE(f.window->reader().zoomPercent(), 110);
    }

    void mailThatArrivesAppearsWithoutDisturbing()
    {
        Fixture f;
        f.read(f.sample.newsletter);
        const int row = f.window->messageList().view().currentIndex().row();
        mail::MessageHeader header;
        header.subject = QStringLiteral("Just in");
        header.from = {{QStringLiteral("A"), QStringLiteral("a@example.org")}};
        header.date = now.toSecsSinceEpoch();
        f.source.deliver(f.sample.inbox, header);
        QTRY_COMPARE(f.window->messageList().view().currentIndex().row(), row + 1);
        QCOMPARE(f.window->reader().message(), f.sample.newsletter);
    }

    void theSourceOpensInAWindowOfItsOwn()
    {
        Fixture f;
        QVERIFY(!f.window->actions().viewSource->isEnabled());
        f.read(f.sample.plain);
        QTest::keyClick(f.window.get(), Qt::Key_U, Qt::ControlModifier);
        auto *source = f.window->findChild<SourceWindow *>();
        QVERIFY(source && source->isVisible());
        QTRY_VERIFY(source->text().contains(QStringLiteral("Subject: hello")));
        source->close();
    }
};

KITTIWAKE_UI_TEST_MAIN(TestMainWindow)
#include "test_mainwindow.moc"

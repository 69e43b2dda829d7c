// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/folders/foldernamefield.h"
#include "ui/folders/folderview.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/models/mailboxtreemodel.h"
#include "ui/widgets/banner.h"

#include <QContextMenuEvent>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;
using Kind = engine::FolderRequest::Kind;

namespace
{

const QDateTime now(QDate(2026, 11, 22), QTime(14, 3));

struct Fixture {
    FakeSource source;
    AccountId account;
    MailboxId trash;
    MailboxId plain;
    MailboxId inner;
    std::unique_ptr<MainWindow> window;

    Fixture()
    {
        fillWithSample(source, now);
        account = source.accounts().front().id;
        trash = source.store().addMailbox(account, QStringLiteral("Bin"), mail::MailboxRole::Trash);
        plain = source.store().addMailbox(account, QStringLiteral("Plain"));
        inner = source.store().addMailbox(account, QStringLiteral("Plain/Inner"));
        for (const MailboxId mailbox : {trash, inner})
            source.store().fill(mailbox, 3, now.toSecsSinceEpoch());
        window = std::make_unique<MainWindow>(source, QString());
        window->resize(1280, 800);
        window->show();
        window->activateWindow();
        [this] { QTRY_VERIFY(view().model()->rowCount() > 0 && index(inner).isValid()); }();
    }
    [[nodiscard]] FolderView &view() const { return *window->findChild<FolderView *>(QStringLiteral("folders")); }
    [[nodiscard]] QModelIndex index(MailboxId mailbox) const
    {
        return qobject_cast<MailboxTreeModel *>(view().model())->find(mailbox);
    }
    /** The menu of a folder's line, open. */
    [[nodiscard]] QMenu *menu(MailboxId mailbox) const
    {
        view().scrollTo(index(mailbox));
        const QPoint at = view().visualRect(index(mailbox)).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, view().viewport()->mapToGlobal(at));
        QCoreApplication::sendEvent(view().viewport(), &event);
        return view().findChild<QMenu *>(QStringLiteral("folderMenu"));
    }
    /** Carries out an entry of the menu. */
    void choose(MailboxId mailbox, const char *name) const
    {
        QMenu *shown = menu(mailbox);
        QVERIFY(shown != nullptr);
        auto *action = shown->findChild<QAction *>(QString::fromLatin1(name));
        QVERIFY2(action != nullptr && action->isEnabled(), name);
        action->trigger();
        shown->close();
    }
    template <typename Widget>
    [[nodiscard]] Widget *find(const char *name) const
    {
        return window->findChild<Widget *>(QString::fromLatin1(name));
    }
    [[nodiscard]] const engine::FolderRequest &last() const { return source.folderRequests().back(); }
    [[nodiscard]] Banner *banner() const { return find<Banner>("actionBanner"); }
};

} // namespace

class TestFolderActions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFolderIsMadeWithinAnother()
    {
        Fixture f;
        f.choose(f.plain, "newFolder");
        auto *dialog = f.find<QInputDialog>("newFolderDialog");
        QVERIFY(dialog != nullptr);
        dialog->setTextValue(QStringLiteral("Größe"));
        dialog->accept();
        QTRY_COMPARE(f.source.folderRequests().size(), 1U);
        QCOMPARE(f.last().kind, Kind::Create);
        QCOMPARE(f.last().account, f.account);
        QCOMPARE(f.last().name, QStringLiteral("Plain/Größe"));
        QTRY_VERIFY(f.banner()->isVisible());
        QVERIFY2(f.banner()->text().contains(QStringLiteral("Größe")), qPrintable(f.banner()->text()));
    }

    void f2RenamesWhereTheFolderStands()
    {
        Fixture f;
        f.view().setCurrentIndex(f.index(f.inner));
        f.view().setFocus();
        QTest::keyClick(&f.view(), Qt::Key_F2);
        auto *field = f.find<FolderNameField>("folderName");
        QVERIFY(field != nullptr);
        QTRY_VERIFY(field->hasFocus());
        QCOMPARE(field->text(), QStringLiteral("Inner"));
        QVERIFY(f.view().visualRect(f.index(f.inner)).top() <= field->geometry().top());
        // Letters are text here and not commands of the window.
        QTest::keyClicks(field, QStringLiteral("jan"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(f.source.folderRequests().size(), 1U);
        QCOMPARE(f.last().kind, Kind::Rename);
        QCOMPARE(f.last().mailbox, f.inner);
        QCOMPARE(f.last().name, QStringLiteral("Plain/jan"));
        QVERIFY(f.source.moveRequests().empty());
        QTRY_VERIFY(f.find<FolderNameField>("folderName") == nullptr);
    }

    void escapeLeavesTheName()
    {
        Fixture f;
        f.choose(f.inner, "renameFolder");
        auto *field = f.find<FolderNameField>("folderName");
        QVERIFY(field != nullptr);
        QTest::keyClicks(field, QStringLiteral("other"));
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_VERIFY(f.find<FolderNameField>("folderName") == nullptr);
        QVERIFY(f.source.folderRequests().empty());
    }

    void whatIsForGoodAsksFirst_data()
    {
        QTest::addColumn<bool>("isTrash");
        QTest::addColumn<bool>("isConfirmed");
        QTest::newRow("delete") << false << true;
        QTest::newRow("not delete") << false << false;
        QTest::newRow("empty") << true << true;
        QTest::newRow("not empty") << true << false;
    }
    void whatIsForGoodAsksFirst()
    {
        QFETCH(bool, isTrash);
        QFETCH(bool, isConfirmed);
        Fixture f;
        f.choose(isTrash ? f.trash : f.inner, isTrash ? "emptyFolder" : "deleteFolder");
        auto *box = f.find<QMessageBox>("confirmFolder");
        QVERIFY(box != nullptr);
        QVERIFY2(box->text().contains(u'3'), qPrintable(box->text()));
        QVERIFY(f.source.folderRequests().empty());
        if (!isConfirmed) {
            box->reject();
            QCoreApplication::processEvents();
            QVERIFY(f.source.folderRequests().empty());
            return;
        }
        box->findChild<QPushButton *>(QStringLiteral("confirmedFolder"))->click();
        QTRY_COMPARE(f.source.folderRequests().size(), 1U);
        QCOMPARE(f.last().kind, isTrash ? Kind::Empty : Kind::Delete);
        QCOMPARE(f.last().mailbox, isTrash ? f.trash : f.inner);
        QTRY_VERIFY(f.banner()->isVisible());
    }

    void whatCannotBeIsNotOffered()
    {
        Fixture f;
        const auto isEnabled = [&f](MailboxId mailbox, const char *name) {
            QMenu *shown = f.menu(mailbox);
            auto *action = shown ? shown->findChild<QAction *>(QString::fromLatin1(name)) : nullptr;
            const bool enabled = action != nullptr && action->isEnabled();
            delete shown;
            return enabled;
        };
        QVERIFY(!isEnabled(f.plain, "deleteFolder")); // there is one in it
        QVERIFY(isEnabled(f.plain, "renameFolder"));
        QVERIFY(isEnabled(f.inner, "deleteFolder"));
        QVERIFY(!isEnabled(f.inner, "emptyFolder"));
        QVERIFY(!isEnabled(f.trash, "renameFolder"));
        QVERIFY(!isEnabled(f.trash, "deleteFolder"));
        QVERIFY(isEnabled(f.trash, "newFolder"));
    }

    void aRefusalIsABanner()
    {
        Fixture f;
        f.source.setActionError(Error{ErrorKind::Input, {}, QStringLiteral("There is a folder “x” already."), {}});
        f.choose(f.inner, "subscribeFolder");
        QTRY_VERIFY(f.banner()->isVisible());
        QCOMPARE(f.banner()->text(), QStringLiteral("There is a folder “x” already."));
        QCOMPARE(f.last().kind, Kind::Subscribe);
    }

    void anotherFolderForWhatWasRefused()
    {
        Fixture f;
        engine::PendingAction parked;
        parked.id = OperationId(7);
        parked.account = f.account;
        parked.kind = QStringLiteral("move");
        parked.state = QStringLiteral("failed");
        parked.canBeRetargeted = true;
        parked.mailbox = QStringLiteral("INBOX");
        parked.target = QStringLiteral("Gone");
        parked.error = QStringLiteral("The folder “Gone” is not there any more.");
        f.source.setPending({parked});
        QTRY_VERIFY(f.banner()->isVisible());
        f.banner()->findChild<QPushButton *>()->click();
        QPushButton *other = nullptr;
        QTRY_VERIFY((other = f.find<QPushButton>("retargetAction")) != nullptr);
        // A reason that has changed is read when the panel opens, though nothing was told.
        parked.error = QStringLiteral("There is no room left.");
        f.source.changePendingUntold({parked});
        auto *panel = f.find<QWidget>("activityPanel");
        panel->hide();
        const int reads = f.source.pendingReads();
        auto *line = f.find<QWidget>("activityLine");
        QTest::mouseClick(line->isVisible() ? line : f.find<QWidget>("activityBrief"), Qt::LeftButton);
        QTRY_VERIFY(f.source.pendingReads() > reads);
        const auto reason = [&f]() -> QString {
            const auto *label = f.find<QLabel>("pendingState");
            return label == nullptr ? QString() : label->text();
        };
        QTRY_VERIFY2(reason().contains(QLatin1String("no room")), qPrintable(reason()));
        QTRY_VERIFY((other = f.find<QPushButton>("retargetAction")) != nullptr);
        other->click();
        auto *typed = f.find<QLineEdit>("switcherInput");
        QTRY_VERIFY(typed->isVisible());
        QTest::keyClicks(typed, QStringLiteral("Inner"));
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_COMPARE(f.source.retargeted().size(), 1U);
        QCOMPARE(f.source.retargeted().front().first, OperationId(7));
        QCOMPARE(f.source.retargeted().front().second, f.inner);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestFolderActions)
#include "test_folderactions.moc"

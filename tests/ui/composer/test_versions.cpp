// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with messages that are there already: templates, redirects, two versions of one draft.
#include "tests/ui/composer/fakecomposer.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/composer/composers.h"
#include "ui/composer/composertext.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

using Kind = engine::DraftContext::Kind;
const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));
const QByteArray original = "From: x@example.net\r\nSubject: As it was\r\n\r\nLine\r\n";

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, now);
    FakeComposer backend;
    MainWindow window{source, {}};

    Fixture()
    {
        backend.addIdentity(sample.account, QStringLiteral("Marit Aune"), QStringLiteral("marit@aune.example"));
        backend.addIdentity(sample.account, QStringLiteral("Walks"), QStringLiteral("walks@aune.example"));
        window.setWriting(backend);
        window.setNow([] { return now; });
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qWarning("the window does not get active");
    }
    Composers &composers() { return *window.composers(); }
    bool read(MessageId message)
    {
        return QTest::qWaitFor([&] {
            if (window.reader().message() != message)
                window.openMessage(message); // the list may not have it yet
            return window.reader().message() == message && window.reader().state() == ReaderPane::State::Showing;
        });
    }
    ComposerWindow *waitForComposer(std::size_t count)
    {
        if (!QTest::qWaitFor([&] { return composers().windows().size() == count; }))
            return nullptr;
        return composers().windows().back();
    }
    RedirectWindow *waitForRedirect()
    {
        if (!QTest::qWaitFor([&] { return !composers().redirects().empty(); }))
            return nullptr;
        return composers().redirects().front();
    }
    static engine::OpenedDraft draft(const char *id, const char *text, Kind kind = Kind::Message)
    {
        engine::OpenedDraft opened;
        opened.content.id = mail::DraftId::fromText(QByteArray(id).rightJustified(32, '0'));
        opened.content.context.account = AccountId(1);
        opened.content.context.kind = kind;
        opened.content.composition.subject = QStringLiteral("Plan");
        opened.content.composition.text = QString::fromLatin1(text);
        opened.state.id = opened.content.id;
        opened.state.place = engine::DraftState::Place::Server;
        return opened;
    }
    static void clickFirst(Banner &banner)
    {
        for (QPushButton *button : banner.findChildren<QPushButton *>()) {
            if (!button->isHidden()) {
                button->click();
                return;
            }
        }
        QFAIL("the banner has no button");
    }
};

} // namespace

class TestVersions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenBecomesATemplate()
    {
        Fixture f;
        Writing writing;
        writing.context.account = f.sample.account;
        writing.context.origins = {{engine::DraftOrigin::How::Answers, f.sample.account, {}, "<a@b>"}};
        writing.composition.subject = QStringLiteral("Invitation");
        writing.composition.text = QStringLiteral("Dear all,");
        writing.composition.inReplyTo = {"<a@b>"};
        ComposerWindow *window = f.composers().open(writing);
        window->findChild<QAction *>(QStringLiteral("saveTemplate"))->trigger();
        QTRY_COMPARE(f.backend.closed().size(), 1U);
        const engine::DraftContent kept = f.backend.saved().back();
        QCOMPARE(kept.context.kind, Kind::Template);
        QCOMPARE(kept.composition.text, QStringLiteral("Dear all,"));
        QVERIFY(kept.context.origins.empty() && kept.composition.inReplyTo.isEmpty());
        QCOMPARE(f.backend.closed().front(), kept.id);
        // The message itself is still being written, and is none.
        QVERIFY(kept.id != window->draft());
        QVERIFY(window->isVisible());
        QVERIFY(!window->isTemplate());
        QVERIFY(window->findChild<Banner *>(QStringLiteral("composerTrouble"))
                    ->text()
                    .contains(QStringLiteral("template")));
    }

    void aTemplateThatCannotBeKeptIsSaid()
    {
        Fixture f;
        ComposerWindow *window = f.composers().writeNew(f.sample.account);
        f.backend.setSaveError(Error{ErrorKind::Storage, {}, QStringLiteral("The disk is full."), {}});
        window->saveAsTemplate();
        QTRY_COMPARE(window->findChild<Banner *>(QStringLiteral("composerTrouble"))->text(),
                     QStringLiteral("The disk is full."));
        QVERIFY(f.backend.closed().empty());
    }

    void aNewMessageBeginsWithATemplate()
    {
        Fixture f;
        const MessageId message = f.sample.plain;
        f.backend.setOnServer(message, Fixture::draft("a1", "Dear all,", Kind::Template));
        f.backend.setTemplates(
            {{message, f.sample.account, QStringLiteral("Fish & ships")}, {MessageId(9999), f.sample.account, {}}});
        f.window.actions().fromTemplate->trigger();
        QMenu *menu = nullptr;
        QTRY_VERIFY((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())) != nullptr);
        QCOMPARE(menu->objectName(), QStringLiteral("templatesMenu"));
        QCOMPARE(menu->actions().size(), 2);
        QVERIFY(menu->actions().front()->text().contains(QStringLiteral("Fish && ships")));
        QTest::keyClick(menu, Qt::Key_Return);
        ComposerWindow *window = f.waitForComposer(1);
        QVERIFY(window);
        QVERIFY(!window->isTemplate());
        QCOMPARE(window->text().plain().toPlainText(), QStringLiteral("Dear all,"));
        // The template is another message than this one.
        QVERIFY(window->draft() != mail::DraftId::fromText(QByteArray("a1").rightJustified(32, '0')));
        QCOMPARE(window->findChild<QPushButton *>(QStringLiteral("sendButton"))->text(), QStringLiteral("Send"));
    }

    void withoutTemplatesTheMenuSaysHow()
    {
        Fixture f;
        f.window.actions().fromTemplate->trigger();
        QMenu *menu = nullptr;
        QTRY_VERIFY((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())) != nullptr);
        QCOMPARE(menu->actions().size(), 1);
        QVERIFY(!menu->actions().front()->isEnabled());
        menu->close();
    }

    void aTemplateIsEditedAndNeverSent()
    {
        Fixture f;
        const MessageId message = f.sample.plain;
        f.backend.setOnServer(message, Fixture::draft("a1", "Dear all,", Kind::Template));
        f.composers().openDraft(message);
        const QPointer<ComposerWindow> window = f.waitForComposer(1);
        QVERIFY(window);
        QVERIFY(window->isTemplate());
        QVERIFY(window->windowTitle().startsWith(QStringLiteral("Template: Plan")));
        auto *button = window->findChild<QPushButton *>(QStringLiteral("sendButton"));
        QCOMPARE(button->text(), QStringLiteral("Save template"));
        QVERIFY(window->findChild<QToolButton *>(QStringLiteral("sendLaterButton"))->isHidden());
        QTest::keyClicks(&window->text().plain(), QStringLiteral("Hello! "));
        button->click();
        QTRY_VERIFY(window.isNull());
        QVERIFY(f.backend.sent().empty());
        const engine::DraftContent kept = f.backend.saved().back();
        QCOMPARE(kept.context.kind, Kind::Template);
        QCOMPARE(kept.composition.text, QStringLiteral("Hello! Dear all,"));
        QCOMPARE(f.backend.closed().back(), kept.id);
    }

    void aMessageIsRedirectedAsItIs()
    {
        Fixture f;
        QSignalSpy sent(&f.composers(), &Composers::sent);
        const MessageId message = f.sample.plain;
        f.source.setRaw(message, original);
        QVERIFY(f.read(message));
        f.window.actions().redirect->trigger();
        RedirectWindow *window = f.waitForRedirect();
        QVERIFY(window);
        auto *button = window->findChild<QPushButton *>(QStringLiteral("sendButton"));
        QTRY_VERIFY(button->isEnabled());
        const QString about = window->findChild<QLabel *>(QStringLiteral("redirectAbout"))->text();
        QVERIFY2(about.contains(f.window.reader().row().header.from.front().address), qPrintable(about));
        window->send();
        QVERIFY(f.backend.saved().empty()); // to nobody yet
        QTest::keyClicks(window->recipients().field(RecipientRows::Row::To).lineEdit(),
                         QStringLiteral("ben@example.org"));
        window->recipients().field(RecipientRows::Row::Bcc).addAddresses({{{}, QStringLiteral("cy@example.org")}});
        button->click();
        QTRY_COMPARE(sent.size(), 1);
        const engine::DraftContent content = f.backend.saved().back();
        QCOMPARE(content.context.kind, Kind::Redirect);
        QCOMPARE(content.composition.to.front().address, QStringLiteral("ben@example.org"));
        QCOMPARE(content.composition.bcc.front().address, QStringLiteral("cy@example.org"));
        QCOMPARE(content.composition.from.address, QStringLiteral("marit@aune.example"));
        QCOMPARE(content.composition.attachments.size(), 1U);
        QCOMPARE(std::get<mime::ForwardedMessage>(content.composition.attachments.front()).bytes, original);
        QCOMPARE(content.context.origins.front().how, engine::DraftOrigin::How::Forwards);
        QCOMPARE(content.context.origins.front().messageId, f.window.reader().row().header.messageId);
        QCOMPARE(f.backend.sent().back().id, content.id);
        QTRY_VERIFY(f.composers().redirects().empty());
        QVERIFY(f.backend.discarded().empty());
        // Taken back, it asks for recipients once more.
        f.composers().takeBack(sent.front().front().value<SentMessage>().operation);
        window = f.waitForRedirect();
        QVERIFY(window);
        QCOMPARE(window->recipients().field(RecipientRows::Row::To).addresses().front().address,
                 QStringLiteral("ben@example.org"));
        window->close();
        QTRY_COMPARE(f.backend.discarded().size(), 1U);
        QCOMPARE(f.backend.discarded().front(), content.id);
    }

    void whatCannotBeRedirectedIsSaid()
    {
        Fixture f;
        const MessageId message = f.sample.plain;
        f.source.setRawError(message, Error{ErrorKind::Network, {}, QStringLiteral("There is no network."), {}});
        QVERIFY(f.read(message));
        f.window.actions().redirect->trigger();
        RedirectWindow *window = f.waitForRedirect();
        QVERIFY(window);
        auto *trouble = window->findChild<Banner *>(QStringLiteral("redirectTrouble"));
        QTRY_COMPARE(trouble->text(), QStringLiteral("There is no network."));
        QVERIFY(!window->findChild<QPushButton *>(QStringLiteral("sendButton"))->isEnabled());
        window->setOriginal(original);
        window->recipients().field(RecipientRows::Row::To).addAddresses({{{}, QStringLiteral("ben@example.org")}});
        f.backend.setSendError(Error{ErrorKind::Input, {}, QStringLiteral("Too long."), {}});
        window->send();
        QTRY_COMPARE(trouble->text(), QStringLiteral("Too long."));
        QVERIFY(window->isEnabled());
        window->close();
        QTRY_COMPARE(f.backend.discarded().size(), 1U);
    }

    void ofTwoVersionsThePersonChooses_data()
    {
        QTest::addColumn<bool>("other");
        QTest::newRow("this one") << false;
        QTest::newRow("the other one") << true;
    }
    void ofTwoVersionsThePersonChooses()
    {
        QFETCH(bool, other);
        Fixture f;
        engine::OpenedDraft mine = Fixture::draft("a1", "Mine");
        f.backend.keep(mine.content);
        f.backend.setVersion(MailboxId(7), Uid(12), Fixture::draft("b2", "Theirs"));
        const QPointer<ComposerWindow> window = f.composers().open(writingOf(mine));
        QVERIFY(window->versionsBanner().isHidden());
        mine.state.isConflict = true;
        mine.state.otherMailbox = MailboxId(7);
        mine.state.otherUid = Uid(12);
        f.backend.tell(mine.state);
        QTRY_VERIFY(window->versionsBanner().isVisible());
        Fixture::clickFirst(window->versionsBanner());
        const QPointer<ComposerWindow> theirs = f.waitForComposer(2);
        QVERIFY(theirs);
        QCOMPARE(theirs->text().plain().toPlainText(), QStringLiteral("Theirs"));
        QVERIFY(theirs->versionsBanner().isVisible());
        QVERIFY(f.backend.discarded().empty()); // both are kept until somebody chooses
        const mail::DraftId gone = other ? window->draft() : theirs->draft();
        Fixture::clickFirst(other ? theirs->versionsBanner() : window->versionsBanner());
        QTRY_VERIFY(other ? window.isNull() : theirs.isNull());
        QCOMPARE(f.backend.discarded(), std::vector{gone});
        ComposerWindow *stays = other ? theirs : window;
        QVERIFY(stays);
        mine.state.isConflict = false;
        f.backend.tell(mine.state);
        QTRY_VERIFY(stays->versionsBanner().isHidden());
    }

    void aVersionThatWasClosedUnchosenIsStillThere()
    {
        Fixture f;
        engine::OpenedDraft mine = Fixture::draft("a1", "Mine");
        f.backend.keep(mine.content);
        f.backend.setVersion(MailboxId(7), Uid(12), Fixture::draft("b2", "Theirs"));
        ComposerWindow *window = f.composers().open(writingOf(mine));
        mine.state.isConflict = true;
        mine.state.otherMailbox = MailboxId(7);
        mine.state.otherUid = Uid(12);
        f.backend.tell(mine.state);
        QTRY_VERIFY(window->versionsBanner().isVisible());
        const QString before = window->versionsBanner().text();
        Fixture::clickFirst(window->versionsBanner());
        const QPointer<ComposerWindow> theirs = f.waitForComposer(2);
        QVERIFY(theirs);
        QVERIFY(window->versionsBanner().text() != before);
        theirs->close();
        QTRY_VERIFY(theirs.isNull());
        QTRY_COMPARE(window->versionsBanner().text(), before);
        QVERIFY(f.backend.discarded().empty());
    }

    void aVersionThatHasGoneIsSaid()
    {
        Fixture f;
        engine::OpenedDraft mine = Fixture::draft("a1", "Mine");
        ComposerWindow *window = f.composers().open(writingOf(mine));
        mine.state.isConflict = true;
        mine.state.otherMailbox = MailboxId(7);
        mine.state.otherUid = Uid(99);
        f.backend.tell(mine.state);
        QTRY_VERIFY(window->versionsBanner().isVisible());
        Fixture::clickFirst(window->versionsBanner());
        QTRY_COMPARE(window->findChild<Banner *>(QStringLiteral("composerTrouble"))->text(),
                     QStringLiteral("It is gone."));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestVersions)
#include "test_versions.moc"

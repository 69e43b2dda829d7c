// SPDX-License-Identifier: GPL-3.0-or-later
// From a message to its answer: the commands of the window, what they open, and what comes back.
#include "tests/ui/composer/fakecomposer.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/composer/composers.h"
#include "ui/composer/composertext.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/outgoingchip.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/quotestrip.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

const QByteArray listHeader = "From: Ann <ann@lists.example>\r\nMessage-ID: <m@lists.example>\r\n"
                              "List-Post: <mailto:walkers@lists.example>\r\nReferences: <a@x> <b@x>\r\n\r\n";

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, now);
    FakeComposer backend;
    MainWindow window{source, {}};

    Fixture()
    {
        backend.addIdentity(sample.account, QStringLiteral("Marit Aune"), QStringLiteral("marit@aune.example"));
        window.setWriting(backend);
        window.setNow([] { return now; });
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qWarning("the window does not get active");
    }
    bool read(MessageId message)
    {
        return QTest::qWaitFor([&] {
            if (window.reader().message() != message)
                window.openMessage(message); // the list may not have it yet
            return window.reader().message() == message && window.reader().state() == ReaderPane::State::Showing;
        });
    }
    /** The composer that a command opens. */
    ComposerWindow *open(QAction *command)
    {
        const std::size_t before = window.composers()->windows().size();
        command->trigger();
        if (!QTest::qWaitFor([&] { return window.composers()->windows().size() > before; }))
            return nullptr;
        return window.composers()->windows().back();
    }
    Banner *sentBanner() { return window.findChild<Banner *>(QStringLiteral("sentBanner")); }
    static mail::AddressList to(ComposerWindow *composer)
    {
        return composer->recipients().field(RecipientRows::Row::To).addresses();
    }
};

} // namespace

class TestComposers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCommandsHaveTheKeysThatPeopleKnow()
    {
        Fixture f;
        const WindowActions &a = f.window.actions();
        QCOMPARE(a.compose->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_N));
        QCOMPARE(a.reply->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_R));
        QCOMPARE(a.replyAll->shortcut(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R));
        QCOMPARE(a.forward->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_L));
        const std::vector<QAction *> listed = a.commands();
        for (QAction *action : a.answers())
            QVERIFY(std::find(listed.begin(), listed.end(), action) != listed.end());
        QVERIFY(a.compose->isEnabled());
        QVERIFY(!a.reply->isEnabled());
        QVERIFY(f.read(f.sample.plain));
        QVERIFY(a.reply->isEnabled());
    }

    void aNewMessageBeginsEmptyWithTheKeyboardOnItsRecipient()
    {
        Fixture f;
        ComposerWindow *composer = f.open(f.window.actions().compose);
        QVERIFY(composer != nullptr);
        QVERIFY(composer->isWindow());
        QVERIFY(composer->parentWidget() == nullptr);
        QTRY_VERIFY(composer->recipients().field(RecipientRows::Row::To).lineEdit()->hasFocus());
        QCOMPARE(composer->writing().context.account, f.sample.account);
    }

    void aPlainMessageIsAnsweredWithItsWordsBelow()
    {
        Fixture f;
        QVERIFY(f.read(f.sample.plain));
        ComposerWindow *composer = f.open(f.window.actions().reply);
        QVERIFY(composer != nullptr);
        const store::MessageRow row = f.window.reader().row();
        QCOMPARE(Fixture::to(composer).front().address, row.header.from.front().address);
        QVERIFY(composer->subjectEdit()->text().startsWith(QStringLiteral("Re: ")));
        QVERIFY(!composer->text().isRich());
        const QString text = composer->text().plain().toPlainText();
        QVERIFY(text.startsWith(u'\n'));
        QVERIFY(text.contains(QStringLiteral("\n> ")));
        QCOMPARE(composer->text().plain().textCursor().position(), 0);
        QTRY_VERIFY(composer->text().plain().hasFocus());
        const Writing writing = composer->writing();
        QCOMPARE(writing.composition.inReplyTo, QByteArrayList{row.header.messageId});
        QCOMPARE(writing.context.origins.size(), std::size_t(1));
        QCOMPARE(writing.context.origins.front().how, engine::DraftOrigin::How::Answers);
        QCOMPARE(writing.context.origins.front().messageId, row.header.messageId);
    }

    void whatIsSelectedIsWhatIsQuoted()
    {
        Fixture f;
        QVERIFY(f.read(f.sample.plain));
        PlainTextView &view = f.window.reader().plainView();
        QTextCursor cursor = view.textCursor();
        cursor.setPosition(0);
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        view.setTextCursor(cursor);
        const QString selected = cursor.selectedText();
        QVERIFY(!selected.isEmpty());
        ComposerWindow *composer = f.open(f.window.actions().reply);
        QVERIFY(composer != nullptr);
        const QString text = composer->text().plain().toPlainText();
        QVERIFY(text.trimmed().endsWith(QLatin1String("> ") + selected));
        QCOMPARE(text.count(u'>'), 1 + text.section(QStringLiteral("wrote"), 0, 0).count(u'>'));
    }

    void aFormattedMessageFollowsAsItWasRead()
    {
        Fixture f;
        QVERIFY(f.read(f.sample.newsletter));
        ComposerWindow *composer = f.open(f.window.actions().reply);
        QVERIFY(composer != nullptr);
        QVERIFY(composer->text().isRich());
        const QuotedOriginal &quote = composer->text().quote().quote();
        QVERIFY(quote.html.contains(QStringLiteral("<blockquote")));
        QVERIFY(!quote.html.contains(QStringLiteral("<script")));
        QVERIFY(quote.text.contains(QStringLiteral("\n> ")));
        QVERIFY(composer->text().quote().isVisible());
        // Nothing of it is drawn before somebody wants to see it.
        QVERIFY(composer->text().quote().view() == nullptr);
        // What goes out has both.
        const engine::DraftContent draft = draftOf(composer->writing());
        QVERIFY(draft.composition.html.contains(quote.html));
        QVERIFY(draft.composition.text.endsWith(quote.text));
        // And comes back as the two that it was.
        const Writing again = writingOf({draft, {}});
        QCOMPARE(again.quote, quote);
        QCOMPARE(again.composition.html, composer->writing().composition.html);
        // Without formatting it is text.
        composer->text().setRich(false);
        QVERIFY(composer->text().plain().toPlainText().contains(QStringLiteral("\n> ")));
        composer->text().setRich(true);
        QCOMPARE(composer->text().quote().quote(), quote);
    }

    void aListIsAnswered()
    {
        Fixture f;
        f.source.setRaw(f.sample.plain, listHeader);
        QVERIFY(f.read(f.sample.plain));
        ComposerWindow *composer = f.open(f.window.actions().replyList);
        QVERIFY(composer != nullptr);
        QCOMPARE(Fixture::to(composer).size(), std::size_t(1));
        QCOMPARE(Fixture::to(composer).front().address, QStringLiteral("walkers@lists.example"));
        QCOMPARE(composer->writing().composition.references.first(2), (QByteArrayList{"<a@x>", "<b@x>"}));
    }

    void whereThereIsNoListThatIsSaid()
    {
        Fixture f;
        f.source.setRaw(f.sample.plain, "From: a@x.example\r\n\r\n");
        QVERIFY(f.read(f.sample.plain));
        f.window.actions().replyList->trigger();
        auto *banner = f.window.findChild<Banner *>(QStringLiteral("actionBanner"));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->text().contains(QStringLiteral("no mailing list")));
        QVERIFY(f.window.composers()->windows().empty());
    }

    void aSlowServerDoesNotHoldUpAnAnswer()
    {
        Fixture f;
        QVERIFY(f.read(f.sample.plain));
        f.source.setHolding(true);
        QVERIFY(f.open(f.window.actions().reply) != nullptr);
        f.source.releaseHeld();
        QCoreApplication::processEvents();
        QCOMPARE(f.window.composers()->windows().size(), std::size_t(1));
    }

    void filesArePassedOnByteByByte()
    {
        const QByteArray body = "JVBERi0xLjQK\r\nJeLjz9MK\r\n";
        const QByteArray raw
            = "From: a@x.example\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
              "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
              "See the plan.\r\n--b\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\n"
              "Content-Disposition: attachment; filename=\"plan.pdf\"\r\nContent-Description:  the plan\r\n"
              "Content-Transfer-Encoding: base64\r\n\r\n"
            + body + "--b--\r\n";
        Fixture f;
        f.source.setRaw(f.sample.attachments, raw);
        QVERIFY(f.read(f.sample.attachments));
        ComposerWindow *composer = f.open(f.window.actions().forward);
        QVERIFY(composer != nullptr);
        QVERIFY(composer->subjectEdit()->text().startsWith(QStringLiteral("Fwd: ")));
        QTRY_COMPARE(composer->files().chips().size(), std::size_t(1));
        QCOMPARE(composer->files().chips()[0]->summary().name, QStringLiteral("plan.pdf"));
        const auto part = std::get<mime::ForwardedPart>(composer->files().parts()[0]);
        QVERIFY2(part.header.contains("Content-Description:  the plan"), part.header.constData());
        QCOMPARE(part.body.trimmed(), body.trimmed());
        QCOMPARE(composer->writing().context.origins.front().how, engine::DraftOrigin::How::Forwards);
        // Opened and closed again it leaves no draft.
        composer->close();
        QTRY_VERIFY(f.window.composers()->windows().empty());
        QVERIFY(f.backend.saved().empty());
    }

    void filesThatCannotBeFetchedAreSaid()
    {
        Fixture f;
        f.source.setRawError(f.sample.attachments, Error{ErrorKind::Network, {}, QStringLiteral("No network."), {}});
        QVERIFY(f.read(f.sample.attachments));
        ComposerWindow *composer = f.open(f.window.actions().forward);
        QVERIFY(composer != nullptr);
        auto *trouble = composer->findChild<Banner *>(QStringLiteral("composerTrouble"));
        QTRY_VERIFY(trouble->isVisible());
        QVERIFY(trouble->text().contains(QStringLiteral("could not be fetched")));
        QVERIFY(!composer->files().isBusy());
    }

    void aMessageGoesAlongAsAWhole()
    {
        const QByteArray raw = "From: a@x.example\r\nSubject: Plan\r\n\r\nText.\r\n";
        Fixture f;
        f.source.setRaw(f.sample.plain, raw);
        QVERIFY(f.read(f.sample.plain));
        ComposerWindow *composer = f.open(f.window.actions().forwardAttached);
        QVERIFY(composer != nullptr);
        QCOMPARE(std::get<mime::ForwardedMessage>(composer->files().parts()[0]).bytes, raw);
        QVERIFY(composer->text().plain().toPlainText().isEmpty());
    }

    /** With all that was written, its files and its recipients; and it answers nobody and has no identity of its own.
     */
    void aMessageIsWrittenAnew()
    {
        const QByteArray raw = "From: Marit Aune <marit@aune.example>\r\nTo: Ben <ben@x.example>\r\nCc: c@x.example\r\n"
                               "Subject: Walk\r\nMessage-ID: <old@x.example>\r\nIn-Reply-To: <older@x.example>\r\n"
                               "References: <older@x.example>\r\nDate: Thu, 24 Sep 2026 11:40:00 +0200\r\n"
                               "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                               "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAt noon, by the pier.\r\n"
                               "--b\r\nContent-Type: application/x-map; name=map.bin\r\n"
                               "Content-Disposition: attachment; filename=map.bin\r\n"
                               "Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";
        Fixture f;
        f.source.setRaw(f.sample.plain, raw);
        QVERIFY(f.read(f.sample.plain));
        ComposerWindow *composer = f.open(f.window.actions().editAsNew);
        QVERIFY(composer != nullptr);
        QTRY_COMPARE(composer->files().chips().size(), std::size_t(1));
        QCOMPARE(composer->files().chips()[0]->summary().name, QStringLiteral("map.bin"));
        const Writing writing = composer->writing();
        const mime::Composition &mail = writing.composition;
        QCOMPARE(mail.to, (mail::AddressList{{QStringLiteral("Ben"), QStringLiteral("ben@x.example")}}));
        QCOMPARE(mail.cc, (mail::AddressList{{QString(), QStringLiteral("c@x.example")}}));
        QCOMPARE(mail.subject, QStringLiteral("Walk"));
        QCOMPARE(mail.text.trimmed(), QStringLiteral("At noon, by the pier."));
        QVERIFY(mail.messageId.isEmpty());
        QVERIFY(mail.inReplyTo.isEmpty() && mail.references.isEmpty());
        QVERIFY(writing.context.origins.empty());
    }

    void aLinkOfAMessageOpensAComposer()
    {
        Fixture f;
        QVERIFY(f.read(f.sample.plain));
        Q_EMIT f.window.reader().linkActivated(
            QUrl(QStringLiteral("mailto:a@x.example?cc=b@x.example&subject=Gr%C3%BC%C3%9Fe&body=Hello%0Athere&"
                                "attach=/etc/passwd&bcc=c@x.example")));
        QCOMPARE(f.window.composers()->windows().size(), std::size_t(1));
        const mime::Composition mail = f.window.composers()->windows().front()->writing().composition;
        QCOMPARE(mail.to.front().address, QStringLiteral("a@x.example"));
        QCOMPARE(mail.cc.front().address, QStringLiteral("b@x.example"));
        QCOMPARE(mail.subject, QStringLiteral("Grüße"));
        QCOMPARE(mail.text, QStringLiteral("Hello\nthere"));
        QVERIFY(mail.attachments.empty());
        QVERIFY(mail.bcc.empty());
    }

    void whatWasSentCanBeTakenBack()
    {
        Fixture f;
        ComposerWindow *composer = f.open(f.window.actions().compose);
        composer->recipients().field(RecipientRows::Row::To).addAddresses({{{}, QStringLiteral("a@x.example")}});
        composer->subjectEdit()->setText(QStringLiteral("Ferries"));
        composer->text().plain().setPlainText(QStringLiteral("At two."));
        const mail::DraftId draft = composer->draft();
        composer->send();
        QTRY_VERIFY(f.sentBanner()->isVisible());
        QVERIFY(f.sentBanner()->text().contains(QStringLiteral("is sent in 10 seconds")));
        QVERIFY(f.sentBanner()->text().contains(QStringLiteral("Ferries")));
        QTRY_VERIFY(f.window.composers()->windows().empty());
        f.sentBanner()->findChild<QPushButton *>()->click();
        QTRY_COMPARE(f.window.composers()->windows().size(), std::size_t(1));
        QCOMPARE(f.backend.takenBack(), std::vector{OperationId(1)});
        composer = f.window.composers()->windows().front();
        QCOMPARE(composer->draft(), draft);
        QCOMPARE(composer->text().plain().toPlainText(), QStringLiteral("At two."));
        QVERIFY(!f.sentBanner()->isVisible());
    }

    void whatWasThrownAwayComesBack()
    {
        Fixture f;
        ComposerWindow *composer = f.open(f.window.actions().compose);
        QTest::keyClicks(&composer->text().plain(), QStringLiteral("At two."));
        composer->discard();
        QTRY_VERIFY(f.sentBanner()->isVisible());
        f.sentBanner()->findChild<QPushButton *>()->click();
        QTRY_COMPARE(f.window.composers()->windows().size(), std::size_t(1));
        QCOMPARE(f.window.composers()->windows().front()->text().plain().toPlainText(), QStringLiteral("At two."));
    }

    void aDraftOfTheServerIsGoneOnWith()
    {
        Fixture f;
        const MailboxId drafts = [&f] {
            for (const store::MailboxRow &row : f.source.store().mailboxes()) {
                if (row.role == mail::MailboxRole::Drafts)
                    return row.id;
            }
            return MailboxId();
        }();
        QVERIFY(drafts.isValid());
        mail::MessageHeader header;
        header.subject = QStringLiteral("Half a letter");
        const MessageId message = f.source.deliver(drafts, header);
        engine::OpenedDraft draft;
        draft.content.id = f.backend.newDraft();
        draft.content.composition.subject = QStringLiteral("Half a letter");
        draft.content.composition.text = QStringLiteral("Dear");
        f.backend.setOnServer(message, draft);
        f.window.openMailbox(drafts);
        QTRY_VERIFY(f.window.messageModel().isComplete());
        QVERIFY(f.read(message) || f.window.reader().message() == message);
        QTest::keyClick(&f.window.messageList().view(), Qt::Key_Return);
        QTRY_COMPARE(f.window.composers()->windows().size(), std::size_t(1));
        ComposerWindow *composer = f.window.composers()->windows().front();
        QCOMPARE(composer->draft(), draft.content.id);
        QCOMPARE(composer->text().plain().toPlainText(), QStringLiteral("Dear"));
        QVERIFY(f.window.findChildren<ReaderWindow *>().isEmpty());
    }

    void whatWasOpenWhenTheProgramEndedIsOffered()
    {
        FakeSource source;
        fillWithSample(source, now);
        FakeComposer backend;
        engine::DraftContent content;
        content.id = backend.newDraft();
        content.composition.subject = QStringLiteral("Half a letter");
        backend.keep(content);
        engine::DraftInfo info;
        info.state.id = content.id;
        info.state.place = engine::DraftState::Place::Here;
        info.subject = content.composition.subject;
        engine::DraftInfo open = info;
        open.state.id = backend.newDraft();
        open.isOpen = true;
        backend.setDrafts({info, open});
        MainWindow window(source, {});
        window.setWriting(backend);
        window.show();
        auto *banner = window.findChild<Banner *>(QStringLiteral("leftOpenBanner"));
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->text().contains(QStringLiteral("Half a letter")));
        banner->findChild<QPushButton *>()->click();
        QTRY_COMPARE(window.composers()->windows().size(), std::size_t(1));
        QCOMPARE(window.composers()->windows().front()->draft(), content.id);
        QVERIFY(!banner->isVisible());
    }

    void whatWasRefusedComesBackWithTheReason()
    {
        Fixture f;
        ComposerWindow *composer = f.open(f.window.actions().compose);
        composer->recipients().field(RecipientRows::Row::To).addAddresses({{{}, QStringLiteral("a@x.example")}});
        composer->subjectEdit()->setText(QStringLiteral("Ferries"));
        composer->send();
        QTRY_VERIFY(f.window.composers()->windows().empty());
        f.backend.setNotice(QStringLiteral("The server knows nobody called a@x.example."));
        engine::PendingAction action;
        action.id = OperationId(1);
        action.account = f.sample.account;
        action.kind = QStringLiteral("send");
        action.state = QStringLiteral("failed");
        action.subject = QStringLiteral("Ferries");
        action.error = QStringLiteral("The server knows nobody called a@x.example.");
        f.source.setPending({action});
        f.window.findChild<QAbstractButton *>(QStringLiteral("activityLine"))->click();
        QPushButton *edit = nullptr;
        QTRY_VERIFY((edit = f.window.findChild<QPushButton *>(QStringLiteral("editAction"))) != nullptr);
        edit->click();
        QTRY_COMPARE(f.window.composers()->windows().size(), std::size_t(1));
        composer = f.window.composers()->windows().front();
        auto *trouble = composer->findChild<Banner *>(QStringLiteral("composerTrouble"));
        QVERIFY(trouble->isVisible());
        QVERIFY(trouble->text().contains(QStringLiteral("knows nobody")));
    }

    void aDraftIsOpenOnce()
    {
        Fixture f;
        Writing writing;
        writing.draft = f.backend.newDraft();
        ComposerWindow *first = f.window.composers()->open(writing);
        QCOMPARE(f.window.composers()->open(writing), first);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestComposers)
#include "test_composers.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The window in which a message is written: what it sends, what it asks before, how it keeps what was written.
#include "tests/ui/composer/fakecomposer.h"
#include "tests/ui/uitest.h"
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/outgoingchip.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/composer/richeditor.h"
#include "ui/widgets/banner.h"

#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>
#include <QtMath>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

using Row = RecipientRows::Row;

struct Fixture {
    FakeComposer backend;
    WindowSettings settings{{}};
    QPointer<ComposerWindow> window;
    QTemporaryDir dir;

    explicit Fixture(const Writing &writing = {}, bool twoIdentities = false)
    {
        settings.setUndoSeconds(10);
        settings.setComposerGeometry({});
        backend.addIdentity(AccountId(1), QStringLiteral("Anna Berg"), QStringLiteral("anna@example.org"), 1000000);
        if (twoIdentities)
            backend.addIdentity(AccountId(2), QStringLiteral("Walks"), QStringLiteral("walks@example.org"));
        window = new ComposerWindow(backend, settings, writing);
        window->show();
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qWarning("the window does not get active");
        window->focusFirst();
    }
    ~Fixture() { delete window; }

    void to(const char *address)
    {
        window->recipients().field(Row::To).addAddresses({{{}, QString::fromLatin1(address)}});
    }
    void subject(const char *text)
    {
        window->subjectEdit()->clear();
        QTest::keyClicks(window->subjectEdit(), QString::fromLatin1(text));
    }
    void text(const char *text)
    {
        const QStringList lines = QString::fromLatin1(text).split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (i > 0)
                QTest::keyClick(&window->text().plain(), Qt::Key_Return);
            QTest::keyClicks(&window->text().plain(), lines[i]);
        }
    }
    void fill()
    {
        to("ben@example.org");
        subject("Ferries");
        text("At two.");
    }
    Banner &question() { return window->questionBanner(); }
    Banner *trouble() { return window->findChild<Banner *>(QStringLiteral("composerTrouble")); }
    void answer(bool go)
    {
        QList<QPushButton *> buttons;
        for (QPushButton *button : question().findChildren<QPushButton *>()) {
            if (!button->isHidden())
                buttons.push_back(button);
        }
        (go ? buttons.front() : buttons.back())->click();
    }
    QString file(const char *name, const QByteArray &bytes) const
    {
        QFile file(dir.filePath(QString::fromUtf8(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        return file.fileName();
    }
    static void drop(QWidget *on, const QMimeData &data)
    {
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(on, &enter);
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(on, &event);
    }
};

} // namespace

class TestComposerWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsWhatIsSent()
    {
        Fixture f;
        QSignalSpy sent(f.window, &ComposerWindow::sent);
        f.to("ben@example.org");
        f.window->recipients().showRow(Row::Bcc, false);
        f.window->recipients().field(Row::Bcc).addAddresses({{{}, QStringLiteral("boss@example.org")}});
        f.subject("Ferries");
        f.text("At two.\n-- \nAnna");
        QTest::keyClick(&f.window->text().plain(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(sent.size(), 1);
        QCOMPARE(f.backend.sent().size(), std::size_t(1));
        QCOMPARE(f.backend.sent().front().undoSeconds, 10);
        const mime::Composition mail = f.backend.saved().back().composition;
        QCOMPARE(mail.from, (mail::Address{QStringLiteral("Anna Berg"), QStringLiteral("anna@example.org")}));
        QCOMPARE(mail.to.front().address, QStringLiteral("ben@example.org"));
        QCOMPARE(mail.bcc.front().address, QStringLiteral("boss@example.org"));
        QCOMPARE(mail.subject, QStringLiteral("Ferries"));
        QCOMPARE(mail.text, QStringLiteral("At two.\n-- \nAnna"));
        QVERIFY(mail.html.isEmpty());
        QTRY_VERIFY(f.window.isNull());
    }

    void answersMayGoElsewhere()
    {
        Fixture f;
        f.fill();
        const RecipientField &field = f.window->recipients().field(Row::ReplyTo);
        QVERIFY(!field.isVisible());
        f.window->findChild<QAction *>(QStringLiteral("addReplyTo"))->trigger();
        QVERIFY(field.isVisible());
        QTest::keyClicks(field.lineEdit(), QStringLiteral("Office <office@example.org>,"));
        f.window->send();
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        const mime::Composition mail = f.backend.saved().back().composition;
        QCOMPARE(mail.replyTo, (mail::AddressList{{QStringLiteral("Office"), QStringLiteral("office@example.org")}}));
        QCOMPARE(mail.to.size(), std::size_t(1));
    }

    void priorityAndReceiptAreChosenInTheMenuAndKept()
    {
        Fixture f;
        f.fill();
        const auto choices = [](const ComposerWindow *window) {
            QStringList checked;
            for (const QActionGroup *group : window->findChildren<QActionGroup *>()) {
                for (const QAction *one : group->actions()) {
                    if (one->isChecked())
                        checked.append(one->text());
                }
            }
            for (const auto *name : {"receipt", "deliveryReport"}) {
                if (window->findChild<QAction *>(QLatin1String(name))->isChecked())
                    checked.append(QLatin1String(name));
            }
            return checked;
        };
        QCOMPARE(choices(f.window), QStringList({QStringLiteral("Usual")}));
        for (const QActionGroup *group : f.window->findChildren<QActionGroup *>()) {
            for (QAction *one : group->actions()) {
                if (one->text() == QStringLiteral("High"))
                    one->trigger();
            }
        }
        f.window->findChild<QAction *>(QStringLiteral("receipt"))->trigger();
        f.window->findChild<QAction *>(QStringLiteral("deliveryReport"))->trigger();
        const QStringList wanted{QStringLiteral("High"), QStringLiteral("receipt"), QStringLiteral("deliveryReport")};
        QCOMPARE(choices(f.window), wanted);
        // What is opened again asks for the same.
        const ComposerWindow again(f.backend, f.settings, f.window->writing());
        QCOMPARE(choices(&again), wanted);
        f.window->send();
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        const mime::Composition mail = f.backend.saved().back().composition;
        QCOMPARE(mail.priority, mime::Composition::Priority::High);
        QVERIFY(mail.wantsReceipt);
        QVERIFY(f.backend.saved().back().context.wantsDeliveryReport);
    }

    /** Whatever the order of resizing, no line is wider than what is to be seen of it. */
    void textIsAsWideAsItsWindow_data()
    {
        QTest::addColumn<bool>("rich");
        QTest::newRow("plain") << false;
        QTest::newRow("formatted") << true;
    }
    void textIsAsWideAsItsWindow()
    {
        QFETCH(bool, rich);
        Writing writing;
        writing.context.isRich = rich;
        writing.composition.to = {{QStringLiteral("Ingrid Solberg"), QStringLiteral("ingrid@fjordline.example")}};
        writing.composition.text = QStringLiteral("A line that is much longer than any window. ").repeated(20);
        Fixture f(writing);
        QAbstractScrollArea *editor = rich ? static_cast<QAbstractScrollArea *>(&f.window->text().rich())
                                           : static_cast<QAbstractScrollArea *>(&f.window->text().plain());
        for (const int width : {860, 500, 1100, 700, 860}) {
            f.window->resize(width, 660);
            const auto lineWidth = [&] {
                const QTextDocument *document
                    = rich ? f.window->text().rich().document() : f.window->text().plain().document();
                const QTextLayout *layout = document->begin().layout();
                return layout->lineCount() > 0 ? qCeil(layout->lineAt(0).width()) : 0;
            };
            QTRY_COMPARE(f.window->width(), width);
            QTRY_VERIFY(lineWidth() > 0 && lineWidth() <= editor->viewport()->width());
            QVERIFY(!editor->horizontalScrollBar()->isVisible());
        }
    }

    void aRecipientThatIsStillTypedCounts()
    {
        Fixture f;
        f.subject("Ferries");
        QTest::keyClicks(f.window->recipients().field(Row::To).lineEdit(), QStringLiteral("ben@example.org"));
        f.window->send();
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        QCOMPARE(f.backend.saved().back().composition.to.front().address, QStringLiteral("ben@example.org"));
    }

    void withoutRecipientItIsNotSent()
    {
        Fixture f;
        f.subject("Ferries");
        f.window->send();
        QVERIFY(f.trouble()->isVisible());
        QVERIFY(f.window->recipients().field(Row::To).lineEdit()->hasFocus());
        f.to("not an address");
        f.window->send();
        QVERIFY(f.trouble()->text().contains(QStringLiteral("not an email address")));
        QVERIFY(f.backend.sent().empty());
    }

    void anEmptySubjectIsAskedAbout()
    {
        Fixture f;
        f.to("ben@example.org");
        f.text("At two.");
        f.window->send();
        QVERIFY(f.question().isVisible());
        QVERIFY(f.backend.sent().empty());
        f.answer(false);
        QVERIFY(f.window->subjectEdit()->hasFocus());
        QVERIFY(!f.question().isVisible());
        f.window->send();
        f.answer(true);
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
    }

    void anAttachmentThatIsSpokenOfIsMissed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("asked");
        const auto row = [](const char *name, const char *text, bool asked) {
            QTest::newRow(name) << QString::fromUtf8(text) << asked;
        };
        row("English", "Please find the plan attached.", true);
        row("English, a word that only begins alike", "I am at the attic.", false);
        row("German", "Der Plan ist im Anhang.", true);
        row("French", "Vous trouverez le plan ci-joint.", true);
        row("Spanish", "Adjunto el plan.", true);
        row("Italian", "In allegato il piano.", true);
        row("Norwegian", "Planen er vedlagt.", true);
        row("Polish", "W załączniku plan.", true);
        row("Russian", "План во вложении.", true);
        row("Japanese", "計画を添付します。", true);
        row("quoted", "Yes.\n> Please find the plan attached.", false);
        row("in the signature", "Yes.\n-- \nAttachments are checked", false);
        row("nothing of it", "The ferry leaves at two.", false);
    }

    void anAttachmentThatIsSpokenOfIsMissed()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, asked);
        Fixture f;
        f.to("ben@example.org");
        f.subject("Ferries");
        f.window->text().plain().setPlainText(text);
        f.window->send();
        QCOMPARE(f.question().isVisible(), asked);
        if (asked)
            f.answer(true);
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
    }

    void manyRecipientsAreHiddenOnDemand()
    {
        Fixture f;
        f.subject("Ferries");
        mail::AddressList many;
        for (int i = 0; i < 25; ++i)
            many.push_back({{}, QStringLiteral("p%1@example.org").arg(i)});
        f.window->recipients().field(Row::To).addAddresses(many);
        f.window->send();
        QVERIFY(f.question().text().contains(QStringLiteral("25 people")));
        f.answer(false);
        QCOMPARE(f.window->recipients().visibleRecipients(), std::size_t(0));
        f.window->send();
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        QCOMPARE(f.backend.saved().back().composition.bcc.size(), std::size_t(25));
    }

    void whatTheServerWouldRefuseIsAskedAbout()
    {
        Fixture f;
        f.fill();
        f.window->files().addFiles({f.file("large.bin", QByteArray(900000, 'x'))});
        QTRY_COMPARE(f.window->files().chips().size(), std::size_t(1));
        QVERIFY(f.window->files().isOverLimit());
        f.window->send();
        // In base64, and with what the server said: who reads it knows how much has to go.
        QVERIFY2(f.question().text().contains(QStringLiteral("take 1.2 MB on their way")),
                 qPrintable(f.question().text()));
        QVERIFY(f.question().text().contains(QStringLiteral("no more than 1.0 MB")));
        f.answer(false);
        QVERIFY(f.backend.sent().empty());
        f.window->send();
        f.answer(true); // what the server said may be long ago
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
    }

    void aRefusalKeepsTheMessageAndSaysWhy()
    {
        Fixture f;
        f.fill();
        f.backend.setSendError(Error{ErrorKind::Input, {}, QStringLiteral("There is no server."), {}});
        f.window->send();
        QTRY_VERIFY(f.trouble()->isVisible());
        QCOMPARE(f.trouble()->text(), QStringLiteral("There is no server."));
        QVERIFY(f.window->text().isEnabled());
        f.backend.setSendError({});
        f.window->send();
        QTRY_VERIFY(f.window.isNull());
    }

    void sendLaterNamesItsTime()
    {
        Fixture f;
        f.fill();
        f.window->sendAt(1900000000000);
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        QCOMPARE(f.backend.sent().front().notBefore, 1900000000000);
    }

    void whatIsTypedIsSavedWithinSeconds()
    {
        Fixture f;
        f.text("A");
        QTRY_COMPARE_WITH_TIMEOUT(f.backend.saved().size(), std::size_t(1), 4000);
        QCOMPARE(f.backend.saved().back().composition.text, QStringLiteral("A"));
        const auto *line = f.window->findChild<QLabel *>(QStringLiteral("draftState"));
        QTRY_VERIFY(line->accessibleName().startsWith(QStringLiteral("Saved on this computer")));
        f.backend.confirm(f.window->draft(), QDateTime(QDate::currentDate(), QTime(14, 3)));
        QCOMPARE(line->accessibleName(), QStringLiteral("Saved to server 14:03"));
        f.backend.setSaveError(Error{ErrorKind::Storage, {}, QStringLiteral("The disk is full."), {}});
        f.text("B");
        QTRY_VERIFY_WITH_TIMEOUT(line->accessibleName().contains(QStringLiteral("The disk is full.")), 4000);
    }

    void closingAsksNothingAndKeepsIt()
    {
        Fixture f;
        f.fill();
        f.backend.setHolding(true);
        f.window->close();
        QVERIFY(!f.window->isVisible());
        QCOMPARE(f.backend.saved().size(), std::size_t(1));
        QVERIFY(f.backend.closed().empty());
        f.backend.releaseHeld();
        QTRY_COMPARE(f.backend.closed().size(), std::size_t(1));
        QTRY_VERIFY(f.window.isNull());
        QVERIFY(f.backend.discarded().empty());
    }

    void whatCannotBeKeptComesBackAndAsks()
    {
        Fixture f;
        f.fill();
        f.backend.setSaveError(Error{ErrorKind::Storage, {}, QStringLiteral("The disk is full."), {}});
        f.window->close();
        QTRY_VERIFY(f.window->isVisible());
        auto *box = f.window->findChild<QMessageBox *>(QStringLiteral("notKept"));
        QVERIFY(box != nullptr);
        QCOMPARE(box->informativeText(), QStringLiteral("The disk is full."));
        box->findChild<QPushButton *>(QStringLiteral("closeAnyway"))->click();
        QTRY_VERIFY(f.window.isNull());
    }

    void whatWasNeverTouchedLeavesNothing()
    {
        Fixture f;
        f.window->close();
        QTRY_VERIFY(f.window.isNull());
        QVERIFY(f.backend.saved().empty());
    }

    void whatWasErasedIsNotKept()
    {
        Fixture f;
        f.text("A");
        QTRY_COMPARE_WITH_TIMEOUT(f.backend.saved().size(), std::size_t(1), 4000);
        QTest::keyClick(&f.window->text().plain(), Qt::Key_Backspace);
        const mail::DraftId draft = f.window->draft();
        f.window->close();
        QTRY_VERIFY(f.window.isNull());
        QCOMPARE(f.backend.discarded(), std::vector{draft});
    }

    void discardingCanBeTakenBack()
    {
        Fixture f;
        f.fill();
        std::optional<Writing> last;
        connect(f.window, &ComposerWindow::discarded, this, [&last](const Writing &writing) { last = writing; });
        f.window->findChild<QAction *>(QStringLiteral("discard"))->trigger();
        QTRY_VERIFY(f.window.isNull());
        QVERIFY(last);
        QCOMPARE(last->composition.text, QStringLiteral("At two."));
        QVERIFY(f.backend.closed().empty());
    }

    void theIdentityIsChosen()
    {
        Writing writing;
        writing.composition.from = {{}, QStringLiteral("WALKS@example.org")};
        Fixture f(writing, true);
        QCOMPARE(f.window->writing().context.account, AccountId(2));
        QCOMPARE(f.window->writing().composition.from.name, QStringLiteral("Walks"));
        auto *from = f.window->findChild<QComboBox *>(QStringLiteral("identity"));
        QVERIFY(from->isVisible());
        from->setCurrentIndex(0);
        Q_EMIT from->activated(0);
        QCOMPARE(f.window->writing().composition.from.address, QStringLiteral("anna@example.org"));
    }

    void withOneIdentityThereIsNothingToChoose()
    {
        Fixture f;
        QVERIFY(!f.window->findChild<QComboBox *>(QStringLiteral("identity"))->isVisible());
    }

    void noRoomIsKeptForFilesWhereThereAreNone()
    {
        Fixture f;
        auto *area = f.window->findChild<QWidget *>(QStringLiteral("composerFiles"));
        QVERIFY(area->isHidden());
        const QString one = f.file("a.txt", "hello");
        f.window->files().addFiles({one});
        QTRY_VERIFY(area->isVisible());
        QTest::keyClick(f.window->files().chips()[0], Qt::Key_Delete);
        QTRY_VERIFY(area->isHidden());
    }

    void filesComeByDropAndPasteAndDialog()
    {
        Fixture f;
        const QString one = f.file("Grüße.txt", "hello");
        const QString two = f.file("b.pdf", "%PDF-1.4\n");
        const QString three = f.file("c.zip", "PK");
        QMimeData dropped;
        dropped.setUrls({QUrl::fromLocalFile(one)});
        Fixture::drop(f.window, dropped);
        QTRY_COMPARE(f.window->files().chips().size(), std::size_t(1));
        QCOMPARE(f.window->files().chips()[0]->summary().name, QStringLiteral("Grüße.txt"));
        QCOMPARE(f.window->files().chips()[0]->summary().size, 5);
        QMimeData onText;
        onText.setUrls({QUrl::fromLocalFile(two)});
        Fixture::drop(f.window->text().plain().viewport(), onText);
        QTRY_COMPARE(f.window->files().chips().size(), std::size_t(2));
        QCOMPARE(f.window->files().chips()[1]->summary().type, QByteArray("application/pdf"));
        QVERIFY(f.window->text().plain().toPlainText().isEmpty());
        f.window->setFileChooser(
            [three](QWidget *, bool, const std::function<void(const QStringList &)> &answer) { answer({three}); });
        f.window->findChild<QAction *>(QStringLiteral("attach"))->trigger();
        QTRY_COMPARE(f.window->files().chips().size(), std::size_t(3));
        // The same file again is the same.
        Fixture::drop(f.window, dropped);
        QTRY_VERIFY(!f.window->files().isBusy());
        QCOMPARE(f.window->files().chips().size(), std::size_t(3));
        f.window->files().chips()[1]->setFocus();
        QTest::keyClick(f.window->files().chips()[1], Qt::Key_Delete);
        QCOMPARE(f.window->files().chips().size(), std::size_t(2));
        QVERIFY(f.window->files().chips()[1]->hasFocus());
        const mime::Composition mail = f.window->writing().composition;
        QCOMPARE(std::get<QString>(std::get<mime::OutgoingFile>(mail.attachments[0]).content), one);
    }

    void whatCannotBeAttachedIsSaid()
    {
        Fixture f;
        f.window->files().addFiles({f.dir.path()});
        QTRY_VERIFY(f.trouble()->isVisible());
        QVERIFY(f.trouble()->text().contains(QStringLiteral("is a folder")));
        f.window->files().addFiles({f.dir.filePath(QStringLiteral("gone"))});
        QTRY_VERIFY(f.trouble()->text().contains(QStringLiteral("not there any more")));
        QVERIFY(f.window->files().chips().empty());
    }

    void aFileOnAnotherComputerIsNotAskedFor()
    {
        Fixture f;
        QMimeData dropped;
        dropped.setUrls(
            {QUrl(QStringLiteral("file://evil.example/share/a.txt")), QUrl(QStringLiteral("https://evil.example/a"))});
        Fixture::drop(f.window, dropped);
        QVERIFY(!f.window->files().isBusy());
        QVERIFY(f.window->files().chips().empty());
    }

    void aPastedPictureIsAttachedOrShown()
    {
        Fixture f;
        QImage picture(40, 30, QImage::Format_RGB32);
        picture.fill(Qt::blue);
        QApplication::clipboard()->setImage(picture);
        f.window->text().plain().paste();
        QTRY_COMPARE(f.window->files().chips().size(), std::size_t(1));
        f.window->text().setRich(true);
        f.window->text().rich().paste();
        QTRY_VERIFY(f.window->writing().composition.html.contains(QStringLiteral("<img")));
        const mime::Composition mail = f.window->writing().composition;
        QCOMPARE(mail.attachments.size(), std::size_t(2));
        const auto &shown = std::get<mime::OutgoingFile>(mail.attachments[1]);
        QVERIFY(shown.isInline());
        QVERIFY(mail.html.contains(QLatin1String("cid:") + QString::fromLatin1(shown.contentId)));
        QCOMPARE(QImage::fromData(std::get<QByteArray>(shown.content)).size(), picture.size());
    }

    void whatIsStillOnItsWayIsWaitedFor()
    {
        Fixture f;
        f.fill();
        f.window->files().expect(QStringLiteral("Fetching…"));
        f.window->send();
        QVERIFY(f.backend.sent().empty());
        mime::OutgoingFile file;
        file.name = QStringLiteral("a.txt");
        file.content = QByteArray("hello");
        f.window->files().arrived({file});
        QTRY_COMPARE(f.backend.sent().size(), std::size_t(1));
        QCOMPARE(f.backend.saved().back().composition.attachments.size(), std::size_t(1));
    }

    void everythingIsReachedByKeyboard()
    {
        Fixture f;
        const QList<QWidget *> wanted{f.window->recipients().field(Row::To).lineEdit(), f.window->subjectEdit(),
                                      &f.window->text().plain(),
                                      f.window->findChild<QWidget *>(QStringLiteral("sendButton"))};
        QSet<const QWidget *> reached;
        for (int i = 0; i < 40; ++i) {
            reached.insert(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const QWidget *one : wanted)
            QVERIFY2(reached.contains(one), qPrintable(one->objectName()));
        // From the recipients to the text in two steps.
        f.window->recipients().field(Row::To).lineEdit()->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(f.window->subjectEdit()->hasFocus());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(f.window->text().plain().hasFocus());
    }

    void everyControlHasAName()
    {
        Fixture f({}, true);
        f.window->text().setRich(true);
        for (const QWidget *widget : f.window->findChildren<QWidget *>()) {
            const bool isControl = widget->inherits("QToolButton") || widget->inherits("QLineEdit")
                || widget->inherits("QComboBox") || widget->inherits("QTextEdit") || widget->inherits("QPlainTextEdit");
            if (!isControl || !widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
                continue;
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }

    void fromTheRightItMirrors()
    {
        Fixture f;
        f.window->setLayoutDirection(Qt::RightToLeft);
        const auto *send = f.window->findChild<QWidget *>(QStringLiteral("sendButton"));
        QTRY_VERIFY(send->mapTo(f.window, QPoint(0, 0)).x() > f.window->width() / 2);
    }

    void peopleAreAskedForWhileOneTypes()
    {
        Fixture f;
        f.backend.setPeople({{QStringLiteral("Ben"), QStringLiteral("ben@example.org")}});
        QLineEdit *edit = f.window->recipients().field(Row::To).lineEdit();
        QTest::keyClicks(edit, QStringLiteral("be"));
        QCOMPARE(f.backend.asked(), (QStringList{QStringLiteral("b"), QStringLiteral("be")}));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestComposerWindow)
#include "test_composerwindow.moc"

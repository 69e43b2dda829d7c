// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/headercard.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sourcewindow.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/plainlabel.h"

#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    ReaderPane reader{source};

    Fixture()
    {
        reader.resize(700, 600);
        reader.show();
    }
    store::MessageRow row(MessageId message) { return source.store().rows(std::span(&message, 1)).front(); }
    void show(MessageId message)
    {
        reader.showMessage(row(message));
        QTRY_VERIFY(reader.state() != ReaderPane::State::Loading);
    }
    MessageId add(const mail::MessageHeader &header, const mime::MessageContent &content)
    {
        const MessageId id = source.store().add(sample.inbox, header);
        source.setContent(id, content);
        return id;
    }
    Banner *banner(const char *name) { return reader.findChild<Banner *>(QLatin1String(name)); }
    HeaderCard *card() { return reader.findChild<HeaderCard *>(); }
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFalseSenderIsPointedOut()
    {
        Fixture f;
        mail::MessageHeader header;
        header.subject = QStringLiteral("Invoice");
        header.from = {{QStringLiteral("Boss <ceo@bank.example>"), QStringLiteral("x@evil.example")}};
        header.replyTo = {{{}, QStringLiteral("y@<b>elsewhere</b>.example")}};
        f.show(f.add(header, {}));
        Banner *banner = f.banner("senderBanner");
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("x@evil.example")), qPrintable(banner->text()));
        QVERIFY2(banner->text().contains(QStringLiteral("<b>elsewhere</b>")), qPrintable(banner->text())); // as text
        // The next message is an ordinary one.
        f.show(f.sample.plain);
        QVERIFY(!banner->isVisible());
    }

    void plainTextIsShownAsText()
    {
        Fixture f;
        mail::MessageHeader header;
        header.subject = QStringLiteral("<b>bold</b><img src='http://127.0.0.1:9/x'>");
        header.from = {{QStringLiteral("<h1>Bank</h1>"), QStringLiteral("a@example.org")}};
        header.to = {{QStringLiteral("<i>me</i>"), QStringLiteral("me@example.org")}};
        mime::MessageContent content;
        content.plainText = QStringLiteral("<script>alert(1)</script>\n<b>not bold</b> &amp; <img src=x>\n");
        const MessageId id = f.add(header, content);
        f.show(id);
        QCOMPARE(f.reader.plainView().toPlainText(), content.plainText);
        QVERIFY(!f.reader.htmlView());
        QCOMPARE(f.card()->subjectText(), header.subject);
        QVERIFY(f.card()->senderText().contains(QStringLiteral("<h1>Bank</h1>")));
        // Whatever shows text of others in the pane is told not to guess at rich text.
        for (const QLabel *label : f.reader.findChildren<QLabel *>())
            QVERIFY2(label->textFormat() == Qt::PlainText, qPrintable(label->text()));
    }

    void nameAndAddressAreAlwaysBothInSight()
    {
        Fixture f;
        mail::MessageHeader header;
        header.subject = QStringLiteral("Hello");
        header.from = {{QString(300, QLatin1Char('N')),
                        QString(60, QLatin1Char('a')) + QLatin1Char('@') + QString(180, QLatin1Char('d'))
                            + QStringLiteral(".example")}};
        f.reader.resize(420, 600);
        f.show(f.add(header, {}));
        auto *name = f.reader.findChild<PlainLabel *>(QStringLiteral("senderName"));
        auto *address = f.reader.findChild<PlainLabel *>(QStringLiteral("senderAddress"));
        QVERIFY(name->isVisible() && address->isVisible());
        QCOMPARE(address->text(), header.from.front().address);
        // Wrapped, not cut: there is room for all of its lines, inside the pane.
        QTRY_VERIFY(address->height() >= address->heightForWidth(address->width()));
        QVERIFY(address->heightForWidth(address->width()) >= 3 * address->fontMetrics().lineSpacing());
        QVERIFY(f.reader.rect().contains(
            address->geometry().translated(address->parentWidget()->mapTo(&f.reader, QPoint()))));

        header.from = {{QStringLiteral("Anna"), QStringLiteral("no address")}};
        f.show(f.add(header, {}));
        QVERIFY(f.card()->senderText().contains(QStringLiteral("no address (not a valid address)")));
        header.from = {};
        f.show(f.add(header, {}));
        QVERIFY(f.card()->senderText().contains(QStringLiteral("(no sender's address)")));
        header.from = {{QStringLiteral("Bank") + QString(30, QChar(0x2800)), QStringLiteral("x@evil.example")}};
        f.show(f.add(header, {}));
        QCOMPARE(f.card()->senderText(), QStringLiteral("Bank x@evil.example"));
    }

    void recipientsAreFoldedAfterTwo()
    {
        Fixture f;
        f.show(f.sample.plain);
        QVERIFY(f.card()->recipientsText().contains(QStringLiteral("and 3 more")));
        QVERIFY(!f.card()->recipientsText().contains(QStringLiteral("astrid@lund.example")));
        f.reader.findChild<QToolButton *>(QStringLiteral("unfoldRecipients"))->click();
        QVERIFY(f.card()->recipientsText().contains(QStringLiteral("astrid@lund.example")));
        QVERIFY(f.card()->recipientsText().contains(QStringLiteral("marit@aune.example")));
    }

    void aTextThatComesTooLateIsDropped()
    {
        Fixture f;
        f.source.setHolding(true);
        f.reader.showMessage(f.row(f.sample.attachments));
        QTRY_COMPARE(f.source.fetches(), 1);
        f.source.setHolding(false);
        f.show(f.sample.plain);
        const QString shown = f.reader.plainView().toPlainText();
        QVERIFY(shown.startsWith(QStringLiteral("Good morning")));
        QSignalSpy changes(&f.reader, &ReaderPane::stateChanged);
        f.source.releaseHeld();
        QCoreApplication::processEvents();
        QCOMPARE(f.reader.plainView().toPlainText(), shown);
        QVERIFY(f.reader.attachments().chips().empty());
        QCOMPARE(changes.size(), 0);
    }

    void holdingACursorKeyFetchesOnlyTheFirstAndTheLast()
    {
        Fixture f;
        for (const MessageId id : f.source.store().ids(f.sample.inbox)) {
            if (id.value() % 40 == 0)
                f.reader.showMessage(f.row(id));
        }
        f.show(f.sample.plain);
        QCOMPARE(f.source.fetches(), 2);
    }

    void aFailedFetchSaysWhyAndCanBeTriedAgain()
    {
        Fixture f;
        f.show(f.sample.failing);
        QCOMPARE(f.reader.state(), ReaderPane::State::Failed);
        QVERIFY(f.banner("errorBanner")->isVisible());
        QVERIFY(f.banner("errorBanner")->text().contains(QStringLiteral("still on the server")));
        mime::MessageContent content;
        content.plainText = QStringLiteral("Here it is.");
        f.source.setContent(f.sample.failing, content);
        f.banner("errorBanner")->findChild<QPushButton *>()->click();
        QTRY_COMPARE(f.reader.state(), ReaderPane::State::Showing);
        QVERIFY(!f.banner("errorBanner")->isVisible());
        QCOMPARE(f.reader.plainView().toPlainText(), content.plainText);
    }

    void bannersSayWhatWasLeftOutAndWhatIsDamaged()
    {
        Fixture f;
        mime::MessageContent content;
        content.plainText = QStringLiteral("x");
        content.blocked = {QStringLiteral("http://a.example/1"), QStringLiteral("http://a.example/2")};
        content.defects = {QStringLiteral("This message's structure is damaged.")};
        const MessageId id = f.add({}, content);
        f.show(id);
        QVERIFY(f.banner("remoteBanner")->isVisible());
        QVERIFY(f.banner("remoteBanner")->text().startsWith(QStringLiteral("2 items")));
        QVERIFY(f.banner("defectBanner")->isVisible());
        f.show(f.sample.plain);
        QVERIFY(!f.banner("remoteBanner")->isVisible());
        QVERIFY(!f.banner("defectBanner")->isVisible());
    }

    void attachmentsAreSavedWhereThePersonSays()
    {
        Fixture f;
        const QTemporaryDir dir;
        f.show(f.sample.attachments);
        AttachmentBar &bar = f.reader.attachments();
        QCOMPARE(bar.chips().size(), 4U);
        QString suggested;
        bar.setChooser([&](QWidget *, const QString &suggestion, const std::function<void(QString)> &chosen) {
            suggested = suggestion;
            chosen(suggestion.isEmpty() ? dir.path() : dir.filePath(suggestion));
        });
        bar.saveAs(bar.chips()[1]);
        QCOMPARE(suggested, QStringLiteral("Annexes.zip"));
        QTRY_COMPARE(bar.chips()[1]->state(), AttachmentChip::State::Saved);
        QCOMPARE(contentOf(dir.filePath(QStringLiteral("Annexes.zip"))), QByteArray("section 3"));

        f.reader.findChild<QPushButton *>(QStringLiteral("saveAllButton"))->click();
        for (const AttachmentChip *chip : bar.chips())
            QTRY_COMPARE(chip->state(), AttachmentChip::State::Saved);
        // What is there is never written over.
        QTRY_COMPARE(contentOf(dir.filePath(QStringLiteral("Annexes (2).zip"))), QByteArray("section 3"));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 5);
    }

    void aFailedSaveIsSaid()
    {
        Fixture f;
        f.show(f.sample.attachments);
        AttachmentBar &bar = f.reader.attachments();
        bar.setChooser([](QWidget *, const QString &, const std::function<void(QString)> &chosen) {
            chosen(QStringLiteral("/nonexistent/folder/x"));
        });
        bar.saveAs(bar.chips()[0]);
        QTRY_COMPARE(bar.chips()[0]->state(), AttachmentChip::State::Failed);
        QVERIFY(f.banner("errorBanner")->isVisible());
        QCOMPARE(f.reader.state(), ReaderPane::State::Showing);
    }

    void manyAttachmentsLeaveRoomForTheText()
    {
        Fixture f;
        mime::MessageContent content;
        content.plainText = QStringLiteral("text");
        for (int i = 0; i < 300; ++i) {
            content.attachments.push_back({.section = QByteArray::number(i + 2),
                                           .fileName = QStringLiteral("file %1.txt").arg(i),
                                           .mimeType = "text/plain",
                                           .encoding = "base64",
                                           .size = 10,
                                           .isMessage = false});
        }
        f.show(f.add({}, content));
        QTRY_VERIFY(f.reader.plainView().height() > 300);
    }

    void spacePagesToTheEnd()
    {
        Fixture f;
        mime::MessageContent content;
        content.plainText = QStringLiteral("line\n").repeated(200);
        f.show(f.add({}, content));
        int pages = 0;
        while (f.reader.pageDown() && pages < 100)
            ++pages;
        QVERIFY(pages >= 3);
        QCOMPARE(f.reader.plainView().verticalScrollBar()->value(),
                 f.reader.plainView().verticalScrollBar()->maximum());
    }

    void aLinkShowsItsTargetAndIsReportedWhenClicked()
    {
        Fixture f;
        mime::MessageContent content;
        content.plainText = QStringLiteral("https://example.org/very/long/link/that/fills/the/line and more\n");
        f.show(f.add({}, content));
        PlainTextView &view = f.reader.plainView();
        QSignalSpy activated(&f.reader, &ReaderPane::linkActivated);
        const QRect caret = view.cursorRect(view.textCursor());
        const QPoint at(caret.x() + 60, caret.center().y());
        QTest::mouseMove(view.viewport(), at);
        auto *target = f.reader.findChild<QLabel *>(QStringLiteral("linkTarget"));
        QTRY_VERIFY(target->isVisible());
        QCOMPARE(target->text(), QStringLiteral("https://example.org/very/long/link/that/fills/the/line"));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.first().first().toUrl(),
                 QUrl(QStringLiteral("https://example.org/very/long/link/that/fills/the/line")));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(at.x(), at.y() + 120)); // below the text
        QCOMPARE(activated.size(), 1);
    }

    void hugeLinesAreShownInTime()
    {
        Fixture f;
        mime::MessageContent content;
        content.plainText = QString(2000000, QLatin1Char('x'));
        QElapsedTimer timer;
        timer.start();
        f.show(f.add({}, content));
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        QTRY_VERIFY_WITH_TIMEOUT(!f.reader.plainView().isFilling(), 60000);
        QCOMPARE(f.reader.plainView().toPlainText().count(QLatin1Char('x')), 2000000);
    }

    void theSourceIsShownAsText()
    {
        Fixture f;
        f.source.setRaw(f.sample.plain, QByteArray("Subject: <b>x</b>\nFrom: a@example.org\n\nBody \xff\xfe\n"));
        SourceWindow window(f.source, f.sample.plain, QStringLiteral("x"), SourceWindow::Show::Everything, nullptr);
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        QTRY_VERIFY(window.text().startsWith(QStringLiteral("Subject: <b>x</b>")));
        QVERIFY(window.text().contains(QString::fromLatin1("Body \xff\xfe")));
    }

    void theEmptyPaneOffersTheNextUnreadMessage()
    {
        Fixture f;
        f.reader.setUnreadAvailable(true);
        QSignalSpy wanted(&f.reader, &ReaderPane::nextUnreadRequested);
        f.reader.emptyState().findChild<QPushButton *>()->click();
        QCOMPARE(wanted.size(), 1);
        f.show(f.sample.plain);
        f.reader.showNothing();
        QCOMPARE(f.reader.state(), ReaderPane::State::Empty);
        QVERIFY(f.reader.plainView().toPlainText().isEmpty());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestReader)
#include "test_reader.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// A message in a window of its own: of an account, and from a file.
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/messagewindow/readercommands.h"
#include "ui/messagewindow/readercontext.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/findbar.h"
#include "ui/reader/headercard.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sourcewindow.h"

#include <QAction>
#include <QDir>
#include <QPointer>
#include <QTemporaryDir>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

QString written(const QTemporaryDir &dir, const QString &name, const QByteArray &bytes)
{
    QFile file(dir.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return {};
    return file.fileName();
}

Result<SharedMessage> read(const QString &path)
{
    QFuture<Result<SharedMessage>> future = readMessageFile(path);
    future.waitForFinished();
    return future.result();
}

const QByteArray message = "From: Anna <anna@example.org>\r\nTo: Ben <ben@example.org>\r\n"
                           "Subject: From a file\r\nDate: Thu, 24 Sep 2026 10:00:00 +0000\r\n"
                           "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                           "--b\r\nContent-Type: text/plain\r\n\r\nThe text.\r\n"
                           "--b\r\nContent-Type: application/zip; name=a.zip\r\n"
                           "Content-Disposition: attachment; filename=a.zip\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n";

} // namespace

class TestReaderWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void enterAndADoubleClickOpenAWindow()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        MainWindow window(source, {});
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
        QTRY_VERIFY(window.messageModel().isComplete());
        window.openMessage(sample.plain);
        QTRY_COMPARE(window.reader().message(), sample.plain);
        MessageListView &list = window.messageList().view();
        QTest::keyClick(&list, Qt::Key_Return);
        const QPointer<ReaderWindow> opened = window.findChild<ReaderWindow *>();
        QVERIFY(opened);
        QVERIFY(opened->isWindow());
        QTRY_COMPARE(opened->reader().state(), ReaderPane::State::Showing);
        QCOMPARE(opened->reader().plainView().toPlainText(), window.reader().plainView().toPlainText());
        QVERIFY(opened->windowTitle().contains(QStringLiteral("Ferry timetable")));
        QTest::keyClick(opened.data(), Qt::Key_Escape);
        QTRY_VERIFY(!opened);
        const QRect row = list.visualRect(list.currentIndex());
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, row.center());
        QTest::mouseDClick(list.viewport(), Qt::LeftButton, {}, row.center());
        QVERIFY(window.findChild<ReaderWindow *>());
    }

    void itHasTheCommandsOfTheReader()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        ReaderContext context{QString()};
        const MessageId id = sample.plain;
        auto *window = new ReaderWindow(source, source.store().rows(std::span(&id, 1)).front(), context, nullptr);
        const QPointer<ReaderWindow> guard(window);
        window->show();
        window->activateWindow();
        QTRY_COMPARE(window->reader().state(), ReaderPane::State::Showing);
        QTest::keyClick(window, Qt::Key_F, Qt::ControlModifier);
        QVERIFY(window->reader().findBar().isVisible());
        QTest::keyClick(window, Qt::Key_Escape);
        QVERIFY(!window->reader().findBar().isVisible());
        QTest::keyClick(window, Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(window->reader().zoomPercent(), 110);
        QCOMPARE(context.settings.zoomPercent(), 110);
        QTest::keyClick(window, Qt::Key_U, Qt::ControlModifier);
        QVERIFY(window->findChild<SourceWindow *>());
        QTest::keyClick(window, Qt::Key_F11);
        QTRY_VERIFY(window->isFullScreen());
        QTRY_VERIFY(!window->findChild<QWidget *>(QStringLiteral("menuButton"))->isVisible());
        QTest::keyClick(window, Qt::Key_Escape);
        QTRY_VERIFY(!window->isFullScreen());
        QVERIFY(guard);
        QTest::keyClick(window, Qt::Key_Escape);
        QTRY_VERIFY(!guard);
    }

    void itIsNarrowAsAPhoneAndWideAsAScreen()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        ReaderContext context{QString()};
        const MessageId id = sample.attachments;
        ReaderWindow window(source, source.store().rows(std::span(&id, 1)).front(), context, nullptr);
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        window.show();
        QTRY_COMPARE(window.reader().state(), ReaderPane::State::Showing);
        for (const int width : {320, 360, 800, 1920, 3840}) {
            window.resize(width, 640);
            QCOMPARE(window.width(), width);
            // Nothing is wider than the window, and the text has room.
            QTRY_VERIFY(window.reader().plainView().width() <= width);
            QVERIFY(window.reader().plainView().height() > 150);
            for (const AttachmentChip *chip : window.reader().attachments().chips())
                QTRY_VERIFY2(chip->mapTo(&window, chip->rect().topRight()).x() <= width,
                             qPrintable(QString::number(width)));
        }
    }

    void aMessageOfAFileIsShownWithItsFiles()
    {
        const QTemporaryDir dir;
        const auto whole = read(written(dir, QStringLiteral("a.eml"), message));
        QVERIFY(whole);
        ReaderContext context{QString()};
        ReaderWindow window(std::make_unique<LocalSource>(*whole), context, nullptr);
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        window.show();
        QTRY_COMPARE(window.reader().state(), ReaderPane::State::Showing);
        QCOMPARE(window.reader().plainView().toPlainText().trimmed(), QStringLiteral("The text."));
        auto *card = window.findChild<HeaderCard *>();
        QCOMPARE(card->subjectText(), QStringLiteral("From a file"));
        QCOMPARE(card->senderText(), QStringLiteral("Anna anna@example.org"));
        QCOMPARE(window.reader().attachments().chips().size(), 1U);
        LocalSource source(*whole);
        auto part = source.fetchPart(source.row().id, "2");
        part.waitForFinished();
        QCOMPARE(*part.result(), QByteArray("hello"));
        auto missing = source.fetchPart(source.row().id, "7");
        missing.waitForFinished();
        QVERIFY(!missing.result());
        QCOMPARE(*source.fetchRaw(source.row().id, false).result(), message);
        QVERIFY(source.fetchRaw(source.row().id, true).result()->endsWith("boundary=b\r\n\r\n"));
        QVERIFY(!source.changeFlags({}).result());
    }

    void filesThatAreNoMailAreRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("Dear diary,\n\nFrom: here on it is all text.\n");
        QTest::newRow("zeros") << QByteArray(5000, '\0');
        QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
        QTest::newRow("program text") << QByteArray("#include <From: x>\nint main();\n");
        QTest::newRow("unknown fields") << QByteArray("Colour: blue\nSize: 4\n\ntext\n");
    }

    void filesThatAreNoMailAreRefusedWithASentence()
    {
        QFETCH(const QByteArray, bytes);
        const QTemporaryDir dir;
        const auto refused = read(written(dir, QStringLiteral("x.eml"), bytes));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Input);
        QVERIFY2(refused.error().userText.contains(QStringLiteral("x.eml"))
                     && refused.error().userText.contains(QStringLiteral("is not a mail message")),
                 qPrintable(refused.error().userText));
    }

    void whatCannotBeAFileOfMailIsRefused()
    {
        const QTemporaryDir dir;
        const auto folder = read(dir.path());
        QVERIFY(!folder && folder.error().userText.contains(QStringLiteral("is a folder")));
        const auto nothing = read(dir.filePath(QStringLiteral("missing.eml")));
        QVERIFY(!nothing && nothing.error().userText.contains(QStringLiteral("There is no file")));
        const auto device = read(QStringLiteral("/dev/zero"));
        QVERIFY(!device && device.error().userText.contains(QStringLiteral("not an ordinary file")));
        // Larger than any message: it takes no room on the disk.
        QFile huge(dir.filePath(QStringLiteral("huge.eml")));
        QVERIFY(huge.open(QIODevice::WriteOnly) && huge.write("From: a@example.org\n\n") > 0
                && huge.resize(mime::WholeMessage::maxBytes + 10));
        const auto large = read(huge.fileName());
        QVERIFY(!large);
        QVERIFY2(large.error().userText.contains(QStringLiteral("larger than any message")),
                 qPrintable(large.error().userText));
    }

    void unusualBeginningsAreStillMail_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::newRow("mbox") << QByteArray("From anna@example.org Thu Sep 24 10:00:00 2026\n");
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF");
        QTest::newRow("trace first") << QByteArray("Received: from x\r\n by y; Thu, 24 Sep 2026 10:00:00 +0000\r\n");
    }

    void unusualBeginningsAreStillMail()
    {
        QFETCH(const QByteArray, before);
        const QTemporaryDir dir;
        const auto whole = read(written(dir, QStringLiteral("x.eml"), before + message));
        QVERIFY(whole);
        QCOMPARE((*whole)->header.subject, QStringLiteral("From a file"));
        QCOMPARE((*whole)->content.plainText.trimmed(), QStringLiteral("The text."));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestReaderWindow)
#include "test_readerwindow.moc"

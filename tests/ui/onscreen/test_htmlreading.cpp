// SPDX-License-Identifier: GPL-3.0-or-later
// Finding in HTML, coming back to where it was left, and what is printed: only on a screen is a page laid out.
#include "core/mime/sanitiser.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/print/printjob.h"
#include "ui/print/printpreview.h"
#include "ui/reader/findbar.h"
#include "ui/reader/htmlview.h"
#include "ui/reader/readerpane.h"

#include <QBuffer>
#include <QDir>
#include <QLineEdit>
#include <QPdfDocument>
#include <QPrinter>
#include <QScreen>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineView>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

// Chromium starts processes of its own; on a busy machine that takes its time.
constexpr int patience = 30000;

mime::MessageContent htmlContent(const QByteArray &html)
{
    mime::DocumentWriter writer;
    writer.addHtml(mime::sanitiseHtml(html));
    mime::MessageContent content;
    content.html = writer.document();
    content.plainText = QStringLiteral("the plain form");
    return content;
}

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    ReaderPane reader{source};

    Fixture()
    {
        reader.resize(700, 500);
        reader.show();
        reader.activateWindow();
    }
    MessageId add(const QByteArray &html)
    {
        mail::MessageHeader header;
        header.subject = QStringLiteral("On <b>paper</b>");
        header.from = {{QStringLiteral("Anna"), QStringLiteral("anna@example.org")}};
        header.date = 1790000000;
        const MessageId id = source.store().add(sample.inbox, header);
        source.setContent(id, htmlContent(html));
        return id;
    }
    void show(MessageId id)
    {
        reader.showMessage(source.store().rows(std::span(&id, 1)).front());
        QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
        QTRY_VERIFY_WITH_TIMEOUT(reader.htmlView() && reader.htmlView()->isLoaded(), patience);
        // What is not painted yet does not scroll.
        QTRY_VERIFY_WITH_TIMEOUT(isPainted(), patience);
    }
    [[nodiscard]] bool isPainted()
    {
        const QPoint at = reader.htmlView()->mapToGlobal(QPoint(3, 3));
        const QColor seen = reader.screen()->grabWindow(0, at.x(), at.y(), 1, 1).toImage().pixelColor(0, 0);
        return qAbs(seen.red() - 0xe8) < 12 && qAbs(seen.blue() - 0x50) < 12;
    }
    [[nodiscard]] double scrolled() const { return reader.htmlView()->view()->page()->scrollPosition().y(); }
};

QByteArray paragraphs(int count)
{
    QByteArray html = "<html><body style='background:#e8e050'>";
    for (int i = 0; i < count; ++i)
        html += "<p>Paragraph " + QByteArray::number(i) + (i % 40 == 3 ? " guillemot" : "") + "</p>";
    return html;
}

/** All text of a document. */
QString textOf(const QByteArray &pdf, int *pages = nullptr)
{
    QBuffer buffer;
    buffer.setData(pdf);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    QString text;
    for (int page = 0; page < document.pageCount(); ++page)
        text += document.getAllText(page).text();
    if (pages)
        *pages = document.pageCount();
    document.close();
    return text;
}

PrintedMessage printed(const mime::MessageContent &content)
{
    PrintedMessage message;
    message.header.subject = QStringLiteral("On <b>paper</b>");
    message.header.from = {{QStringLiteral("Anna <script>"), QStringLiteral("anna@example.org")}};
    message.header.to = {{{}, QStringLiteral("ben@example.org")}};
    message.header.date = 1790000000;
    message.content = content;
    return message;
}

} // namespace

class TestHtmlReading final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** The first page of a process scrolls, but Qt WebEngine 6.4 does not say how far; those after it do. */
    void initTestCase()
    {
        HtmlView first;
        QSignalSpy loaded(&first, &HtmlView::loaded);
        first.show();
        first.setMessage(htmlContent("<p>first</p>").html, {}, false);
        QTRY_VERIFY_WITH_TIMEOUT(!loaded.isEmpty(), patience);
    }

    void matchesInHtmlAreCounted()
    {
        Fixture f;
        f.show(f.add(paragraphs(200)));
        f.reader.findBar().open();
        auto *field = f.reader.findChild<QLineEdit *>(QStringLiteral("findField"));
        field->setText(QStringLiteral("Guillemot"));
        QTRY_COMPARE_WITH_TIMEOUT(f.reader.findBar().resultText(), QStringLiteral("1 of 5"), patience);
        f.reader.findBar().findNext();
        QTRY_COMPARE_WITH_TIMEOUT(f.reader.findBar().resultText(), QStringLiteral("2 of 5"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(f.scrolled() > 500, patience); // it is in sight
        f.reader.findBar().findPrevious();
        QTRY_COMPARE_WITH_TIMEOUT(f.reader.findBar().resultText(), QStringLiteral("1 of 5"), patience);
        field->setText(QStringLiteral("nowhere"));
        QTRY_COMPARE_WITH_TIMEOUT(f.reader.findBar().resultText(), QStringLiteral("Not found"), patience);
        f.reader.findBar().close();
        QVERIFY(!f.reader.findBar().isVisible());
    }

    void whoComesBackGoesOnReadingThere()
    {
        Fixture f;
        const MessageId longOne = f.add(paragraphs(300));
        const MessageId other = f.add(paragraphs(250));
        f.show(longOne);
        f.reader.htmlView()->view()->page()->runJavaScript(QStringLiteral("window.scrollTo(0,1500)"),
                                                           QWebEngineScript::ApplicationWorld);
        QTRY_VERIFY_WITH_TIMEOUT(f.scrolled() > 1000, patience);
        const double left = f.scrolled();
        f.show(other);
        QTRY_COMPARE_WITH_TIMEOUT(f.scrolled(), 0.0, patience);
        f.show(longOne);
        QTRY_VERIFY_WITH_TIMEOUT(qAbs(f.scrolled() - left) < 20, patience);
        // Our own script ran; those of pages still do not.
        bool answered = false;
        QVariant said;
        f.reader.htmlView()->view()->page()->runJavaScript(QStringLiteral("1+1"), 0, [&](const QVariant &value) {
            said = value;
            answered = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(answered, patience);
        QVERIFY(!said.isValid() || said.isNull());
    }

    void pagesHoldTheHeadAndTheMessage()
    {
        PrintPreview preview(printed(htmlContent("<p>In the body</p><script>document.write('SCRIPT')</script>"
                                                 "<img src='http://127.0.0.1:9/x.png'>"
                                                 + paragraphs(120))),
                             nullptr);
        preview.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy ready(&preview, &PrintPreview::ready);
        preview.show();
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), patience);
        int pages = 0;
        const QString text = textOf(preview.pdf(), &pages);
        QVERIFY2(text.contains(QStringLiteral("On <b>paper</b>")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("Anna <script> <anna@example.org>"))
                || text.contains(QStringLiteral("anna@example.org")));
        QVERIFY(text.contains(QStringLiteral("ben@example.org")));
        QVERIFY(text.contains(QStringLiteral("In the body")));
        QVERIFY(text.contains(QStringLiteral("Paragraph 119")));
        QVERIFY(!text.contains(QStringLiteral("SCRIPT")));
        QVERIFY(pages > 1);
        QCOMPARE(preview.pageCount(), pages);
    }

    void plainTextIsPrintedTheSameWay()
    {
        mime::MessageContent content;
        content.plainText = QStringLiteral("Two < three & <b>not bold</b>\n\nEnd.");
        PrintPreview preview(printed(content), nullptr);
        preview.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy ready(&preview, &PrintPreview::ready);
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), patience);
        int pages = 0;
        const QString text = textOf(preview.pdf(), &pages);
        QVERIFY2(text.contains(QStringLiteral("Two < three & <b>not bold</b>")), qPrintable(text));
        QCOMPARE(pages, 1); // no page of empty space after a short message
    }

    void itIsSavedWhereThePersonSays()
    {
        const QTemporaryDir dir;
        PrintPreview preview(printed(htmlContent("<p>kept</p>")), nullptr);
        preview.setAttribute(Qt::WA_DeleteOnClose, false);
        QString suggested;
        preview.setChooser([&](QWidget *, const QString &suggestion, const std::function<void(QString)> &chosen) {
            suggested = suggestion;
            chosen(dir.filePath(suggestion));
        });
        QSignalSpy ready(&preview, &PrintPreview::ready);
        QSignalSpy saved(&preview, &PrintPreview::saved);
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), patience);
        preview.savePdf();
        QTRY_VERIFY_WITH_TIMEOUT(!saved.isEmpty(), patience);
        QCOMPARE(suggested, QStringLiteral("On _b_paper__b_.pdf"));
        QFile file(dir.filePath(suggested));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(textOf(file.readAll()).contains(QStringLiteral("kept")));
    }

    /** A stand-in for CUPS' lp, which keeps what it is given: there is no printer where tests run. */
    void aPrinterGetsThePagesThroughAPipe()
    {
        const QTemporaryDir dir;
        QFile lp(dir.filePath(QStringLiteral("lp")));
        QVERIFY(lp.open(QIODevice::WriteOnly));
        lp.write("#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + dir.path().toUtf8() + "/arguments'\ncat >'"
                 + dir.path().toUtf8() + "/job'\n");
        lp.close();
        QVERIFY(lp.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner));
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", dir.path().toUtf8() + ':' + path);
        PrintPreview preview(printed(htmlContent("<p>on paper</p>")), nullptr);
        preview.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy ready(&preview, &PrintPreview::ready);
        QSignalSpy sent(&preview, &PrintPreview::printed);
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), patience);
        auto printer = std::make_shared<QPrinter>();
        printer->setOutputFormat(QPrinter::NativeFormat);
        printer->setPageLayout(usualPage());
        printer->setCopyCount(2);
        preview.printOn(printer);
        QTRY_VERIFY_WITH_TIMEOUT(!sent.isEmpty(), patience);
        qputenv("PATH", path);
        QFile job(dir.filePath(QStringLiteral("job")));
        QVERIFY(job.open(QIODevice::ReadOnly));
        QVERIFY(textOf(job.readAll()).contains(QStringLiteral("on paper")));
        QFile arguments(dir.filePath(QStringLiteral("arguments")));
        QVERIFY(arguments.open(QIODevice::ReadOnly));
        const QByteArray said = arguments.readAll();
        QVERIFY2(said.contains("-n\n2\n") && !said.contains("paper"), said.constData());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestHtmlReading)
#include "test_htmlreading.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Formatted text: what goes out, what comes in from elsewhere, quotes, signatures.
#include "tests/ui/uitest.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/richeditor.h"
#include "ui/composer/signature.h"
#include "ui/composer/writing.h"

#include <QMimeData>
#include <QTextBlock>

using namespace kittiwake;
using namespace kittiwake::ui;

namespace
{

OutgoingBody bodyOf(const QString &html)
{
    RichEditor editor;
    editor.setBody(html, {});
    return outgoingBody(editor.content());
}

} // namespace

class TestRichText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsCleanHtmlAndGoodText()
    {
        const OutgoingBody body
            = bodyOf(QStringLiteral("<div>Dear <b>Ben</b>,</div><div><br></div><ul><li>one</li><li>two, see <a "
                                    "href=\"https://x.example/a\">here"
                                    "</a></li></ul><ol><li>first</li></ol><div>a &lt; b  c</div>"));
        QVERIFY(body.html.contains(QStringLiteral("<b>Ben</b>")));
        QVERIFY(body.html.contains(QStringLiteral("<ul><li>one</li><li>two, see <a")));
        QVERIFY(body.html.contains(QStringLiteral("href=\"https://x.example/a\"")));
        QVERIFY(body.html.contains(QStringLiteral("<ol><li>first</li></ol>")));
        QVERIFY(body.html.contains(QStringLiteral("a &lt; b")));
        QVERIFY(!body.html.contains(QStringLiteral("font-family")));
        QCOMPARE(
            body.text,
            QStringLiteral("Dear Ben,\n\n\u2022 one\n\u2022 two, see here <https://x.example/a>\n1. first\na < b c"));
    }

    void itComesBackAsItWent()
    {
        const QString html = QStringLiteral("<div>Dear <i>Ben</i>,</div><div><br></div><div>at <u>two</u>.</div>");
        const OutgoingBody once = bodyOf(html);
        const OutgoingBody twice = bodyOf(once.html);
        QCOMPARE(twice.html, once.html);
        QCOMPARE(twice.text, once.text);
    }

    void quotesAreQuotesInBoth()
    {
        RichEditor editor;
        editor.setText(QStringLiteral("Yes.\n> Shall we?\n>> When?"));
        const OutgoingBody body = outgoingBody(editor.content());
        QCOMPARE(body.text, QStringLiteral("Yes.\n> Shall we?\n>> When?"));
        QCOMPARE(body.html.count(QStringLiteral("<blockquote")), 2);
        QCOMPARE(body.html.count(QStringLiteral("</blockquote>")), 2);
    }

    void formattingIsSetByCommands()
    {
        RichEditor editor;
        editor.setPlainText(QStringLiteral("word"));
        editor.selectAll();
        editor.setBold(true);
        editor.setSizeStep(1);
        editor.setColour(QColor(0x2a6cc4));
        const QString html = outgoingBody(editor.content()).html;
        QVERIFY(html.contains(QStringLiteral("<b>")));
        QVERIFY(html.contains(QStringLiteral("font-size:large")) || html.contains(QStringLiteral("font-size: large")));
        QVERIFY(html.contains(QStringLiteral("#2a6cc4")));
        editor.selectAll();
        editor.setLink(QStringLiteral("https://x.example/"));
        QVERIFY(outgoingBody(editor.content()).html.contains(QStringLiteral("href=\"https://x.example/\"")));
        editor.selectAll();
        editor.clearFormatting();
        QVERIFY(!outgoingBody(editor.content()).html.contains(QStringLiteral("<b>")));
    }

    void whatIsPastedKeepsWhatItMeansAndCallsNobody()
    {
        RichEditor editor;
        QTextCursor cursor = editor.textCursor();
        insertForeignHtml(cursor,
                          QStringLiteral("<style>@import 'http://evil.example/a'</style><script>x()</script>"
                                         "<p style=\"font-family:Comic;font-size:40px;color:red\">Hello <b>you</b></p>"
                                         "<img src=\"http://evil.example/b.png\"><img src=\"file:///etc/passwd\">"));
        const OutgoingBody body = outgoingBody(editor.content());
        QVERIFY(body.html.contains(QStringLiteral("<b>you</b>")));
        for (const char *word : {"evil", "passwd", "Comic", "40px", "script", "red"})
            QVERIFY2(!body.html.contains(QLatin1String(word)), word);
        QVERIFY(body.pictures.empty());
    }

    void aPictureThatIsNamedIsNotLookedForOnTheDisk()
    {
        RichDocument document;
        document.setHtml(QStringLiteral("<img src=\"" KITTIWAKE_SOURCE_DIR "/resources/kittiwake.svg\">"));
        const QVariant found = document.resource(QTextDocument::ImageResource, QUrl(QStringLiteral("/etc/hostname")));
        QCOMPARE(qvariant_cast<QImage>(found).size(), QSize(1, 1));
        QVERIFY(outgoingBody(document).pictures.empty());
        QVERIFY(!outgoingBody(document).html.contains(QStringLiteral("img")));
    }

    void aQuoteIsOpenedForAnAnswer()
    {
        PlainEditor editor;
        editor.setPlainText(QStringLiteral("> one two\n> three"));
        QTextCursor cursor = editor.textCursor();
        cursor.setPosition(5);
        editor.setTextCursor(cursor);
        QTest::keyClick(&editor, Qt::Key_Return);
        QTest::keyClicks(&editor, QStringLiteral("Yes."));
        QCOMPARE(editor.toPlainText(), QStringLiteral("> one\nYes.\n> two\n> three"));
    }

    void aSignatureChangesWithWhoWrites()
    {
        WriterIdentity anna;
        anna.signatureText = QStringLiteral("Anna\nBergen");
        Writing reply;
        reply.composition.text = QStringLiteral("\n\nBen wrote:\n> When?\n");
        addSignature(reply, anna);
        QCOMPARE(reply.composition.text, QStringLiteral("\n\n-- \nAnna\nBergen\n\nBen wrote:\n> When?\n"));
        QTextDocument document(reply.composition.text);
        changeSignature(document, signatureOf(anna), QStringLiteral("-- \nWalks"));
        QCOMPARE(document.toPlainText(), QStringLiteral("\n\n-- \nWalks\n\nBen wrote:\n> When?\n"));
        // One that the person has changed is theirs.
        changeSignature(document, QStringLiteral("-- \nother"), QStringLiteral("-- \nthird"));
        QVERIFY(!document.toPlainText().contains(QStringLiteral("third")));
        Writing rich;
        rich.context.isRich = true;
        addSignature(rich, anna);
        RichEditor editor;
        editor.setBody(rich.composition.html, {});
        QVERIFY(outgoingBody(editor.content()).text.endsWith(QStringLiteral("Anna\nBergen")));
        changeSignature(*editor.document(), signatureOf(anna), QStringLiteral("-- \nWalks"));
        QVERIFY(outgoingBody(editor.content()).text.endsWith(QStringLiteral("Walks")));
    }

    void aDraftOfAnotherProgramIsForTheEditor()
    {
        engine::OpenedDraft draft;
        draft.content.composition.html = QStringLiteral("<html><body><p>Dear <b>Ben</b></p></body></html>");
        draft.content.composition.text = QStringLiteral("Dear Ben");
        draft.content.context.window = QByteArray("\xa1\x01\x19\xff\xff", 5); // says that it is longer than it is
        const Writing writing = writingOf(draft);
        QVERIFY(writing.context.isRich);
        QVERIFY(writing.quote.isEmpty());
        QCOMPARE(writing.composition.html, draft.content.composition.html);
        draft.content.context.window = "not CBOR at all";
        QVERIFY(writingOf(draft).quote.isEmpty());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestRichText)
#include "test_richtext.moc"

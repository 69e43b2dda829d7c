// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/textlines.h"

#include <QElapsedTimer>
#include <QTest>

using namespace kittiwake::mime;

namespace
{

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

/** One letter a line: depth, s(ignature), f(ixed), r(ight to left), or '.'. */
QString shape(const QString &text)
{
    QString result;
    for (const TextLine &line : arrangeText(text).lines) {
        if (line.depth > 0)
            result += QString::number(line.depth);
        else if (line.isSignature)
            result += u's';
        else if (line.isFixed)
            result += u'f';
        else
            result += line.isRightToLeft ? u'r' : u'.';
    }
    return result;
}

} // namespace

class TestTextLines final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesAreWhatTheyAre_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *lines, const char *expected) {
            QTest::newRow(name) << text(lines) << QString::fromLatin1(expected);
        };
        row("nothing", "", ".");
        row("words", "a\nb\n\nc", "....");
        row("quotes", "On Monday X wrote:\n> one\n>> two\n> > two\n>\n> one\nme",
            ".122"
            "11.");
        row("mbox marks are no quote", "see\n>From here on\nit goes", "...");
        row("but a quoted From is", "> a\n>From here\n", "11.");
        row("signature", "text\n-- \nAnna\nTel. 1", ".sss");
        row("signature that lost its blank", "text\n--\nAnna", ".ss");
        row("dashes far from the end", "a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14", "................");
        row("no signature below a quote", "-- \nAnna\n> quoted\nanswer", "ss1.");
        row("table of columns", "Name      Price\nPear       1.20\nApple      0.80", "fff");
        row("table with a rule", "Name  Price\n----- -----\nPear  1.20", "fff");
        row("table of bars", "| a | b |\n|---|---|\n| 1 | 2 |", "fff");
        row("frame", "+-----+\n| hi  |\n+-----+", "fff");
        row("box letters", "┌──┐\n│ab│\n└──┘", "fff");
        row("drawing", " /\\_/\\\n( o.o )\n > ^ <", "fff");
        row("patch", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", "ffffff");
        row("two blanks behind a sentence", "One.  Two.\nThree.  Four.\nFive!  Six.", "...");
        row("one line with a gap", "Yes      indeed", ".");
        row("heading underlined", "Heading\n=======\ntext goes on", "...");
        row("a list", "- one\n- two\n- three", "...");
        row("code", "if (a) {\n    b();\n}", "...");
        row("a rule of dots", "......\n------", "..");
        row("Hebrew", "שלום לכולם\nמה נשמע", "rr");
        row("Arabic with an address", "مرحبا هذا هو العنوان https://example.org/path/to الخاص بنا", "r");
        row("each way by itself", "English line\nשורה בעברית\n\n123", ".rrr");
        row("digits go with their paragraph", "שלום\n123\nשלום", "rrr");
        row("CJK", "你好，世界。\nこんにちは", "..");
    }

    void linesAreWhatTheyAre()
    {
        QFETCH(QString, lines);
        QTEST(shape(lines), "expected");
    }

    void eachLineHasItsEntry()
    {
        for (const QString &one :
             QStringList{QString(), text("\n"), text("a"), text("a\n"), text("\n\n\n"), text("a\nb"),
                         QString(10000, u'x'), text("word ").repeated(5000) + u'\n'}) {
            const ArrangedText arranged = arrangeText(one);
            QCOMPARE(static_cast<qsizetype>(arranged.lines.size()), arranged.text.count(u'\n') + 1);
        }
    }

    void longLinesAreShownInPieces()
    {
        const QString surrogates = QString::fromUcs4(U"\U0001F600").repeated(9001);
        for (const QString &one : {QString(50000, u'x'), text("word ").repeated(9000), surrogates}) {
            const ArrangedText arranged = arrangeText(one);
            QCOMPARE(QString(arranged.text).remove(u'\n'), one);
            for (const QStringView line : QStringView(arranged.text).tokenize(u'\n')) {
                QVERIFY(line.size() <= TextLimits::lineCharacters);
                QVERIFY(line.isValidUtf16());
            }
        }
        QVERIFY(arrangeText(text("word ").repeated(9000)).text.contains(text("word \nword")));
    }

    void quotesFoldAsTheyNest()
    {
        const auto folds = [](const char *lines) {
            QStringList all;
            for (const TextFold &fold : findFolds(arrangeText(text(lines)).lines))
                all.append(QStringLiteral("%1-%2").arg(QString::number(fold.first), QString::number(fold.last)));
            return all.join(u' ');
        };
        QCOMPARE(folds("a\n> 1\n> 2\n> 3\nb"), QString()); // too short to be a trouble
        QCOMPARE(folds("a\n> 1\n> 2\n> 3\n> 4\nb"), text("1-4"));
        QCOMPARE(folds("> 1\n> 2\n\n> 3\n> 4"), text("0-4"));
        QCOMPARE(folds("> 1\n> 2\n> 3\n> 4\n\n\n> 5\n> 6\n> 7\n> 8"), text("0-3 6-9"));
        QCOMPARE(folds("> a\n>> 1\n>> 2\n>> 3\n>> 4\n> b"), text("0-5 1-4"));
        QCOMPARE(folds(">> 1\n>> 2\n>> 3\n>> 4\n> a\n> b"), text("0-3"));
    }

    void timeIsLinear()
    {
        QElapsedTimer timer;
        timer.start();
        for (const QString &piece : {text(">"), text("> "), text("|"), text("a  "), text("\n>"), text("a\n"),
                                     text(" \t"), text("\n"), text("-- \n")}) {
            const ArrangedText arranged = arrangeText(piece.repeated(1000000));
            QVERIFY(!arranged.lines.empty());
            static_cast<void>(findFolds(arranged.lines));
        }
        QVERIFY2(timer.elapsed() < 10000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_APPLESS_MAIN(TestTextLines)
#include "test_textlines.moc"

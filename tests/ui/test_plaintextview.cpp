// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/uitest.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/textlayout.h"

#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTimer>

using namespace kittiwake::ui;

namespace
{

struct Fixture {
    PlainTextView view;

    Fixture()
    {
        view.setZoom(1.0);
        view.resize(600, 400);
        view.show();
    }
    [[nodiscard]] QTextBlock block(int number) const { return view.document()->findBlockByNumber(number); }
    /** What a line looks like once it was laid out. */
    [[nodiscard]] QTextLine line(int number) const
    {
        static_cast<void>(view.document()->documentLayout()->blockBoundingRect(block(number)));
        return block(number).layout()->lineAt(0);
    }
    [[nodiscard]] QTextCharFormat format(int number, int at = 0) const
    {
        static_cast<void>(line(number));
        QTextCharFormat found;
        for (const QTextLayout::FormatRange &range : block(number).layout()->formats()) {
            if (at >= range.start && at < range.start + range.length)
                found = range.format;
        }
        return found;
    }
};

/** The longest time for which the window's loop did not come round. */
class LoopWatch
{
public:
    LoopWatch()
    {
        m_ticker.setInterval(0);
        QObject::connect(&m_ticker, &QTimer::timeout, [this] {
            m_longest = qMax(m_longest, m_since.nsecsElapsed());
            m_since.start();
        });
        m_since.start();
        m_ticker.start();
    }
    [[nodiscard]] double longestMs() const { return static_cast<double>(m_longest) / 1e6; }

private:
    QTimer m_ticker;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

} // namespace

class TestPlainTextView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesLookAsWhatTheyAre()
    {
        Fixture f;
        f.view.setMessageText(QStringLiteral("Hello https://example.org/\n> one\n>> two\n\nName   Price\nPear    1.20\n"
                                             "Apple   0.80\n-- \nAnna"));
        QVERIFY(f.format(0).isEmpty());
        QVERIFY(f.format(0, 8).fontUnderline());
        QVERIFY(f.format(1).foreground() != f.format(2).foreground());
        QVERIFY(f.format(4).fontFixedPitch());
        QVERIFY(!f.format(0).fontFixedPitch());
        QVERIFY(f.format(8).foreground() != f.format(1).foreground());
        f.view.setFixedWidth(true);
        QVERIFY(f.format(0).fontFixedPitch());
        f.view.setFixedWidth(false);
        QVERIFY(!f.format(0).fontFixedPitch());
    }

    void eachParagraphRunsFromItsSide()
    {
        Fixture f;
        f.view.setMessageText(QString::fromUtf8("Good morning\n\nשלום לכולם\n\nمرحبا بكم"));
        const auto left = [&](int number) { return f.line(number).naturalTextRect().left(); };
        const auto right = [&](int number) { return f.line(number).naturalTextRect().right(); };
        QCOMPARE(qRound(left(0)), TextLayout::gutter);
        for (const int number : {2, 4}) {
            QVERIFY(left(number) > 100);
            QVERIFY(qAbs(right(number) - (f.view.viewport()->width() - TextLayout::gutter)) < 3);
        }
    }

    void wideTablesAreNotBrokenButScrolled()
    {
        Fixture f;
        const QString row = QStringLiteral("| ") + QStringLiteral("column   | ").repeated(30);
        f.view.setMessageText(QStringLiteral("words ").repeated(60) + QStringLiteral("\n\n") + row + QLatin1Char('\n')
                              + row);
        static_cast<void>(f.line(2));
        QCOMPARE(f.block(2).layout()->lineCount(), 1);
        static_cast<void>(f.line(0));
        QVERIFY(f.block(0).layout()->lineCount() > 3);
        QTRY_VERIFY(f.view.horizontalScrollBar()->maximum() > 500);
        f.view.setMessageText(QStringLiteral("short"));
        QTRY_COMPARE(f.view.horizontalScrollBar()->maximum(), 0);
    }

    void quotesFoldAndUnfold()
    {
        Fixture f;
        f.view.setMessageText(QStringLiteral("Yes.\n> 1\n> 2\n>> 3\n>> 4\n>> 5\n>> 6\n> 7\nNo."));
        QVERIFY(f.view.hasFolds());
        QVERIFY(!f.view.anyFolded());
        const auto shown = [&] {
            QString lines;
            for (QTextBlock block = f.view.document()->begin(); block.isValid(); block = block.next())
                lines += block.isVisible() ? u'x' : u'.';
            return lines;
        };
        f.view.foldQuotes(true);
        QCOMPARE(shown(), QStringLiteral("xx......x"));
        // What is folded is copied and found all the same.
        QVERIFY(f.view.toPlainText().contains(QStringLiteral(">> 4")));
        QVERIFY(f.view.find(QStringLiteral(">> 4")));
        QCOMPARE(shown(), QStringLiteral("xxxxxxxxx"));
        f.view.foldQuotes(true);
        f.view.foldQuotes(false);
        QCOMPARE(shown(), QStringLiteral("xxxxxxxxx"));

        // By the mark beside the first line: of the inner quote, then of the outer one.
        const auto click = [&](int number) {
            QTextCursor cursor(f.block(number));
            const QRect caret = f.view.cursorRect(cursor);
            QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {},
                              QPoint(TextLayout::gutter / 2, caret.center().y()));
        };
        click(3);
        QCOMPARE(shown(), QStringLiteral("xxxx...xx"));
        click(1);
        QCOMPARE(shown(), QStringLiteral("xx......x"));
        click(1);
        QCOMPARE(shown(), QStringLiteral("xxxx...xx"));
        click(0);
        QCOMPARE(shown(), QStringLiteral("xxxx...xx"));
        f.view.setMessageText(QStringLiteral("another"));
        QVERIFY(!f.view.hasFolds());
    }

    void linksAreClickedWhereTheyAre()
    {
        Fixture f;
        f.view.setMessageText(QString::fromUtf8("see https://example.org/a\n\nשלום https://example.org/b שלום"));
        QSignalSpy clicked(&f.view, &PlainTextView::linkActivated);
        for (const int number : {0, 2}) {
            QTextCursor cursor(f.block(number));
            cursor.setPosition(cursor.position() + 10);
            QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, f.view.cursorRect(cursor).center());
        }
        QCOMPARE(clicked.size(), 2);
        QCOMPARE(clicked[0][0].toUrl(), QUrl(QStringLiteral("https://example.org/a")));
        QCOMPARE(clicked[1][0].toUrl(), QUrl(QStringLiteral("https://example.org/b")));
    }

    void tenMegabytesDoNotBlockTheWindow()
    {
        Fixture f;
        QVERIFY(QTest::qWaitForWindowExposed(&f.view));
        QString text;
        for (int number = 0; text.size() < 10 * 1024 * 1024; ++number)
            text += QStringLiteral("%1This is line %2 of a very long message, see https://example.org/%2 for more.\n")
                        .arg(number % 50 < 20 ? QStringLiteral("> ") : QString(), QString::number(number));
        text.chop(1);
        LoopWatch watch;
        QElapsedTimer timer;
        timer.start();
        f.view.setMessageText(text);
        const double call = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        // The first page is there at once.
        QVERIFY(f.view.toPlainText().startsWith(QStringLiteral("> This is line 0 of")));
        QVERIFY(f.view.isFilling());
        QTRY_VERIFY_WITH_TIMEOUT(!f.view.isFilling(), 60000);
        qInfo("10 MB: %.1f ms until the first page, whole after %lld ms, longest block %.1f ms", call, timer.elapsed(),
              watch.longestMs());
        QCOMPARE(f.view.toPlainText(), text);
        QVERIFY(f.view.hasFolds());
        LoopWatch after;
        timer.start();
        f.view.setMessageText(QStringLiteral("short"));
        qInfo("gone after %.1f ms", static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QCOMPARE(f.view.toPlainText(), QStringLiteral("short"));
    }

    void anotherMessageEndsTheFilling()
    {
        Fixture f;
        const QString text = QStringLiteral("a line of text\n").repeated(300000);
        f.view.setMessageText(text);
        f.view.setMessageText(QStringLiteral("short"));
        QVERIFY(!f.view.isFilling());
        QSignalSpy filled(&f.view, &PlainTextView::filled);
        f.view.setMessageText(text);
        f.view.setMessageText(text.left(2000000));
        QVERIFY(filled.wait(30000));
        QCOMPARE(f.view.toPlainText(), text.left(2000000));
        QCOMPARE(filled.size(), 1);
    }

    void linesOfAnyKindAreCounted()
    {
        Fixture f;
        // Each block of the document is one line of what was taken apart, or colours would slip.
        const QString text = QString::fromUtf8("a\n\nb\n") + QString(9000, u'x') + QStringLiteral("\n> c");
        f.view.setMessageText(text);
        QCOMPARE(f.view.document()->blockCount(), static_cast<int>(f.view.textLayout().lines().size()));
        QCOMPARE(f.view.textLayout().line(f.view.document()->blockCount() - 1).depth, std::uint8_t{1});
    }
};

KITTIWAKE_UI_TEST_MAIN(TestPlainTextView)
#include "test_plaintextview.moc"

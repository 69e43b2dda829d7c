// SPDX-License-Identifier: GPL-3.0-or-later
// Finding text in a message, coming back to where it was left, all headers, and when it counts as read.
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/reader/findbar.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/readerpane.h"
#include "ui/reader/sourcewindow.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, now);
    ReaderPane reader{source};

    Fixture()
    {
        reader.resize(700, 500);
        reader.show();
        reader.activateWindow();
    }
    void show(MessageId id)
    {
        reader.showMessage(source.store().rows(std::span(&id, 1)).front());
        QTRY_COMPARE(reader.state(), ReaderPane::State::Showing);
    }
    MessageId add(const QString &text)
    {
        mime::MessageContent content;
        content.plainText = text;
        const MessageId id = source.store().add(sample.inbox, {});
        source.setContent(id, content);
        return id;
    }
    QLineEdit *field() { return reader.findChild<QLineEdit *>(QStringLiteral("findField")); }
    [[nodiscard]] QString marked() { return reader.plainView().textCursor().selectedText(); }
};

/** Lines "line 0", "line 1" …, some with a word to look for. */
QString lines(int count, int every, const QString &word)
{
    QStringList all;
    for (int i = 0; i < count; ++i)
        all.append(QStringLiteral("line %1%2").arg(QString::number(i), i % every == 0 ? u' ' + word : QString()));
    return all.join(u'\n');
}

} // namespace

class TestFinding final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesAreCountedAndGoneThrough()
    {
        Fixture f;
        f.show(f.add(lines(200, 50, QStringLiteral("Gannet")))); // in lines 0, 50, 100 and 150
        FindBar &bar = f.reader.findBar();
        QVERIFY(!bar.isVisible());
        bar.open();
        QVERIFY(bar.isVisible());
        QVERIFY(f.field()->hasFocus());
        QTest::keyClicks(f.field(), QStringLiteral("gANNET"));
        QCOMPARE(bar.resultText(), QStringLiteral("1 of 4"));
        QCOMPARE(f.marked(), QStringLiteral("Gannet"));
        QCOMPARE(f.reader.plainView().extraSelections().size(), 4);
        QTest::keyClick(f.field(), Qt::Key_Return);
        QCOMPARE(bar.resultText(), QStringLiteral("2 of 4"));
        QCOMPARE(f.reader.plainView().textCursor().blockNumber(), 50);
        QVERIFY(f.reader.plainView().viewport()->rect().contains(f.reader.plainView().cursorRect()));
        QTest::keyClick(f.field(), Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(f.field(), Qt::Key_Return, Qt::ShiftModifier); // round the beginning
        QCOMPARE(bar.resultText(), QStringLiteral("4 of 4"));
        bar.findNext();
        QCOMPARE(bar.resultText(), QStringLiteral("1 of 4"));
        QTest::keyClicks(f.field(), QStringLiteral("s"));
        QCOMPARE(bar.resultText(), QStringLiteral("Not found"));
        QVERIFY(!f.reader.findChild<QToolButton *>(QStringLiteral("findNext"))->isEnabled());
        QTest::keyClick(f.field(), Qt::Key_Escape);
        QVERIFY(!bar.isVisible());
        QVERIFY(f.reader.plainView().extraSelections().isEmpty());
        QVERIFY(f.marked().isEmpty());
    }

    void aSearchBeginsWhereTheEyeIs()
    {
        Fixture f;
        f.show(f.add(lines(400, 100, QStringLiteral("tern"))));
        f.reader.plainView().verticalScrollBar()->setValue(150);
        f.reader.findBar().open();
        QTest::keyClicks(f.field(), QStringLiteral("tern"));
        QCOMPARE(f.reader.findBar().resultText(), QStringLiteral("3 of 4"));
    }

    void moreMatchesThanAnybodyGoesThroughAreNotAllCounted()
    {
        Fixture f;
        f.show(f.add(QStringLiteral("a ").repeated(20000)));
        f.reader.findBar().open();
        QElapsedTimer timer;
        timer.start();
        QTest::keyClicks(f.field(), QStringLiteral("a"));
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(f.reader.findBar().resultText().contains(QStringLiteral("of more than")));
    }

    void theNextMessageIsSearchedToo()
    {
        Fixture f;
        f.show(f.add(QStringLiteral("one puffin")));
        f.reader.findBar().open();
        QTest::keyClicks(f.field(), QStringLiteral("puffin"));
        QCOMPARE(f.reader.findBar().resultText(), QStringLiteral("1 of 1"));
        f.show(f.add(QStringLiteral("puffin, puffin")));
        QCOMPARE(f.reader.findBar().resultText(), QStringLiteral("1 of 2"));
        f.show(f.add(QStringLiteral("nothing here")));
        QCOMPARE(f.reader.findBar().resultText(), QStringLiteral("Not found"));
    }

    void whoComesBackGoesOnReadingThere()
    {
        Fixture f;
        const MessageId longOne = f.add(lines(500, 7,
                                              QStringLiteral("and more text that is wrapped when the pane is "
                                                             "narrow, which changes how many lines there are")));
        f.show(longOne);
        QScrollBar *bar = f.reader.plainView().verticalScrollBar();
        bar->setValue(bar->maximum() / 2);
        const auto top
            = [&f] { return f.reader.plainView().cursorForPosition(QPoint(0, 1)).block().text().section(u' ', 0, 1); };
        const QString line = top();
        f.show(f.sample.plain);
        QCOMPARE(bar->value(), 0);
        f.reader.resize(420, 500); // the same line, not the same number of pixels
        f.show(longOne);
        QCOMPARE(top(), line);
        // One that was left at its beginning begins there.
        f.show(f.sample.plain);
        QCOMPARE(bar->value(), 0);
    }

    void headersAreShownDecoded()
    {
        Fixture f;
        f.source.setRaw(f.sample.plain,
                        "From: =?utf-8?q?J=C3=B6rg_=3Cceo=40bank.example=3E?= <x@evil.example>\n"
                        "Subject: =?utf-8?b?R3LDvMOfZQ==?=\nX-Odd: one\n two\n\nBody\n");
        SourceWindow window(f.source, f.sample.plain, QStringLiteral("x"), SourceWindow::Show::Headers, nullptr);
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        QTRY_VERIFY(window.text().contains(QStringLiteral("Subject: Grüße")));
        QVERIFY(window.text().contains(QStringLiteral("X-Odd: one two")));
        QVERIFY(window.text().contains(QStringLiteral("<x@evil.example>")));
        QVERIFY(!window.text().contains(QStringLiteral("Body")));
        window.findChild<QCheckBox *>(QStringLiteral("decodedHeaders"))->setChecked(false);
        QVERIFY(window.text().contains(QStringLiteral("=?utf-8?b?R3LDvMOfZQ==?=")));
        window.findChild<QCheckBox *>(QStringLiteral("headersOnly"))->setChecked(false);
        QTRY_VERIFY(window.text().contains(QStringLiteral("Body")));
    }

    void whenAMessageCountsAsReadIsASetting()
    {
        const QTemporaryDir profile;
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        {
            MainWindow window(source, profile.path());
            window.actions().settings->trigger();
            auto *choice = window.findChild<QComboBox *>(QStringLiteral("readDelayChoice"));
            QCOMPARE(choice->currentData().toInt(), 1000);
            choice->setCurrentIndex(choice->findData(0));
            Q_EMIT choice->activated(choice->currentIndex());
            QCOMPARE(window.settings().readDelay(), 0);
        }
        MainWindow window(source, profile.path());
        window.show();
        QTRY_VERIFY(window.messageModel().isComplete());
        const std::size_t before = source.flagRequests().size();
        window.openMessage(sample.attachments); // unread
        QTRY_COMPARE_WITH_TIMEOUT(source.flagRequests().size(), before + 1, 900); // sooner than the usual second
        QCOMPARE(source.flagRequests().back().messages, std::vector{sample.attachments});
    }

    void findIsACommandOfTheWindow()
    {
        FakeSource source;
        const Sample sample = fillWithSample(source, now);
        MainWindow window(source, {});
        window.show();
        window.activateWindow();
        QTRY_VERIFY(window.messageModel().isComplete());
        QVERIFY(!window.actions().find->isEnabled());
        window.openMessage(sample.plain);
        QTRY_VERIFY(window.actions().find->isEnabled());
        QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
        QVERIFY(window.reader().findBar().isVisible());
        auto *field = window.reader().findChild<QLineEdit *>(QStringLiteral("findField"));
        QTest::keyClicks(field, QStringLiteral("ferry"));
        const QString first = window.reader().findBar().resultText();
        QVERIFY2(first.startsWith(u'1'), qPrintable(first));
        QTest::keyClick(&window, Qt::Key_F3);
        QVERIFY(window.reader().findBar().resultText().startsWith(u'2'));
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!window.reader().findBar().isVisible());
        QVERIFY(window.reader().plainView().hasFocus());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestFinding)
#include "test_finding.moc"

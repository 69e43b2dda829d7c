// SPDX-License-Identifier: GPL-3.0-or-later
// Words that no language knows: which are marked, and what can be done with them.
#include "tests/ui/composer/fakecomposer.h"
#include "tests/ui/uitest.h"
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/richeditor.h"
#include "ui/spell/composerspelling.h"
#include "ui/spell/editorspelling.h"
#include "ui/spell/spelling.h"

#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QMenu>
#include <QPointer>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTextBlock>

#include <algorithm>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

const QString english = QStringLiteral("en_US");
const QString german = QStringLiteral("de_DE");

struct Fixture {
    QTemporaryDir shelf;
    FakeComposer backend;
    WindowSettings settings{{}};
    std::unique_ptr<Spelling> spelling;
    QPointer<ComposerWindow> window;

    explicit Fixture(const Writing &writing = {}, const QStringList &taught = {})
    {
        settings.setSpellLanguages(AccountId(1), {english});
        settings.setComposerGeometry({});
        put(QStringLiteral("en_US"), "SET UTF-8\nTRY esianrtolcdughmpbyfvkwqxz\n",
            "16\nthe\nferry\nleaves\nat\ntwo\nhe\nwrote\nwill\nbe\nthere\nand\nall\nof\nus\nsee\nhere\n");
        put(QStringLiteral("de_DE"), "SET UTF-8\n", "2\nHafen\nsteht\n");
        backend.addIdentity(AccountId(1), QStringLiteral("Anna"), QStringLiteral("anna@example.org"));
        backend.addIdentity(AccountId(2), QStringLiteral("Anna"), QStringLiteral("anna@example.com"));
        backend.setWords(taught);
        spelling = std::make_unique<Spelling>(backend, QStringList{shelf.path()});
        window = new ComposerWindow(backend, settings, writing);
        window->setSpelling(*spelling);
        window->resize(800, 600);
        window->show();
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qWarning("the window does not get active");
        QTest::qVerify(QTest::qWaitFor([this] { return spelling->isReady(); }), "isReady", "", __FILE__, __LINE__);
    }
    ~Fixture() { delete window; }

    void put(const QString &name, const QByteArray &affixes, const QByteArray &words) const
    {
        for (const auto &[ending, bytes] : {std::pair("aff", affixes), std::pair("dic", words)}) {
            QFile file(shelf.filePath(name + u'.' + QLatin1String(ending)));
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
                qWarning("a dictionary cannot be written");
        }
    }
    PlainEditor &editor() { return window->text().plain(); }
    EditorSpelling &marks() { return window->spelling()->plain(); }
    /** The text, with the cursor where it marks nothing off. */
    void setText(const char *text)
    {
        editor().setPlainText(QString::fromUtf8(text));
        editor().moveCursor(QTextCursor::Start);
    }
    QMenu *menuAt(const char *word)
    {
        editor().moveCursor(QTextCursor::Start);
        if (!editor().find(QString::fromUtf8(word)))
            return nullptr;
        const QPoint at = editor().cursorRect().center() - QPoint(4, 0);
        editor().moveCursor(QTextCursor::Start);
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, editor().viewport()->mapToGlobal(at));
        QApplication::sendEvent(editor().viewport(), &event);
        return waitForMenu();
    }
    QMenu *waitForMenu()
    {
        QMenu *menu = nullptr;
        const bool came = QTest::qWaitFor([&] {
            menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            return menu != nullptr && menu->objectName() == QLatin1String("textMenu");
        });
        return came ? menu : nullptr;
    }
    static QAction *find(QMenu *menu, const char *name)
    {
        for (QAction *action : menu->actions()) {
            if (action->objectName() == QLatin1String(name))
                return action;
        }
        return nullptr;
    }
    static void trigger(QMenu *menu, QAction *action)
    {
        menu->setActiveAction(action);
        QTest::keyClick(menu, Qt::Key_Return);
    }
};

QStringList words(std::initializer_list<const char *> list)
{
    QStringList result;
    for (const char *word : list)
        result.append(QString::fromUtf8(word));
    return result;
}

} // namespace

class TestSpelling final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyOwnWordsAreMarked()
    {
        Fixture f;
        f.setText("The ferrry leaves att two, see https://exampel.org/pathh\n\n"
                  "Ingrid Solbergg wrote:\n> teh ferry\n\nall off us\n\n-- \nMaritt Aunne\n");
        QTRY_COMPARE(f.marks().marked(), words({"ferrry", "att", "off"}));
        // Looking at words is no change of the message.
        QVERIFY(!f.editor().document()->isModified());
        QVERIFY(f.backend.saved().empty());
    }

    void formattedTextIsMarkedAndGoesOutWithoutMarks()
    {
        Writing writing;
        writing.context.isRich = true;
        writing.composition.html
            = QStringLiteral("<div>the ferrry <a href=\"https://example.org\">herre</a></div>"
                             "<blockquote type=\"cite\"><div>teh ferry</div></blockquote><div>att two</div>"
                             "<div>--&nbsp;</div><div>Maritt</div>");
        Fixture f(writing);
        QTRY_COMPARE(f.window->spelling()->rich().marked(), words({"ferrry", "att"}));
        const QString html = f.window->writing().composition.html;
        QVERIFY(html.contains(QStringLiteral("the ferrry")));
        QVERIFY(!html.contains(QStringLiteral("wav")));
    }

    void whatIsBeingTypedIsNotMarkedYet()
    {
        Fixture f;
        f.editor().setFocus();
        QTest::keyClicks(&f.editor(), QStringLiteral("att ferr"));
        QTRY_COMPARE(f.marks().marked(), words({"att"}));
        QTest::keyClick(&f.editor(), Qt::Key_Space);
        QTRY_COMPARE(f.marks().marked(), words({"att", "ferr"}));
        QTest::keyClick(&f.editor(), Qt::Key_Backspace);
        QTRY_COMPARE(f.marks().marked(), words({"att"}));
        QTest::keyClick(&f.editor(), Qt::Key_Home);
        QTRY_COMPARE(f.marks().marked(), words({"att", "ferr"}));
    }

    void suggestionsAreInTheMenu()
    {
        Fixture f;
        f.setText("the ferrry leaves");
        QTRY_COMPARE(f.marks().marked(), words({"ferrry"}));
        QMenu *menu = f.menuAt("ferrry");
        QVERIFY(menu);
        QCOMPARE(menu->actions().front()->text(), QStringLiteral("ferry"));
        Fixture::trigger(menu, menu->actions().front());
        QTRY_COMPARE(f.editor().toPlainText(), QStringLiteral("the ferry leaves"));
        QTRY_VERIFY(f.marks().marked().isEmpty());
        f.editor().undo();
        QCOMPARE(f.editor().toPlainText(), QStringLiteral("the ferrry leaves"));
    }

    void theMenuKeyWorksOnTheWordAtTheCursor()
    {
        Fixture f;
        f.setText("the ferrry leaves");
        QTRY_COMPARE(f.marks().marked(), words({"ferrry"}));
        QTextCursor cursor = f.editor().textCursor();
        cursor.setPosition(6);
        f.editor().setTextCursor(cursor);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, f.editor().mapToGlobal(QPoint(0, 0)));
        QApplication::sendEvent(&f.editor(), &event);
        QMenu *menu = f.waitForMenu();
        QVERIFY(menu);
        QVERIFY(Fixture::find(menu, "teachWord"));
        // What every text field offers is there as well.
        QVERIFY(menu->actions().size() > 8);
        menu->close();
        // Elsewhere there is nothing about words.
        QMenu *plain = f.menuAt("leaves");
        QVERIFY(plain);
        QVERIFY(!Fixture::find(plain, "teachWord") && !Fixture::find(plain, "suggestion"));
        plain->close();
    }

    void wordsCanBeTaughtAndForgotten()
    {
        Fixture f;
        f.setText("kittiwake Kittiwake KITTIWAKE ferrry");
        QTRY_COMPARE(f.marks().marked(), words({"kittiwake", "Kittiwake", "KITTIWAKE", "ferrry"}));
        QMenu *menu = f.menuAt("kittiwake");
        QVERIFY(menu);
        Fixture::trigger(menu, Fixture::find(menu, "teachWord"));
        QTRY_COMPARE(f.marks().marked(), words({"ferrry"}));
        QCOMPARE(f.backend.words(), words({"kittiwake"}));
        menu = f.menuAt("kittiwake");
        QVERIFY(menu);
        Fixture::trigger(menu, Fixture::find(menu, "forgetWord"));
        QTRY_COMPARE(f.marks().marked().size(), 4);
        QVERIFY(f.backend.words().isEmpty());
    }

    void whatWasTaughtBeforeIsKnown()
    {
        Fixture f({}, words({"Solberg"}));
        f.setText("Solberg solberg");
        QTRY_COMPARE(f.marks().marked(), words({"solberg"}));
    }

    void ignoredInThisMessageOnly()
    {
        Fixture f;
        f.setText("ferrry att ferrry");
        QTRY_COMPARE(f.marks().marked().size(), 3);
        QMenu *menu = f.menuAt("ferrry");
        QVERIFY(menu);
        Fixture::trigger(menu, Fixture::find(menu, "ignoreWord"));
        QTRY_COMPARE(f.marks().marked(), words({"att"}));
        QVERIFY(f.backend.words().isEmpty());
        QVERIFY(!f.spelling->isTaught(QStringLiteral("ferrry")));
    }

    void severalLanguagesAtATime()
    {
        Fixture f;
        f.setText("the ferry steht att Hafen");
        QTRY_COMPARE(f.marks().marked(), words({"steht", "att", "Hafen"}));
        QMenu *menu = f.window->spelling()->menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), 2);
        QVERIFY(Fixture::find(menu, "en_US")->isChecked());
        Fixture::find(menu, "de_DE")->trigger();
        QTRY_COMPARE(f.marks().marked(), words({"att"}));
        // The account's next message is checked in both; another account's as well, while it has no choice of its own.
        QCOMPARE(f.settings.spellLanguages(AccountId(1)).value_or(QStringList()), QStringList({english, german}));
        QCOMPARE(f.settings.spellLanguages(AccountId(2)).value_or(QStringList()), QStringList({english, german}));
        Q_EMIT menu->aboutToShow();
        Fixture::find(menu, "en_US")->trigger();
        Q_EMIT menu->aboutToShow();
        Fixture::find(menu, "de_DE")->trigger();
        QTRY_VERIFY(f.marks().marked().isEmpty());
        QCOMPARE(f.settings.spellLanguages(AccountId(1)).value_or(words({"?"})), QStringList());
    }

    void anotherAccountHasLanguagesOfItsOwn()
    {
        Fixture f;
        f.settings.setSpellLanguages(AccountId(2), {german});
        f.window->spelling()->setAccount(AccountId(2));
        QCOMPARE(f.window->spelling()->languages(), QStringList{german});
        f.window->spelling()->setAccount(AccountId(1));
        QCOMPARE(f.window->spelling()->languages(), QStringList{english});
    }

    /** A megabyte is pasted: what is in sight is marked, and no event takes the window's time. */
    void aLargeTextDoesNotHoldUpTheWindow()
    {
        Fixture f;
        const QString line = QStringLiteral("the ferrry leaves att two and all of us will be there\n");
        const QString text = line.repeated(1024 * 1024 / line.size() + 1);
        f.editor().setPlainText(text);
        f.editor().moveCursor(QTextCursor::Start);
        // The worst that the checker itself takes, wherever one looks.
        QTRY_VERIFY(!f.marks().marked().isEmpty());
        const qsizetype page = f.marks().marked().size();
        QVERIFY2(page < 400, qPrintable(QString::number(page)));
        QVERIFY(f.marks().marked().contains(QStringLiteral("ferrry")));
        f.editor().verticalScrollBar()->setValue(f.editor().verticalScrollBar()->maximum());
        f.editor().moveCursor(QTextCursor::End);
        QTest::keyClicks(&f.editor(), QStringLiteral("herre "));
        QTRY_VERIFY(f.marks().marked().contains(QStringLiteral("herre")));
    }

    void aLineOfAMegabyteIsLookedAtInPart()
    {
        Fixture f;
        f.editor().setLineWrapMode(QPlainTextEdit::NoWrap); // else laying it out takes longer than all the rest
        f.editor().setPlainText(QStringLiteral("ferrry att ").repeated(100'000));
        f.editor().moveCursor(QTextCursor::Start);
        QTRY_VERIFY(!f.marks().marked().isEmpty());
        QVERIFY(f.marks().marked().size() < 10'000);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestSpelling)
#include "test_spelling.moc"

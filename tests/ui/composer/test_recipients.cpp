// SPDX-License-Identifier: GPL-3.0-or-later
// Recipients: what is typed and pasted becomes chips, whoever is known is offered, chips move from field to field.
#include "tests/ui/uitest.h"
#include "ui/composer/addresstext.h"
#include "ui/composer/recipientchip.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QCompleter>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>

using namespace kittiwake;
using namespace kittiwake::ui;

namespace
{

using Row = RecipientRows::Row;

QStringList textsOf(const mail::AddressList &list)
{
    QStringList result;
    for (const mail::Address &one : list)
        result.push_back(one.name.isEmpty() ? one.address : QString(one.name + u'|' + one.address));
    return result;
}

struct Fixture {
    QWidget window;
    RecipientRows *rows;
    RecipientField &to;
    QLineEdit *next; ///< what comes after the recipients: the subject
    bool m_isActive = false;

    Fixture() : rows(new RecipientRows(&window)), to(rows->field(Row::To)), next(new QLineEdit(&window))
    {
        next->move(0, 280);
        window.resize(700, 300);
        rows->resize(700, 300);
        window.show();
        window.activateWindow();
        m_isActive = QTest::qWaitForWindowActive(&window);
        to.lineEdit()->setFocus();
    }
    QLineEdit *edit() { return to.lineEdit(); }
    void type(const char *text) { QTest::keyClicks(edit(), QString::fromUtf8(text)); }
    void key(Qt::Key key) { QTest::keyClick(QApplication::focusWidget(), key); }
    QAbstractItemView *popup() { return to.findChild<QCompleter *>()->popup(); }
};

} // namespace

class TestRecipients final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsPastedFromAnywhere_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const char *name, const char *typed, const QStringList &found) {
            QTest::newRow(name) << QString::fromUtf8(typed) << found;
        };
        const QString a = QStringLiteral("a@x.example");
        const QString b = QStringLiteral("b@y.example");
        const QString c = QStringLiteral("c@z.example");
        row("one", "a@x.example", {a});
        row("commas", "a@x.example, b@y.example,c@z.example", {a, b, c});
        row("mixed", "Anna <a@x.example>, b@y.example; c@z.example\n", {QStringLiteral("Anna|a@x.example"), b, c});
        row("lines", "a@x.example\r\nb@y.example\n\n c@z.example", {a, b, c});
        row("tabs", "a@x.example\tb@y.example", {a, b});
        row("quoted name with comma", "\"Berg, Anna\" <a@x.example>; b@y.example",
            {QStringLiteral("Berg, Anna|a@x.example"), b});
        row("Outlook's names", "Berg, Anna <a@x.example>; Olsen, Per <b@y.example>",
            {QStringLiteral("Berg, Anna|a@x.example"), QStringLiteral("Olsen, Per|b@y.example")});
        row("a group", "Walkers: a@x.example, Ben <b@y.example>; c@z.example",
            {a, QStringLiteral("Ben|b@y.example"), c});
        row("an empty group", "undisclosed-recipients:;", {});
        row("a link", "mailto:a@x.example?subject=hello", {a});
        row("international", "Åse <åse@blåbær.example>", {QStringLiteral("Åse|åse@blåbær.example")});
        row("punycode", "a@xn--blbr-toad.example", {QStringLiteral("a@xn--blbr-toad.example")});
        row("no address", "Anna", {QStringLiteral("Anna")});
        row("a quote that is never closed", "\"Anna <a@x.example>\nb@y.example",
            {QStringLiteral("\"Anna <a@x.example>"), b});
        row("nothing", " ,;\n\t ", {});
    }

    void whatIsPastedFromAnywhere()
    {
        QFETCH(const QString, typed);
        QFETCH(const QStringList, found);
        QCOMPARE(textsOf(addressesOf(typed)), found);
    }

    void whatWasReadIsWrittenSoThatItIsReadAgain()
    {
        for (const mail::Address &one :
             mail::AddressList{{QStringLiteral("Berg, Anna"), QStringLiteral("a@x.example")},
                               {QStringLiteral("A \"B\" \\C"), QStringLiteral("a@x.example")},
                               {QString(), QStringLiteral("åse@blåbær.example")},
                               {QStringLiteral("山田 太郎"), QStringLiteral("t@x.example")}}) {
            const mail::AddressList again = addressesOf(addressText(one));
            QCOMPARE(again.size(), std::size_t(1));
            QCOMPARE(again.front(), one);
        }
    }

    void aHugePasteIsReadInTimeAndUpToALimit()
    {
        QString text;
        for (int i = 0; i < 40000; ++i)
            text += QStringLiteral("Person %1 <p%1@x.example>;\n").arg(i);
        QElapsedTimer timer;
        timer.start();
        const mail::AddressList found = addressesOf(text);
        QVERIFY(found.size() >= 500);
        QVERIFY(found.size() <= 1000);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    }

    void commaSemicolonEnterAndTabMakeChips()
    {
        Fixture f;
        f.type("a@x.example,");
        QCOMPARE(f.to.chips().size(), std::size_t(1));
        f.type("b@x.example;");
        f.type("c@x.example");
        f.key(Qt::Key_Return);
        QCOMPARE(f.to.chips().size(), std::size_t(3));
        QVERIFY(f.edit()->text().isEmpty());
        f.type("d@x.example");
        f.key(Qt::Key_Tab);
        QCOMPARE(f.to.chips().size(), std::size_t(4));
        QVERIFY(f.next->hasFocus());
    }

    void aCommaWithinQuotesBelongsToTheName()
    {
        Fixture f;
        f.type("\"Berg, Anna\" <a@x.example>");
        QVERIFY(f.to.chips().empty());
        f.key(Qt::Key_Return);
        QCOMPARE(textsOf(f.to.addresses()), QStringList{QStringLiteral("Berg, Anna|a@x.example")});
    }

    void nobodyIsThereTwice()
    {
        Fixture f;
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example, A@X.example, b@x.example")));
        QCOMPARE(f.to.chips().size(), std::size_t(2));
    }

    void whatIsNoAddressIsMarkedAndSaid()
    {
        Fixture f;
        f.type("Anna,");
        f.type("ok@x.example,");
        const RecipientChip *bad = f.to.chips()[0];
        QVERIFY(!bad->isValid());
        QVERIFY(bad->toolTip().contains(QStringLiteral("is not an email address")));
        QVERIFY(bad->accessibleName().contains(QStringLiteral("not an email address")));
        QVERIFY(f.to.chips()[1]->isValid());
        QVERIFY(f.to.hasInvalid());
        QVERIFY(f.rows->focusInvalid());
        QVERIFY(bad->hasFocus());
        f.key(Qt::Key_Return); // mends it
        QCOMPARE(f.edit()->text(), QStringLiteral("Anna"));
        QVERIFY(!f.rows->isEmpty());
    }

    void chipsAreReachedAndTakenAwayByKeyboard()
    {
        Fixture f;
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example, b@x.example, c@x.example")));
        f.key(Qt::Key_Backspace);
        QVERIFY(f.to.chips()[2]->hasFocus());
        f.key(Qt::Key_Left);
        QVERIFY(f.to.chips()[1]->hasFocus());
        f.key(Qt::Key_Delete);
        QCOMPARE(textsOf(f.to.addresses()),
                 (QStringList{QStringLiteral("a@x.example"), QStringLiteral("c@x.example")}));
        QVERIFY(f.edit()->hasFocus());
        f.key(Qt::Key_Left);
        f.key(Qt::Key_Right);
        QVERIFY(f.edit()->hasFocus());
    }

    void fromTheRightTheKeysAreMirrored()
    {
        Fixture f;
        f.window.setLayoutDirection(Qt::RightToLeft);
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example, b@x.example")));
        f.key(Qt::Key_Right);
        QVERIFY(f.to.chips()[1]->hasFocus());
        f.key(Qt::Key_Right);
        QVERIFY(f.to.chips()[0]->hasFocus());
    }

    void aPastedListBecomesChipsWithItsLineEnds()
    {
        Fixture f;
        QApplication::clipboard()->setText(QStringLiteral("a@x.example\nb@x.example"));
        QTest::keySequence(f.edit(), QKeySequence::Paste);
        QCOMPARE(f.to.chips().size(), std::size_t(2));
        // A single word may be a beginning.
        QApplication::clipboard()->setText(QStringLiteral("c@x"));
        QTest::keySequence(f.edit(), QKeySequence::Paste);
        QCOMPARE(f.edit()->text(), QStringLiteral("c@x"));
    }

    void whoeverIsKnownIsOffered()
    {
        Fixture f;
        connect(f.rows, &RecipientRows::suggestionsWanted, f.rows, [](RecipientField *field, const QString &typed) {
            field->setSuggestions(typed,
                                  {{QStringLiteral("Ann"), QStringLiteral("ann@x.example")},
                                   {QStringLiteral("Anna Berg"), QStringLiteral("anna@x.example")}});
        });
        f.type("an");
        QTRY_VERIFY(f.popup()->isVisible());
        QCOMPARE(f.popup()->model()->rowCount(), 2);
        QTest::keyClick(f.popup(), Qt::Key_Down);
        QTest::keyClick(f.popup(), Qt::Key_Return);
        QCOMPARE(textsOf(f.to.addresses()), QStringList{QStringLiteral("Anna Berg|anna@x.example")});
        QVERIFY(!f.popup()->isVisible());
        // Whoever is there is not offered again.
        f.type("an");
        QTRY_VERIFY(f.popup()->isVisible());
        QCOMPARE(f.popup()->model()->rowCount(), 1);
    }

    void anAnswerThatComesTooLateIsLeftOut()
    {
        Fixture f;
        f.type("xy");
        f.to.setSuggestions(QStringLiteral("x"), {{{}, QStringLiteral("x@x.example")}});
        QVERIFY(!f.popup()->isVisible());
    }

    void chipsAreDraggedFromFieldToField()
    {
        Fixture f;
        f.rows->showRow(Row::Cc, false);
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example, b@x.example")));
        RecipientField &cc = f.rows->field(Row::Cc);
        QTRY_VERIFY(cc.isVisible() && f.to.chips()[0]->width() > 0 && cc.height() > 0);
        RecipientChip *chip = f.to.chips()[0];
        const QPoint target = chip->mapFromGlobal(cc.mapToGlobal(cc.rect().center()));
        QTest::mousePress(chip, Qt::LeftButton, {}, {10, 10});
        QTest::mouseMove(chip, target / 2);
        QMouseEvent move(QEvent::MouseMove, target, chip->mapToGlobal(target), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(chip, &move);
        QTest::mouseRelease(chip, Qt::LeftButton, {}, target);
        QCOMPARE(textsOf(f.to.addresses()), QStringList{QStringLiteral("b@x.example")});
        QCOMPARE(textsOf(cc.addresses()), QStringList{QStringLiteral("a@x.example")});
    }

    void ccAndBccAreThereWhenTheyAreWanted()
    {
        Fixture f;
        QVERIFY(!f.rows->isRowShown(Row::Cc));
        f.rows->showRow(Row::Cc, true);
        QVERIFY(f.rows->field(Row::Cc).lineEdit()->hasFocus());
        mime::Composition composition;
        composition.bcc = {{{}, QStringLiteral("b@x.example")}};
        f.rows->setRecipients(composition);
        QVERIFY(f.rows->isRowShown(Row::Bcc));
        mime::Composition back;
        f.rows->takeRecipients(back);
        QCOMPARE(back.bcc, composition.bcc);
    }

    void manyAreHiddenFromEachOther()
    {
        Fixture f;
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example, b@x.example")));
        f.rows->showRow(Row::Cc, false);
        f.rows->field(Row::Cc).addAddresses(addressesOf(QStringLiteral("c@x.example")));
        QCOMPARE(f.rows->visibleRecipients(), std::size_t(3));
        f.rows->moveVisibleToBcc();
        QCOMPARE(f.rows->visibleRecipients(), std::size_t(0));
        QCOMPARE(f.rows->field(Row::Bcc).addresses().size(), std::size_t(3));
    }

    void everyControlHasAName()
    {
        Fixture f;
        f.to.addAddresses(addressesOf(QStringLiteral("a@x.example")));
        for (const QWidget *widget : f.rows->findChildren<QWidget *>()) {
            if (widget->focusPolicy() != Qt::NoFocus && widget->inherits("QAbstractButton"))
                QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
        for (const QLineEdit *edit : f.rows->findChildren<QLineEdit *>())
            QVERIFY(!edit->accessibleName().isEmpty());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestRecipients)
#include "test_recipients.moc"

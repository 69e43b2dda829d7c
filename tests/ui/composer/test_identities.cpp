// SPDX-License-Identifier: GPL-3.0-or-later
// As whom somebody writes, where that is set, and where signatures stand.
#include "tests/ui/composer/fakecomposer.h"
#include "tests/ui/uitest.h"
#include "ui/composer/signature.h"
#include "ui/settings/identitiesdialog.h"
#include "ui/widgets/banner.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

struct Fixture {
    FakeComposer backend;
    AccountId account{3};
    std::vector<accounts::Identity> before;
    QPointer<IdentitiesDialog> dialog;

    Fixture()
    {
        accounts::Identity one;
        one.key = QStringLiteral("one");
        one.name = QStringLiteral("Anna");
        one.address = QStringLiteral("anna@example.org");
        one.signatureText = QStringLiteral("A.");
        one.signatureHtml = QStringLiteral("<b>A.</b>");
        accounts::Identity two;
        two.key = QStringLiteral("two");
        two.address = QStringLiteral("walks@example.org");
        before = {one, two};
        backend.setIdentities(account, before);
    }
    void open()
    {
        dialog = new IdentitiesDialog(backend, account, QStringLiteral("anna@example.org"));
        dialog->show();
        dialog->activateWindow();
        if (!QTest::qWaitForWindowActive(dialog))
            qWarning("the dialog does not get active");
    }
    [[nodiscard]] std::vector<accounts::Identity> kept() const { return backend.identitiesOf(account); }
    ~Fixture() { delete dialog; }
    template <typename T>
    T *find(const char *name)
    {
        return dialog->findChild<T *>(QLatin1String(name));
    }
    void type(const char *name, const QString &text)
    {
        auto *edit = find<QLineEdit>(name);
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
};

WriterIdentity writer(bool below)
{
    WriterIdentity who;
    who.signatureText = QStringLiteral("Anna <3\nBergen");
    who.signatureBelowQuote = below;
    return who;
}

} // namespace

class TestIdentities final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingOfAnIdentityIsEdited()
    {
        Fixture f;
        f.open();
        auto *list = f.find<QListWidget>("identityList");
        QCOMPARE(list->count(), 2);
        list->setCurrentRow(1);
        f.type("identityName", QStringLiteral("Walks"));
        f.type("identityReplyTo", QStringLiteral("office@example.org"));
        f.find<QPlainTextEdit>("signature")->setPlainText(QStringLiteral("Harbour walks\nBergen"));
        auto *place = f.find<QComboBox>("signaturePlace");
        place->setFocus();
        QTest::keyClick(place, Qt::Key_Down);
        QVERIFY(f.kept() == f.before); // nothing before it is saved
        f.find<QPushButton>("saveIdentities")->click();
        QTRY_VERIFY(f.dialog.isNull());
        QCOMPARE(f.kept().size(), 2U);
        QCOMPARE(f.kept()[0], f.before[0]); // untouched, its formatted signature too
        QCOMPARE(f.kept()[1].key, QStringLiteral("two"));
        QCOMPARE(f.kept()[1].name, QStringLiteral("Walks"));
        QCOMPARE(f.kept()[1].replyTo, QStringLiteral("office@example.org"));
        QCOMPARE(f.kept()[1].signatureText, QStringLiteral("Harbour walks\nBergen"));
        QVERIFY(f.kept()[1].signatureBelowQuote);
    }

    void identitiesComeAndGoAndTakeTurns()
    {
        Fixture f;
        f.open();
        QVERIFY(!f.find<QPushButton>("makeFirst")->isEnabled());
        f.find<QPushButton>("addIdentity")->click();
        QVERIFY(f.find<QLineEdit>("identityAddress")->hasFocus());
        f.type("identityAddress", QStringLiteral("new@example.org"));
        f.find<QPushButton>("makeFirst")->click();
        auto *list = f.find<QListWidget>("identityList");
        QCOMPARE(list->currentRow(), 0);
        list->setCurrentRow(2);
        f.find<QPushButton>("removeIdentity")->click();
        f.find<QPushButton>("saveIdentities")->click();
        QTRY_VERIFY(f.dialog.isNull());
        QCOMPARE(f.kept().size(), 2U);
        QCOMPARE(f.kept()[0].address, QStringLiteral("new@example.org"));
        QVERIFY(!f.kept()[0].key.isEmpty());
        QCOMPARE(f.kept()[1].key, QStringLiteral("one"));
    }

    void theLastOneStays()
    {
        Fixture f;
        f.backend.setIdentities(f.account, {f.before[0]});
        f.open();
        QCOMPARE(f.find<QListWidget>("identityList")->count(), 1);
        QVERIFY(!f.find<QPushButton>("removeIdentity")->isEnabled());
        QCOMPARE(f.find<QLineEdit>("identityAddress")->text(), QStringLiteral("anna@example.org"));
    }

    void whatIsWrongIsSaidAndNothingIsLost()
    {
        Fixture f;
        f.backend.setIdentitiesError(Error{ErrorKind::Input, {}, QStringLiteral("That is no address."), {}});
        f.open();
        f.type("identityAddress", QStringLiteral("nonsense"));
        f.find<QPushButton>("saveIdentities")->click();
        QTRY_COMPARE(f.find<Banner>("identitiesTrouble")->text(), QStringLiteral("That is no address."));
        QVERIFY(f.dialog->isVisible());
        QCOMPARE(f.find<QLineEdit>("identityAddress")->text(), QStringLiteral("nonsense"));
        f.backend.setIdentitiesError(std::nullopt);
        f.find<QPushButton>("saveIdentities")->click();
        QTRY_VERIFY(f.dialog.isNull());
        QCOMPARE(f.kept()[0].address, QStringLiteral("nonsense"));
    }

    void aSignatureStandsAboveOrBelowThePlainQuote()
    {
        Writing writing;
        writing.composition.text = QStringLiteral("\n\nBen wrote:\n> Hello");
        Writing above = writing;
        addSignature(above, writer(false));
        QCOMPARE(above.composition.text, QStringLiteral("\n\n-- \nAnna <3\nBergen\n\nBen wrote:\n> Hello"));
        Writing below = writing;
        addSignature(below, writer(true));
        QCOMPARE(below.composition.text, QStringLiteral("\n\nBen wrote:\n> Hello\n\n-- \nAnna <3\nBergen"));
    }

    void aSignatureStandsAboveOrBelowTheFormattedQuote()
    {
        Writing writing;
        writing.context.isRich = true;
        writing.quote.html = QStringLiteral("<blockquote>Hello</blockquote>");
        writing.quote.text = QStringLiteral("> Hello");
        Writing above = writing;
        addSignature(above, writer(false));
        QCOMPARE(above.quote, writing.quote);
        QVERIFY(above.composition.html.endsWith(QStringLiteral("<div>Anna &lt;3</div><div>Bergen</div>")));
        Writing below = writing;
        addSignature(below, writer(true));
        QVERIFY(below.composition.html.isEmpty());
        QVERIFY(below.quote.html.startsWith(writing.quote.html));
        QVERIFY(below.quote.html.endsWith(QStringLiteral("<div>--&nbsp;</div><div>Anna &lt;3</div><div>Bergen</div>")));
        QCOMPARE(below.quote.text, QStringLiteral("> Hello\n\n-- \nAnna <3\nBergen"));
        // Somebody else writes: theirs takes its place, once.
        const QString before = signatureOf(writer(true));
        QVERIFY(changeSignature(below.quote, before, QStringLiteral("-- \nBen")));
        QCOMPARE(below.quote.text, QStringLiteral("> Hello\n\n-- \nBen"));
        QVERIFY(below.quote.html.endsWith(QStringLiteral("<div>--&nbsp;</div><div>Ben</div>")));
        QVERIFY(!changeSignature(below.quote, before, QStringLiteral("-- \nCy")));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestIdentities)
#include "test_identities.moc"

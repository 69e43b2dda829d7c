// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fakesource.h"
#include "tests/ui/uitest.h"
#include "ui/accounts/accountdialog.h"
#include "ui/accounts/passworddialog.h"
#include "ui/settings/settingsdialog.h"
#include "ui/widgets/banner.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

struct Fixture {
    FakeSource source;
    AccountDialog dialog{source};

    Fixture() { dialog.show(); }
    template <typename T = QLineEdit>
    T *field(const char *name)
    {
        return dialog.findChild<T *>(QLatin1String(name));
    }
    QPushButton *proceed() { return field<QPushButton>("proceed"); }
    Banner *banner() { return field<Banner>("accountBanner"); }
    void type(const char *name, const char *text)
    {
        field(name)->clear();
        QTest::keyClicks(field(name), QString::fromLatin1(text));
    }
    void fill(const char *password)
    {
        type("name", "Anna Berg");
        type("email", "anna@example.org");
        type("password", password);
        type("imapHost", "imap.example.org");
    }
};

} // namespace

class TestAccountDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsAskedFor()
    {
        Fixture f;
        f.proceed()->click();
        QVERIFY(f.banner()->isVisible());
        QVERIFY(f.banner()->text().contains(QStringLiteral("email address")));
        f.type("email", "anna@example.org");
        QVERIFY(!f.banner()->isVisible());
        f.proceed()->click();
        QVERIFY(f.banner()->text().contains(QStringLiteral("password")));
        f.type("password", "x");
        f.proceed()->click();
        QVERIFY(f.banner()->text().contains(QStringLiteral("server")));
    }

    void aWrongPasswordIsSaidAndCanBeCorrected()
    {
        Fixture f;
        QSignalSpy added(&f.dialog, &AccountDialog::accountAdded);
        f.fill("wrong");
        QTest::keyClick(f.field("password"), Qt::Key_Return);
        QVERIFY(!f.proceed()->isEnabled()); // checking
        QTRY_VERIFY(f.banner()->isVisible());
        QVERIFY(f.banner()->text().contains(QStringLiteral("did not accept the user name or the password")));
        QVERIFY(f.proceed()->isEnabled());
        QCOMPARE(f.proceed()->text(), QStringLiteral("Check"));
        QTRY_VERIFY(f.field("password")->hasFocus());

        f.type("password", "right");
        f.proceed()->click();
        QTRY_COMPARE(f.proceed()->text(), QStringLiteral("Add account"));
        QVERIFY(f.banner()->text().contains(QStringLiteral("imap.example.org:993 (TLS, SCRAM-SHA-256)")));
        QCOMPARE(added.size(), 0);

        // What is changed after the check is checked again.
        f.type("imapHost", "other.example.org");
        QCOMPARE(f.proceed()->text(), QStringLiteral("Check"));
        f.proceed()->click();
        QTRY_VERIFY(f.banner()->isVisible() && f.banner()->text().contains(QStringLiteral("could not be found")));
        f.type("imapHost", "imap.example.org");
        f.proceed()->click();
        QTRY_COMPARE(f.proceed()->text(), QStringLiteral("Add account"));
        f.proceed()->click();
        QTRY_COMPARE(added.size(), 1);
        QVERIFY(!f.dialog.isVisible());
        QCOMPARE(f.source.accounts().size(), 1U);
        QCOMPARE(f.source.accounts().front().email, QStringLiteral("anna@example.org"));
    }

    void cancellingAbandonsTheCheck()
    {
        Fixture f;
        f.source.setHolding(true);
        f.fill("right");
        f.proceed()->click();
        f.field<QPushButton>("cancel")->click();
        QVERIFY(!f.dialog.isVisible());
        f.source.releaseHeld();
        QCoreApplication::processEvents();
        QVERIFY(f.source.accounts().empty());
    }

    void theFieldsMakeTheAccount()
    {
        Fixture f;
        f.fill("right");
        auto *tls = f.field<QComboBox>("imapTls");
        auto *port = f.field<QSpinBox>("imapPort");
        QCOMPARE(port->value(), 993);
        QTest::keyClick(tls, Qt::Key_Down);
        QCOMPARE(port->value(), 143); // follows until somebody types one
        port->setValue(10143);
        QTest::keyClick(tls, Qt::Key_Up);
        QCOMPARE(port->value(), 10143);
        QVERIFY(!f.dialog.account().smtp);
        f.type("smtpHost", "smtp.example.org");
        f.field<QToolButton>("advancedButton")->click();
        QVERIFY(f.field("userName")->isVisible());
        f.type("userName", "anna");
        f.type("caFile", "/etc/ca.pem");
        const accounts::Account account = f.dialog.account();
        QCOMPARE(account.displayName, QStringLiteral("Anna Berg"));
        QCOMPARE(account.imap.endpoint.port, 10143);
        QCOMPARE(account.imap.tls, net::TlsMode::Implicit);
        QVERIFY(account.smtp.has_value());
        QCOMPARE(account.smtp->endpoint.port, 465);
        QCOMPARE(account.signInName(), QStringLiteral("anna"));
        QCOMPARE(account.tlsPolicy.caFile, QStringLiteral("/etc/ca.pem"));
        QCOMPARE(f.field("password")->echoMode(), QLineEdit::Password);
    }

    void tabReachesTheFieldsInTheirOrder()
    {
        Fixture f;
        f.dialog.activateWindow();
        f.field("name")->setFocus();
        QStringList order;
        for (int i = 0; i < 9; ++i) {
            QWidget *focus = f.dialog.focusWidget();
            order.append(focus->objectName());
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        QCOMPARE(order,
                 QStringList({QStringLiteral("name"), QStringLiteral("email"), QStringLiteral("password"),
                              QStringLiteral("imapHost"), QStringLiteral("imapPort"), QStringLiteral("imapTls"),
                              QStringLiteral("smtpHost"), QStringLiteral("smtpPort"), QStringLiteral("smtpTls")}));
    }

    void aNewPasswordIsTriedBeforeItIsTaken()
    {
        FakeSource source;
        source.addFakeAccount(QStringLiteral("me@example.org"));
        auto *dialog = new PasswordDialog(source, source.accounts().front());
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        auto *field = dialog->findChild<QLineEdit *>(QStringLiteral("newPassword"));
        auto *signIn = dialog->findChild<QPushButton *>(QStringLiteral("signIn"));
        QVERIFY(!signIn->isEnabled());
        QTest::keyClicks(field, QStringLiteral("wrong"));
        signIn->click();
        QTRY_VERIFY(dialog->findChild<Banner *>()->isVisible());
        QVERIFY(dialog->isVisible());
        field->clear();
        QTest::keyClicks(field, QStringLiteral("right"));
        signIn->click();
        QTRY_VERIFY(!dialog->isVisible());
        delete dialog;
    }

    void removingAnAccountIsAskedFirst()
    {
        FakeSource source;
        source.addFakeAccount(QStringLiteral("me@example.org"));
        source.addFakeAccount(QStringLiteral("other@example.org"));
        WindowSettings settings{QString()};
        auto *dialog = new SettingsDialog(source, settings);
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        dialog->findChild<QListWidget *>(QStringLiteral("accountList"))->setCurrentRow(1);
        auto *remove = dialog->findChild<QPushButton *>(QStringLiteral("removeAccountButton"));
        remove->click();
        auto *question = dialog->findChild<QMessageBox *>(QStringLiteral("removeAccountQuestion"));
        QVERIFY(question && question->text().contains(QStringLiteral("other@example.org")));
        QCOMPARE(question->textFormat(), Qt::PlainText);
        question->button(QMessageBox::Cancel)->click();
        QCoreApplication::processEvents();
        QCOMPARE(source.accounts().size(), 2U);
        remove->click();
        const auto confirm = [&dialog] { return dialog->findChild<QPushButton *>(QStringLiteral("confirmRemoval")); };
        QTRY_VERIFY(confirm());
        confirm()->click();
        QTRY_COMPARE(source.accounts().size(), 1U);
        QCOMPARE(source.accounts().front().email, QStringLiteral("me@example.org"));
        delete dialog;
    }
};

KITTIWAKE_UI_TEST_MAIN(TestAccountDialog)
#include "test_accountdialog.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/accounts/accountregistry.h"
#include "core/accounts/accountvalidation.h"

using namespace kittiwake;
using namespace kittiwake::accounts;

Q_DECLARE_METATYPE(std::function<void(kittiwake::accounts::Account &)>)

class TestAccountValidation final : public QObject
{
    Q_OBJECT

private:
    using Change = std::function<void(Account &)>;

    static Account good()
    {
        Account account;
        account.email = u"ann@example.org"_qs;
        account.imap.endpoint = {u"imap.example.org"_qs, 993};
        return account;
    }

private Q_SLOTS:
    void identities()
    {
        const Identity fine{u"a1"_qs,        u"Ann"_qs,       u"ann@work.example"_qs, u"a@b.example, c@d.example"_qs,
                            u"Ann\nBoss"_qs, u"<b>Ann</b>"_qs};
        const auto valid = [](std::vector<Identity> identities) {
            Account account = good();
            account.identities = std::move(identities);
            return validateAccount(account).has_value();
        };
        Identity other = fine;
        other.key = u"b"_qs;
        QVERIFY(valid({fine, other}));
        QVERIFY(!valid({fine, fine}));
        const std::vector<std::function<void(Identity &)>> faults{
            [](Identity &one) { one.key.clear(); },
            [](Identity &one) { one.key = u"a b"_qs; },
            [](Identity &one) { one.key = QString(65, u'a'); },
            [](Identity &one) { one.address = u"ann"_qs; },
            [](Identity &one) { one.address = u"Ann <ann@work.example>"_qs; },
            [](Identity &one) { one.name = u"Ann\r\nBcc: x@y.example"_qs; },
            [](Identity &one) { one.name = QString(257, u'a'); },
            [](Identity &one) { one.replyTo = u"a@b.example; c@d.example"_qs; },
            [](Identity &one) { one.replyTo = u"a@b.example,"_qs; },
            [](Identity &one) { one.signatureText = QString(70'000, u'a'); },
            [](Identity &one) { one.signatureHtml = QString(70'000, u'a'); },
        };
        for (const auto &fault : faults) {
            Identity broken = fine;
            fault(broken);
            QVERIFY(!valid({broken}));
        }
        QVERIFY(!valid(std::vector<Identity>(mostIdentities + 1, fine)));
    }

    void emails_data()
    {
        QTest::addColumn<QString>("email");
        QTest::addColumn<bool>("valid");
        QTest::newRow("plain") << u"ann@example.org"_qs << true;
        QTest::newRow("plus and dots") << u"a.n-n+tag_1@mail.example.org"_qs << true;
        QTest::newRow("local server") << u"ann@mailhost"_qs << true;
        QTest::newRow("internationalised") << u"zoë@bücher.example"_qs << true;
        QTest::newRow("odd but legal") << u"!#$%&'*/=?^_`{|}~@example.org"_qs << true;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("no at") << u"ann"_qs << false;
        QTest::newRow("no name") << u"@example.org"_qs << false;
        QTest::newRow("no domain") << u"ann@"_qs << false;
        QTest::newRow("two") << u"ann@example.org,bob@example.org"_qs << false;
        QTest::newRow("two at") << u"ann@home@example.org"_qs << false;
        QTest::newRow("blank") << u"ann smith@example.org"_qs << false;
        QTest::newRow("with a name") << u"Ann <ann@example.org>"_qs << false;
        QTest::newRow("line break") << u"ann@example.org\r\nRCPT TO:<x>"_qs << false;
        QTest::newRow("nul") << QString::fromUtf8("ann\0@example.org", 16) << false;
        QTest::newRow("bidi control") << u"ann\u202E@example.org"_qs << false;
        QTest::newRow("long local part") << QString(65, u'a') + u"@example.org"_qs << false;
        QTest::newRow("long, in bytes") << QString(33, u'ü') + u"@example.org"_qs << false;
        QTest::newRow("longest") << QString(64, u'a') + u"@example.org"_qs << true;
    }

    void emails()
    {
        QFETCH(QString, email);
        QFETCH(bool, valid);
        Account account = good();
        account.email = email;
        const Result<void> result = validateAccount(account);
        QCOMPARE(result.has_value(), valid);
        if (!valid) {
            QCOMPARE(result.error().kind, ErrorKind::Input);
            QVERIFY(result.error().userText.contains(u"name@example.org"));
        }
    }

    void others_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("words"); // empty: valid
        const auto row = [](const char *name, const QString &words, const Change &change) {
            QTest::newRow(name) << change << words;
        };
        row("good", {}, [](Account &) {});
        row("no host", u"missing"_qs, [](Account &a) { a.imap.endpoint.host = u" "_qs; });
        row("bad host", u"cannot be the name of a server"_qs, [](Account &a) { a.imap.endpoint.host = u"a b"_qs; });
        row("no port", u"1 to 65535"_qs, [](Account &a) { a.imap.endpoint.port = 0; });
        row("smtp without host", u"missing"_qs, [](Account &a) { a.smtp = Server{{QString(), 465}, {}}; });
        row("smtp without port", u"1 to 65535"_qs, [](Account &a) {
            a.smtp = Server{{u"smtp.example.org"_qs, 0}, {}};
        });
        row("good smtp", {}, [](Account &a) { a.smtp = Server{{u"smtp.example.org"_qs, 465}, {}}; });
        row("name", {}, [](Account &a) { a.displayName = u"Ann-Sophie “A” O'Neil 猫"_qs; });
        row("long name", u"The name"_qs, [](Account &a) { a.displayName = QString(257, u'a'); });
        row("name with a line", u"The name"_qs, [](Account &a) { a.displayName = u"Ann\nBcc: x@y"_qs; });
        row("user name", {}, [](Account &a) { a.userName = u"DOMAIN\\ann smith"_qs; });
        row("long user name", u"user name"_qs, [](Account &a) { a.userName = QString(1025, u'a'); });
        row("user name with nul", u"user name"_qs, [](Account &a) { a.userName = QString(QChar(u'\0')); });
        row("mechanism", {}, [](Account &a) { a.saslMechanism = u"SCRAM-SHA-256-PLUS"_qs; });
        row("mechanism in small letters", u"SASL mechanism"_qs, [](Account &a) { a.saslMechanism = u"plain"_qs; });
        row("mechanism with a command", u"SASL mechanism"_qs, [](Account &a) { a.saslMechanism = u"PLAIN X"_qs; });
        row("long mechanism", u"SASL mechanism"_qs, [](Account &a) { a.saslMechanism = QString(21, u'A'); });
        row("relative CA file", u"full path"_qs, [](Account &a) { a.tlsPolicy.caFile = u"ca.pem"_qs; });
        row("CA file with a line", u"full path"_qs, [](Account &a) { a.tlsPolicy.caFile = u"/a\n/b"_qs; });
        row("command", {}, [](Account &a) { a.passwordCommand = u"pass 'a b' | head -1 && true"_qs; });
        row("command of two lines", u"single line"_qs, [](Account &a) { a.passwordCommand = u"a\nb"_qs; });
        row("long command", u"single line"_qs, [](Account &a) { a.passwordCommand = QString(4097, u'a'); });
    }

    void others()
    {
        QFETCH(Change, change);
        QFETCH(QString, words);
        Account account = good();
        change(account);
        const Result<void> result = AccountRegistry::validate(account);
        QCOMPARE(result.has_value(), words.isEmpty());
        if (!result) {
            QCOMPARE(result.error().kind, ErrorKind::Input);
            QVERIFY2(result.error().userText.contains(words), qPrintable(result.error().userText));
        }
    }

    void sameServer()
    {
        const Server server{{u"imap.bücher.example"_qs, 993}, net::TlsMode::Implicit};
        Server other = server;
        other.endpoint.host = u" IMAP.xn--bcher-kva.example."_qs;
        QVERIFY(isSameServer(server, other));
        other.endpoint.port = 143;
        QVERIFY(!isSameServer(server, other));
        other = server;
        other.endpoint.host = u"imap.example"_qs;
        QVERIFY(!isSameServer(server, other));
    }
};

QTEST_GUILESS_MAIN(TestAccountValidation)
#include "test_accountvalidation.moc"

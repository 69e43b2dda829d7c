// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/net/bytestream.h"
#include "core/net/hostname.h"
#include "tests/unit/net/testauthority.h"

using namespace kittiwake;
using namespace kittiwake::net;

class TestHostName final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("wire"); // empty: refused
        QTest::newRow("plain") << u"imap.example.org"_qs << u"imap.example.org"_qs;
        QTest::newRow("case and blanks") << u"  IMAP.Example.ORG "_qs << u"imap.example.org"_qs;
        QTest::newRow("final dot") << u"imap.example.org."_qs << u"imap.example.org"_qs;
        QTest::newRow("local name") << u"mailhost"_qs << u"mailhost"_qs;
        QTest::newRow("underscore") << u"my_mail.lan"_qs << u"my_mail.lan"_qs;
        QTest::newRow("german") << u"Bücher.example"_qs << u"xn--bcher-kva.example"_qs;
        QTest::newRow("greek") << u"παράδειγμα.δοκιμή"_qs << u"xn--hxajbheg2az3al.xn--jxalpdlp"_qs;
        QTest::newRow("chinese dot") << u"例子。测试"_qs << u"xn--fsqu00a.xn--0zwm56d"_qs;
        QTest::newRow("punycode") << u"xn--bcher-kva.example"_qs << u"xn--bcher-kva.example"_qs;
        QTest::newRow("ipv4") << u"192.0.2.1"_qs << u"192.0.2.1"_qs;
        QTest::newRow("ipv6") << u"2001:DB8::1"_qs << u"2001:db8::1"_qs;
        QTest::newRow("ipv6 in brackets") << u"[::1]"_qs << u"::1"_qs;
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("blanks") << u"   "_qs << QString();
        QTest::newRow("only a dot") << u"."_qs << QString();
        QTest::newRow("blank within") << u"imap example.org"_qs << QString();
        QTest::newRow("url") << u"imaps://imap.example.org"_qs << QString();
        QTest::newRow("with port") << u"imap.example.org:993"_qs << QString();
        QTest::newRow("user") << u"me@imap.example.org"_qs << QString();
        QTest::newRow("empty label") << u"imap..example.org"_qs << QString();
        QTest::newRow("line break") << u"imap.example.org\r\nQUIT"_qs << QString();
        QTest::newRow("nul") << QString::fromUtf8("a\0.example.org", 14) << QString();
        QTest::newRow("long label") << QString(64, u'a') + u".example.org"_qs << QString();
        QTest::newRow("long name") << QString(u"abcdefghi."_qs).repeated(26) + u"org"_qs << QString();
        QTest::newRow("hostile length") << QString(1'000'000, u'ü') << QString();
    }

    void parse()
    {
        QFETCH(QString, typed);
        QFETCH(QString, wire);
        const Result<HostName> host = HostName::parse(typed);
        if (!wire.isEmpty()) {
            QVERIFY2(host.has_value(), qPrintable(typed));
            QCOMPARE(host->wire(), wire);
            return;
        }
        QVERIFY(!host.has_value());
        QCOMPARE(host.error().kind, ErrorKind::Input);
        QVERIFY(host.error().userText.contains(u"cannot be the name of a server"));
        QVERIFY(host.error().userText.size() < 200);
        QVERIFY(!host.error().userText.contains(u'\n'));
        QVERIFY(!host.error().userText.contains(QChar(u'\0')));
    }

    void loopback()
    {
        const auto isLoopback = [](const QString &name) { return HostName::parse(name)->isLoopback(); };
        QVERIFY(isLoopback(u"localhost"_qs));
        QVERIFY(isLoopback(u"mail.localhost"_qs));
        QVERIFY(isLoopback(u"127.0.0.1"_qs));
        QVERIFY(isLoopback(u"127.3.2.1"_qs));
        QVERIFY(isLoopback(u"::1"_qs));
        QVERIFY(!isLoopback(u"192.0.2.1"_qs));
        QVERIFY(!isLoopback(u"notlocalhost"_qs));
        QVERIFY(!isLoopback(u"localhost.example.org"_qs));
    }

    void named_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("commonName");
        QTest::addColumn<QByteArray>("alternatives");
        QTest::addColumn<bool>("matches");
        const QByteArray other = "something else";
        QTest::newRow("exact") << u"imap.example.org"_qs << other << QByteArray("DNS:imap.example.org") << true;
        QTest::newRow("case") << u"imap.example.org"_qs << other << QByteArray("DNS:IMAP.Example.Org") << true;
        QTest::newRow("wildcard") << u"imap.example.org"_qs << other << QByteArray("DNS:*.example.org") << true;
        QTest::newRow("wildcard, two labels")
            << u"a.imap.example.org"_qs << other << QByteArray("DNS:*.example.org") << false;
        QTest::newRow("wildcard, no label") << u"example.org"_qs << other << QByteArray("DNS:*.example.org") << false;
        QTest::newRow("part of a label is a wildcard")
            << u"imap.example.org"_qs << other << QByteArray("DNS:im*.example.org") << false;
        QTest::newRow("other") << u"imap.example.org"_qs << other << QByteArray("DNS:imap.example.com") << false;
        QTest::newRow("prefix") << u"imap.example.org"_qs << other << QByteArray("DNS:imap.example.org.evil.net")
                                << false;
        QTest::newRow("common name alone")
            << u"imap.example.org"_qs << QByteArray("imap.example.org") << QByteArray() << true;
        QTest::newRow("common name beside alternatives") << u"imap.example.org"_qs << QByteArray("imap.example.org")
                                                         << QByteArray("DNS:allowed.example.com") << false;
        QTest::newRow("idn") << u"bücher.example"_qs << other << QByteArray("DNS:xn--bcher-kva.example") << true;
        QTest::newRow("address") << u"192.0.2.1"_qs << other << QByteArray("IP:192.0.2.1") << true;
        QTest::newRow("ipv6") << u"[2001:db8::1]"_qs << other << QByteArray("IP:2001:db8:0:0::1") << true;
        QTest::newRow("other address") << u"192.0.2.1"_qs << other << QByteArray("IP:192.0.2.10") << false;
        QTest::newRow("address as a name") << u"192.0.2.1"_qs << other << QByteArray("DNS:192.0.2.1") << false;
        QTest::newRow("address as common name") << u"192.0.2.1"_qs << QByteArray("192.0.2.1") << QByteArray() << false;
    }

    void named()
    {
        QFETCH(QString, host);
        QFETCH(QByteArray, commonName);
        QFETCH(QByteArray, alternatives);
        QFETCH(bool, matches);
        CertificateRequest request;
        request.commonName = commonName;
        request.alternativeNames = alternatives;
        const Identity identity = TestAuthority::selfSigned(request);
        const Result<HostName> name = HostName::parse(host);
        QVERIFY(name.has_value());
        QCOMPARE(name->isNamedIn(identity.certificate), matches);
        QVERIFY(!name->isNamedIn(QSslCertificate()));
    }

    void namesAreFitToBeShown()
    {
        CertificateRequest request;
        request.commonName = "evil\x01\nname " + QByteArray(40, 'x') + QByteArray(10, 'y');
        request.alternativeNames.clear();
        const QStringList one = certificateNames(TestAuthority::selfSigned(request).certificate);
        QCOMPARE(one.size(), 1);
        QCOMPARE(one.first().size(), 61);
        QVERIFY(!one.first().contains(u'\n'));
        QVERIFY(!one.first().contains(QChar(1)));

        QByteArrayList many;
        for (int i = 0; i < 50; ++i)
            many.append("DNS:host" + QByteArray::number(10 + i) + ".example.org");
        many.append("DNS:" + QByteArray(60, 'a') + '.' + QByteArray(60, 'b') + ".org");
        request.alternativeNames = many.join(',');
        const QStringList names = certificateNames(TestAuthority::selfSigned(request).certificate);
        QCOMPARE(names.size(), 6);
        QCOMPARE(names.first(), QString(60, u'a') + u".bbb…"_qs);
        QCOMPARE(names.at(1), u"host10.example.org"_qs);
        QCOMPARE(names.last(), u"…"_qs);
    }

    void endpointText()
    {
        QCOMPARE((Endpoint{u"imap.example.org"_qs, 993}.text()), u"imap.example.org:993"_qs);
        QCOMPARE((Endpoint{u"::1"_qs, 143}.text()), u"[::1]:143"_qs);
        QCOMPARE((Endpoint{u"[::1]"_qs, 143}.text()), u"[::1]:143"_qs);
        QCOMPARE((Endpoint{u"a%1b"_qs, 1}.text()), u"a%1b:1"_qs);
    }
};

QTEST_GUILESS_MAIN(TestHostName)
#include "test_hostname.moc"

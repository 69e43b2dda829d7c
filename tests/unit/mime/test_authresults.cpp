// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/authresults.h"

#include <QTest>

using namespace kittiwake::mime;

namespace
{

std::vector<AuthorityEvidence> evidence(std::initializer_list<std::pair<const char *, const char *>> list)
{
    std::vector<AuthorityEvidence> all;
    for (const auto &[id, domain] : list)
        all.push_back({id, QString::fromLatin1(domain)});
    return all;
}

} // namespace

class TestAuthResults final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fieldsAreParsed()
    {
        const auto results = parseAuthenticationResults(
            " MX.Example.org 1 ; dkim=pass (2048-bit; \\) key) reason=\"good; dkim=fail\"\r\n header.d = News.example ;"
            "\tspf=softfail smtp.mailfrom=\"a b\"@x.example; DMARC/1 = Fail header.from=bank.example");
        QVERIFY(results);
        QCOMPARE(results->authservId, QByteArray("mx.example.org"));
        QCOMPARE(results->methods.size(), std::size_t(3));
        QCOMPARE(results->methods[0].method, QByteArray("dkim"));
        QCOMPARE(results->methods[0].result, QByteArray("pass"));
        QCOMPARE(results->methods[0].property("header.d"), QByteArray("News.example"));
        QCOMPARE(results->methods[2].method, QByteArray("dmarc"));
        QCOMPARE(results->methods[2].result, QByteArray("fail"));
    }

    void whoDoesNotSayWhoTheyAreIsNotHeard()
    {
        for (const char *value : {"", ";", "dkim=pass header.d=x", "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=x; y",
                                  "(comment only)", "(((((((("})
            QVERIFY2(!parseAuthenticationResults(value), value);
        QVERIFY(parseAuthenticationResults("mx.example.org; none")->methods.empty());
    }

    void longFieldsAreBounded()
    {
        QByteArray value = "mx.example.org";
        for (int i = 0; i < 20000; ++i)
            value += "; dkim=pass header.d=a" + QByteArray(i % 3, ' ');
        QVERIFY(parseAuthenticationResults(value)->methods.size() <= 50);
        static_cast<void>(parseAuthenticationResults(QByteArray(1000000, '(')));
    }

    void onlyTheTopmostCounts()
    {
        const QByteArray header = "Received: by mx.example.org\r\nAuthentication-Results: mx.example.org; dmarc=fail"
                                  " header.from=bank.example\r\nAuthentication-Results: mx.example.org; dmarc=pass"
                                  " header.from=bank.example\r\nFrom: x@bank.example\r\n\r\n";
        QCOMPARE(authenticityOf(topmostResults(header), QStringLiteral("example.org"), QStringLiteral("bank.example")),
                 Authenticity::Refuted);
        const QByteArray forged = "Authentication-Results: mx.stranger.example; dmarc=none\r\n"
                                  "Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example\r\n\r\n";
        QCOMPARE(authenticityOf(topmostResults(forged), QStringLiteral("example.org"), QStringLiteral("bank.example")),
                 Authenticity::Unknown);
        QVERIFY(!topmostResults("Subject: x\r\n\r\nAuthentication-Results: mx.example.org; dmarc=pass\r\n"));
    }

    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("methods");
        QTest::addColumn<int>("verdict");
        const auto row = [](const char *methods, Authenticity verdict) {
            QTest::newRow(methods) << QByteArray(methods) << static_cast<int>(verdict);
        };
        row("dmarc=pass header.from=bank.example", Authenticity::Verified);
        row("dkim=pass header.d=bank.example", Authenticity::Verified);
        row("dkim=pass header.i=@mail.bank.example", Authenticity::Verified);
        row("spf=pass smtp.mailfrom=bounce@mail.bank.example", Authenticity::Verified);
        row("dkim=fail header.d=list.example; dkim=pass header.d=bank.example", Authenticity::Verified);
        row("dmarc=pass header.from=evil.example", Authenticity::Unverified);
        row("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example", Authenticity::Unverified);
        row("dkim=pass header.d=bank.example.evil.example", Authenticity::Unverified);
        row("dkim=pass", Authenticity::Unverified);
        row("spf=none", Authenticity::Unverified);
        row("dmarc=fail header.from=bank.example; dkim=pass header.d=bank.example", Authenticity::Refuted);
        row("dkim=pass header.d=bank.example; dmarc=fail", Authenticity::Refuted);
        row("none", Authenticity::Unknown);
        row("x-spam=no", Authenticity::Unknown);
    }
    void verdicts()
    {
        QFETCH(QByteArray, methods);
        QFETCH(int, verdict);
        const auto results = parseAuthenticationResults(QByteArray("mx.example.org; " + methods));
        QCOMPARE(
            static_cast<int>(authenticityOf(results, QStringLiteral("example.org"), QStringLiteral("bank.example"))),
            verdict);
        QCOMPARE(authenticityOf(results, QStringLiteral("other.example"), QStringLiteral("bank.example")),
                 Authenticity::Unknown);
        QCOMPARE(authenticityOf(results, {}, QStringLiteral("bank.example")), Authenticity::Unknown);
    }

    void onlyTheOwnServerSaysWhoseSignaturesAreValid()
    {
        const auto results = parseAuthenticationResults("mx.example.org; dkim=pass header.d=List.example; dkim=fail "
                                                        "header.d=bank.example; dkim=pass header.d=b.example");
        const std::optional<QStringList> both(QStringList{QStringLiteral("list.example"), QStringLiteral("b.example")});
        QCOMPARE(validSigners(results, QStringLiteral("example.org")), both);
        QVERIFY(!validSigners(results, QStringLiteral("other.example")));
        QVERIFY(!validSigners(results, {}));
        QVERIFY(!validSigners(std::nullopt, QStringLiteral("example.org")));
        QCOMPARE(validSigners(parseAuthenticationResults("mx.example.org; none"), QStringLiteral("example.org")),
                 std::optional<QStringList>(QStringList()));
    }

    void theOwnServerIsLearnt()
    {
        QCOMPARE(learntAuthority(evidence({{"mx1.example.org", "a.example"},
                                           {"mx2.example.org", "b.example"},
                                           {"mx1.example.org", "c.example"},
                                           {"mx1.example.org", "c.example"},
                                           {"", "d.example"}})),
                 QStringLiteral("example.org"));
        // One sender who writes often, few messages, and a server that says nothing.
        QCOMPARE(learntAuthority(evidence({{"mx.evil.example", "e.example"},
                                           {"mx.evil.example", "e.example"},
                                           {"mx.evil.example", "e.example"},
                                           {"mx.evil.example", "e.example"}})),
                 QString());
        QCOMPARE(learntAuthority(evidence({{"mx.evil.example", "a.example"},
                                           {"mx.evil.example", "b.example"},
                                           {"mx.evil.example", "c.example"}})),
                 QString());
        QCOMPARE(learntAuthority(evidence({{"mx.evil.example", "a.example"},
                                           {"mx.evil.example", "b.example"},
                                           {"mx.evil.example", "c.example"},
                                           {"mx.evil.example", "d.example"},
                                           {"", "e.example"},
                                           {"", "f.example"}})),
                 QString());
        QCOMPARE(learntAuthority({}), QString());
    }
};

QTEST_GUILESS_MAIN(TestAuthResults)
#include "test_authresults.moc"

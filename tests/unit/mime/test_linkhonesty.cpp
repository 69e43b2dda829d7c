// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/linkhonesty.h"
#include "core/mime/sanitiser.h"

#include <QTest>

using namespace kittiwake::mime;

class TestLinkHonesty final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void links_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("href");
        QTest::addColumn<QString>("shown"); // empty: nothing to say
        QTest::addColumn<QString>("real");
        const auto honest = [](const char *text, const char *href) {
            QTest::newRow(qPrintable(QStringLiteral("honest: %1").arg(QString::fromUtf8(text))))
                << QString::fromUtf8(text) << QString::fromUtf8(href) << QString() << QString();
        };
        const auto false_ = [](const char *text, const char *href, const char *shown, const char *real) {
            QTest::newRow(qPrintable(QStringLiteral("false: %1").arg(QString::fromUtf8(text))))
                << QString::fromUtf8(text) << QString::fromUtf8(href) << QString::fromUtf8(shown)
                << QString::fromUtf8(real);
        };
        honest("Read on", "https://evil.example/");
        honest("https://www.bank.example/login", "https://login.bank.example/x");
        honest("bank.example", "https://www.bank.example/");
        honest("www.bank.example.", "http://bank.example");
        honest("Version 4.0.0", "https://dl.example.org/");
        honest("main.py", "https://git.example.org/x");
        honest("README.md and notes.txt", "https://git.example.org/x");
        honest("e.g. this", "https://git.example.org/x");
        honest("m\u00fcnchen.de", "https://xn--mnchen-3ya.de/");
        honest("anna@example.org", "mailto:anna@example.org?subject=x");
        honest("Anna@Example.org", "mailto:anna@example.org");
        honest("https://user@bank.example/", "https://bank.example/");
        false_("https://www.bank.example/login", "https://evil.example/", "www.bank.example", "evil.example");
        false_("http://bank.example", "https://bank.example.evil.example/", "bank.example",
               "bank.example.evil.example");
        false_("www.bank.example", "https://evil.example/?www.bank.example", "www.bank.example", "evil.example");
        false_("bank.com", "https://evil.example/", "bank.com", "evil.example");
        false_("Log in at bank.com/login now", "https://evil.example/", "bank.com", "evil.example");
        false_("\u201cbank.com\u201d", "https://evil.example/", "bank.com", "evil.example");
        false_("BANK.COM", "https://evil.example/", "bank.com", "evil.example");
        false_("bank\u3002com", "https://evil.example/", "bank.com", "evil.example");
        false_("\uff42\uff41\uff4e\uff4b.com", "https://evil.example/", "bank.com", "evil.example");
        false_("ba\u200bnk.c\u00adom bank.com", "https://evil.example/", "bank.com", "evil.example");
        false_("bank.com", "https://b\u0430nk.com/", "bank.com", "b\u0430nk.com");
        false_("bank.com", "https://xn--bnk-6cd.com/", "bank.com", "b\u0430nk.com");
        false_("https://bank.com@evil.example/", "https://x.example/", "evil.example", "x.example");
        false_("https://bank.com", "https://bank.com@evil.example/", "bank.com", "evil.example");
        false_("https://192.0.2.1/", "https://192.0.2.9/", "192.0.2.1", "192.0.2.9");
        false_("service@bank.example", "mailto:thief@evil.example", "service@bank.example", "thief@evil.example");
        false_("service@bank.example", "https://evil.example/", "service@bank.example", "evil.example");
        false_("www.bank.example", "mailto:thief@evil.example", "www.bank.example", "thief@evil.example");
    }
    void links()
    {
        QFETCH(QString, text);
        QFETCH(QString, href);
        QFETCH(QString, shown);
        QFETCH(QString, real);
        const auto found = misleadingLink(text.toUtf8(), href.toUtf8());
        QCOMPARE(found.has_value(), !shown.isEmpty());
        if (found) {
            QCOMPARE(found->shown, shown);
            QCOMPARE(found->real, real);
            QCOMPARE(found->target, href);
        }
    }

    void theTextIsWhatIsSeen()
    {
        const SanitisedHtml html
            = sanitiseHtml("<a href='https://evil.example/1'>www.<b>ba</b>nk.<i>example</i></a>"
                           "<a href='https://evil.example/2'><table><tr><td>www.bank.example</td></tr></table></a>"
                           "<a href='https://evil.example/3'>bank<br>example</a>"
                           "<a href='https://www.bank.example/'>www.bank.example</a>"
                           "<a href='https://evil.example/1'>www.bank.example</a>"
                           "<a href='#here'>www.bank.example</a><a>www.bank.example</a>"
                           "<a href='javascript:x'>www.bank.example</a> www.bank.example");
        QStringList targets;
        for (const MisleadingLink &link : html.misleadingLinks)
            targets.append(link.target);
        QCOMPARE(targets,
                 QStringList({QStringLiteral("https://evil.example/1"), QStringLiteral("https://evil.example/2")}));
    }

    void manyAreBounded()
    {
        QByteArray html;
        for (int i = 0; i < 1000; ++i)
            html += "<a href='https://evil.example/" + QByteArray::number(i) + "'>www.bank.example</a>";
        QCOMPARE(sanitiseHtml(html).misleadingLinks.size(), SanitiserLimits::misleadingLinks);
        const QByteArray endless = QByteArray("www.bank.example ").repeated(100000);
        QVERIFY(misleadingLink(endless, "https://evil.example/"));
    }
};

QTEST_GUILESS_MAIN(TestLinkHonesty)
#include "test_linkhonesty.moc"

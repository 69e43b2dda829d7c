// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of strangers are opened, which are not, and what is said of them.
#include <QTest>

#include "core/mime/listunsubscribe.h"
#include "core/mime/openrule.h"
#include "core/mime/printdocument.h"
#include "core/mime/sanitiser.h"

using namespace kittiwake::mime;
using Verdict = OpenRule::Verdict;
using Reason = OpenRule::Reason;

Q_DECLARE_METATYPE(kittiwake::mime::OpenRule::Verdict)
Q_DECLARE_METATYPE(kittiwake::mime::OpenRule::Reason)

class TestOpenRule final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filesAreJudgedByWhatTheSystemWouldDo_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<Reason>("reason");
        const QByteArray octets = "application/octet-stream";
        const auto row = [](const char *name, const QByteArray &type, Verdict verdict, Reason reason) {
            QTest::newRow(name) << QString::fromUtf8(name) << type << verdict << reason;
        };
        row("report.pdf", "application/pdf", Verdict::Open, Reason::None);
        row("Photo.JPG", "image/jpeg", Verdict::Open, Reason::None);
        row("archive.tar.gz", octets, Verdict::Open, Reason::None);
        row("minutes 3.10.docx", octets, Verdict::Open, Reason::None);
        row("no extension", octets, Verdict::Open, Reason::None);
        row("letter.eml", octets, Verdict::Message, Reason::None);
        row("forwarded", "message/rfc822", Verdict::Message, Reason::None);
        row("winmail.dat", octets, Verdict::Winmail, Reason::None);
        row("stuff.bin2x", "application/ms-tnef", Verdict::Winmail, Reason::None);
        row("setup.exe", octets, Verdict::Refuse, Reason::Program);
        row("SETUP.EXE", octets, Verdict::Refuse, Reason::Program);
        row("tool", "application/x-msdownload", Verdict::Refuse, Reason::Program);
        row("run.AppImage", octets, Verdict::Refuse, Reason::Program);
        row("do.js", "text/plain", Verdict::Refuse, Reason::Script);
        row("do.ps1", octets, Verdict::Refuse, Reason::Script);
        row("install.sh", "text/plain", Verdict::Refuse, Reason::Script);
        row("photo", "application/x-sh", Verdict::Refuse, Reason::Script);
        row("link.lnk", octets, Verdict::Refuse, Reason::Shortcut);
        row("link.desktop", octets, Verdict::Refuse, Reason::Shortcut);
        row("there.url", octets, Verdict::Refuse, Reason::Shortcut);
        row("x.library-ms", octets, Verdict::Refuse, Reason::Shortcut);
        row("disk.iso", octets, Verdict::Refuse, Reason::DiskImage);
        row("app.dmg", octets, Verdict::Refuse, Reason::DiskImage);
        row("sheet.xlsm", octets, Verdict::Refuse, Reason::Macros);
        row("notes.one", octets, Verdict::Refuse, Reason::Macros);
        row("sheet", "application/vnd.ms-excel.sheet.macroEnabled.12", Verdict::Refuse, Reason::Macros);
        row("page.html", octets, Verdict::Refuse, Reason::WebPage);
        row("sign-in", "text/html", Verdict::Refuse, Reason::WebPage);
        row("picture.svg", "image/png", Verdict::Refuse, Reason::WebPage); // the name is what the system goes by
        row("invoice.pdf.exe", octets, Verdict::Refuse, Reason::DoubleExtension);
        row("photo.jpg.js", "image/jpeg", Verdict::Refuse, Reason::DoubleExtension);
        row("statement.pdf .html", octets, Verdict::Refuse, Reason::DoubleExtension);
    }

    void filesAreJudgedByWhatTheSystemWouldDo()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, type);
        QFETCH(const Verdict, verdict);
        QFETCH(const Reason, reason);
        const OpenRule rule = openRule(name, type);
        QCOMPARE(rule.verdict, verdict);
        QCOMPARE(rule.reason, reason);
        QCOMPARE(openRuleText(rule, name).isEmpty(), reason == Reason::None);
        if (reason != Reason::None)
            QVERIFY(openRuleText(rule, name).contains(name));
    }

    void aNameThatHidesItsKindIsSaid()
    {
        const OpenRule program = openRule(QStringLiteral("annexe.fdp.exe"), "application/pdf", true);
        QCOMPARE(program.verdict, Verdict::Refuse);
        QCOMPARE(program.reason, Reason::HiddenName);
        QVERIFY(openRuleText(program, QStringLiteral("annexe.fdp.exe")).contains(QStringLiteral(".exe")));
        // Whoever writes a name backwards has a reason.
        QCOMPARE(openRule(QStringLiteral("gpj.pdf"), "application/pdf", true).verdict, Verdict::Refuse);
    }

    void addressesForLeavingAList_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("web");
        QTest::addColumn<QByteArray>("mail");
        QTest::addColumn<bool>("oneClick");
        const QByteArray post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
        QTest::newRow("none") << QByteArray("Subject: x\r\n\r\n") << QByteArray() << QByteArray() << false;
        const QByteArray sealed = "DKIM-Signature: v=1; a=rsa-sha256; d=L.example; s=k;\r\n h=From : Subject:\r\n "
                                  "List-Unsubscribe : List-Unsubscribe-Post; b=abc=\r\n";
        QTest::newRow("one click") << QByteArray(sealed + "List-Unsubscribe: <https://l.example/u?a=1>\r\n" + post
                                                 + "\r\n")
                                   << QByteArray("https://l.example/u?a=1") << QByteArray() << true;
        QTest::newRow("without the second field") << QByteArray("List-Unsubscribe: <https://l.example/u>\r\n\r\n")
                                                  << QByteArray("https://l.example/u") << QByteArray() << false;
        QTest::newRow("in the clear") << QByteArray(sealed + "List-Unsubscribe: <http://l.example/u>\r\n" + post
                                                    + "\r\n")
                                      << QByteArray() << QByteArray() << false;
        QTest::newRow("not signed") << QByteArray("List-Unsubscribe: <https://l.example/u>\r\n" + post + "\r\n")
                                    << QByteArray("https://l.example/u") << QByteArray() << false;
        QTest::newRow("one field is signed")
            << QByteArray("DKIM-Signature: v=1; d=l.example; h=from:list-unsubscribe; b=x\r\n"
                          "List-Unsubscribe: <https://l.example/u>\r\n"
                          + post + "\r\n")
            << QByteArray("https://l.example/u") << QByteArray() << false;
        QTest::newRow("both, folded") << QByteArray(sealed
                                                    + "List-Unsubscribe: <mailto:leave@l.example?subject=off>,\r\n"
                                                      " <https://l.exam\r\n ple/u>\r\n"
                                                    + post + "\r\n")
                                      << QByteArray("https://l.example/u")
                                      << QByteArray("mailto:leave@l.example?subject=off") << true;
        QTest::newRow("a file is never attached")
            << QByteArray("List-Unsubscribe: <mailto:a@l.example?attach=/etc/passwd&subject=x&cc=b@c.example>\r\n\r\n")
            << QByteArray() << QByteArray("mailto:a@l.example?subject=x") << false;
        QTest::newRow("other schemes") << QByteArray("List-Unsubscribe: <javascript:alert(1)>, <file:///etc/passwd>, "
                                                     "<ftp://l.example/u>, <https://user:pw@l.example/u>\r\n\r\n")
                                       << QByteArray() << QByteArray() << false;
        QTest::newRow("the first counts") << QByteArray("List-Unsubscribe: <https://a.example/>, <https://b.example/>"
                                                        "\r\n\r\n")
                                          << QByteArray("https://a.example/") << QByteArray() << false;
        QTest::newRow("unfinished") << QByteArray("List-Unsubscribe: <https://a.example/\r\n\r\n") << QByteArray()
                                    << QByteArray() << false;
        QTest::newRow("another value") << QByteArray(
            "List-Unsubscribe: <https://l.example/u>\r\nList-Unsubscribe-Post: yes\r\n\r\n")
                                       << QByteArray("https://l.example/u") << QByteArray() << false;
    }

    void addressesForLeavingAList()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, web);
        QFETCH(const QByteArray, mail);
        QFETCH(const bool, oneClick);
        const ListUnsubscribe list = listUnsubscribe(header);
        QCOMPARE(list.web.toEncoded(), web);
        QCOMPARE(list.mail.toEncoded(), mail);
        QCOMPARE(list.oneClick, oneClick);
        QCOMPARE(list.signers, oneClick ? QStringList{QStringLiteral("l.example")} : QStringList());
    }

    void paperHoldsTheDocumentAndItsHead()
    {
        DocumentWriter writer;
        writer.addHtml(sanitiseHtml("<style>p{color:red}</style><p>text</p>"));
        const QString document = writer.document(ColourScheme::Dark);
        const QString paper = printedDocument(
            document, {},
            {QStringLiteral("<b>Subject</b>"), {{QStringLiteral("From"), QStringLiteral("A <a@b.example>")}}});
        QVERIFY(paper.startsWith(QStringLiteral("<!DOCTYPE html><html class=\"kw-light\">")));
        QVERIFY(paper.contains(QStringLiteral("&lt;b&gt;Subject&lt;/b&gt;")));
        QVERIFY(paper.contains(QStringLiteral("A &lt;a@b.example&gt;")));
        // The message itself is what was shown.
        const qsizetype body = document.indexOf(QStringLiteral("<div class=\"kw-part"));
        QVERIFY(body > 0);
        QVERIFY(paper.endsWith(document.mid(body)));
        QVERIFY(paper.indexOf(QStringLiteral("kw-head\">")) < paper.indexOf(QStringLiteral("<p>text</p>")));
    }

    void paperOfAPlainTextIsText()
    {
        const QString text = QStringLiteral("a < b </div></body><script>");
        const QString paper = printedDocument({}, text, {QStringLiteral("x"), {}});
        QVERIFY(paper.contains(QStringLiteral("a &lt; b &lt;/div&gt;&lt;/body&gt;&lt;script&gt;")));
        QCOMPARE(printedDocument(QStringLiteral("<html>of somebody else</html>"), text, {QStringLiteral("x"), {}}),
                 paper);
    }
};

QTEST_GUILESS_MAIN(TestOpenRule)
#include "test_openrule.moc"

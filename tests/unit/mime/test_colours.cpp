// SPDX-License-Identifier: GPL-3.0-or-later
// Dark mode: what is light becomes dark and the other way round, nothing else changes, and every text stays readable.
#include "core/mime/csscolour.h"
#include "core/mime/sanitiser.h"

#include <QTest>

using namespace kittiwake::mime;

namespace
{

/// The opaque colour that a value stands for on the pane.
CssColour colourOf(const QByteArray &css)
{
    if (css == "var(--kw-ground)")
        return *parseCssColour("#202429");
    return *parseCssColour(css);
}

double contrast(const CssColour &one, const CssColour &other)
{
    const double a = luminanceOf(one);
    const double b = luminanceOf(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

class TestColours final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyInkIsReadableOnEveryGround()
    {
        double darkestInk = 1;
        double lightestGround = 0;
        for (int red = 0; red <= 255; red += 15) {
            for (int green = 0; green <= 255; green += 15) {
                for (int blue = 0; blue <= 255; blue += 15) {
                    const CssColour colour{red / 255.0, green / 255.0, blue / 255.0, 1};
                    darkestInk = std::min(darkestInk, luminanceOf(colourOf(darkColour(colour, ColourRole::Ink))));
                    lightestGround
                        = std::max(lightestGround, luminanceOf(colourOf(darkColour(colour, ColourRole::Ground))));
                }
            }
        }
        QVERIFY2((darkestInk + 0.05) / (lightestGround + 0.05) >= 4.5,
                 qPrintable(QStringLiteral("%1 on %2").arg(darkestInk).arg(lightestGround)));
    }

    void whatIsDarkOnDarkAlreadyStays()
    {
        for (const char *ground : {"#000000", "#111111", "#1a1a2e", "#0d1117", "#2b2b2b"})
            QCOMPARE(darkColour(*parseCssColour(ground), ColourRole::Ground), QByteArray(ground));
        for (const char *ink : {"#ffffff", "#eeeeee", "#ffcc00", "#b8c7ff", "#8bd5ca"})
            QCOMPARE(darkColour(*parseCssColour(ink), ColourRole::Ink), QByteArray(ink));
    }

    void huesAreKept()
    {
        // A yellow ground stays yellowish, a red text reddish.
        const CssColour ground = colourOf(darkColour(*parseCssColour("#ffcc00"), ColourRole::Ground));
        QVERIFY(ground.red > ground.green && ground.green > ground.blue);
        const CssColour ink = colourOf(darkColour(*parseCssColour("#cc0000"), ColourRole::Ink));
        QVERIFY(ink.red > 1.3 * ink.green && ink.red > 1.3 * ink.blue);
        QVERIFY(contrast(ink, ground) >= 4.5);
    }

    void colours_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex"); // as a dark ground writes it: nothing is lighter than the bound
        QTest::newRow("short") << QByteArray("#012") << QByteArray("#001122");
        QTest::newRow("alpha") << QByteArray("#01020380") << QByteArray("#01020380");
        QTest::newRow("name") << QByteArray("Navy") << QByteArray("#000080");
        QTest::newRow("system") << QByteArray("windowtext") << QByteArray("#000000");
        QTest::newRow("rgb") << QByteArray("rgb(1, 2, 3)") << QByteArray("#010203");
        QTest::newRow("rgb with blanks") << QByteArray("rgb(1 2 3 / 50%)") << QByteArray("#01020380");
        QTest::newRow("shares") << QByteArray("rgb(0%,0%,10%)") << QByteArray("#00001a");
        QTest::newRow("hsl") << QByteArray("hsl(240,100%,10%)") << QByteArray("#000033");
        QTest::newRow("turns") << QByteArray("hsl(-1.3333turn 100% 10%)") << QByteArray("#000033");
        QTest::newRow("beyond") << QByteArray("rgb(-9,0,0)") << QByteArray("#000000");
    }
    void colours()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, hex);
        const auto colour = parseCssColour(text);
        QVERIFY(colour);
        QCOMPARE(darkColour(*colour, ColourRole::Ground), hex);
    }

    void noColours()
    {
        for (const char *text : {"", "#12", "#ggg", "nocolour", "rgb(1,2)", "rgb(1,2,3,4,5)", "var(--x)", "url(x)",
                                 "rgb(1,2,3) red", "currentcolor"})
            QVERIFY2(!parseCssColour(text), text);
    }

    void values_data()
    {
        QTest::addColumn<QByteArray>("property");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("dark");
        QTest::newRow("white ground") << QByteArray("background-color") << QByteArray("#ffffff")
                                      << QByteArray("var(--kw-ground)");
        QTest::newRow("nothing to do with colours") << QByteArray("margin") << QByteArray("0 auto") << QByteArray();
        QTest::newRow("no colour named") << QByteArray("border") << QByteArray("1px solid") << QByteArray();
        QTest::newRow("keyword") << QByteArray("background") << QByteArray("transparent") << QByteArray("transparent");
        QTest::newRow("initial text is black") << QByteArray("color") << QByteArray("initial") << QByteArray("#e7e7e7");
        QTest::newRow("hidden text stays hidden")
            << QByteArray("color") << QByteArray("rgba(0,0,0,0)") << QByteArray("#00000000");
        QTest::newRow("halo") << QByteArray("text-shadow") << QByteArray("0 0 3px #fff") << QByteArray("none");
    }
    void values()
    {
        QFETCH(QByteArray, property);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, dark);
        QCOMPARE(darkCssValue(property, value), dark);
    }

    void gradientsAreGrounds()
    {
        const QByteArray dark
            = darkCssValue("background-image", "linear-gradient(to right,#ffffff 0%,rgb(250,240,200) 100%)");
        QVERIFY2(dark.startsWith("linear-gradient(to right,var(--kw-ground) 0%,#"), dark.constData());
        QVERIFY(dark.endsWith(" 100%)"));
    }

    void aMessageCarriesBoth()
    {
        const SanitisedHtml html = sanitiseHtml(
            "<style>.a{color:#333;margin:0}@media screen{p,b{background:#fff !important}}</style>"
            "<body bgcolor=white text='#222222'><p class=a style='color:#111 !important;padding:1px'>x</p>"
            "<td bgcolor='#EEEEEE'><font color=black>y</font><i style='color:#fff'>z</i></body>");
        // The colours of the message itself are as they were.
        QVERIFY(html.styles.contains(".kw-part1 .m-a{color:#333;margin:0}"));
        QVERIFY(html.body.contains("style=\"color:#111;padding:1px\""));
        QVERIFY(html.body.contains("color=\"black\""));
        QVERIFY(html.bodyAttributes.contains("background-color:white"));
        // What dark mode adds.
        QVERIFY2(html.darkStyles.contains(".kw-dark .kw-part1 .m-a{color:#"), html.darkStyles.constData());
        QVERIFY(html.darkStyles.contains(
            "@media screen{.kw-dark .kw-part1 p,.kw-dark .kw-part1 b{background:var(--kw-ground) !important}}"));
        QVERIFY(html.darkStyles.contains("\"]{background-color:var(--kw-ground) !important;color:#"));
        QVERIFY(!html.darkStyles.contains("margin") && !html.darkStyles.contains("padding"));
        // White text in a style attribute is light enough and needs nothing.
        QVERIFY(html.body.contains("<i style=\"color:#fff\">"));
    }

    void manyColoursAreBounded()
    {
        QByteArray html;
        for (int i = 0; i < 2 * SanitiserLimits::darkRules; ++i)
            html += "<b style='color:#" + QByteArray::number(0x100000 + i, 16) + "'>x</b>";
        const SanitisedHtml result = sanitiseHtml(html);
        QVERIFY(result.darkStyles.count('{') <= SanitiserLimits::darkRules);
        QVERIFY(!result.truncated);
    }
};

QTEST_GUILESS_MAIN(TestColours)
#include "test_colours.moc"

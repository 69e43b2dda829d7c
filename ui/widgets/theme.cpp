// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include "ui/widgets/flatstyle.h"

#include <QApplication>
#include <QStyle>
#include <QToolTip>

#include <cmath>

namespace kittiwake::ui::theme
{

namespace
{

struct Colours {
    QRgb window, base, alternate, text, secondary, button, border, accent, accentText, link, tipGround, tipText,
        disabled;
};

QPalette paletteOf(const Colours &c)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, QRgb colour) { palette.setColor(role, QColor(colour)); };
    set(QPalette::Window, c.window);
    set(QPalette::WindowText, c.text);
    set(QPalette::Base, c.base);
    set(QPalette::AlternateBase, c.alternate);
    set(QPalette::Text, c.text);
    set(QPalette::PlaceholderText, c.secondary);
    set(QPalette::Button, c.button);
    set(QPalette::ButtonText, c.text);
    set(QPalette::BrightText, c.accentText);
    set(QPalette::Highlight, c.accent);
    set(QPalette::HighlightedText, c.accentText);
    set(QPalette::Link, c.link);
    set(QPalette::LinkVisited, c.link);
    set(QPalette::ToolTipBase, c.tipGround);
    set(QPalette::ToolTipText, c.tipText);
    const QColor edge(c.border);
    set(QPalette::Mid, c.border);
    palette.setColor(QPalette::Light, mix(edge, QColor(c.base), 0.6));
    palette.setColor(QPalette::Midlight, mix(edge, QColor(c.base), 0.3));
    palette.setColor(QPalette::Dark, mix(edge, QColor(c.text), 0.25));
    palette.setColor(QPalette::Shadow, mix(edge, QColor(c.text), 0.5));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(c.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, edge);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, QColor(c.disabled));
    return palette;
}

qreal luminance(const QColor &colour)
{
    const auto linear = [](qreal v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

QPalette lightPalette()
{
    return paletteOf({.window = 0xfff5f6f8,
                      .base = 0xffffffff,
                      .alternate = 0xfff5f6f8,
                      .text = 0xff1c2127,
                      .secondary = 0xff5c6672,
                      .button = 0xffffffff,
                      .border = 0xffe1e4e9,
                      .accent = 0xff1767b5,
                      .accentText = 0xffffffff,
                      .link = 0xff1767b5,
                      .tipGround = 0xff2a3038,
                      .tipText = 0xfff5f6f8,
                      .disabled = 0xff9aa3ad});
}

QPalette darkPalette()
{
    return paletteOf({.window = 0xff1a1d21,
                      .base = 0xff202429,
                      .alternate = 0xff1a1d21,
                      .text = 0xffe4e7eb,
                      .secondary = 0xff9ca6b2,
                      .button = 0xff2b3037,
                      .border = 0xff333941,
                      .accent = 0xff3f8fdb,
                      .accentText = 0xff08121c,
                      .link = 0xff74b4f0,
                      .tipGround = 0xff3a4149,
                      .tipText = 0xfff0f2f4,
                      .disabled = 0xff68717c});
}

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Base)) < luminance(palette.color(QPalette::Text));
}

QMargins margins(int start, int top, int end, int bottom)
{
    return QGuiApplication::isRightToLeft() ? QMargins(end, top, start, bottom) : QMargins(start, top, end, bottom);
}

QColor mix(const QColor &base, const QColor &over, qreal amount)
{
    const auto blend = [amount](float a, float b) { return static_cast<float>(a + (b - a) * amount); };
    return QColor::fromRgbF(blend(base.redF(), over.redF()), blend(base.greenF(), over.greenF()),
                            blend(base.blueF(), over.blueF()));
}

QColor chrome(const QPalette &palette)
{
    return palette.color(QPalette::Window);
}

QColor border(const QPalette &palette)
{
    return mix(palette.color(QPalette::Window), palette.color(QPalette::WindowText), isDark(palette) ? 0.13 : 0.1);
}

QColor secondaryText(const QPalette &palette)
{
    return mix(palette.color(QPalette::Base), palette.color(QPalette::Text), isDark(palette) ? 0.7 : 0.72);
}

QColor accent(const QPalette &palette)
{
    return palette.color(QPalette::Link);
}

QColor hover(const QPalette &palette, const QColor &ground)
{
    return mix(ground, palette.color(QPalette::Text), isDark(palette) ? 0.06 : 0.045);
}

QColor selection(const QPalette &palette, bool focused)
{
    const QColor base = palette.color(QPalette::Base);
    if (!focused)
        return mix(base, palette.color(QPalette::Text), isDark(palette) ? 0.11 : 0.08);
    return mix(base, palette.color(QPalette::Highlight), isDark(palette) ? 0.26 : 0.14);
}

QColor star(const QPalette &palette)
{
    return isDark(palette) ? QColor(0xf2b84b) : QColor(0xc47f00);
}

QColor toneGround(const QPalette &palette, Tone tone)
{
    return mix(palette.color(QPalette::Base), toneMark(palette, tone), isDark(palette) ? 0.16 : 0.1);
}

QColor toneMark(const QPalette &palette, Tone tone)
{
    const bool dark = isDark(palette);
    switch (tone) {
    case Tone::Info:
        return accent(palette);
    case Tone::Warning:
        return dark ? QColor(0xf0b450) : QColor(0x9a5b00);
    case Tone::Error:
        return dark ? QColor(0xff8a80) : QColor(0xb3261e);
    }
    return accent(palette);
}

QFont scaled(const QFont &base, qreal factor, QFont::Weight weight)
{
    QFont font = base;
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(qRound(font.pixelSize() * factor));
    font.setWeight(weight);
    return font;
}

qreal contrast(const QColor &one, const QColor &other)
{
    const qreal a = luminance(one);
    const qreal b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

void apply(QApplication &application, Scheme scheme, bool systemIsDark)
{
    const bool themed = application.style()->name() != QLatin1String("fusion")
        && qobject_cast<FlatStyle *>(application.style()) == nullptr;
    if (themed && scheme == Scheme::System)
        return;
    if (!qobject_cast<FlatStyle *>(application.style()))
        application.setStyle(new FlatStyle);
    const bool dark = scheme == Scheme::Dark || (scheme == Scheme::System && systemIsDark);
    application.setPalette(dark ? darkPalette() : lightPalette());
    QToolTip::setPalette(application.palette());
}

} // namespace kittiwake::ui::theme

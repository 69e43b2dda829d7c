// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace kittiwake::ui
{

/**
 * Fusion with flat buttons, fields, menus and narrow scroll bars; every colour comes from the palette. Used where no
 * desktop theme brings a style of its own. It draws nothing that moves.
 */
class FlatStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    FlatStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    [[nodiscard]] QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                       const QWidget *widget) const override;
    [[nodiscard]] QRect subElementRect(SubElement element, const QStyleOption *option,
                                       const QWidget *widget) const override;
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                                QStyleHintReturn *result) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                         const QWidget *widget) const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

private:
    void drawPushButton(const QStyleOptionButton &option, QPainter *painter) const;
    void drawField(const QStyleOption &option, QPainter *painter) const;
    void drawIndicator(const QStyleOption &option, QPainter *painter, bool round) const;
    void drawScrollBar(const QStyleOptionSlider &option, QPainter *painter, const QWidget *widget) const;
    void drawComboBox(const QStyleOptionComboBox &option, QPainter *painter, const QWidget *widget) const;
    void drawIconLabel(const QStyleOptionButton &option, QPainter *painter) const;
    void drawToolButtonLabel(const QStyleOptionToolButton &option, QPainter *painter) const;
    void drawMenuItem(const QStyleOptionMenuItem &option, QPainter *painter, const QWidget *widget) const;
    void drawProgress(const QStyleOptionProgressBar &option, QPainter *painter) const;
};

} // namespace kittiwake::ui

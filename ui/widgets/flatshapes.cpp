// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flatshapes.h"

#include "ui/widgets/theme.h"

#include <QPainter>

namespace kittiwake::ui
{

void roundedBox(QPainter *painter, const QRectF &box, qreal radius, const QColor &fill, const QColor &edge)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(edge.isValid() ? QPen(edge, 1) : QPen(Qt::NoPen));
    painter->drawRoundedRect(edge.isValid() ? box.adjusted(0.5, 0.5, -0.5, -0.5) : box, radius, radius);
    painter->restore();
}

void focusRing(QPainter *painter, const QRectF &box, qreal radius, const QPalette &palette)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme::accent(palette), 2));
    painter->drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius);
    painter->restore();
}

QColor fieldEdge(const QPalette &palette)
{
    return theme::mix(palette.color(QPalette::Base), palette.color(QPalette::Text),
                      theme::isDark(palette) ? 0.46 : 0.47);
}

QColor buttonEdge(const QPalette &palette)
{
    return theme::mix(palette.color(QPalette::Button), palette.color(QPalette::ButtonText), 0.22);
}

} // namespace kittiwake::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>

class QPainter;
class QPalette;

namespace kittiwake::ui
{

/** The shapes that FlatStyle is made of. */
void roundedBox(QPainter *painter, const QRectF &box, qreal radius, const QColor &fill, const QColor &edge = {});
/** The line round the control that has the keyboard. */
void focusRing(QPainter *painter, const QRectF &box, qreal radius, const QPalette &palette);
/** A field's edge: 3:1 against its ground (WCAG 1.4.11). */
[[nodiscard]] QColor fieldEdge(const QPalette &palette);
[[nodiscard]] QColor buttonEdge(const QPalette &palette);

} // namespace kittiwake::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QPainter;

namespace kittiwake::ui
{

/** Which of the palette's colours an icon takes. */
enum class IconTint { Normal, Secondary, Accent };

/**
 * A Lucide icon of resources/icons by its name ("inbox"), drawn from its SVG at the very size and scale that is asked
 * for and in the colours that the application's palette has at that moment (normal, disabled, selected). UI thread.
 */
[[nodiscard]] QIcon icon(const QString &name, IconTint tint = IconTint::Normal);

/** The same for delegates: size in device-independent pixels, cached. */
[[nodiscard]] QPixmap iconPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio);

/** Draws the icon centred in rect, as large as size. */
void paintIcon(QPainter &painter, const QRect &rect, const QString &name, const QColor &colour, int size = 16);

/** The application's own mark. */
[[nodiscard]] QIcon applicationIcon();

} // namespace kittiwake::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/filechip.h"

#include "ui/reader/savefile.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyle>
#include <QWidget>

namespace kittiwake::ui
{

namespace
{

constexpr int lowest = 32;
constexpr int widest = 340;
constexpr int textStart = 34;
constexpr int restWidth = 48; // what is not text after the icon in front: gaps, and the icon at the end

QFont extensionFont(const QWidget &widget)
{
    return theme::scaled(widget.font(), 1.0, QFont::DemiBold);
}

QFont noteFont(const QWidget &widget)
{
    return theme::scaled(widget.font(), 0.9);
}

QRect mirrored(const QWidget &widget, const QRect &part)
{
    return QStyle::visualRect(widget.layoutDirection(), widget.rect(), part);
}

} // namespace

QSize fileChipSize(const QWidget &widget, const FileChip &chip)
{
    const SplitName name = splitName(chip.name);
    const int width = textStart + widget.fontMetrics().horizontalAdvance(name.stem)
        + QFontMetrics(extensionFont(widget)).horizontalAdvance(name.extension)
        + QFontMetrics(noteFont(widget)).horizontalAdvance(chip.note) + restWidth;
    return {qMin(width, widest), qMax(lowest, widget.fontMetrics().height() + 12)};
}

QRect fileChipEnd(const QWidget &widget, const FileChip &chip)
{
    return mirrored(widget, QRect(widget.width() - chip.endWidth, 0, chip.endWidth, widget.height()));
}

void paintFileChip(QWidget &widget, const FileChip &chip)
{
    QPainter painter(&widget);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = widget.palette();
    const QColor secondary = theme::secondaryText(colours);
    const int height = widget.height();
    QColor fill = theme::mix(colours.color(QPalette::Base), colours.color(QPalette::Window), 0.7);
    if (chip.isHot)
        fill = theme::hover(colours, fill);
    painter.setBrush(fill);
    painter.setPen(widget.hasFocus() ? QPen(theme::accent(colours), 2) : QPen(theme::border(colours), 1));
    const qreal inset = widget.hasFocus() ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), theme::radius, theme::radius);
    paintIcon(painter, mirrored(widget, QRect(10, 0, 16, height)), chip.iconName, chip.iconColour);
    paintIcon(painter, fileChipEnd(widget, chip), chip.endIconName, secondary, 14);

    const QFont small = noteFont(widget);
    const int noteWidth = QFontMetrics(small).horizontalAdvance(chip.note) + 2;
    const QRect note(widget.width() - chip.endWidth - noteWidth, 0, noteWidth, height);
    painter.setFont(small);
    painter.setPen(secondary);
    // "482 kB" is read from the left, wherever the window begins.
    painter.drawText(mirrored(widget, note), Qt::AlignCenter, isolated(chip.note));

    const SplitName name = splitName(chip.name);
    const QFont bold = extensionFont(widget);
    const int extensionWidth = name.extension.isEmpty() ? 0 : QFontMetrics(bold).horizontalAdvance(name.extension) + 2;
    const int room = note.left() - 10 - textStart;
    const QFontMetrics metrics = widget.fontMetrics();
    const QString stem = metrics.elidedText(name.stem, Qt::ElideMiddle, qMax(0, room - extensionWidth));
    const int stemWidth = metrics.horizontalAdvance(stem) + 1;
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
        | int(QStyle::visualAlignment(widget.layoutDirection(), Qt::AlignLeft));
    painter.setPen(colours.color(QPalette::Text));
    painter.setFont(widget.font());
    painter.drawText(mirrored(widget, QRect(textStart, 0, stemWidth, height)), flags, stem);
    painter.setFont(bold);
    painter.drawText(mirrored(widget, QRect(textStart + stemWidth, 0, extensionWidth, height)), flags, name.extension);
}

} // namespace kittiwake::ui

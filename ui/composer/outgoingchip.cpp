// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/outgoingchip.h"

#include "ui/attachments/fileicon.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

#include <utility>

namespace kittiwake::ui
{

namespace
{

constexpr int chipHeight = 32;
constexpr int maxChipWidth = 340;
constexpr int crossWidth = 28;
constexpr int textStart = 34;

} // namespace

OutgoingChip::OutgoingChip(mime::OutgoingPart part, const PartSummary &summary, QWidget *parent)
    : QAbstractButton(parent), m_part(std::move(part)), m_summary(summary)
{
    m_summary.name = oneLine(m_summary.name, 300);
    if (m_summary.name.isEmpty())
        m_summary.name = tr("Without a name");
    setObjectName(QStringLiteral("outgoingChip"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Attached: %1, %2. Delete takes it away.", "file name, size").arg(m_summary.name, sizeText()));
    setToolTip(QStringLiteral("<p>%1</p><p>%2</p>")
                   .arg(isolated(m_summary.name).toHtmlEscaped(),
                        QString::fromLatin1(m_summary.type.left(100)).toHtmlEscaped()));
}

QString OutgoingChip::sizeText() const
{
    return locale().formattedDataSize(m_summary.size, 1, QLocale::DataSizeSIFormat);
}

QSize OutgoingChip::sizeHint() const
{
    const QFontMetrics bold(theme::scaled(font(), 1.0, QFont::DemiBold));
    const QFontMetrics small(theme::scaled(font(), 0.9));
    const SplitName name = splitName(m_summary.name);
    const int width = textStart + fontMetrics().horizontalAdvance(name.stem) + bold.horizontalAdvance(name.extension)
        + small.horizontalAdvance(sizeText()) + 20 + crossWidth;
    return {qMin(width, maxChipWidth), qMax(chipHeight, fontMetrics().height() + 12)};
}

QRect OutgoingChip::crossRect() const
{
    return QStyle::visualRect(layoutDirection(), rect(), QRect(width() - crossWidth, 0, crossWidth, height()));
}

void OutgoingChip::mouseReleaseEvent(QMouseEvent *event)
{
    setDown(false);
    if (event->button() == Qt::LeftButton && crossRect().contains(event->position().toPoint()))
        Q_EMIT removeRequested();
}

void OutgoingChip::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        Q_EMIT removeRequested();
    else
        QAbstractButton::keyPressEvent(event);
}

void OutgoingChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const QColor base = colours.color(QPalette::Base);
    const QColor secondary = theme::secondaryText(colours);
    QColor fill = theme::mix(base, colours.color(QPalette::Window), 0.7);
    if (underMouse())
        fill = theme::hover(colours, fill);
    painter.setBrush(fill);
    painter.setPen(hasFocus() ? QPen(theme::accent(colours), 2) : QPen(theme::border(colours), 1));
    const qreal inset = hasFocus() ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), theme::radius, theme::radius);

    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    paintIcon(painter, mirrored(QRect(10, 0, 16, height())), fileIcon(m_summary.type), secondary);
    paintIcon(painter, crossRect(), QStringLiteral("x"), secondary, 14);

    const QFont small = theme::scaled(font(), 0.9);
    const int noteWidth = QFontMetrics(small).horizontalAdvance(sizeText()) + 2;
    const QRect note(width() - crossWidth - noteWidth, 0, noteWidth, height());
    painter.setFont(small);
    painter.setPen(secondary);
    painter.drawText(mirrored(note), Qt::AlignCenter, sizeText());

    // The extension is never cut from sight.
    const SplitName name = splitName(m_summary.name);
    const QFont bold = theme::scaled(font(), 1.0, QFont::DemiBold);
    const int extensionWidth = name.extension.isEmpty() ? 0 : QFontMetrics(bold).horizontalAdvance(name.extension) + 2;
    const int room = note.left() - 10 - textStart;
    const QString stem = fontMetrics().elidedText(name.stem, Qt::ElideMiddle, qMax(0, room - extensionWidth));
    const int stemWidth = fontMetrics().horizontalAdvance(stem) + 1;
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
        | int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.setPen(colours.color(QPalette::Text));
    painter.setFont(font());
    painter.drawText(mirrored(QRect(textStart, 0, stemWidth, height())), flags, stem);
    painter.setFont(bold);
    painter.drawText(mirrored(QRect(textStart + stemWidth, 0, extensionWidth, height())), flags, name.extension);
}

} // namespace kittiwake::ui

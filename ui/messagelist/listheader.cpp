// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/listheader.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace kittiwake::ui
{

namespace
{
constexpr int firstPadding = 24; // MessageDelegate's place for the dot of unread messages
constexpr int sizeColumn = 3; // numbers: at the end of their column
} // namespace

ListHeader::ListHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(60);
}

void ListHeader::setOrder(int section, bool ascending)
{
    m_sorted = section;
    m_ascending = ascending;
    viewport()->update();
}

QSize ListHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), fontMetrics().height() + 12};
}

void ListHeader::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), palette().color(QPalette::Base));
        painter.fillRect(QRect(0, height() - 1, width(), 1), theme::border(palette()));
    }
    QHeaderView::paintEvent(event);
}

void ListHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Base));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme::border(palette()));
    const bool first = visualIndex(logicalIndex) == 0;
    const bool numbers = logicalIndex == sizeColumn;
    QRect room = rect.adjusted(first ? firstPadding : 8, 0, numbers ? -12 : -8, 0);
    room = QStyle::visualRect(layoutDirection(), rect, room);
    const QString label = model()->headerData(logicalIndex, Qt::Horizontal).toString();
    const bool sorted = logicalIndex == m_sorted;
    const QFont font = theme::scaled(this->font(), 0.92, sorted ? QFont::DemiBold : QFont::Normal);
    painter->setFont(font);
    painter->setPen(theme::secondaryText(palette()));
    const Qt::Alignment side = numbers ? Qt::AlignRight : Qt::AlignLeft;
    const Qt::Alignment visual = QStyle::visualAlignment(layoutDirection(), side) | Qt::AlignAbsolute;
    const int width = QFontMetrics(font).horizontalAdvance(label);
    painter->drawText(room, int(visual) | Qt::AlignVCenter, label);
    if (sorted) {
        QRect mark(room.left() + width + 4, room.top(), 14, room.height());
        if (numbers)
            mark.moveRight(room.right() - width - 4);
        if (layoutDirection() == Qt::RightToLeft) {
            mark.moveRight(room.right() - width - 4);
            if (numbers)
                mark.moveLeft(room.left() + width + 4);
        }
        paintIcon(*painter, mark, m_ascending ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"),
                  theme::secondaryText(palette()), 12);
    }
    painter->restore();
}

} // namespace kittiwake::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/messagelistview.h"

#include "ui/messagelist/listheader.h"

#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>

namespace kittiwake::ui
{

namespace
{
constexpr std::array sortKeys
    = {store::SortKey::From, store::SortKey::Subject, store::SortKey::Date, store::SortKey::Size};
}

MessageListView::MessageListView(MessageListModel &model, QWidget *parent)
    : QAbstractItemView(parent), m_model(model), m_delegate(new MessageDelegate(model, this)),
      m_header(new ListHeader(this)), m_headerModel(new QStandardItemModel(0, 4, this))
{
    setFrameShape(NoFrame);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    setItemDelegate(m_delegate);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);

    m_headerModel->setHorizontalHeaderLabels({tr("From"), tr("Subject"), tr("Date"), tr("Size")});
    m_header->setModel(m_headerModel);
    m_header->setObjectName(QStringLiteral("listHeader"));
    m_header->setAccessibleName(tr("Columns of the message list"));
    m_header->setStretchLastSection(false);
    m_header->setSectionResizeMode(QHeaderView::Interactive);
    m_header->setSectionResizeMode(1, QHeaderView::Stretch);
    m_header->setVisible(false);
    const int character = fontMetrics().averageCharWidth();
    m_header->resizeSection(0, 30 * character);
    m_header->resizeSection(2, 15 * character);
    m_header->resizeSection(3, 12 * character);
    connect(m_header, &QHeaderView::sectionResized, this, [this] {
        updateColumns();
        Q_EMIT columnsResized();
    });
    connect(m_header, &QHeaderView::sectionClicked, this,
            [this](int section) { Q_EMIT sortRequested(sortKeys[static_cast<std::size_t>(section)]); });

    setModel(&m_model);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int start, int end) {
        shift(start, -(end - start + 1));
        updateGeometries();
    });
    connect(&m_model, &QAbstractItemModel::rowsMoved, this, [this] { viewport()->update(); });
    connect(&m_model, &QAbstractItemModel::layoutChanged, this, &MessageListView::updateGeometries);
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_hovered = m_lastRow = -1;
        updateGeometries();
        verticalScrollBar()->setValue(0);
    });
}

int MessageListView::rowHeight() const
{
    return MessageDelegate::rowHeight(fontMetrics(), m_delegate->rowStyle());
}

int MessageListView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

int MessageListView::selectedRowCount() const
{
    int count = 0;
    const QItemSelection ranges = selectionModel()->selection();
    for (const QItemSelectionRange &range : ranges)
        count += range.height();
    return count;
}

int MessageListView::firstVisibleRow() const
{
    return verticalOffset() / rowHeight();
}

void MessageListView::setRowStyle(RowStyle style)
{
    if (style == rowStyle())
        return;
    const int first = firstVisibleRow();
    m_delegate->setRowStyle(style);
    updateGeometries();
    verticalScrollBar()->setValue(first * rowHeight());
    if (currentIndex().isValid())
        scrollTo(currentIndex());
    viewport()->update();
}

void MessageListView::updateColumns()
{
    ColumnSpans spans;
    int left = 0;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        spans[static_cast<std::size_t>(section)] = {left, m_header->sectionSize(section)};
        left += m_header->sectionSize(section);
    }
    m_delegate->setColumns(spans);
    viewport()->update();
}

void MessageListView::updateGeometries()
{
    const bool columns = m_delegate->rowStyle() == RowStyle::Columns;
    const int top = columns ? m_header->sizeHint().height() : 0;
    setViewportMargins(0, top, 0, 0);
    m_header->setVisible(columns);
    if (columns) {
        const QRect area = viewport()->geometry();
        m_header->setGeometry(area.left(), area.top() - top, area.width(), top);
        const auto sorted = std::find(sortKeys.begin(), sortKeys.end(), m_model.sortKey());
        m_header->setOrder(static_cast<int>(sorted - sortKeys.begin()), m_model.isAscending());
        updateColumns();
    }
    // 38 million rows of 56 px are what an int holds; the store's largest mailboxes are a tenth of that.
    const int page = viewport()->height();
    verticalScrollBar()->setSingleStep(rowHeight());
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, qMax(0, m_model.rowCount() * rowHeight() - page));
    QAbstractItemView::updateGeometries();
}

QRect MessageListView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    return {0, index.row() * rowHeight() - verticalOffset(), viewport()->width(), rowHeight()};
}

QModelIndex MessageListView::indexAt(const QPoint &point) const
{
    if (!viewport()->rect().contains(point))
        return {};
    const int row = (point.y() + verticalOffset()) / rowHeight();
    return row < m_model.rowCount() ? m_model.index(row) : QModelIndex();
}

void MessageListView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int top = index.row() * rowHeight();
    const int page = viewport()->height();
    const int offset = verticalOffset();
    switch (hint) {
    case EnsureVisible:
        if (top < offset)
            verticalScrollBar()->setValue(top);
        else if (top + rowHeight() > offset + page)
            verticalScrollBar()->setValue(top + rowHeight() - page);
        break;
    case PositionAtTop:
        verticalScrollBar()->setValue(top);
        break;
    case PositionAtBottom:
        verticalScrollBar()->setValue(top + rowHeight() - page);
        break;
    case PositionAtCenter:
        verticalScrollBar()->setValue(top - (page - rowHeight()) / 2);
        break;
    }
}

QModelIndex MessageListView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int last = m_model.rowCount() - 1;
    if (last < 0)
        return {};
    const int page = qMax(1, viewport()->height() / rowHeight() - 1);
    int row = currentIndex().row();
    if (!currentIndex().isValid()) {
        // The current message has been removed: go on where it was.
        row = qBound(0, m_lastRow, last);
        return m_model.index(action == MoveEnd ? last : action == MoveHome ? 0 : row);
    }
    switch (action) {
    case MoveUp:
    case MovePrevious:
        row -= 1;
        break;
    case MoveDown:
    case MoveNext:
        row += 1;
        break;
    case MovePageUp:
        row -= page;
        break;
    case MovePageDown:
        row += page;
        break;
    case MoveHome:
        row = 0;
        break;
    case MoveEnd:
        row = last;
        break;
    case MoveLeft:
    case MoveRight:
        break;
    }
    return m_model.index(qBound(0, row, last));
}

bool MessageListView::isIndexHidden(const QModelIndex &) const
{
    return false;
}

void MessageListView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    const QRect normal = rect.normalized();
    const int last = m_model.rowCount() - 1;
    const int from = (normal.top() + verticalOffset()) / rowHeight();
    const int to = qMin(last, (normal.bottom() + verticalOffset()) / rowHeight());
    if (last < 0 || from > to) {
        selectionModel()->select(QItemSelection(), command);
        return;
    }
    selectionModel()->select(QItemSelection(m_model.index(from), m_model.index(to)), command);
}

QRegion MessageListView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QItemSelectionRange &range : selection)
        region += visualRect(range.topLeft()).united(visualRect(range.bottomRight())) & viewport()->rect();
    return region;
}

void MessageListView::initViewItemOption(QStyleOptionViewItem *option) const
{
    QAbstractItemView::initViewItemOption(option);
    option->font = font();
    option->fontMetrics = fontMetrics();
}

void MessageListView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const int height = rowHeight();
    const int first = (event->rect().top() + verticalOffset()) / height;
    const int last = qMin(m_model.rowCount() - 1, (event->rect().bottom() + verticalOffset()) / height);
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State base = option.state & ~(QStyle::State_MouseOver | QStyle::State_Selected);
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = m_model.index(row);
        option.rect = visualRect(index);
        option.state = base;
        if (selectionModel()->isSelected(index))
            option.state |= QStyle::State_Selected;
        if (row == m_hovered)
            option.state |= QStyle::State_MouseOver;
        if (index == currentIndex() && hasFocus())
            option.state |= QStyle::State_HasFocus;
        m_delegate->paint(&painter, option, index);
    }
}

/** Keeps the rows that are seen where they are when others come or go above them. */
void MessageListView::shift(int atRow, int rows)
{
    const int offset = verticalOffset();
    const int height = rowHeight();
    if (offset == 0 || atRow * height >= offset)
        return;
    const int gone = rows < 0 ? qMin(-rows, (offset - atRow * height) / height) : 0;
    const int target = offset + (rows < 0 ? -gone : rows) * height;
    const QSignalBlocker quiet(verticalScrollBar()); // the range is set again right after
    verticalScrollBar()->setRange(0, qMax(verticalScrollBar()->maximum(), target));
    verticalScrollBar()->setValue(qMax(0, target));
}

void MessageListView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    shift(start, end - start + 1);
    if (m_hovered >= start)
        m_hovered = -1;
    updateGeometries();
    QAbstractItemView::rowsInserted(parent, start, end);
    viewport()->update();
}

void MessageListView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    // The base class would make a neighbour current, and the reader would show a message that nobody has chosen.
    const int current = currentIndex().row();
    if (current >= start && current <= end) {
        if (selectedRowCount() > 1) // the others stay chosen
            selectionModel()->setCurrentIndex({}, QItemSelectionModel::NoUpdate);
        else
            clearCurrent();
        m_lastRow = start;
    }
    m_hovered = -1;
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
}

void MessageListView::clearCurrent()
{
    m_lastRow = currentIndex().row();
    selectionModel()->clear();
}

void MessageListView::changeEvent(QEvent *event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometries();
}

} // namespace kittiwake::ui
